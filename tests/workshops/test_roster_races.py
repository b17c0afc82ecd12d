"""Lists that are imported at the same moment."""

import pytest

from accounts import actions as accounts
from accounts.models import Person, User
from tests import cast
from tests.racing import at_once, without_locks
from tests.workshops.test_roster_import import HERE, bring
from workshops import personal
from workshops.models import Registration

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
COUNT = 60


def rows(*, is_backwards=False):
    """With numbers and subjects of their own, in one order or the other."""
    table = [
        [n, f"Nguyễn Văn {chr(65 + n % 26)}{'abc'[n // 26]}", 1970, 912000000 + n, f"Hộ {n}", HERE]
        for n in range(COUNT)
    ]
    return table[::-1] if is_backwards else table


def errors(results) -> list[Exception]:
    return [one for one in results if isinstance(one, Exception)]


def test_of_four_confirmations_one_writes():
    workshop = cast.workshop()
    results = at_once(*[lambda: bring(workshop, *rows())] * 4)
    assert errors(results) == []
    assert sorted(one.seats for one in results) == [0, 0, 0, COUNT]
    assert (Registration.objects.count(), User.objects.exclude(person=None).count()) == (COUNT, COUNT)
    assert personal.violations() == []


def test_without_the_lock_they_would_collide(monkeypatch):
    workshop = cast.workshop()
    without_locks(monkeypatch)
    assert errors(at_once(*[lambda: bring(workshop, *rows())] * 4))


def test_two_lists_with_the_same_numbers_and_subjects_wait_for_each_other_whatever_their_order():
    one, other = cast.workshop(), cast.workshop(cast.course(0, slug="khac", title="Khác"), slug="lop-khac")
    results = at_once(
        lambda: bring(one, *rows()), lambda: bring(other, *rows(is_backwards=True)), lambda: bring(one, *rows())
    )
    assert errors(results) == []
    assert Registration.objects.count() == 2 * COUNT
    assert User.objects.exclude(person=None).count() == COUNT
    assert personal.violations() == []


def test_whoever_begins_to_sign_up_meanwhile_stops_no_list():
    workshop = cast.workshop()
    numbers = [f"+84{912000000 + n}" for n in range(COUNT)]
    signing_up = [lambda one=one: accounts.user_for_phone(phone=one, at=cast.NOW) for one in numbers[:8]]
    results = at_once(lambda: bring(workshop, *rows()), *signing_up)
    assert errors(results) == []
    assert set(User.objects.filter(phone__in=numbers).values_list("person__contact_phone", flat=True)) == set(numbers)
    assert Person.objects.count() == COUNT
