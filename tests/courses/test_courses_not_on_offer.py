"""A live lesson of a course that is not on offer: a sentence for everybody, never the lesson and never a 500."""

import pytest
from django.test import Client

from courses.models import CoursePage, LessonPage
from quizzes.models import QuizPage
from tests import cast

pytestmark = pytest.mark.django_db
FIRST, SECOND, QUIZ = (f"/khoa-hoc/ke-chuyen/{slug}/" for slug in ("bai-1", "bai-2", "kiem-tra"))
NO_LONGER = "Khóa học này đã ngừng mở; kết quả đã ghi vẫn được giữ."
SECRET = "Tôm khô Rạch Gốc"


@pytest.fixture
def withdrawn(django_capture_on_commit_callbacks):
    """A course whose page was unpublished while its lessons stayed live; somebody is in it."""
    course, user = cast.course(with_quiz=True), cast.trainee()
    cast.enrolment(user.person, course)
    assert SECRET in Client().get(FIRST).text
    with django_capture_on_commit_callbacks(execute=True):
        CoursePage.objects.get().unpublish()
    assert LessonPage.objects.live().count() == 2
    return course, user


def readers(user):
    return {
        "anonymous": Client(),
        "somebody new": cast.client_of(cast.trainee("Danh Sà Mây", "0912345679")),
        "in the course": cast.client_of(user),
    }


@pytest.mark.parametrize("path", [FIRST, SECOND, QUIZ])
def test_a_withdrawn_course_is_closed_to_everybody_with_a_sentence(withdrawn, path):
    for who, client in readers(withdrawn[1]).items():
        response = client.get(path)
        assert (who, response.status_code) == (who, 404)
        assert NO_LONGER in response.text
        assert SECRET not in response.text
        assert response["Cache-Control"] == "private, no-store"


def test_whoever_learnt_there_is_led_to_what_is_kept(withdrawn):
    _course, user = withdrawn
    client = cast.client_of(user)
    assert 'href="/hoc/"' in client.get(FIRST).text
    assert "đã ngừng mở" in client.get("/hoc/").text
    assert "Xem kết quả ở Học của tôi" not in Client().get(FIRST).text


def test_published_again_it_is_open_again(withdrawn, django_capture_on_commit_callbacks):
    assert Client().get(FIRST).status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        CoursePage.objects.get().get_latest_revision().publish()
    assert SECRET in Client().get(FIRST).text


def test_a_lesson_under_a_course_that_never_went_live_is_closed():
    page = CoursePage(title="Kể chuyện", slug="ke-chuyen", topic=cast.topic(), locale=cast.home().locale, live=False)
    cast.catalogue().add_child(instance=page)
    cast.lesson_page(page, "Bài 1", "bai-1")
    for client in (Client(), cast.client_of(cast.trainee())):
        response = client.get(FIRST)
        assert response.status_code == 404
        assert "Khóa học này chưa mở." in response.text
        assert SECRET not in response.text


def test_a_course_page_without_a_row_is_closed_too():
    """As after an import that wrote pages without publishing them."""
    cast.course_page()
    cast.row_of(CoursePage.objects.get()).delete()
    for client in (Client(), cast.client_of(cast.trainee())):
        assert client.get("/khoa-hoc/ke-chuyen/").status_code == 404


@pytest.mark.parametrize("model", [LessonPage, QuizPage])
def test_editors_still_see_a_preview(withdrawn, model):
    admin = cast.client_of(cast.staff("administrator"))
    page = model.objects.first()
    shown = admin.get(f"/quan-tri/pages/{page.pk}/view_draft/")
    assert shown.status_code == 200
    assert page.title in shown.text
    assert NO_LONGER not in shown.text


def test_a_lesson_is_not_had_by_posting_to_its_address():
    """Only GET and HEAD are judged at the reading door; other methods get no page at all."""
    cast.course()
    assert Client().get(SECOND).status_code == 403
    for method in ("post", "put", "patch", "delete"):
        response = getattr(Client(), method)(SECOND)
        assert (method, response.status_code) == (method, 405)
