import json
from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import ModelLogEntry

from courses import actions
from courses.models import CoursePage, LegalStatus, LegalText, LessonPage
from messaging.models import Message
from quizzes.models import Question, QuestionBank, Quiz
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.once]
LIST = "/quan-tri/ra-soat/"


def law(number: str = "1/2026/NĐ-CP") -> LegalText:
    return LegalText.objects.create(
        key=number.replace("/", "-"), kind="Nghị định", number=number, name="Về nhãn",
        review_by=date(2027, 1, 1), checked_on=date(2026, 11, 23),
    )  # fmt: skip


def citing_lesson(*texts: LegalText, owner=None, slug: str = "nhan") -> LessonPage:
    page = LessonPage(title="Bài về nhãn", slug=slug, locale=cast.home().locale, owner=owner)
    value = {"text": "<p>Hỏi xã.</p>", "legal_texts": [text.pk for text in texts]}
    page.body = page.body.stream_block.to_python([{"type": "law", "value": value}])
    return cast.publish(cast.course_page(slug=f"khoa-{slug}"), page)


def change(text: LegalText, by=None, at=None, **fields) -> None:
    for name, value in ({"status": LegalStatus.SUSPENDED} | fields).items():
        setattr(text, name, value)
    actions.change_legal_text(legal_text=text, by=by, at=at or timezone.now())


@pytest.fixture
def editor(db):
    return cast.staff("editor", phone="0987654320", name="Người Biên Soạn")


@pytest.fixture
def marked(editor):
    """A lesson, a question and a quiz that rest on one text, which has just changed."""
    text = law()
    page = citing_lesson(text, owner=editor)
    quiz = cast.quiz(page.get_parent().specific)
    question = Question.objects.first()
    question.legal_texts.add(text)
    Question.objects.filter(pk=question.pk).update(author=editor)
    change(text)
    return cast.row_of(page), Question.objects.get(pk=question.pk), Quiz.objects.get(pk=quiz.pk)


def test_the_list_shows_lessons_questions_and_quizzes_with_reason_and_way_to_edit(marked, editor):
    lesson, question, quiz = marked
    page = LessonPage.objects.get(translation_key=lesson.translation_key)
    text = cast.client_of(editor).get(LIST).text
    assert text.count("<small>Kể chuyện</small>") == 2  # the course of the lesson and of the quiz
    assert 'data-action="w-bulk#toggleAll"' in text
    for words in ("Bài về nhãn", question.key, str(quiz), "Căn cứ Nghị định 1/2026/NĐ-CP (Về nhãn) vừa đổi "):
        assert words in text
    assert f"{question.stem} ({question.key})" in text
    assert "tình trạng từ “còn hiệu lực” thành “" in text
    assert "Có câu hỏi dựa vào Nghị định 1/2026/NĐ-CP" in text
    for address in (f"/quan-tri/pages/{page.pk}/edit/", f"/question/edit/{question.pk}/", f"/quiz/edit/{quiz.pk}/"):
        assert address in text


def values(client) -> list[str]:
    return [row.value for row in client.get(LIST).context["rows"]]


def test_one_button_takes_one_mark_away_and_the_log_says_who(marked, editor):
    _lesson, question, _quiz = marked
    client = cast.client_of(editor)
    value = next(value for value in values(client) if value.startswith("quizzes.Question"))
    others = [other for other in values(client) if other != value]
    client.post(LIST, {"only": value, "item": others})
    question.refresh_from_db()
    assert question.needs_review_since is None
    assert values(client) == others
    entry = ModelLogEntry.objects.for_instance(question).get(action="courses.reviewed")
    assert entry.user == editor


def test_several_are_taken_away_at_once(marked, editor):
    client = cast.client_of(editor)
    assert len(values(client)) == 3
    response = client.post(LIST, {"item": values(client)}, follow=True)
    assert "3 mục" in response.text
    assert "Không còn mục nào" in response.text
    assert ModelLogEntry.objects.filter(action="courses.reviewed", user=editor).count() == 3


def test_a_mark_that_is_newer_than_the_list_stays(marked, editor):
    lesson = marked[0]
    client = cast.client_of(editor)
    seen = next(value for value in values(client) if value.startswith("courses.Activity"))
    change(LegalText.objects.get(), at=timezone.now() + timedelta(minutes=1), name="Về nhãn điện tử")
    response = client.post(LIST, {"only": seen}, follow=True)
    lesson.refresh_from_db()
    assert lesson.needs_review_since is not None
    assert "văn bản lại vừa đổi" in response.text


