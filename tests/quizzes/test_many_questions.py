"""One change to many questions: ticked ones or all of a filtered list, with what will happen said before it does."""

import re

import pytest
from django.contrib.contenttypes.models import ContentType
from wagtail.models import ModelLogEntry

from lib import generation
from quizzes import actions
from quizzes.models import Question, QuestionBank, Quiz
from tests import cast
from tests.quizzes import files

MANY = "/quan-tri/question/nhieu/"


@pytest.fixture
def drafts(bank) -> list[Question]:
    return [cast.question(bank, f"ke-{n}", status="draft") for n in (1, 2, 3)]


def look(editor, change: str, *questions: Question, **narrowed):
    return editor.get(MANY, {"change": change, "id": [question.pk for question in questions]} | narrowed)


def press(editor, looked, **fields):
    """The button of the page that says what will happen."""
    seen = re.search(r'name="seen" value="([^"]*)"', looked.text)
    return editor.post(looked.request["PATH_INFO"] + "?" + looked.request["QUERY_STRING"],
                       {"seen": seen[1] if seen else ""} | fields, follow=True)  # fmt: skip


def statuses() -> dict[str, str]:
    return dict(Question.objects.values_list("key", "status"))


def entries() -> list[tuple[str, str]]:
    of_questions = ContentType.objects.get_for_model(Question)
    found = ModelLogEntry.objects.filter(content_type=of_questions)
    return sorted(found.values_list("label", "action"))


def test_ticked_drafts_are_approved_together_and_each_is_noted(editor, drafts, django_capture_on_commit_callbacks):
    before = generation.current()
    page = look(editor, "approve", *drafts[:2])
    assert "Duyệt: 2 câu" in page.text
    assert set(statuses().values()) == {"draft"}, "looking changes nothing"
    with django_capture_on_commit_callbacks(execute=True):
        after = press(editor, page)
    assert "Đã duyệt: 2 câu." in after.text
    assert statuses() == {"ke-1": "reviewed", "ke-2": "reviewed", "ke-3": "draft"}
    assert entries() == [("ke-1", "wagtail.edit"), ("ke-2", "wagtail.edit")]
    assert generation.current() > before


@pytest.mark.parametrize(
    ("change", "status", "becomes"),
    [("approve", "draft", "reviewed"), ("retire", "reviewed", "retired"), ("retire", "draft", "retired"),
     ("reopen", "retired", "draft")],
)  # fmt: skip
def test_each_change_does_what_it_says(editor, bank, change, status, becomes):
    question = cast.question(bank, "ke-1", status=status)
    press(editor, look(editor, change, question))
    assert statuses() == {"ke-1": becomes}


@pytest.mark.parametrize(
    ("change", "status", "why"),
    [
        ("approve", "reviewed", "đã duyệt rồi"),
        ("approve", "retired", "đã ngừng dùng: trước hết hãy dùng lại"),
        ("retire", "retired", "đã ngừng dùng rồi"),
        ("reopen", "draft", "đang là nháp rồi"),
        ("reopen", "reviewed", "đang được dùng"),
    ],
)
def test_what_cannot_be_changed_is_said_before_and_stays(editor, bank, drafts, change, status, why):
    odd = cast.question(bank, "le-1", status=status)
    page = look(editor, change, odd)
    assert f"le-1</a>: {why}" in page.text
    assert 'name="seen"' not in page.text
    editor.post(f"{MANY}?change={change}&id={odd.pk}", {"seen": f"{odd.pk}:{odd.versions.get().pk}"})
    assert statuses()["le-1"] == status


def test_all_of_the_list_means_all_that_it_was_narrowed_to(editor, bank, drafts):
    elsewhere = cast.question(QuestionBank.objects.create(name="Khác"), "khac-1", status="draft")
    listed = editor.get("/quan-tri/question/", {"bank": bank.pk}).text
    assert f'<input type="hidden" name="bank" value="{bank.pk}">' in listed
    assert "Cả 3 câu của danh sách này" in listed
    page = look(editor, "approve", bank=bank.pk, all="1")
    assert "Duyệt: 3 câu" in page.text
    press(editor, page)
    elsewhere.refresh_from_db()
    assert (elsewhere.status, Question.objects.filter(status="reviewed").count()) == ("draft", 3)


