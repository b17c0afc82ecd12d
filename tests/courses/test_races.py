"""Taking back and completing at the same time: no course is finished with a hole in it."""

import threading

import pytest
from django.db import transaction

from courses import actions
from courses.models import Completion, Enrolment
from tests import cast
from tests.racing import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest.fixture
def halfway():
    """The first of two lessons done; the enrolment, and both lessons."""
    course = cast.course(lessons=2)
    enrolment = cast.enrolment(cast.trainee().person, course)
    first, second = course.activities.order_by("position")
    actions.complete_activity(enrolment=enrolment, activity=first, at=cast.NOW)
    return enrolment, first, second


def test_taking_one_back_while_the_last_is_completed_leaves_the_course_open(halfway):
    enrolment, first, second = halfway
    by = cast.staff("manager")
    results = at_once(
        lambda: actions.reopen_enrolment(enrolment=enrolment, activity=first, by=by, reason="Nhầm", at=cast.NOW),
        lambda: actions.complete_activity(enrolment=enrolment, activity=second, at=cast.NOW),
    )
    assert not [result for result in results if isinstance(result, Exception)]
    enrolment.refresh_from_db()
    assert enrolment.completed_at is None
    assert enrolment.completions.get().activity == second


def test_without_the_lock_the_course_would_be_finished_with_a_hole(halfway):
    """The control: who completes has read what the other is about to take."""
    enrolment, first, second = halfway
    meet = threading.Barrier(2)

    def take():
        with transaction.atomic():
            meet.wait(10)
            Completion.objects.filter(enrolment=enrolment, activity=first).delete()

    def complete():
        with transaction.atomic():
            Completion.objects.create(enrolment=enrolment, activity=second, occurred_at=cast.NOW, recorded_at=cast.NOW)
            done = enrolment.completions.count()
            meet.wait(10)
            if done == 2:
                Enrolment.objects.filter(pk=enrolment.pk).update(completed_at=cast.NOW)

    at_once(take, complete)
    enrolment.refresh_from_db()
    assert (enrolment.completed_at, enrolment.completions.count()) == (cast.NOW, 1)


def test_two_last_lessons_at_once_finish_the_course(halfway):
    enrolment, first, second = halfway
    Completion.objects.all().delete()
    at_once(*[
        lambda one=one: actions.complete_activity(enrolment=enrolment, activity=one, at=cast.NOW)
        for one in (first, second)
    ])  # fmt: skip
    enrolment.refresh_from_db()
    assert enrolment.completed_at


def test_of_two_last_activities_at_the_same_moment_one_sees_the_other():
    course = cast.course(lessons=2)
    enrolment = cast.enrolment(cast.trainee().person, course)

    def read(lesson):
        return lambda: actions.complete_activity(enrolment=enrolment, activity=lesson, at=enrolment.last_active_at)

    assert at_once(*map(read, course.activities.all())) == [True, True]
    enrolment.refresh_from_db()
    assert enrolment.completed_at is not None
