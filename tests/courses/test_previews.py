"""A preview shows what is there, and no empty frames for what is not."""

import pytest

from courses.models import LessonPage
from quizzes.models import QuizPage
from tests import cast

pytestmark = pytest.mark.django_db


def draft(page):
    cast.course_page().add_child(instance=page)
    page.save_revision()
    return cast.client_of(cast.staff("editor")).get(f"/quan-tri/pages/{page.pk}/view_draft/").text


def test_a_draft_lesson_has_no_empty_outline_and_asks_its_author_not_to_log_in():
    page = draft(LessonPage(title="Bài nháp", slug="nhap", locale=cast.home().locale, live=False))
    assert "Bài nháp" in page
    assert '<nav class="outline' not in page
    assert "đăng nhập để học tiếp" not in page


def test_a_new_quiz_tells_no_rules_that_it_has_not_got():
    page = QuizPage(title="Bài kiểm tra", slug="kiem-tra", locale=cast.home().locale)
    cast.course_page().add_child(instance=page)
    page.translation_key = "00000000-0000-0000-0000-000000000001"  # as on the form of a page that is not saved yet
    shown = page.make_preview_request().rendered_content
    assert "không tính giờ" in shown
    for empty in ("0 câu", "điểm đạt", "không giới hạn lượt", '<nav class="outline'):
        assert empty not in shown


def test_a_quiz_with_questions_tells_its_rules():
    cast.course(lessons=1, with_quiz=True)
    shown = QuizPage.objects.get().make_preview_request().rendered_content
    for words in ("3 câu", "điểm đạt 70%", "3 lượt làm"):
        assert words in shown
    reader = cast.client_of(cast.trainee())
    assert '<nav class="outline' in reader.get("/khoa-hoc/ke-chuyen/bai-1/").text
