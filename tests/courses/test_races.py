"""What learners, officers and editors do to one course at the same moment, each with a control that shows the collision."""

import threading

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from courses import actions
from courses.models import Activity, Completion, Enrolment, LessonPage
from tests import cast
from tests.racing import at_once, overlapping, without_locks

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


@pytest.fixture
def two_new_lessons():
    """Two publications of lessons that have no rows yet."""
    cast.course(lessons=2)
    Activity.objects.all().delete()
    pages = LessonPage.objects.order_by("path")
    return [lambda page=page: actions.publish_activity(page=page, at=cast.NOW) for page in pages]


def positions():
    return sorted(Activity.objects.values_list("position", flat=True))


def test_two_editors_who_publish_at_once_get_two_positions(two_new_lessons):
    overlapping(*two_new_lessons)
    assert positions() == [1, 2]


def test_without_the_lock_both_lessons_would_be_the_first(two_new_lessons, monkeypatch):
    """The control: neither sees the other's lesson while it counts."""
    without_locks(monkeypatch)
    overlapping(*two_new_lessons)
    assert positions() == [1, 1]


@pytest.fixture
def two_reviewers():
    """Two people who saw the same mark, and press at the same moment."""
    activity = cast.course(lessons=1).activities.get()
    Activity.objects.update(needs_review_since=cast.NOW, review_reason="Căn cứ vừa thay đổi")
    by = cast.staff("editor")
    return [lambda: actions.mark_reviewed(activity.pk, since=cast.NOW, by=by, at=cast.NOW)] * 2


def test_one_mark_is_taken_away_once(two_reviewers):
    assert overlapping(*two_reviewers) == (True, False)


def test_without_the_lock_it_would_be_written_down_twice_who_reviewed(two_reviewers, monkeypatch):
    """The control: both have seen the mark."""
    without_locks(monkeypatch)
    assert overlapping(*two_reviewers) == (True, True)


@pytest.fixture
def published_while_its_law_changes():
    """A text of law that a lesson cites is edited while the lesson goes live."""
    cast.course(lessons=1)
    page, lessons = LessonPage.objects.get(), Activity.objects.filter(kind="lesson")
    return [
        lambda: lessons.update(needs_review_since=cast.NOW),
        lambda: actions.publish_activity(page=page, at=cast.NOW),
    ]


def test_a_lesson_that_is_published_while_its_law_changes_keeps_the_mark(published_while_its_law_changes):
    overlapping(*published_while_its_law_changes)
    assert Activity.objects.get().needs_review_since == cast.NOW


def test_a_whole_row_written_back_would_lose_the_mark(published_while_its_law_changes, monkeypatch):
    """The control: what was read before the mark is written after it."""
    save = Activity.save
    monkeypatch.setattr(Activity, "save", lambda activity, update_fields=None, **said: save(activity, **said))
    overlapping(*published_while_its_law_changes)
    assert Activity.objects.get().needs_review_since is None


@pytest.fixture
def asked_for_less_while_taken_back(halfway):
    """An officer takes the only completion back, while an editor makes the second lesson not required."""
    enrolment, first, second = halfway
    by = cast.staff("manager")
    Activity.objects.filter(pk=second.pk).update(is_required=False)

    def happen():
        overlapping(
            lambda: actions.reopen_enrolment(enrolment=enrolment, activity=first, by=by, reason="Nhầm", at=cast.NOW),
            lambda: actions.finish_waiting(course=enrolment.course, at=cast.NOW),
        )
        enrolment.refresh_from_db()
        assert not enrolment.completions.exists()
        return enrolment.completed_at

    return happen


def test_who_loses_a_completion_while_the_course_asks_for_less_is_not_finished(asked_for_less_while_taken_back):
    assert asked_for_less_while_taken_back() is None


def test_without_the_lock_an_enrolment_with_nothing_done_would_be_finished(
    asked_for_less_while_taken_back, monkeypatch
):
    """The control: who is counted before the completion went is finished after it."""
    without_locks(monkeypatch)
    assert asked_for_less_while_taken_back() is not None


def a_lesson(course) -> LessonPage:
    return LessonPage.objects.get(translation_key=course.activities.get().translation_key)


def test_a_lesson_that_is_deleted_while_somebody_publishes_it_is_not_on_offer():
    course = cast.course(lessons=1, slug="khac", title="Khác")
    page = a_lesson(course)
    _deleted, published = overlapping(
        lambda: LessonPage.objects.get(pk=page.pk).delete(), lambda: actions.publish_activity(page=page, at=cast.NOW)
    )
    assert published is None
    assert not course.activities.filter(retired_at=None).exists()


def test_without_the_lock_of_the_page_it_would_be_on_offer_and_nobody_could_finish(monkeypatch):
    """The control."""
    course = cast.course(lessons=1, slug="khac", title="Khác")
    page = a_lesson(course)
    without_locks(monkeypatch)
    overlapping(
        lambda: LessonPage.objects.get(pk=page.pk).delete(), lambda: actions.publish_activity(page=page, at=cast.NOW)
    )
    assert course.activities.filter(retired_at=None).exists()


def test_a_lesson_that_is_published_while_somebody_deletes_it_goes_as_well():
    course = cast.course(lessons=1, slug="khac", title="Khác")
    page = a_lesson(course)
    overlapping(
        lambda: actions.publish_activity(page=page, at=cast.NOW), lambda: LessonPage.objects.get(pk=page.pk).delete()
    )
    assert not LessonPage.objects.filter(pk=page.pk).exists()
    assert not course.activities.filter(retired_at=None).exists()


@pytest.mark.parametrize("what", ["course", "lesson"])
def test_who_publishes_locks_the_course_before_its_activities(what):
    """In one order whatever is published: else two editors, of a course and of its lesson, would wait for each other."""
    course = cast.course(lessons=1, slug="khac", title="Khác")
    page = a_lesson(course)
    with CaptureQueriesContext(connection) as asked:
        if what == "course":
            actions.publish_course(page=page.get_parent().specific, at=cast.NOW)
        else:
            actions.publish_activity(page=page, at=cast.NOW)
    statements = [query["sql"] for query in asked]
    locked = next(place for place, sql in enumerate(statements) if "courses_course" in sql and "FOR UPDATE" in sql)
    written = next(place for place, sql in enumerate(statements) if sql.startswith('UPDATE "courses_activity"'))
    assert locked < written
