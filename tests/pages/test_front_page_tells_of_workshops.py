"""The site's front page leads to the next workshops, says whether there is a seat, and still asks the database nothing."""

from datetime import timedelta

import pytest
from django.test import Client

from courses.models import Activity
from lib import generation
from tests import cast
from workshops import actions
from workshops.models import Quota, RegistrationSource, Session, Workshop

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with cast.on(cast.NOW):
        yield


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def workshop(commits):
    with commits():
        made = cast.workshop(capacity=2)
        generation.bump()
    return made


def told() -> str:
    """The section of the front page; "" where there is none."""
    return Client().get("/").text.partition('aria-labelledby="lop-sap-toi"')[2].partition("</section>")[0]


def test_a_card_says_day_place_and_seats_and_leads_to_the_workshop(workshop):
    card = told()
    for said in (
        "Bộ tiêu chí mới",
        "<b>25</b>",
        "10:00–13:00",
        "Hội trường xã",
        "2 chỗ, đang còn chỗ",
        "Xem và đăng ký",
    ):
        assert said in card
    assert card.count('href="/tap-huan/bo-tieu-chi-moi/"') == 2


def test_it_asks_the_database_nothing(workshop, django_assert_num_queries):
    told()
    with django_assert_num_queries(0):
        told()


def test_the_last_seat_and_one_given_back_make_the_page_anew(workshop, commits):
    people = [cast.person(name) for name in ("Lê Văn Một", "Lê Văn Hai", "Lê Văn Ba")]
    with commits():
        first, second = (
            actions.register(workshop=workshop, person=one, source=RegistrationSource.SELF, at=cast.NOW)
            for one in people[:2]
        )
    assert "2 chỗ, đã hết" in told()
    with commits():
        actions.cancel(registration=first, at=cast.NOW)
    assert "2 chỗ, đang còn chỗ" in told()
    with commits():
        wanted = [actions.Wanted(person=people[2])]
        actions.register_list(workshop=workshop, wanted=wanted, source=RegistrationSource.IMPORT, at=cast.NOW, by=None)
    assert "2 chỗ, đã hết" in told()
    with commits():
        actions.register(workshop=workshop, person=people[0], source=RegistrationSource.SELF, at=cast.NOW)
        actions.cancel(registration=second, at=cast.NOW)  # the seat is offered to whoever waits
    assert "2 chỗ, đã hết" in told()
    with commits():
        assert actions.expire_offers(at=cast.NOW + timedelta(hours=25)) == 1
    assert "2 chỗ, đang còn chỗ" in told()


def test_seats_that_are_set_apart_are_nobody_s_to_take(workshop, commits):
    with commits():
        Quota.objects.create(workshop=workshop, place=cast.commune(), seats=2)
        generation.bump()
    assert "Chỗ dành cho người được cử" in told()


@pytest.mark.parametrize(
    "change",
    [
        lambda: Workshop.objects.update(cancelled_at=cast.NOW),
        lambda: Workshop.objects.update(seen_by="link"),
        lambda: Activity.objects.update(retired_at=cast.NOW),
        lambda: Session.objects.update(starts_at=cast.NOW - timedelta(days=2), ends_at=cast.NOW - timedelta(days=1)),
    ],
)
def test_what_is_off_over_or_not_for_everybody_is_not_there(workshop, commits, change):
    with commits():
        change()
        generation.bump()
    assert told() == ""


def test_without_a_workshop_there_is_no_empty_section():
    cast.course()
    assert told() == ""


@pytest.mark.parametrize("address", ["/", "/tap-huan/"])
def test_a_kept_page_invites_nobody_before_registration_opens_nor_once_it_is_over(workshop, commits, address):
    opens, closes = cast.NOW + timedelta(hours=1), cast.NOW + timedelta(hours=3)
    with commits():
        Workshop.objects.update(opens_at=opens, closes_at=closes)
        generation.bump()

    def page_at(moment) -> str:
        with cast.on(moment):
            return Client().get(address).text

    before, during, after = page_at(cast.NOW), page_at(opens), page_at(closes)
    assert ("Nhận đăng ký từ" in before, "đang còn chỗ" in before) == (True, False)
    assert ("Nhận đăng ký từ" in during, "đang còn chỗ" in during) == (False, True)
    assert ("Đã hết hạn đăng ký" in after, "đang còn chỗ" in after) == (True, False)
    assert "Xem và đăng ký" not in before + after


def test_without_a_closing_hour_it_is_over_when_the_workshop_begins(workshop):
    assert "đang còn chỗ" in told()
    with cast.on(Session.objects.get().starts_at):
        assert "Đã hết hạn đăng ký" in told()
