"""Whatever happens to people, in whatever order, what the board keeps is what a count of everything anew would say."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import product
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts import actions as accounts
from accounts.models import Person, User
from accounts.queries import text_of
from accounts.rights.erasing import erase_person
from certificates import actions as certificates
from certificates.models import Credential, CredentialStatus
from courses import actions as courses
from courses.models import Course, Enrolment, Topic
from lib.dates import local_day
from lib.refusals import Refusal
from provinces.models import Place
from provinces.queries import places_within
from reports import actions, personal, queries, triggers
from reports.filtering import KINDS, Filters
from reports.models import Headcount, Reach
from tests import cast
from workshops import actions as workshops
from workshops.models import Registration, RegistrationSource

pytestmark = [pytest.mark.django_db, pytest.mark.long]
BEGUN = cast.NOW + timedelta(days=3)


@dataclass
class World:
    """People in three provinces, two courses one of which gives certificates, a workshop, an officer. Each step takes two numbers, which
    choose of what there is."""

    people: list[int]
    places: list[Place]
    courses: list[Course]
    workshop: Any
    officer: User
    at: datetime = BEGUN

    def person(self, number: int) -> Person:
        """Of those who were joined the one that is left."""
        person = Person.objects.get(pk=self.people[number % len(self.people)])
        while person.merged_into:
            person = person.merged_into
        return person

    def enrolment(self, number: int) -> Enrolment | None:
        rows = list(Enrolment.objects.order_by("pk"))
        return rows[number % len(rows)] if rows else None

    def enrol(self, one: int, two: int) -> None:
        courses.enrol(person=self.person(one), course=self.courses[two % len(self.courses)], at=self.at)

    def finish(self, one: int, _two: int) -> None:
        if (enrolment := self.enrolment(one)) and not enrolment.completed_at:
            cast.finish(enrolment, self.at)
            certificates.issue(enrolment_id=enrolment.pk, at=self.at)

    def revoke(self, one: int, _two: int) -> None:
        valid = list(Credential.objects.filter(status=CredentialStatus.VALID).order_by("pk"))
        if valid:
            certificates.revoke(credential=valid[one % len(valid)], reason="Sai tên", by=None, at=self.at)

    def move(self, one: int, two: int) -> None:
        accounts.write_move(
            person=self.person(one),
            place=self.places[two % len(self.places)],
            moves_on=local_day(self.at),
            by=self.officer,
            reason="chuyển nhà",
            at=self.at,
        )

    def join(self, one: int, two: int) -> None:
        accounts.merge_people(
            person=self.person(one), into=self.person(two), by=self.officer, reason="cùng một người", at=self.at
        )

    def erase(self, one: int, _two: int) -> None:
        erase_person(person=self.person(one), by=None, at=self.at)

    def take_back_agreement(self, one: int, _two: int) -> None:
        person = self.person(one)
        for consent in person.consents.filter(withdrawn_at=None):
            accounts.withdraw_consent(person=person, consent_id=consent.pk, at=self.at)

    def answer(self, one: int, two: int) -> None:
        """Whether they belong to an ethnic minority."""
        accounts.answer_minority(
            person=self.person(one), text=text_of("minority", "vi"), is_minority=two % 2 == 0, at=self.at
        )

    def remove(self, one: int, _two: int) -> None:
        """By hand, past every action."""
        if enrolment := self.enrolment(one):
            enrolment.credentials.all().delete()
            enrolment.completions.all().delete()
            Enrolment.objects.filter(pk=enrolment.pk).delete()

    def turn_official(self, one: int, two: int) -> None:
        """By hand: of what kind somebody was when they enrolled."""
        if enrolment := self.enrolment(one):
            Enrolment.objects.filter(pk=enrolment.pk).update(person_kind=sorted(KINDS)[two % 2])

    def change_topic(self, one: int, two: int) -> None:
        topics = Topic.objects.order_by("pk")
        Course.objects.filter(pk=self.courses[one % 2].pk).update(topic=topics[two % len(topics)])

    def register(self, one: int, _two: int) -> None:
        workshops.register(
            workshop=self.workshop, person=self.person(one), source=RegistrationSource.NOMINATED, at=cast.NOW
        )

    def come(self, one: int, _two: int) -> None:
        """Who has not come yet."""
        if seats := list(Registration.objects.filter(state="held", attendances=None).order_by("pk")):
            cast.present(seats[one % len(seats)])

    def take_office(self, one: int, two: int) -> None:
        """Whoever made products works for an office now, or the other way round."""
        person = self.person(one)
        is_official = person.kind == "official"
        accounts.correct_person(
            person=person, name=person.name, birth_year=person.birth_year, place=person.place, by=self.officer, reason="đổi việc", at=self.at,
            kind="subject" if is_official else "official", subject_name=f"Cơ sở {two}", subject_kind="household",
            subject_role=("head", "worker")[two % 2], official_level=("commune", "province")[two % 2],
        )  # fmt: skip

    def wait(self, one: int, _two: int) -> None:
        self.at += timedelta(days=1 + one % 45)

    def look(self, _one: int, _two: int) -> None:
        actions.bring_up_to_date(at=self.at)


STEPS: dict[str, Callable[[World, int, int], None]] = {
    name: getattr(World, name)
    for name in (
        "enrol", "finish", "revoke", "move", "join", "erase", "take_back_agreement", "answer", "remove", "turn_official", "change_topic", "register", "come", "take_office", "wait", "look",
    )
}  # fmt: skip
SEQUENCES = st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 11), st.integers(0, 11)), max_size=30)


@pytest.fixture
def world(db):
    places = [cast.commune(), cast.commune("Đất Mũi")]
    places += [cast.province(name).children.current().order_by("pk")[0] for name in ("Lào Cai", "An Giang")]
    made = [cast.course(lessons=1, slug=f"khoa-{n}", title=f"Khóa {n}") for n in range(2)]
    Course.objects.filter(pk=made[1].pk).update(topic=Topic.objects.create(slug="khac", name="Khác"))
    cast.award(made[0])
    people = [cast.trainee(f"Chim {n}", f"091222330{n}", places[n % len(places)]).person.pk for n in range(6)]
    for n, person in enumerate(people[:4]):
        courses.enrol(person=Person.objects.get(pk=person), course=made[n % 2], at=cast.NOW)
    return World(people, places, made, cast.workshop(made[1], slug="lop"), cast.staff("manager", None))


def live(world: World, steps: list[tuple[str, int, int]]) -> None:
    """What cannot be done any more is refused, and changes nothing."""
    for name, one, two in steps:
        try:
            with transaction.atomic():
                STEPS[name](world, one, two)
        except Refusal:
            continue


def persons_by_recount() -> int:
    return Enrolment.objects.filter(person__merged_into=None).values("person").distinct().count()


def filtered() -> list[Filters]:
    topics, courses = [None, *Topic.objects.filter(courses__isnull=False).distinct()], [None, *Course.objects.all()]
    return [Filters(*chosen) for chosen in product(topics, ["", *KINDS], courses)]


def by_recount(filters: Filters, place: Place | None = None) -> tuple[int, int, int]:
    """Persons, enrolments, completed: read from the enrolments, without what is kept."""
    rows = Enrolment.objects.filter(person__merged_into=None)
    rows = rows.filter(place__in=places_within(place)) if place else rows
    rows = rows.filter(course=filters.course) if filters.course else rows
    rows = rows.filter(course__topic=filters.topic) if filters.topic else rows
    rows = rows.filter(person_kind=filters.kind) if filters.kind else rows
    return rows.values("person").distinct().count(), rows.count(), rows.exclude(completed_at=None).count()


def on_the_board(figures: Any) -> tuple[int, int, int]:
    return figures.persons, figures.enrolled, figures.completed


def every_number_is_a_recount(officer: User, place: Place | None, filters: Filters, at: datetime) -> None:
    """Of the whole, and of each line by place and by course."""
    shown = queries.board(officer, place, filters=filters, now=at)
    assert on_the_board(shown.total) == by_recount(filters, place)
    for row in shown.places:
        assert on_the_board(row.figures) == by_recount(filters, row.place)
    for row in shown.courses:
        course = Course.objects.get(pk=row.course)
        assert on_the_board(row.figures) == by_recount(replace(filters, course=course), place)


@settings(max_examples=40, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=SEQUENCES)
def test_after_any_sequence_the_board_is_a_recount(world, steps):
    world.at = BEGUN
    with transaction.atomic():
        live(world, steps)
        actions.bring_up_to_date(at=world.at)
        assert [said for said in personal.violations() if said.startswith("place ")] == []
        assert queries.total(world.officer, None).persons == persons_by_recount()
        by_province = Headcount.objects.filter(reach=Reach.PROVINCE)
        assert sum(by_province.values_list("persons", flat=True)) >= persons_by_recount()
        for filters in filtered():
            for place in (None, world.places[0].parent):
                every_number_is_a_recount(world.officer, place, filters, world.at)
        transaction.set_rollback(True)


def test_without_the_marks_of_the_database_it_is_not(world):
    """The control: the same steps, and nobody counts again."""
    actions.bring_up_to_date(at=BEGUN)
    triggers.drop()
    live(world, [("enrol", 5, 0), ("finish", 0, 0), ("move", 1, 2), ("join", 2, 3)])
    actions.bring_up_to_date(at=BEGUN)
    assert [said for said in personal.violations() if said.startswith("place ")] != []
    triggers.create()


def test_each_step_does_something(world):
    """What the sequences are made of would prove nothing if it was refused always."""
    done = [("enrol", 5, 0), ("finish", 0, 0), ("register", 5, 0), ("come", 0, 0), ("revoke", 0, 0), ("move", 1, 2), ("join", 2, 3),
            ("take_back_agreement", 4, 0), ("answer", 4, 0), ("erase", 0, 0), ("take_office", 4, 0), ("remove", 1, 0), ("turn_official", 0, 1), ("change_topic", 0, 1), ("wait", 3, 0), ("look", 0, 0)]  # fmt: skip
    assert {name for name, _one, _two in done} == set(STEPS)
    for name, one, two in done:
        STEPS[name](world, one, two)
    assert Enrolment.objects.count() > 0
