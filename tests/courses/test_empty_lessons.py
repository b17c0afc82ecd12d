"""A lesson without a word in it is kept as a draft; the buttons of its page do not publish it or send it for approval."""

from typing import Any

import pytest
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from courses.models import LessonPage
from tests import cast

pytestmark = pytest.mark.django_db
TOLD = "bài học chưa có nội dung"


@pytest.fixture
def editor():
    return cast.client_of(cast.staff("editor"))


def form(*blocks: tuple[str, Any], **buttons: str) -> dict[str, Any]:
    written = {"title": "Bài rỗng", "slug": "bai-rong", "summary": "Tóm tắt vừa gõ", "minutes": 10, "is_sample": "on"}
    unwritten = {"reviewer_name": "", "reviewer_unit": "", "reviewed_on": ""}
    comments = {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000}
    return nested_form_data(written | unwritten | {"body": streamfield(blocks), "comments": comments}) | buttons


@pytest.mark.parametrize("button", [{"action-publish": "1"}, {"action-submit": "1"}])
def test_it_is_not_published_or_sent_for_approval_and_what_was_typed_stays(editor, button):
    course = cast.course_page()
    add = f"/quan-tri/pages/add/courses/lessonpage/{course.pk}/"
    answer = editor.post(add, form(**button))
    assert TOLD in answer.text
    assert "Tóm tắt vừa gõ" in answer.text
    assert not LessonPage.objects.exists()
    assert editor.post(add, form(("text", rich_text("<p>Tôm khô</p>")), **button)).status_code == 302
    assert LessonPage.objects.get().live == ("action-publish" in button)


def test_a_block_without_words_is_none(editor):
    course = cast.course_page()
    blank = form(("text", rich_text("<p> </p>")), **{"action-publish": "1"})
    assert TOLD in editor.post(f"/quan-tri/pages/add/courses/lessonpage/{course.pk}/", blank).text


def test_whose_block_is_wrong_reads_that_and_not_that_there_is_none(editor):
    course = cast.course_page()
    wrong = form(("quote", {"text": "", "source": ""}), **{"action-publish": "1"})
    answer = editor.post(f"/quan-tri/pages/add/courses/lessonpage/{course.pk}/", wrong)
    assert answer.status_code == 200
    assert TOLD not in answer.text


def test_it_is_kept_as_a_draft(editor):
    course = cast.course_page()
    assert editor.post(f"/quan-tri/pages/add/courses/lessonpage/{course.pk}/", form()).status_code == 302
    assert not LessonPage.objects.get().live
