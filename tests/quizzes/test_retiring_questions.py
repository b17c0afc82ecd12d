"""Who retires a question reads what that does to the quizzes that ask it; what records rest on stays."""

import pytest

from quizzes import actions
from quizzes.models import Question, QuestionBank, Quiz
from tests import cast
from tests.quizzes.question_forms import edit, typed


def retire(editor, question: Question, **fields):
    form = typed(question.bank, stem=f"Câu hỏi {question.key}?", explanation="GIẢI THÍCH BÍ MẬT", status="retired")
    return editor.post(edit(question), form | {"difficulty": "1"} | fields, follow=True).text


def test_retiring_says_which_quiz_is_short_now(editor, quiz):
    question = Question.objects.get(key="ke-chuyen-0")
    form = editor.get(edit(question)).text
    assert "Câu này đang được hỏi" in form
    assert "sẽ thiếu câu hỏi: cần 3 câu mà chỉ chắc có 2" in form
    page = retire(editor, question)
    assert "không hỏi câu này nữa nên thiếu câu hỏi: cần 3 câu mà chỉ chắc có 2" in page
    assert f"/quan-tri/bai-kiem-tra/{quiz.pk}/cau-hoi/" in page
    assert "Câu này đang được hỏi" not in editor.get(edit(question)).text


def test_retiring_says_that_the_bank_suffices(editor, quiz):
    question = Question.objects.get(key="ke-chuyen-0")
    cast.question(question.bank, "them")
    assert "vẫn đủ câu hỏi" in editor.get(edit(question)).text
    page = retire(editor, question)
    assert "không hỏi câu này nữa và vẫn đủ câu hỏi" in page
    assert "thiếu câu hỏi" not in page


def test_a_fixed_question_is_missed_too(editor, quiz):
    question = Question.objects.get(key="ke-chuyen-0")
    slot = actions.SlotSpec(question=question)
    actions.configure_quiz(activity=quiz.activity, pass_percent=70, attempts_allowed=3, slots=[slot], at=cast.NOW)
    assert "cần 1 câu mà chỉ chắc có 0" in retire(editor, question)


def test_saving_what_stays_asked_says_nothing_of_quizzes(editor, quiz):
    assert "không hỏi câu này nữa" not in retire(editor, Question.objects.get(key="ke-chuyen-0"), status="reviewed")


@pytest.mark.parametrize("role", ["editor", "administrator"])
@pytest.mark.parametrize("model", ["question", "questionbank", "quiz"])
def test_what_records_rest_on_is_never_offered_for_deletion(quiz, role, model):
    client = cast.client_of(cast.staff(role))
    pk = {"question": Question, "questionbank": QuestionBank, "quiz": Quiz}[model].objects.first().pk
    address = f"/quan-tri/{model}/delete/{pk}/"
    for answer in (client.get(address), client.post(address)):
        assert answer.status_code == 302
    assert address not in client.get(f"/quan-tri/{model}/").text
    assert address not in client.get(f"/quan-tri/{model}/edit/{pk}/", follow=True).text
    assert (Question.objects.count(), QuestionBank.objects.count(), Quiz.objects.count()) == (3, 1, 1)
