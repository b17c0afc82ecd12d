"""What an author sees of one question: its versions side by side, where it comes up, and how it looks on a phone."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from courses.models import LegalText
from lib.dates import local_day
from quizzes import actions, queries, rules
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
        ("multiple", {"choices": cast.CHOICES}, "chọn tất cả ý đúng"),
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


def test_any_two_versions_are_compared_in_words(editor):
    bank = QuestionBank.objects.create(name="Ngân hàng")
    for word in ("ngày", "tháng", "năm"):
        question = cast.question(bank, "ke-1", stem=f"Nhãn ghi {word} nào?")
    page = editor.get(f"/quan-tri/question/inspect/{question.pk}/", {"v": ["3", "1"]}).text
    assert "Từ phiên bản 1 đến phiên bản 3" in page
    [compared] = re.findall(r"<h3>Từ phiên bản 1 đến.*?</section>", page, re.DOTALL)
    assert "<del>ngày</del>" in compared
    assert "<ins>năm</ins>" in compared


@pytest.mark.parametrize("asked", [["1"], ["1", "1"], ["1", "9"], ["x", "²"], []])
def test_two_versions_that_are_not_there_are_not_compared(editor, asked):
    question = cast.question(QuestionBank.objects.create(name="N"), "ke-1")
    page = editor.get(f"/quan-tri/question/inspect/{question.pk}/", {"v": asked})
    assert page.status_code == 200
    assert "Từ phiên bản" not in page.text.replace('<th scope="col">Từ phiên bản', "")


def test_it_says_since_which_version_and_in_how_many_attempts_a_quiz_asked_it(editor, taking):
    question = taking.attempt.items.first().version.question
    cast.question(question.bank, question.key, stem="Lời mới?")
    other = cast.enrolment(cast.person("Lê Văn Năm"), taking.course)
    actions.start_attempt(enrolment=other, quiz=taking.quiz, language="vi", at=cast.NOW)
    [used] = queries.usage(question)
    assert (used.quiz, used.is_asking, used.since, used.attempts) == (taking.quiz, True, 1, 2)
    assert "<td>có</td><td>1</td><td>2</td>" in page_of(editor, question)
    cast.question(question.bank, question.key, status="retired")
    question.refresh_from_db()
    [used] = queries.usage(question)
    assert (used.is_asking, used.since, used.attempts) == (False, 1, 2)
    assert "<td>không</td><td>1</td><td>2</td>" in page_of(editor, question)


@pytest.fixture
def laws(db) -> dict[str, LegalText]:
    """By how their review stands."""
    today = local_day(timezone.now())
    days = {"past": today - timedelta(days=1), "soon": today + timedelta(days=20), "later": today + timedelta(days=90)}
    fields = {"kind": "Nghị định", "name": "Nhãn hàng", "checked_on": today - timedelta(days=300)}
    return {
        name: LegalText.objects.create(key=name, number=name, review_by=day, status="suspended", **fields)
        for name, day in days.items()
    }


def test_the_page_and_the_form_say_how_the_law_behind_a_question_stands(editor, laws):
    bank = QuestionBank.objects.create(name="N")
    overdue = page_of(editor, cast.question(bank, "ke-1", legal_texts=[laws["past"]]))
    assert "Nghị định past: Nhãn hàng</td><td>tạm ngưng</td>" in overdue
    assert "đã quá ngày" in overdue
    question = cast.question(bank, "ke-2", legal_texts=[laws["later"]])
    assert "<strong>đã quá ngày</strong>" not in page_of(editor, question)
    form = editor.get(f"/quan-tri/question/edit/{question.pk}/").text
    assert f"Nhãn hàng (tạm ngưng, rà soát trước {laws['later'].review_by:%d/%m/%Y})" in form
    assert "Câu này không dẫn văn bản nào" in page_of(editor, cast.question(bank, "ke-3"))


@pytest.mark.parametrize(("due", "keys"), [("past", {"ke-past"}), ("soon", {"ke-soon"})])
def test_the_list_is_narrowed_to_questions_whose_law_is_to_be_looked_at(editor, laws, due, keys):
    bank = QuestionBank.objects.create(name="N")
    for name, law in laws.items():
        cast.question(bank, f"ke-{name}", legal_texts=[law])
    page = editor.get("/quan-tri/question/", {"law": due}).text
    assert {f"ke-{name}" for name in laws if f"Câu hỏi ke-{name}?" in page} == keys


def test_the_row_of_numbers_leads_to_each_question_and_says_which_is_saved(taking):
    taking.answer(2, "a")
    page = taking.client.get(taking.path("cau/1/")).text
    row = re.search(r'<ol class="numbers">(.*?)</ol>', page, re.DOTALL)[1]
    cells = re.findall(
        r'<a class="(.*?)" href="(.*?)"( aria-current="step")?>(\d)<span class="visually-hidden"( hidden)?>', row
    )
    here, saved, open_ = (taking.path(f"cau/{position}/") for position in (1, 2, 3))
    assert cells == [
        ("here", here, ' aria-current="step"', "1", " hidden"),
        ("done", saved, "", "2", ""),
        ("", open_, "", "3", " hidden"),
    ]


def test_what_is_only_read_is_neither_called_saved_there_nor_missing_before_handing_in(taking):
    taking.attempt.items.filter(position=2).update(marks=0)
    for position in (1, 3):
        taking.answer(position, "a")
    page = taking.client.get(taking.path("nop/")).text
    assert re.findall(r'<a class="(\w*)" href="[^"]*/cau/(\d)/"', page) == [("done", "1"), ("", "2"), ("done", "3")]
    assert "Đã trả lời đủ các câu" in page
