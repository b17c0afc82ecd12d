"""What an author sees of one question: its versions side by side, where it comes up, and how it looks on a phone."""

import pytest

from quizzes import actions, rules
from quizzes.models import QuestionBank, Quiz
from tests import cast


@pytest.fixture
def editor(db):
    return cast.client_of(cast.staff("editor"))


def page_of(editor, question) -> str:
    return editor.get(f"/quan-tri/question/inspect/{question.pk}/").text


def test_versions_stand_side_by_side_with_what_changed(editor):
    bank = QuestionBank.objects.create(name="Ngân hàng")
    question = cast.question(bank, "ke-1", stem="Nhãn ghi ngày nào?")
    cast.question(bank, "ke-1", stem="Nhãn ghi hạn nào?")
    page = page_of(editor, question)
    assert "Nhãn ghi <del>ngày</del> nào?" in page
    assert "Nhãn ghi <ins>hạn</ins> nào?" in page
    assert "đang dùng" in page


def test_pieces_joined_are_the_texts():
    old, new = "một hai\nba  bốn", "một\nhai ba năm"
    before, after = rules.word_changes(old, new)
    assert ("".join(piece.words for piece in before), "".join(piece.words for piece in after)) == (old, new)


def test_it_says_in_which_quizzes_the_question_comes_up(editor):
    cast.course(lessons=0, with_quiz=True)
    bank = QuestionBank.objects.get()
    drawn = bank.questions.first()
    elsewhere = cast.question(QuestionBank.objects.create(name="Khác"), "khac-1")
    quiz = f"/quan-tri/quiz/edit/{Quiz.objects.get().pk}/"
    assert quiz in page_of(editor, drawn)
    assert quiz not in page_of(editor, elsewhere)
    assert "Chưa bài kiểm tra nào" in page_of(editor, elsewhere)


def test_a_question_of_another_difficulty_is_not_drawn(editor):
    cast.course(lessons=0, with_quiz=True)
    quiz, bank = Quiz.objects.get(), QuestionBank.objects.get()
    cast.question(bank, "kho-1", difficulty=3)
    actions.configure_quiz(
        activity=quiz.activity, pass_percent=70, attempts_allowed=3, at=cast.NOW,
        slots=[actions.SlotSpec(bank=bank, draw=1, difficulty=3)],
    )  # fmt: skip
    easy = bank.questions.get(key="ke-chuyen-0")
    assert f"/quan-tri/quiz/edit/{quiz.pk}/" not in page_of(editor, easy)
    assert f"/quan-tri/quiz/edit/{quiz.pk}/" in page_of(editor, bank.questions.get(key="kho-1"))


@pytest.mark.parametrize(
    ("kind", "data", "seen"),
    [
        ("single", {"choices": cast.CHOICES}, "Bịa cho hay"),
        ("multiple", {"choices": cast.CHOICES}, "chọn mọi ý đúng"),
        ("truefalse", {"right": True}, "Sai"),
        ("short", {"answers": ["BÍ MẬT"]}, "viết ngắn"),
    ],
)
def test_the_preview_is_what_a_trainee_sees_and_no_more(editor, kind, data, seen):
    question = cast.question(QuestionBank.objects.create(name="N"), "ke-1", kind=kind, data=data)
    page = editor.get(f"/quan-tri/cau-hoi/{question.pk}/xem-thu/")
    assert seen in page.text
    assert "BÍ MẬT" not in page.text
    assert "PHẢN HỒI" not in page.text
    assert "<form" not in page.text
    assert "frame-ancestors 'self'" in page["Content-Security-Policy"]


@pytest.mark.parametrize("role", ["manager", "organiser"])
def test_the_preview_is_for_authors(db, role):
    question = cast.question(QuestionBank.objects.create(name="N"), "ke-1")
    assert cast.client_of(cast.staff(role)).get(f"/quan-tri/cau-hoi/{question.pk}/xem-thu/").status_code == 302