def test_searching_narrows_all_of_the_list_too(editor, drafts):
    assert "Duyệt: 1 câu" in look(editor, "approve", q="ke-2", all="1").text


def test_words_that_nobody_read_are_not_approved(editor, bank, drafts):
    page = look(editor, "approve", *drafts)
    cast.question(bank, "ke-2", stem="Lời khác hẳn?", status="draft")
    after = press(editor, page).text
    assert "ke-2: vừa có người sửa câu này" in after
    assert statuses() == {"ke-1": "reviewed", "ke-2": "draft", "ke-3": "reviewed"}


def test_questions_move_to_another_bank_with_their_keys(editor, bank, drafts):
    other = QuestionBank.objects.create(name="Khác")
    there = cast.question(other, "khac-1", status="draft")
    after = press(editor, look(editor, "move", *drafts, there), bank=other.pk).text
    assert "Đã chuyển: 3 câu." in after
    assert "khac-1: đã ở ngân hàng này" in after
    assert sorted(other.questions.values_list("key", flat=True)) == ["ke-1", "ke-2", "ke-3", "khac-1"]


def test_without_a_bank_to_move_to_nothing_is_moved(editor, bank, drafts):
    after = press(editor, look(editor, "move", *drafts))
    assert after.status_code == 422
    assert "Chưa đổi câu nào. Hãy chọn ngân hàng." in after.text
    assert bank.questions.count() == 3


@pytest.mark.parametrize("change", ["retire", "move"])
def test_quizzes_that_will_ask_less_are_named_before(editor, change):
    cast.course(lessons=0, with_quiz=True)
    asked = list(Question.objects.filter(key__startswith="ke-chuyen"))
    page = look(editor, change, *asked[:2]).text
    assert "cần 3 câu mà chỉ chắc có 1" in page
    cast.question(asked[0].bank, "them-1")
    cast.question(asked[0].bank, "them-2")
    assert "sẽ hỏi ít câu hơn" not in look(editor, change, *asked[:2]).text
    assert Quiz.objects.count() == 1


@pytest.mark.parametrize(
    ("asked", "said"),
    [({"change": "approve"}, "chưa có câu nào được đánh dấu"), ({"change": "xoa", "all": "1"}, "Hãy chọn một việc"),
     ({"change": "approve", "id": ["x", "-1"]}, "chưa có câu nào được đánh dấu")],
)  # fmt: skip
def test_without_a_choice_nothing_is_changed_and_the_list_comes_back(editor, drafts, asked, said):
    assert said in editor.get(MANY, asked, follow=True).text


def test_more_than_a_file_brings_is_refused(editor, drafts, monkeypatch):
    monkeypatch.setattr(actions.many, "MOST", 2)
    page = editor.get(MANY, {"change": "approve", "all": "1"}, follow=True).text
    assert "mỗi lần nhiều nhất 2 câu" in page
    assert set(statuses().values()) == {"draft"}


@pytest.mark.parametrize("role", ["manager", "organiser"])
def test_it_is_for_editors(db, role, drafts):
    client = cast.client_of(cast.staff(role, phone="0987654322"))
    seen = f"{drafts[0].pk}:{drafts[0].versions.get().pk}"
    assert client.post(f"{MANY}?change=approve", {"seen": seen}).status_code == 302
    assert set(statuses().values()) == {"draft"}


def test_after_an_import_the_list_is_narrowed_to_the_file_and_its_drafts_are_approved_together(editor, bank, drafts):
    landed = files.press(editor, files.send(editor, bank, files.GIFT))
    listed = landed.text
    assert "Muối màu gì?" in listed
    assert "ke-1" not in listed
    narrowed = dict(re.findall(r'<input type="hidden" name="(written|ordering)" value="([^"]+)">', listed))
    assert narrowed["ordering"] == "status"
    assert narrowed["written"] not in re.sub("<[^>]+>", "", listed), "a moment is said on the reader's clock"
    page = look(editor, "approve", all="1", **narrowed)
    press(editor, page)
    assert Question.objects.filter(status="reviewed").exclude(key__startswith="ke-").count() == 2
    assert set(Question.objects.filter(key__startswith="ke-").values_list("status", flat=True)) == {"draft"}
