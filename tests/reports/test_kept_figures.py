"""What the board adds up is kept, and always what the enrolments say, whoever changes them and however."""

import random
import threading
from copy import deepcopy
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import IntegrityError, connections
from django.db.models import Q

from accounts.models import Person
from certificates import actions as certificates
from certificates.models import Credential
from courses.models import Completion, Course, Enrolment, Topic
from provinces.models import Place
from reports import actions, counting, personal, queries, triggers
from reports.models import Cell, Headcount, Reach, Scattered, Stale
from tests import cast
from tests.conftest import made_for_a_file
from tests.racing import overlapping, without_locks

pytestmark = pytest.mark.django_db
NOW = cast.NOW + timedelta(days=2)


@pytest.fixture
def enrolment(made_enrolment, db):
    return deepcopy(made_enrolment)


def counted() -> Enrolment:
    """One of two people in a commune; finished, with a certificate, and counted."""
    course = cast.course(lessons=1)
    cast.award(course)
    for number in range(2):
        made = cast.enrolment(cast.trainee(f"Chim {number}", f"091222330{number}").person, course)
    cast.finish(made)
    certificates.issue(enrolment_id=made.pk, at=NOW)
    actions.bring_up_to_date(at=NOW)
    return made


made_enrolment = made_for_a_file(counted)


def enrol_elsewhere(enrolment: Enrolment) -> None:
    other = cast.course(lessons=1, slug="khac", title="Khác")
    Enrolment.objects.bulk_create(
        [
            Enrolment(
                person=enrolment.person,
                course=other,
                place=cast.commune("Đất Mũi"),
                person_kind="subject",
                enrolled_at=NOW,
                last_active_at=NOW,
            )
        ]
    )


def remove(enrolment: Enrolment) -> None:
    Credential.objects.filter(enrolment=enrolment).delete()
    Completion.objects.filter(enrolment=enrolment).delete()
    Enrolment.objects.filter(pk=enrolment.pk).delete()


def sound() -> bool:
    """Whether all that is kept is what the enrolments say, once it is up to date."""
    actions.bring_up_to_date(at=NOW)
    return personal.violations() == []


