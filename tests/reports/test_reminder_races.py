"""Two officers who press at the same moment remind everybody once, and never beyond the budget of the day."""

from datetime import timedelta

import pytest

from courses.models import Enrolment
from messaging.models import BulkBudget, Message
from reports.calling import actions as calling
from reports.reminding import actions
from reports.reminding.models import Reminder
from tests import cast
from tests.racing import at_once, overlapping, without_locks

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest.fixture
def officers(settings):
    settings.BULK_REMINDERS = True
    course = cast.course(lessons=1)
    for number in range(4):
        cast.enrolment(cast.person(f"Người {number}", contact_phone=f"+8491234567{number}"), course)
    Enrolment.objects.update(enrolled_at=cast.NOW - timedelta(days=8))
    calling.drawn(place=cast.commune(), at=cast.NOW)
    return cast.staff("manager", cast.commune()), cast.staff("manager", cast.province(), "0987654322")


def presses(officers):
    commune, province = officers
    return (
        lambda: actions.remind(place=cast.commune(), by=commune, at=cast.NOW),
        lambda: actions.remind(place=cast.province(), by=province, at=cast.NOW),
    )


def test_an_officer_of_the_commune_and_one_of_the_province_send_each_message_once(officers):
    outcomes = at_once(*presses(officers) * 3)
    assert sorted(len(one.to_tell) for one in outcomes) == [0, 0, 0, 0, 0, 4]
    assert Message.objects.count() == Reminder.objects.count() == BulkBudget.objects.get().taken == 4


def test_the_budget_holds_for_both_together(officers, settings):
    settings.BULK_DAILY_BUDGET = 3
    at_once(*presses(officers) * 2)
    assert Message.objects.count() == BulkBudget.objects.get().taken == 3


def test_without_the_locks_the_second_would_meet_a_fault_or_send_again(officers, monkeypatch):
    """The control: both find everybody unreminded."""
    first, second = presses(officers)
    BulkBudget.objects.create(day=cast.NOW.date())
    without_locks(monkeypatch)
    _done, other = overlapping(first, second)
    assert isinstance(other, Exception)
