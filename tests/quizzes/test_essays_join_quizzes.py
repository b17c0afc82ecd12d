"""An essay that a quiz may ask makes people wait for whoever marks: who lets it in reads in which quizzes."""

import pytest

from quizzes import queries
from quizzes.models import QuestionBank, Quiz
from tests import cast
from tests.quizzes.question_forms import ADD, edit, rows, typed
from tests.quizzes.samples import SAMPLES

pytestmark = pytest.mark.once
MANY = "/quan-tri/question/nhieu/"
WAITS = "phải chờ người chấm"


@pytest.fixture
def quiz(db) -> Quiz:
    """It draws from its bank whatever is approved there."""
    cast.course(lessons=0, with_quiz=True)
    return Quiz.objects.get()


def essay(quiz: Quiz, **fields):
    bank = quiz.slots.get().bank
    return cast.question(bank, "bai-viet", kind="essay", data=SAMPLES["essay"], **fields)


def written(quiz: Quiz, **fields) -> dict:
    points = rows({"text": "Có thật", "points": "3"})
    return typed(quiz.slots.get().bank, "essay", **points, **fields)


def test_who_writes_an_approved_essay_reads_which_quizzes_may_ask_it(editor, quiz):
    page = editor.post(ADD, written(quiz), follow=True).text
    assert f"có thể được hỏi trong “{quiz}” ({quiz.activity.course})" in page
    assert WAITS in page


def test_nothing_is_said_of_a_draft_nor_of_what_a_machine_scores(editor, quiz):
    assert WAITS not in editor.post(ADD, written(quiz, status="draft"), follow=True).text
    assert WAITS not in editor.post(ADD, typed(quiz.slots.get().bank), follow=True).text


def test_it_is_said_when_a_draft_is_approved_and_not_again_when_it_is_corrected(editor, quiz):
    question = essay(quiz, status="draft")
    assert WAITS in editor.post(edit(question), written(quiz), follow=True).text
    assert WAITS not in editor.post(edit(question), written(quiz, stem="Viết lại?"), follow=True).text


def test_who_approves_many_reads_it_before_pressing(editor, quiz):
    question = essay(quiz, status="draft")
    page = editor.get(MANY, {"change": "approve", "id": [question.pk]}).text
    assert WAITS in page
    assert f"/quan-tri/bai-kiem-tra/{quiz.pk}/cau-hoi/" in page
    other = cast.question(question.bank, "muoi", status="draft")
    assert WAITS not in editor.get(MANY, {"change": "approve", "id": [other.pk]}).text


def test_of_very_many_none_is_left_out(quiz):
    """Those of one bank come up alike; the last one is of another, and fixed in a quiz of its own."""
    bank, elsewhere = QuestionBank.objects.create(name="Muối"), QuestionBank.objects.create(name="Cua")
    many = [cast.question(bank, f"muoi-{n}", kind="essay", data=SAMPLES["essay"], status="draft") for n in range(25)]
    last = cast.question(elsewhere, "cua", kind="essay", data=SAMPLES["essay"], status="draft")
    assert queries.made_to_wait([*many, last]) == []
    quiz.slots.create(question=last, draw=1, marks=1, position=9)
    assert queries.made_to_wait([*many, last]) == [quiz]
    quiz.slots.filter(question=last).delete()
    quiz.slots.create(bank=bank, draw=1, marks=1, position=9)
    assert queries.made_to_wait([*many, last]) == [quiz]


def test_it_is_said_of_a_question_that_becomes_an_essay(editor, quiz):
    question = cast.question(quiz.slots.get().bank, "ke-lai")
    assert WAITS in editor.post(edit(question), written(quiz), follow=True).text
