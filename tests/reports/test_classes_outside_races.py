"""Presses of one button that arrive at the same moment write one class down."""

from datetime import date

import pytest

from reports.models import OutsideClass
from reports.plan import actions
from tests import cast
from tests.racing import at_once, overlapping, without_locks

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest.fixture
def press():
    said = {
        "place": cast.commune(), "day": date(2026, 5, 12), "title": "Lớp tại xã", "topic": cast.topic(),
        "organiser": "Phòng Kinh tế", "people": 45, "women": None, "by": cast.staff("manager", cast.commune()),
    }  # fmt: skip
    return lambda: actions.write_outside(**said, at=cast.NOW)


def test_ten_at_once_are_one_class(press):
    made = at_once(*[press] * 10)
    assert {one.pk for one in made} == {OutsideClass.objects.get().pk}


def test_without_the_lock_two_would_be_written(press, monkeypatch):
    """The control."""
    without_locks(monkeypatch)
    overlapping(press, press)
    assert OutsideClass.objects.count() == 2
