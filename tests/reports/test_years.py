"""What is kept of each year is what enrolments and workshops say, whoever changes them and however."""

from copy import deepcopy
from datetime import timedelta

import pytest
from django.core.management import call_command

from accounts.models import Person
from courses.models import Enrolment
from reports import actions, personal, triggers
from reports.models import Reach, Stale, Yearly, YearlyScattered
from tests import cast
from tests.conftest import made_for_a_file
from workshops.models import Attendance, Gender, Registration, Session, Workshop

pytestmark = pytest.mark.django_db
NOW = cast.NOW + timedelta(days=4)
LAST_YEAR = cast.NOW - timedelta(days=365)


def workshop_and_learners():
    """In one commune two learn the course of a workshop; of these one came to it, and so did a woman who does not learn it."""
    course = cast.course(lessons=1)
    workshop = cast.workshop(course)
    learners = [cast.person(f"Chim {n}", subject_name=f"Cơ sở {n}") for n in range(2)]
    for one in learners:
        cast.enrolment(one, course)
    guest = cast.delegate(workshop, "Chim Khách", subject_name="Cơ sở khách")
    other = cast.delegate(workshop, "Chim Vắng")
    pupil = Registration.objects.create(
        workshop=workshop, person=learners[0], place=guest.place, person_kind="subject", state="held",
        source="nominated", number=90, code="PUPIL", gender=Gender.MALE, registered_at=cast.NOW,
    )  # fmt: skip
    Registration.objects.filter(pk=guest.pk).update(gender=Gender.FEMALE)
    for one in (guest, pupil):
        cast.present(one)
    actions.bring_up_to_date(at=NOW)
    return {"course": course, "workshop": workshop, "guest": guest, "absent": other, "pupil": pupil}


made_here = made_for_a_file(workshop_and_learners)


@pytest.fixture
def here(made_here, db):
    return deepcopy(made_here)


def kept(place=None, reach=Reach.PLACE, year=2026) -> tuple[int, ...]:
    """Enrolled, seats, persons, subjects, women, known."""
    rows = Yearly.objects.filter(place=place or cast.commune(), reach=reach, year=year)
    return rows.values_list("enrolled", "seats", "persons", "subjects", "women", "known").first() or (0,) * 6


def sound() -> bool:
    actions.bring_up_to_date(at=NOW)
    return personal.violations() == []


def elsewhere(one: Enrolment) -> None:
    Enrolment.objects.filter(pk=one.pk).update(place=cast.commune("Sa Pa", "Lào Cai"))


CHANGES = {
    "enrolled another year": lambda here: Enrolment.objects.update(enrolled_at=LAST_YEAR),
    "of another subject": lambda here: Enrolment.objects.update(subject=Enrolment.objects.first().subject),
    "who came enrols": lambda here: cast.enrolment(here["guest"].person, here["course"]),
    "who came enrols elsewhere": lambda here: elsewhere(cast.enrolment(here["guest"].person, here["course"])),
    "who came no longer learns": lambda here: Enrolment.objects.filter(person=here["pupil"].person).delete(),
    "who came learns another course": lambda here: Enrolment.objects.filter(person=here["pupil"].person).update(
        course=cast.course(slug="khac", title="Khác")
    ),
    "came after all": lambda here: cast.present(here["absent"]),
    "taken back": lambda here: Attendance.objects.update(taken_back_at=NOW),
    "attendance removed": lambda here: Attendance.objects.all().delete(),
    "delegate of another place": lambda here: Registration.objects.update(place=cast.commune("Sa Pa", "Lào Cai")),
    "gender told": lambda here: Registration.objects.filter(pk=here["guest"].pk).update(gender=""),
    "delegate of another subject": lambda here: Registration.objects.update(subject=None),
    "workshop cancelled": lambda here: Workshop.objects.update(cancelled_at=NOW),
    "session of last year": lambda here: Session.objects.update(starts_at=LAST_YEAR, ends_at=NOW),
    "a session before": lambda here: Session.objects.create(
        workshop=here["workshop"], name="Buổi đầu", starts_at=LAST_YEAR, ends_at=LAST_YEAR + timedelta(hours=1)
    ),
    "merged": lambda here: Person.objects.filter(pk=here["guest"].person_id).update(merged_into=here["pupil"].person),
}  # fmt: skip


def test_a_year_counts_enrolments_and_who_came_without_one(here):
    assert kept() == (2, 1, 3, 3, 1, 2)
    assert kept(cast.province(), Reach.PROVINCE) == (2, 1, 3, 3, 1, 2)
    assert kept(year=2025) == (0,) * 6


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_changes_is_counted_again(here, change):
    before = set(Yearly.objects.values_list())
    change(here)
    assert Stale.objects.exists()
    assert sound()
    assert set(Yearly.objects.values_list()) != before


@pytest.mark.parametrize("what", sorted(CHANGES))
def test_without_marks_the_audit_names_the_place_and_reconcile_mends_it(here, what):
    triggers.drop()
    CHANGES[what](here)
    assert [sentence for sentence in personal.violations() if sentence.startswith("place ")]
    triggers.create()
    call_command("reconcile")
    assert personal.violations() == []


def test_who_counts_in_two_communes_of_a_year_counts_once_in_the_province(here):
    person = here["pupil"].person
    other = cast.enrolment(person, cast.course(slug="khac", title="Khác"))
    Enrolment.objects.filter(pk=other.pk).update(place=cast.commune("Đất Mũi"), subject=here["guest"].subject)
    assert sound()
    assert kept(cast.commune("Đất Mũi"))[:4] == (1, 0, 1, 1)
    assert kept(cast.province(), Reach.PROVINCE)[:4] == (3, 1, 3, 3)
    assert YearlyScattered.objects.filter(person=person, reach=Reach.PLACE).count() == 2
    assert YearlyScattered.objects.filter(subject=here["guest"].subject, reach=Reach.PLACE).count() == 2


def test_a_seat_elsewhere_than_the_enrolment_counts_its_person_once_above(here):
    other = cast.course(slug="khac", title="Khác")
    cast.enrolment(here["guest"].person, other)
    Registration.objects.filter(pk=here["guest"].pk).update(place=cast.commune("Đất Mũi"))
    assert sound()
    assert kept()[:3] == (3, 0, 3)
    assert kept(cast.commune("Đất Mũi"))[:3] == (0, 1, 1)
    assert kept(cast.province(), Reach.PROVINCE)[:3] == (3, 1, 3)


def test_one_who_learns_in_two_years_counts_in_each(here):
    person = here["pupil"].person
    cast.enrolment(person, cast.course(slug="khac", title="Khác"), LAST_YEAR)
    assert sound()
    assert kept(year=2025)[:4] == (1, 0, 1, 1)
    assert kept()[:4] == (2, 1, 3, 3)
