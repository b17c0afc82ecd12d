"""Lists of people that are imported at the same moment."""

import pytest

from accounts.models import Person, User
from tests import cast
from tests.accounts.test_importing_people import HERE, bring
from tests.racing import at_once, overlapping, without_locks

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
COUNT = 40


def rows(*, is_backwards=False, numbers=912000000):
    table = [
        [n, f"Nguyễn Văn {chr(65 + n % 26)}{'abc'[n // 26]}", 1970, numbers + n, f"Hộ {n}", "", HERE]
        for n in range(COUNT)
    ]
    return table[::-1] if is_backwards else table


def errors(results) -> list[Exception]:
    return [one for one in results if isinstance(one, Exception)]


def test_of_four_confirmations_one_writes():
    results = at_once(*[lambda: bring(*rows())] * 4)
    assert errors(results) == []
    assert sorted(len(one.new) for one in results) == [0, 0, 0, COUNT]
    assert (Person.objects.count(), User.objects.exclude(person=None).count()) == (COUNT, COUNT)


def test_without_the_locks_they_would_collide(monkeypatch):
    without_locks(monkeypatch)
    results = overlapping(lambda: bring(*rows()), lambda: bring(*rows()))
    assert errors(results) or Person.objects.count() > COUNT


def test_two_lists_of_the_same_people_in_another_order_write_each_once():
    results = at_once(lambda: bring(*rows()), lambda: bring(*rows(is_backwards=True)))
    assert errors(results) == []
    assert (Person.objects.count(), User.objects.exclude(person=None).count()) == (COUNT, COUNT)


def test_two_lists_that_complete_the_same_person_leave_one_change():
    known = cast.person("Trần Thị Út", subject_name="", subject_kind="", subject_role="")
    row = [1, "Trần Thị Út", 1975, "", "HTX Ba Khía", "Giám đốc", HERE]
    results = at_once(*[lambda: bring(row)] * 3)
    assert errors(results) == []
    assert sorted(one.changed for one in results) == [0, 0, 1]
    known.refresh_from_db()
    assert (known.birth_year, known.subject.name) == (1975, "HTX Ba Khía")
