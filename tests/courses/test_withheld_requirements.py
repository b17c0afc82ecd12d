"""A required activity that an author took off the site is still asked for; one whose page is deleted is not."""

import pytest

from certificates.models import Credential
from courses import actions
from courses.models import Completion
from quizzes.models import QuizPage
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader():
    """In a course of one lesson and a quiz, with an award."""
    course = cast.course(lessons=1, with_quiz=True)
    cast.award(course)
    return cast.enrolment(cast.trainee().person, course)


def read_the_lesson(enrolment, capture):
    lesson = enrolment.course.activities.get(kind="lesson")
    with capture(execute=True):
        actions.complete_activity(enrolment=enrolment, activity=lesson, at=cast.NOW)
    enrolment.refresh_from_db()


def test_nobody_is_certified_while_the_quiz_is_being_corrected(reader, django_capture_on_commit_callbacks):
    QuizPage.objects.get().unpublish()
    read_the_lesson(reader, django_capture_on_commit_callbacks)
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.reconcile(at=cast.NOW) == 0
    assert reader.completed_at is None
    assert not Credential.objects.exists()
    page = cast.client_of(reader.person.user).get("/khoa-hoc/ke-chuyen/").text
    assert "còn một bài đã được gỡ khỏi trang" in page
    assert "Đã xong 1/2" in page
    assert "còn một bài đã được gỡ khỏi trang" in cast.client_of(reader.person.user).get("/hoc/").text


def test_the_quiz_comes_back_and_finishes_the_course(reader, django_capture_on_commit_callbacks):
    QuizPage.objects.get().unpublish()
    read_the_lesson(reader, django_capture_on_commit_callbacks)
    QuizPage.objects.get().save_revision().publish()
    with django_capture_on_commit_callbacks(execute=True):
        quiz = reader.course.activities.get(kind="quiz")
        actions.complete_activity(enrolment=reader, activity=quiz, at=cast.NOW)
    assert Credential.objects.get().person == reader.person


def test_without_its_page_the_quiz_is_no_longer_asked_for(reader, django_capture_on_commit_callbacks):
    QuizPage.objects.get().delete()
    read_the_lesson(reader, django_capture_on_commit_callbacks)
    assert reader.completed_at is not None


def test_who_unpublishes_it_is_told(reader):
    page = QuizPage.objects.get()
    said = cast.client_of(cast.staff("editor")).post(f"/quan-tri/pages/{page.pk}/unpublish/", follow=True).text
    assert "chưa ai hoàn thành được khóa học" in said
    assert not Completion.objects.exists()
