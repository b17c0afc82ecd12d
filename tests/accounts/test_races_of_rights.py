"""Erasing beside a change of mind, and twice at once, proved on real connections, each with a control that the race does happen."""

from datetime import timedelta

import pytest
from wagtail.models import ModelLogEntry

from accounts.models import ERASED, DataRequest, Person
from accounts.rights import actions
from accounts.rights.erasing import LOGGED, erase_person
from messaging.models import Message
from tests import cast
from tests.racing import at_once, overlapping, without_locks

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
LATER = cast.NOW + timedelta(days=8)


@pytest.fixture
def asked():
    return actions.ask(person=cast.trainee().person, kind="delete", at=cast.NOW)


def taken_back(asked):
    return lambda: actions.take_back(request=DataRequest.objects.get(pk=asked.pk), at=LATER)


def name_of(asked):
    return Person.objects.get(pk=asked.person_id).name


def test_who_changes_their_mind_while_the_job_begins_keeps_everything(asked):
    done, erased = overlapping(taken_back(asked), lambda: actions.erase_due(at=LATER))
    assert (done, erased, name_of(asked)) == (True, 0, "Trần Thị Út")


def test_without_the_lock_the_job_would_erase_who_was_told_that_it_does_not(asked, monkeypatch):
    """The control: the request says that it was taken back, and the name is gone."""
    without_locks(monkeypatch)
    overlapping(taken_back(asked), lambda: actions.erase_due(at=LATER))
    asked.refresh_from_db()
    assert (asked.state, name_of(asked)) == ("back", ERASED)


def test_who_changes_their_mind_too_late_is_told_so(asked):
    erased, done = overlapping(lambda: actions.erase_due(at=LATER), taken_back(asked))
    assert (erased, done, name_of(asked)) == (1, False, ERASED)


def erased(person):
    return lambda: erase_person(person=Person.objects.get(pk=person.pk), by=None, at=LATER)


def test_two_who_erase_at_once_do_it_once(asked):
    first, second = overlapping(erased(asked.person), erased(asked.person))
    assert (first, second) == (True, False)
    assert ModelLogEntry.objects.filter(action=LOGGED).count() == 1


def test_without_the_lock_it_would_be_done_twice(asked, monkeypatch):
    """The control."""
    without_locks(monkeypatch)
    overlapping(erased(asked.person), erased(asked.person))
    assert ModelLogEntry.objects.filter(action=LOGGED).count() == 2


def test_pressed_at_once_it_is_asked_once_and_told_once():
    person = cast.trainee().person
    made = at_once(*[lambda: actions.ask(person=person, kind="delete", at=cast.NOW) for _press in range(4)])
    assert len({one.pk for one in made}) == 1
    assert Message.objects.filter(purpose="data-request").count() == 1
