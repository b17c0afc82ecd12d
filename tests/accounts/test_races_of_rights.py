"""Erasing beside a change of mind, and twice at once, proved on real connections, each with a control that the race does happen."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import OperationalError
from wagtail.models import ModelLogEntry

from accounts import actions as accounts
from accounts import personal
from accounts.models import ERASED, DataRequest, Help, Person
from accounts.rights import actions
from accounts.rights.erasing import LOGGED, erase_late, erase_person
from lib import registries
from lib.refusals import Refusal
from messaging.models import Message
from tests import cast
from tests.racing import at_once, crossing, overlapping, without_locks
from workshops.actions import register
from workshops.models import RegistrationSource, Workshop

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


def late(person):
    """Somebody who was typing, and had to wait."""
    return lambda: accounts.give_consents(person=Person(pk=person.pk), texts=cast.texts(), at=LATER)


def test_what_somebody_wrote_while_it_was_done_goes_within_the_minute(asked):
    for consent in asked.person.consents.all():
        accounts.withdraw_consent(person=asked.person, consent_id=consent.pk, at=cast.NOW)
    overlapping(erased(asked.person), late(asked.person))
    assert [said for said in personal.violations() if "was erased and still has" in said]
    assert erase_late(at=LATER + timedelta(minutes=1)) == 1
    assert personal.violations() == []
    assert erase_late(at=LATER + timedelta(minutes=11)) == 0


def test_nobody_is_helped_who_was_erased_a_moment_ago(asked):
    officer = cast.staff("manager", cast.commune())
    _done, helped = overlapping(
        erased(asked.person),
        lambda: accounts.ask_help(person=Person(pk=asked.person_id), by=officer, texts=cast.texts(), at=LATER),
    )
    assert isinstance(helped, Refusal)
    assert not Help.objects.exists()


def seated():
    person = cast.trainee().person
    workshop = cast.workshop(cast.course(lessons=0))
    register(workshop=workshop, person=person, source=RegistrationSource.NOMINATED, at=cast.NOW)
    return person, workshop


def crossed(person, workshop):
    """Somebody who changes who has a seat, and wants the person whose data are being erased."""
    with cast.on(cast.NOW):
        return crossing(
            lambda: Workshop.objects.select_for_update().get(pk=workshop.pk),
            erased(person),
            lambda: Person.objects.select_for_update().get(pk=person.pk),
        )


def test_erasing_and_whoever_changes_seats_do_not_block_each_other():
    person, workshop = seated()
    wanted, done = crossed(person, workshop)
    assert (wanted, done) == (person, True)


def test_were_the_person_locked_first_one_of_them_would_fail(monkeypatch):
    """The control."""
    name = "workshops.Registration.person"
    monkeypatch.setitem(registries.person_records.entries, name, replace(registries.person_records[name], hold=None))
    person, workshop = seated()
    assert [isinstance(one, OperationalError) for one in crossed(person, workshop)].count(True) == 1


def test_pressed_at_once_it_is_asked_once_and_told_once():
    person = cast.trainee().person
    made = at_once(*[lambda: actions.ask(person=person, kind="delete", at=cast.NOW) for _press in range(4)])
    assert len({one.pk for one in made}) == 1
    assert Message.objects.filter(purpose="data-request").count() == 1
