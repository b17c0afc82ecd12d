"""A workshop is closed by several presses at once; desks that take people in meanwhile are in test_check_in_races."""

from datetime import timedelta

import pytest

from certificates.models import Credential
from courses.models import Completion, Enrolment
from tests import cast
from tests.racing import at_once
from workshops import actions, personal
from workshops.models import Workshop

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
EVENING = cast.NOW + timedelta(days=2, hours=4)


@pytest.fixture
def workshop(db) -> Workshop:
    made = cast.workshop()
    cast.award(made.activity.course)
    return made


@pytest.fixture
def closing(workshop, organiser):
    return lambda: actions.close_sessions(
        workshop=workshop, sessions=list(workshop.sessions.all()), by=organiser, at=EVENING
    )


def test_closed_six_times_at_once_each_delegate_has_one_certificate(workshop, closing):
    for number in range(4):
        cast.present(cast.delegate(workshop, f"Đại Biểu {number}"))
    results = at_once(*[closing] * 6)
    assert [one for one in results if isinstance(one, Exception)] == []
    assert (sum(one.completed for one in results), sum(one.sessions for one in results)) == (4, 1)
    assert [one.failed for one in results] == [[]] * 6
    counts = Enrolment.objects.count(), Completion.objects.count(), Credential.objects.count()
    assert counts == (4, 4, 4)
    assert personal.violations() == []
