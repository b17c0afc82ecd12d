"""The demo's workshops: Cà Mau in 2023 with 117 invented delegates, one to come, and one that a visitor runs today."""

from datetime import timedelta

import pytest

from certificates.models import Award, Credential
from demo import people
from tests import cast
from tests.conftest import made_for_a_file
from workshops import queries
from workshops.actions.feedback import USUAL
from workshops.models import Attendance, FeedbackSheet, FollowUp, RegistrationState, TestSheet, Workshop

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def _load() -> None:
    cast.course(lessons=1, with_quiz=True)
    list(people.load(now=cast.NOW, count=5))


made_loaded = made_for_a_file(_load)


@pytest.fixture
def loaded(made_loaded, db):
    """Each test goes back to what was loaded once."""


def workshop(slug: str) -> Workshop:
    return Workshop.objects.get(slug=slug)


def test_ca_mau_is_told_from_the_list_to_the_calls(loaded):
    held = workshop("ca-mau-11-12-2023")
    assert held.closed_at.year == 2023
    assert held.registrations.exclude(state=RegistrationState.REPLACED).count() == 117
    assert held.registrations.filter(state=RegistrationState.REPLACED).count() == 3
    assert Attendance.objects.filter(session__workshop=held).count() == 111
    assert FeedbackSheet.objects.filter(workshop=held).count() > 60
    assert FollowUp.objects.filter(registration__workshop=held, outcome="answered").exists()
    assert FollowUp.objects.filter(registration__workshop=held, outcome="to-call").exists()


def test_it_was_held_in_places_of_its_day_and_counts_for_those_of_today(loaded):
    held = workshop("ca-mau-11-12-2023")
    assert not held.place.is_current
    assert not any(one.place.is_current for one in held.registrations.filter(replaces=None).select_related("place"))
    assert all(one.person.place.is_current for one in held.registrations.select_related("person__place"))


def test_of_people_named_in_the_news_nothing_stands_but_name_and_post(loaded):
    for speaker in workshop("ca-mau-11-12-2023").speakers.all():
        assert speaker.post
        assert speaker.photo is None


def test_nobody_is_asked_about_them_and_nothing_of_them_is_quoted(loaded):
    """Also where the others are asked what is usual."""
    held = workshop("ca-mau-11-12-2023")
    asked = queries.feedback_questions(held)
    assert not [one.label for one in asked if "báo cáo viên" in one.label.casefold()]
    assert [one.label for one in asked] == [label for _kind, label in USUAL if "Báo cáo viên" not in label]
    assert "báo cáo viên" not in repr(list(held.feedback.values_list("answers", flat=True))).casefold()
    assert len(queries.feedback_questions(workshop("viet-cau-chuyen-hom-nay"))) == len(USUAL)


def test_no_receipt_is_made_out_to_them(loaded):
    assert queries.payable_speakers(workshop("ca-mau-11-12-2023")) == []
    assert len(queries.payable_speakers(workshop("bo-tieu-chi-moi"))) == 1


def test_nobody_is_certified_for_it(loaded):
    course = workshop("ca-mau-11-12-2023").activity.course
    assert not Award.objects.filter(course=course).exists()
    assert not Credential.objects.filter(enrolment__course=course).exists()


def test_each_says_that_it_is_a_specimen(loaded):
    assert Workshop.objects.count() == 3
    assert not Workshop.objects.filter(is_specimen=False).exists()


def test_the_one_of_today_begins_within_the_hour_and_so_it_does_on_the_next_day(loaded):
    today = workshop("viet-cau-chuyen-hom-nay")
    assert cast.NOW < queries.begins_at(today) <= cast.NOW + timedelta(hours=1)
    tomorrow = cast.NOW + timedelta(days=1, minutes=7)
    list(people.load(now=tomorrow, count=5))
    assert tomorrow < queries.begins_at(today) <= tomorrow + timedelta(hours=1)


def test_one_that_somebody_has_begun_to_run_stays_as_it_is(loaded):
    today = workshop("viet-cau-chuyen-hom-nay")
    before = queries.begins_at(today)
    cast.present(today.registrations.first())
    list(people.load(now=cast.NOW + timedelta(days=1), count=5))
    assert queries.begins_at(today) == before


def test_tests_are_written_where_the_bank_has_enough_questions(loaded):
    """With the courses of the demo itself there are sheets of both; here the bank is too small."""
    assert not TestSheet.objects.exists()
