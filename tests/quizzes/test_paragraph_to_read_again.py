"""What explains an answer leads to the very paragraph of the lesson."""

import re

import pytest
from django.test import Client
from wagtail.models import Locale

from courses.actions import complete_activity
from courses.models import Activity, LessonPage
from quizzes import actions
from quizzes.models import Question
from tests import cast
from tests.quizzes.question_forms import ADD, typed

TEXT = "<p>Muối phơi trên sân.</p><h2>Vì sao phải khô</h2><p>Hạt ướt thì chảy.</p>"
ADDRESS = "/khoa-hoc/ke-chuyen/bai-1/"

pytestmark = pytest.mark.once


@pytest.fixture
def reading(db) -> LessonPage:
    cast.course(lessons=1, with_quiz=True)
    page = LessonPage.objects.get()
    stream = [{"type": "text", "value": TEXT}, {"type": "keep", "value": "Khô mới gói."}]
    page.body = page.body.stream_block.to_python(stream)
    page.save_revision().publish()
    return LessonPage.objects.get()


@pytest.fixture
def lesson(reading) -> Activity:
    return Activity.objects.get(translation_key=reading.translation_key)


def place(reading: LessonPage, at: int) -> str:
    return f"b-{reading.body[at].id[:8]}"


def value(lesson: Activity, reading: LessonPage, at: int) -> str:
    return f"{lesson.pk}:{reading.body[at].id}"


def test_each_block_of_a_lesson_has_a_name_of_its_own(reading):
    text = Client().get(ADDRESS).text
    assert re.findall(r' id="(b-\w+)"', text) == [place(reading, 0), place(reading, 1)]
    assert f'id="{place(reading, 0)}">Muối phơi' in re.sub(r' data-block-key="\w+"', "", text)


def test_a_translation_has_the_same_names(reading):
    english = Locale.objects.get_or_create(language_code="en")[0]
    reading.get_parent().copy_for_translation(english, copy_parents=True)
    copy = reading.copy_for_translation(english)
    assert [block.id for block in copy.body] == [block.id for block in reading.body]


def test_an_author_chooses_it_by_its_heading_and_the_lesson_is_understood(reading, lesson, editor, bank):
    form = editor.get(f"{ADD}?kind=single").text
    assert "Đoạn văn: Vì sao phải khô" in form
    assert "Nhớ lấy: Khô mới gói." in form
    editor.post(ADD, typed(bank, paragraph=value(lesson, reading, 0)))
    question = Question.objects.get(bank=bank)
    assert (question.lesson, question.paragraph) == (lesson, reading.body[0].id)
    again = editor.get(f"/quan-tri/question/edit/{question.pk}/").text
    assert f'value="{value(lesson, reading, 0)}" selected' in again


def test_a_paragraph_of_another_lesson_is_refused(reading, lesson, editor, bank):
    other = cast.course(lessons=1, slug="khac", title="Khác").activities.get()
    refused = editor.post(ADD, typed(bank, lesson=other.pk, paragraph=value(lesson, reading, 0)))
    assert "Đoạn này không ở trong bài học đã chọn" in refused.text
    assert not Question.objects.filter(bank=bank).exists()


def result(reading: LessonPage, lesson: Activity) -> str:
    """The result page of somebody who answered nothing."""
    Question.objects.update(lesson=lesson, paragraph=reading.body[1].id)
    user = cast.trainee()
    enrolment = cast.enrolment(user.person, lesson.course)
    complete_activity(enrolment=enrolment, activity=lesson, at=cast.NOW)
    quiz = lesson.course.activities.get(kind="quiz").quiz
    attempt = actions.start_attempt(enrolment=enrolment, quiz=quiz, language="vi", at=cast.NOW)
    actions.submit_attempt(attempt=attempt, at=cast.NOW)
    return cast.client_of(user).get(f"/kiem-tra/luot/{attempt.pk}/ket-qua/").text


def test_the_result_leads_to_it(reading, lesson):
    assert f'href="{ADDRESS}#{place(reading, 1)}"' in result(reading, lesson)


def test_one_that_was_deleted_leads_to_the_lesson_and_may_be_saved_on(reading, lesson, editor, bank):
    question = cast.question(bank, "muoi", lesson=lesson, paragraph="gone0000-0000")
    assert "#b-gone0000" not in Client().get(ADDRESS).text
    form = editor.get(f"/quan-tri/question/edit/{question.pk}/").text
    assert "gone0000" not in form
    assert editor.post(f"/quan-tri/question/edit/{question.pk}/", typed(bank, lesson=lesson.pk)).status_code == 302
    question.refresh_from_db()
    assert (question.lesson, question.paragraph) == (lesson, "")