CHANGES = {
    "enrolled in bulk": enrol_elsewhere,
    "moved": lambda one: Enrolment.objects.filter(pk=one.pk).update(place=cast.commune("Đất Mũi")),
    "unfinished again": lambda one: Enrolment.objects.filter(pk=one.pk).update(completed_at=None),
    "away for long": lambda one: Enrolment.objects.filter(pk=one.pk).update(last_active_at=NOW - timedelta(days=90)),
    "paper revoked": lambda one: certificates.revoke(
        credential=one.credentials.get(), reason="Sai tên", by=None, at=NOW
    ),
    "paper removed": lambda one: Credential.objects.filter(enrolment=one).delete(),
    "removed": remove,
    "another person": lambda one: Enrolment.objects.filter(pk=one.pk).update(person=cast.person("Ai Khác")),
    "of another kind": lambda one: Enrolment.objects.filter(pk=one.pk).update(person_kind="official"),
    "of no kind": lambda one: Enrolment.objects.filter(pk=one.pk).update(person_kind=""),
    "course of another topic": lambda one: Course.objects.update(topic=Topic.objects.create(slug="khac", name="Khác")),
    "merged": lambda one: Person.objects.filter(pk=one.person_id).update(merged_into=cast.person("Ai Khác")),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_changes_is_counted_again(enrolment, change):
    before = queries.total(cast.staff("manager", None), None)
    assert (before.persons, before.enrolled, before.active, before.completed, before.certified) == (2, 2, 2, 1, 1)
    change(enrolment)
    assert Stale.objects.exists()
    assert sound()


@pytest.mark.parametrize("what", sorted(CHANGES.keys() - {"another person"}))  # the figures of the place stay
def test_without_marks_the_audit_names_the_place_and_reconcile_mends_it(enrolment, what):
    """The control, and the way back where somebody took the triggers out, which is told as well."""
    triggers.drop()
    CHANGES[what](enrolment)
    found = [sentence for sentence in personal.violations() if sentence.startswith("place ")]
    assert found
    assert len(personal.violations()) == len(found) + len(triggers.TRIGGERS)
    triggers.create()
    call_command("reconcile")
    assert personal.violations() == []


def test_nothing_new_is_one_question(enrolment, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert actions.bring_up_to_date(at=NOW) == 0


def test_many_places_are_counted_some_at_a_time(enrolment, monkeypatch):
    """And between two rounds everybody who waits is let in."""
    pauses = []
    monkeypatch.setattr(actions, "MOST", 1)
    monkeypatch.setattr(actions.time, "sleep", pauses.append)
    places = Place.objects.current().communes()[:3]
    for number, place in enumerate(places):
        cast.enrolment(cast.person(f"Người {number}", place), enrolment.course)
    assert actions.bring_up_to_date(at=NOW) == 3
    assert pauses == [actions.GIVE_WAY] * 3
    assert sound()


def test_a_lesson_read_on_the_same_day_marks_nothing(enrolment):
    Enrolment.objects.filter(pk=enrolment.pk).update(last_active_at=NOW)
    actions.bring_up_to_date(at=NOW)
    Enrolment.objects.filter(pk=enrolment.pk).update(last_active_at=NOW + timedelta(minutes=5))
    assert not Stale.objects.exists()


def test_a_commune_that_goes_over_into_another_province_takes_its_figures_along(enrolment):
    place, lao_cai = enrolment.place, cast.province("Lào Cai")
    Place.objects.filter(pk=place.pk).update(parent=lao_cai)
    actions.bring_up_to_date(at=NOW)
    cells = Cell.objects.filter(reach=Reach.PROVINCE)
    assert list(cells.values_list("place", "enrolled")) == [(lao_cai.pk, 2)]


def test_a_unit_that_is_dissolved_stands_for_itself(enrolment):
    Place.objects.filter(pk=enrolment.place_id).update(valid_to=date(2099, 12, 31))
    actions.bring_up_to_date(at=NOW)
    assert list(Headcount.objects.filter(reach=Reach.PROVINCE).values_list("place", "persons")) == [
        (enrolment.place_id, 2)
    ]


def unfinish(one: Enrolment) -> None:
    Enrolment.objects.filter(pk=one.pk).update(completed_at=None)


def empty_the_place(one: Enrolment) -> None:
    Enrolment.objects.update(place=cast.commune("Đất Mũi"))


def go_over_to_another_province(one: Enrolment) -> None:
    Place.objects.filter(pk=one.place_id).update(parent=cast.province("Lào Cai"))


@pytest.mark.parametrize("change", [unfinish, empty_the_place, go_over_to_another_province])
def test_migrating_keeps_the_marks_and_counts_again_what_changed_meanwhile(enrolment, change):
    emit_pre_migrate_signal(verbosity=0, interactive=False, db="default")
    change(enrolment)
    assert not Stale.objects.exists()
    emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
    assert not Stale.objects.exists(), "counted as part of migrating"
    assert personal.violations() == []
    assert queries.total(cast.staff("manager", None), None).persons == 2
    Enrolment.objects.filter(pk=enrolment.pk).update(place=cast.commune("Năm Căn"))
    assert Stale.objects.exists()


def test_a_figure_that_somebody_changed_by_hand_is_named(enrolment):
    Cell.objects.filter(reach=Reach.PROVINCE).update(enrolled=999)
    assert [sentence.split(":")[0] for sentence in personal.violations()] == [f"place {enrolment.place.parent_id}"]


def test_an_audit_of_a_place_that_just_changed_finds_nothing_wrong(enrolment):
    unfinish(enrolment)
    assert personal.violations() == []


@pytest.mark.parametrize("seed", range(2))
def test_people_who_move_about_count_once_everywhere(seed):
    """Against counts of the enrolments themselves: by place, by province, in the country; and after some went back."""
    chance = random.Random(seed)  # noqa: S311 (no secret)
    courses = [cast.course(lessons=1, slug=f"khoa-{n}", title=f"Khóa {n}") for n in range(3)]
    places = [cast.commune(name) for name in ("Phan Ngọc Hiển", "Đất Mũi", "Năm Căn")]
    places += list(Place.objects.current().communes().filter(parent=cast.province("Lào Cai"))[:2])
    for number in range(6):
        person = cast.trainee(f"Chim {number}", f"091222330{number}").person
        for course in courses:
            made = cast.enrolment(person, course)
            Enrolment.objects.filter(pk=made.pk).update(place=chance.choice(places))
    _agree()
    for enrolment in Enrolment.objects.order_by("pk")[::2]:
        Enrolment.objects.filter(pk=enrolment.pk).update(place=chance.choice(places))
    _agree()
    Enrolment.objects.update(place=places[0])
    _agree()
    assert not Scattered.objects.exists()


def _agree() -> None:
    assert sound()
    for province in {place.province for place in Place.objects.filter(enrolments__isnull=False)}:
        persons = Enrolment.objects.filter(place__parent=province).values("person").distinct().count()
        assert Headcount.objects.get(reach=Reach.PROVINCE, place=province).persons == persons
    counts = queries.Counts(Q(reach=Reach.PROVINCE))
    assert counts.total().persons == Enrolment.objects.values("person").distinct().count()


@pytest.fixture
def looks(transactional_db):
    """Two who look at the board, each after an enrolment of their own, in neighbouring communes."""
    course = cast.course(lessons=1)

    def look(name: str, commune: str):
        person = cast.person(name, cast.commune(commune))
        row = {"person": person, "course": course, "place": person.place, "enrolled_at": NOW, "last_active_at": NOW}

        def call() -> int:
            Enrolment.objects.create(**row)
            return actions.bring_up_to_date(at=NOW)

        return call

    both = look("Chim Một", "Phan Ngọc Hiển"), look("Chim Hai", "Đất Mũi")
    actions.bring_up_to_date(at=NOW)  # people who came are counted, so that each call finds its own enrolment alone
    return both


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_two_who_look_at_once_count_one_after_the_other(looks):
    assert overlapping(*looks) == (1, 1)
    assert Cell.objects.get(reach=Reach.PROVINCE).enrolled == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_without_the_lock_they_would_add_up_the_province_twice(looks, monkeypatch):
    """The control."""
    without_locks(monkeypatch)
    _first, second = overlapping(*looks)
    assert isinstance(second, IntegrityError)


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_who_is_enrolled_while_somebody_counts_is_counted_the_next_time(monkeypatch):
    """In the middle of it, after the enrolments were counted; and nobody waits for the other."""
    course, *people = cast.course(lessons=1), cast.person("Chim Một"), cast.person("Chim Hai")
    cast.enrolment(people[0], course)
    heads, outcomes = counting.heads, []

    def interrupted(enrolments):
        counted = heads(enrolments)
        if not outcomes:
            thread = threading.Thread(target=lambda: outcomes.append(_enrolled(people[1], course)))
            thread.start()
            thread.join(10)
        return counted

    monkeypatch.setattr(counting, "heads", interrupted)
    assert actions.bring_up_to_date(at=NOW) == 1
    assert outcomes == [True]
    assert queries.is_behind(NOW)
    assert sound()


def _enrolled(person, course) -> bool:
    try:
        return bool(cast.enrolment(person, course))
    finally:
        connections.close_all()
