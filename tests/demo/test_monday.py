"""The demo's Monday: targets, classes held elsewhere, and what waits for officers."""

import pytest

from accounts.doubles import with_doubles
from accounts.models import Move, Person, PersonKind
from accounts.models.rights import DataRequest
from demo import monday
from lib import registries
from reports.models import OutsideClass, Target
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def officers():
    cast.course()
    cast.staff("manager", cast.commune(), "0900000004")
    cast.staff("manager", cast.province("Cà Mau"), "0900000005")
    for number in range(3):
        cast.person(f"Chim {number}", is_demo=True, kind=PersonKind.SUBJECT)


def load():
    return list(monday.load(now=cast.NOW))


def test_what_officers_find(officers):
    assert len(load()) == 2
    assert set(Target.objects.values_list("place__name", flat=True)) == {"Cà Mau", "Phan Ngọc Hiển"}
    assert all("(mẫu)" in one.title and one.legal_base == "số liệu minh họa" for one in OutsideClass.objects.all())
    assert OutsideClass.objects.count() == 2
    assert Move.objects.get().person.name == "Chim 1"
    assert DataRequest.objects.get().kind == "correct"
    assert with_doubles(Person.objects.all()).count() == 2
    assert [said for _name, check in registries.invariants for said in check()] == []


def test_a_second_load_writes_nothing(officers):
    load()
    assert load() == []
    assert Person.objects.filter(is_demo=True).count() == 4


def test_without_learners_in_the_commune_there_are_targets_alone(officers):
    Person.objects.filter(is_demo=True).update(is_demo=False)
    assert len(load()) == 1
    assert not Move.objects.exists()
