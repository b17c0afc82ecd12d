"""The register while several write in it, proved on real connections, with controls that the races do happen."""

import pytest

from accounts import actions
from accounts.models import Person, Product, Subject
from lib.refusals import Refusal
from tests import cast
from tests.accounts.registers import of_the_department
from tests.accounts.test_importing_registers import imported
from tests.accounts.test_register_of_subjects import subject
from tests.racing import overlapping, without_locks

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest.fixture
def two():
    """One that is joined to the other."""
    return subject("Tôm Rạch Gốc"), subject()


def join(two):
    return actions.join_subjects(subject=two[0], into=two[1], by=None, reason="x")


def sign_up():
    return cast.person(subject_name="tom rach goc").pk


def test_who_signs_up_while_two_are_joined_belongs_to_the_one_that_is_left(two):
    _joined, pk = overlapping(lambda: join(two), sign_up)
    assert Person.objects.get(pk=pk).subject == two[1]


def test_who_signed_up_just_before_comes_along(two):
    pk, _joined = overlapping(sign_up, lambda: join(two))
    assert Person.objects.get(pk=pk).subject == two[1]


def test_without_the_lock_they_would_belong_to_a_name_that_is_no_more(two, monkeypatch):
    """The control."""
    without_locks(monkeypatch)
    _joined, pk = overlapping(lambda: join(two), sign_up)
    assert Person.objects.get(pk=pk).subject == two[0]


def test_two_join_the_same_and_the_second_is_told(two):
    _joined, second = overlapping(
        lambda: join(two), lambda: actions.join_subjects(subject=two[1], into=two[0], by=None, reason="x")
    )
    assert isinstance(second, Refusal)
    assert Subject.objects.standing().get() == two[1]


def import_it():
    return imported(of_the_department().data)


def test_the_same_list_by_two_is_written_once():
    first, second = overlapping(import_it, import_it)
    assert (first.has_changed, second.has_changed) == (True, False)
    assert (Subject.objects.count(), Product.objects.count()) == (2, 3)


def test_without_the_lock_the_second_would_be_turned_away(monkeypatch):
    """The control: it sees an empty register, and the database alone keeps it from writing all of it again."""
    without_locks(monkeypatch)
    _first, second = overlapping(import_it, import_it)
    assert isinstance(second, Refusal)
    assert (Subject.objects.count(), Product.objects.count()) == (2, 3)
