""" "Lớp của tôi" on the page of one's own learning, and the workshop's page in its course."""

from datetime import timedelta

import pytest
from django.test import Client

from tests import cast
from workshops import actions
from workshops.models import Registration, RegistrationSource, RegistrationState

from .conftest import ADDRESS, main

pytestmark = [pytest.mark.django_db, pytest.mark.once]
IN_COURSE = "/khoa-hoc/ke-chuyen/lop/"


@pytest.fixture
def held(planned, trainee):
    return actions.register(workshop=planned, person=trainee.person, source=RegistrationSource.SELF, at=cast.NOW)


class TestMyLearning:
    def test_the_next_workshop_stands_there_with_the_way_to_the_ticket(self, held, own):
        text = main(own.get("/hoc/"))
        assert "Lớp của tôi" in text
        assert f'href="/tap-huan/ve/{held.code}/"' in text
        assert "10:00 25/11/2026" in text

    def test_who_waits_or_has_an_offer_is_told(self, held, own):
        Registration.objects.update(state=RegistrationState.WAITING, waiting_since=cast.NOW)
        assert "Đang ở danh sách dự bị" in own.get("/hoc/").text
        Registration.objects.update(state=RegistrationState.OFFERED, offered_until=cast.NOW + timedelta(hours=2))
        assert "xác nhận trước 12:00 23/11/2026" in own.get("/hoc/").text

    def test_not_one_that_is_over_cancelled_or_another_s(self, held, own, change, held_on):
        other = cast.client_of(cast.trainee("Lê Văn Bé", "0912000111"))
        assert "Lớp của tôi" not in other.get("/hoc/").text
        change(cancelled_at=cast.NOW)
        assert "Lớp của tôi" not in own.get("/hoc/").text
        change(cancelled_at=None)
        held_on(cast.NOW - timedelta(days=1))
        assert "Lớp của tôi" not in own.get("/hoc/").text

    def test_it_costs_one_query_while_a_workshop_is_to_come_and_none_else(
        self, held, own, held_on, django_assert_num_queries
    ):
        for moment, more in ((cast.NOW + timedelta(days=1), 1), (cast.NOW - timedelta(days=1), 0)):
            held_on(moment)
            own.get("/hoc/")
            with django_assert_num_queries(2 + 2 + more):  # who it is, the own courses, what else there is to learn
                own.get("/hoc/")


class TestInItsCourse:
    def test_its_page_leads_to_the_workshop(self, planned):
        text = main(Client().get(IN_COURSE))
        assert f'href="{ADDRESS}"' in text
        assert "Hội trường xã" in text

    @pytest.mark.parametrize("seen_by", ["link", "invited"])
    def test_not_to_one_that_not_everybody_may_see(self, planned, change, seen_by):
        change(seen_by=seen_by)
        text = main(Client().get(IN_COURSE))
        assert ADDRESS not in text
        assert "Hội trường xã" not in text
        assert "dành cho người được mời" in text

    def test_the_own_ticket_is_there_for_its_holder_alone(self, held, own):
        assert held.code in own.get(IN_COURSE).text
        assert held.code not in Client().get(IN_COURSE).text

    def test_for_everybody_it_asks_nothing(self, planned, django_assert_num_queries):
        Client().get(IN_COURSE)
        with django_assert_num_queries(0):
            assert Client().get(IN_COURSE).status_code == 200