def test_what_is_asked_no_more_is_left_alone(editor):
    """A retired question, and a quiz whose slots no longer draw from the bank."""
    text = law()
    quiz = cast.quiz(citing_lesson(text, owner=editor).get_parent().specific)
    retired, kept = Question.objects.all()[:2]
    retired.legal_texts.add(text)
    kept.legal_texts.add(text)
    Question.objects.filter(pk=retired.pk).update(status="retired")
    quiz.slots.update(cancelled_at=cast.NOW)
    change(text)
    assert set(Question.objects.exclude(needs_review_since=None)) == {kept}
    assert not Quiz.objects.exclude(needs_review_since=None).exists()


def test_a_second_change_adds_its_reason_until_somebody_looked(editor):
    one, two = law(), law("2/2026/NĐ-CP")
    page = citing_lesson(one, two)
    question = cast.question(QuestionBank.objects.create(name="Ngân hàng"), "nhan-1", legal_texts=[one, two])
    change(one)
    change(two, at=timezone.now() + timedelta(minutes=1))
    client = cast.client_of(editor)
    reasons = {row.one.title: row.one.reason for row in client.get(LIST).context["rows"]}
    for title in (page.title, question.in_words):
        assert "1/2026" in reasons[title]
        assert "2/2026" in reasons[title]
    client.post(LIST, {"item": values(client)})
    change(two, at=timezone.now() + timedelta(minutes=2), name="Tên khác")
    reasons = {row.one.title: row.one.reason for row in client.get(LIST).context["rows"]}
    assert not any("1/2026" in reason for reason in reasons.values())


def test_each_author_gets_one_message_for_one_change(marked, editor):
    message = Message.objects.get(purpose="legal-text-changed")
    assert message.to == editor.phone
    assert "Nghi dinh 1/2026/ND-CP" in message.body
    assert "tinh trang" in message.body
    assert "2 muc" in message.body
    assert message.body.endswith(LIST)


def test_who_made_the_change_and_who_left_get_no_message(editor):
    left = cast.staff("editor", phone="0987654311", name="Đã Nghỉ")
    text = law()
    citing_lesson(text, owner=editor, slug="mot")
    citing_lesson(text, owner=left, slug="hai")
    left.is_staff = False
    left.save()
    change(text, by=editor)
    assert not Message.objects.filter(purpose="legal-text-changed").exists()


def in_menu(words: str, client) -> bool:
    """The menu travels as JSON."""
    return json.dumps(words)[1:-1] in client.get("/quan-tri/").text


def test_the_menu_counts_what_waits(marked, editor):
    client = cast.client_of(editor)
    assert in_menu("Cần rà soát (3)", client)
    client.post(LIST, {"item": values(client)})
    assert in_menu("Cần rà soát", client)
    assert not in_menu("Cần rà soát (", client)


def test_officers_neither_see_the_list_nor_take_marks_away(marked, editor):
    picked = values(cast.client_of(editor))
    officer = cast.client_of(cast.staff("manager", cast.province(), phone="0987654312"))
    assert not in_menu("Cần rà soát", officer)
    assert officer.post(LIST, {"item": picked}).status_code in (302, 403)
    assert len(values(cast.client_of(editor))) == 3


@pytest.mark.once
def test_the_list_asks_as_much_for_three_of_each_kind_as_for_one(marked, editor, django_assert_num_queries):
    client = cast.client_of(editor)
    client.get(LIST)  # fills what is looked up once
    with CaptureQueriesContext(connection) as one:
        client.get(LIST)
    text, bank = LegalText.objects.get(), QuestionBank.objects.get()
    for number in (2, 3):
        citing_lesson(text, slug=f"nhan-{number}")
        cast.quiz(CoursePage.objects.get(slug=f"khoa-nhan-{number}"))
        cast.question(bank, f"them-{number}", legal_texts=[text])
    Quiz.objects.update(needs_review_since=timezone.now())
    change(text, status=LegalStatus.IN_FORCE)
    with django_assert_num_queries(len(one)):
        rows = client.get(LIST).context["rows"]
    assert sorted(Counter(row.kind for row in rows).values()) == [3, 3, 3]
