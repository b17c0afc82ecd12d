"""Who has done all that is left is finished when a course asks for less, without doing anything more."""

import pytest

from certificates.actions import issue_missing
from certificates.models import Credential
from courses import actions
from courses.models import Activity, LessonPage
from quizzes.models import QuizPage
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return cast.client_of(cast.staff("editor"))


@pytest.fixture
def course():
    page = cast.course_page()
    cast.lesson_page(page, "Bài 1", "bai-1")
    cast.award(cast.row_of(page))
    return page


@pytest.fixture
def quiz(course, editor):
    """A required draft, written in the admin."""
    editor.post(f"/quan-tri/pages/add/quizzes/quizpage/{course.pk}/", form(is_required="on"))
    return QuizPage.objects.get()


@pytest.fixture
def waiting(course, quiz):
    """Has read the only lesson, and is held back by the quiz."""
    enrolment = cast.enrolment(cast.trainee().person, cast.row_of(course))
    actions.complete_activity(enrolment=enrolment, activity=cast.row_of(LessonPage.objects.get()), at=cast.NOW)
    enrolment.refresh_from_db()
    assert enrolment.completed_at is None
    return enrolment


def form(**fields) -> dict:
    return {
        "title": "Bài kiểm tra", "slug": "kiem-tra", "summary": "", "intro": "null", "minutes": "10",
        "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0",
    } | fields  # fmt: skip


def not_required(editor, quiz):
    editor.post(f"/quan-tri/pages/{quiz.pk}/edit/", form())


def deleted(editor, quiz):
    editor.post(f"/quan-tri/pages/{quiz.pk}/delete/")


def moved(editor, quiz):
    elsewhere = cast.course_page("Khóa khác", "khoa-khac")
    editor.post(f"/quan-tri/pages/{quiz.pk}/move/{elsewhere.pk}/confirm/")


def moved_below_a_draft(editor, quiz):
    elsewhere = cast.course_page("Khóa khác", "khoa-khac")
    elsewhere.unpublish()
    editor.post(f"/quan-tri/pages/{quiz.pk}/move/{elsewhere.pk}/confirm/")


def published_as_not_required(editor, quiz):
    cast.ask(quiz)
    editor.post(f"/quan-tri/pages/{quiz.pk}/edit/", form(**{"action-publish": "1"}))


@pytest.mark.parametrize("less", [not_required, deleted, moved, moved_below_a_draft, published_as_not_required])
def test_who_waited_for_a_quiz_is_finished_at_once_and_certified_by_the_next_job(less, waiting, quiz, editor):
    less(editor, quiz)
    waiting.refresh_from_db()
    assert waiting.completed_at == cast.NOW
    assert issue_missing(at=cast.NOW) == 1
    assert Credential.objects.get().person == waiting.person


def test_what_was_live_once_is_asked_for_whatever_its_draft_says(waiting, quiz, editor):
    cast.ask(quiz)
    quiz.save_revision().publish()
    QuizPage.objects.get().unpublish()
    not_required(editor, quiz)
    assert not QuizPage.objects.get().is_required
    waiting.refresh_from_db()
    assert waiting.completed_at is None


def test_a_lesson_that_moves_to_a_course_not_on_offer_is_waited_for_no_longer(course, editor):
    lesson = cast.lesson_page(course, "Bài 2", "bai-2")
    enrolment = cast.enrolment(cast.trainee().person, cast.row_of(course))
    actions.complete_activity(
        enrolment=enrolment, activity=cast.row_of(LessonPage.objects.get(slug="bai-1")), at=cast.NOW
    )
    moved_below_a_draft(editor, lesson)
    enrolment.refresh_from_db()
    assert enrolment.completed_at == cast.NOW


def test_who_has_not_done_the_rest_goes_on_waiting(waiting, course, quiz, editor):
    other = cast.enrolment(cast.trainee("Lê Thị Chưa", "0912345679").person, waiting.course)
    cast.lesson_page(course, "Bài 2", "bai-2")
    deleted(editor, quiz)
    for enrolment in (waiting, other):
        enrolment.refresh_from_db()
        assert enrolment.completed_at is None


def test_a_course_that_is_not_on_offer_finishes_nobody_while_it_is_taken_apart(waiting, course, quiz, editor):
    course.unpublish()
    deleted(editor, quiz)
    waiting.refresh_from_db()
    assert waiting.completed_at is None
    course.save_revision().publish()
    waiting.refresh_from_db()
    assert waiting.completed_at == cast.NOW


def test_a_large_course_costs_no_more_for_those_who_go_on_waiting(course, quiz, django_assert_max_num_queries):
    cast.lesson_page(course, "Bài 2", "bai-2")
    for number in range(9):
        cast.enrolment(cast.trainee(phone=f"091234568{number}").person, cast.row_of(course))
    with django_assert_max_num_queries(9):
        assert actions.finish_waiting(course=cast.row_of(course), at=cast.NOW) == 0


def test_a_hundred_are_finished_as_quickly_as_one(waiting, course, quiz, django_assert_max_num_queries):
    lesson = cast.row_of(LessonPage.objects.get())
    for number in range(3):
        enrolment = cast.enrolment(cast.trainee(phone=f"091234568{number}").person, waiting.course)
        actions.complete_activity(enrolment=enrolment, activity=lesson, at=cast.NOW)
    Activity.objects.filter(kind="quiz").update(is_required=False)
    with django_assert_max_num_queries(10):
        assert actions.finish_waiting(course=cast.row_of(course), at=cast.NOW) == 4
