""" "Lớp của tôi" on the page of one's own learning, and the workshop's page in its course."""

from datetime import timedelta

import pytest
from django.test import Client

from certificates import actions as certificates
from courses.models import Enrolment
from tests import cast
from workshops import actions
from workshops.models import Registration, RegistrationSource, RegistrationState, Session
from workshops.personal import WORKSHOPS_OF_PERSON

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

    def test_it_costs_one_query_once_workshops_have_days_and_none_before(
        self, held, own, held_on, change, django_assert_num_queries
    ):
        for moment in (cast.NOW + timedelta(days=1), cast.NOW - timedelta(days=1)):
            held_on(moment)
            own.get("/hoc/")
            with django_assert_num_queries(2 + 2 + 1):  # who it is, the own courses, what else there is to learn
                own.get("/hoc/")
        Session.objects.all().delete()
        change()
        own.get("/hoc/")
        with django_assert_num_queries(2 + 2):
            own.get("/hoc/")


class TestWhatIsOver:
    """Kept, folded, below what is to come."""

    def folded(self, client):
        return main(client.get("/hoc/")).partition('<details class="twin section">')[2].partition("</details>")[0]

    def test_a_workshop_of_before_leads_to_its_ticket_and_says_whether_one_was_there(self, held, own, held_on):
        assert self.folded(own) == ""
        held_on(cast.NOW - timedelta(days=1))
        text = self.folded(own)
        assert "1 lớp tập huấn đã qua hoặc đã hủy" in text
        assert f'href="/tap-huan/ve/{held.code}/"' in text
        assert "Đã dự" not in text
        cast.present(held)
        assert "Đã dự" in self.folded(own)

    def test_at_a_session_that_was_cancelled_nobody_was(self, held, own, held_on):
        held_on(cast.NOW - timedelta(days=1))
        cast.present(held)
        officer = cast.staff("organiser", cast.province())
        assert "có mặt 1 buổi" in WORKSHOPS_OF_PERSON.rows(held.person, officer)[0].detail
        held.workshop.sessions.update(cancelled_at=cast.NOW)
        assert "Đã dự" not in self.folded(own)
        assert "có mặt" not in WORKSHOPS_OF_PERSON.rows(held.person, officer)[0].detail

    def test_the_certificate_that_was_earned_there_is_one_press_away(self, held, own, held_on, planned):
        held_on(cast.NOW - timedelta(days=1))
        course = planned.activity.course
        cast.award(course)
        assert "Giấy chứng nhận" not in self.folded(own)
        cast.finish(cast.enrolment(held.person, course), at=cast.NOW)
        certificates.issue(enrolment_id=Enrolment.objects.get().pk, at=cast.NOW)
        assert 'href="/c/cua-toi/"' in self.folded(own)

    @pytest.mark.parametrize(
        ("state", "words"), [("cancelled", "Anh/Chị đã hủy đăng ký"), ("waiting", "Đang ở danh sách dự bị")]
    )
    def test_what_one_gave_up_is_there_and_what_one_waits_for_is_not(self, held, own, state, words):
        Registration.objects.update(state=state, waiting_since=cast.NOW)
        assert (words in self.folded(own)) == (state == "cancelled")
        assert words in own.get("/hoc/").text

    def test_one_that_was_called_off_says_so(self, held, own, change):
        change(cancelled_at=cast.NOW)
        assert "Lớp này đã hủy" in self.folded(own)

    def test_nothing_of_another_s(self, held, held_on):
        held_on(cast.NOW - timedelta(days=1))
        other = cast.client_of(cast.trainee("Lê Văn Bé", "0912000111"))
        assert self.folded(other) == ""


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
