"""Two who open the list of a week at the same moment are shown one list."""

from datetime import timedelta

import pytest

from courses.models import Enrolment
from reports.calling import actions
from reports.models import CallList, Contact
from tests import cast
from tests.racing import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest.fixture
def waiting():
    course = cast.course(lessons=1)
    for number in range(12):
        cast.enrolment(cast.person(f"Người {number}"), course)
    Enrolment.objects.update(enrolled_at=cast.NOW - timedelta(days=8))
    return cast.commune()


def test_twenty_at_once_draw_it_once(waiting):
    lists = at_once(*[lambda: actions.drawn(place=waiting, at=cast.NOW)] * 20)
    assert {one.pk for one in lists} == {CallList.objects.get().pk}
    assert Contact.objects.count() == 10


def test_without_a_second_look_all_but_one_would_meet_a_fault(waiting):
    """The control: what keeps them apart is the database's own rule."""
    week = actions.week_of(cast.NOW)
    outcomes = at_once(*[lambda: actions._draw(waiting, week, cast.NOW)] * 20)
    assert sum(isinstance(one, CallList) for one in outcomes) == 1
    assert Contact.objects.count() == 10
