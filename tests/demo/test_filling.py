"""`manage.py fill`: invented records by the hundred thousand go past the actions, and still are what the actions would have written."""

from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count

from accounts.models import Person, Product, Subject
from certificates.models import Credential
from courses.models import Completion, Course, Enrolment
from demo import filling
from lib import registries
from lib.refusals import Refusal
from provinces.models import Place
from reports.actions import bring_up_to_date
from reports.models import Cell
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_rounds(monkeypatch):
    """Three rounds, so that what one leaves behind meets the next."""
    monkeypatch.setattr(filling, "ROUND", 20)


@pytest.fixture(autouse=True)
def courses(db):
    """Three on offer, one of which gives certificates, and one that is not."""
    made = [cast.course(lessons=n, slug=f"khoa-{n}", title=f"Khóa {n}") for n in (2, 3, 6)]
    cast.award(made[2])
    Course.objects.create(translation_key=uuid4(), title="Đã thôi", topic=cast.topic(), retired_at=cast.NOW)
    return made


def fill(trainees=50, enrolments=120):
    return list(filling.fill(trainees=trainees, enrolments=enrolments, at=cast.NOW))


def broken():
    return [sentence for _name, check in registries.invariants for sentence in check()]


def numbers():
    models = (Person, Subject, Product, Enrolment, Completion, Credential)
    return [model.objects.count() for model in models]


def test_as_many_as_asked_for_are_there_and_each_round_says_how_far_it_is():
    assert fill() == ["20/50 học viên", "40/50 học viên", "50/50 học viên"]
    there_is = filling.there_is()
    assert (there_is["person"], there_is["enrolment"]) == (50, 120)
    assert (
        there_is["credential"] == Enrolment.objects.exclude(course__award=None).exclude(completed_at=None).count() > 30
    )
    finished = Enrolment.objects.exclude(completed_at=None).annotate(n=Count("completions"))
    assert {(one.course.title, one.n) for one in finished} == {("Khóa 6", 6), ("Khóa 3", 3), ("Khóa 2", 2)}
    on_the_way = Enrolment.objects.filter(completed_at=None, course__title="Khóa 6").annotate(n=Count("completions"))
    assert set(on_the_way.values_list("n", flat=True)) == {0, 1, 2, 3, 4, 5}
    assert set(Person.objects.values_list("kind", flat=True)) == {"subject", "official"}
    assert Enrolment.objects.values("place").distinct().count() > 10


def test_what_it_writes_breaks_no_rule_of_the_platform():
    fill()
    bring_up_to_date(at=cast.NOW)
    assert broken() == []
    assert sum(Cell.objects.filter(reach="place").values_list("enrolled", flat=True)) == 120
    assert Subject.objects.annotate(n=Count("people")).filter(n=0).exists()


def test_a_second_time_adds_nothing_and_more_is_added_to_what_is_there():
    fill()
    before = numbers()
    fill()
    assert numbers() == before
    fill(trainees=60, enrolments=180)
    assert Person.objects.count() == 60
    assert Enrolment.objects.count() == 180
    assert broken() == []


def test_names_are_found_as_those_that_the_site_wrote():
    fill()
    for person in Person.objects.all():
        assert (person.sort_key, person.search) == (person.spelled().sort_key, person.search)
    assert all(one.search == Subject.folded(one.name) for one in Subject.objects.all())
    assert set(Place.objects.filter(people__isnull=False).values_list("valid_to", flat=True)) == {None}


def test_more_enrolments_than_people_can_have_are_refused():
    for trainees, enrolments in ((0, 10), (1, 4), (5, -1)):
        with pytest.raises(Refusal, match="ít nhất 1 học viên"):
            fill(trainees, enrolments)
    assert not Person.objects.exists()


def test_the_command_tells_how_far_it_is_and_what_is_there(settings, capsys):
    settings.DEMO = True
    call_command("fill", trainees=50, enrolments=120)
    said = capsys.readouterr().out
    assert "50/50 học viên" in said
    assert "địa bàn đã đếm lại" in said
    assert "enrolment: 120" in said


def test_a_real_site_is_not_filled(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO=1"):
        call_command("fill")
    assert not Person.objects.exists()
