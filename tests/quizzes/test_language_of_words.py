"""Whoever has a page read aloud hears each word in its own language, also where a question has no translation."""

import re

import pytest
from bs4 import BeautifulSoup
from django.utils import translation

from quizzes import actions, asking
from quizzes.models import Attempt, Question, Quiz, QuizPage
from tests import cast
from tests.courses.test_languages_share_rows import english_course_page, translated

from .samples import GAPS, SAMPLES

pytestmark = [pytest.mark.django_db, pytest.mark.once]
LAST = "Giải thích riêng"


def attempt_of(kind: str, data=None, **more) -> Attempt:
    course = cast.course(lessons=0, with_quiz=True)
    quiz = Quiz.objects.get()
    question = cast.question(
        quiz.slots.get().bank, "loi", kind=kind, data=data or SAMPLES[kind], explanation=LAST, stem="Muối nào?", **more
    )
    slots = [actions.SlotSpec(question=question)]
    actions.configure_quiz(activity=quiz.activity, pass_percent=60, attempts_allowed=3, slots=slots, at=cast.NOW)
    enrolment = cast.enrolment(cast.trainee().person, course)
    return actions.start_attempt(enrolment=enrolment, quiz=quiz, language="vi", at=cast.NOW)


def page(attempt: Attempt, rest: str, prefix: str = "") -> str:
    client = cast.client_of(attempt.enrolment.person.user)
    return client.get(f"{prefix}/kiem-tra/luot/{attempt.pk}/{rest}").text


def languages(words: str, text: str) -> set[str]:
    """In which languages the elements are that hold these words."""
    said = BeautifulSoup(text, "html.parser").main.find_all(string=re.compile(re.escape(words)))
    return {one.find_parent(lang=True)["lang"] for one in said}


def english(question: Question, explanation: str = "", **texts) -> None:
    version = question.versions.first()
    actions.save_translation(version=version, language="en", stem="Which salt?", texts=texts, explanation=explanation)


def handed_in(attempt: Attempt, answer) -> Attempt:
    attempt.items.update(answer=answer)
    return actions.submit_attempt(attempt=attempt, at=cast.NOW)


@pytest.mark.parametrize("kind", sorted(SAMPLES))
def test_a_question_without_a_translation_is_vietnamese_on_an_english_page(kind):
    text = page(attempt_of(kind), "cau/1/", "/en")
    assert '<html lang="en"' in text
    assert languages("Muối nào?", text) == {"vi"}


def test_its_choices_are_vietnamese_too():
    data = {
        "choices": [{"id": "a", "text": "Muối trắng", "right": True}, {"id": "b", "text": "Muối đen", "right": False}]
    }
    text = page(attempt_of("single", data), "cau/1/", "/en")
    assert languages("Muối trắng", text) == {"vi"}


def test_true_and_false_are_words_of_the_page_beside_a_question_in_vietnamese():
    attempt = attempt_of("truefalse", {"right": True, "feedback_wrong": "Xem lại bài."})
    text = page(attempt, "cau/1/", "/en")
    assert languages("True", text) == {"en"}
    result = page(handed_in(attempt, "false"), "ket-qua/", "/en")
    assert (languages("True", result), languages("False", result)) == ({"en"}, {"en"})
    assert languages("Xem lại bài.", result) == {"vi"}


def test_the_name_of_a_gap_is_english_and_what_it_offers_vietnamese():
    text = page(attempt_of("gaps", GAPS), "cau/1/", "/en")
    assert re.search(r'<input name="answer" lang="en"[^>]*aria-label="Gap 1"', text)
    assert re.search(r'<select name="answer" lang="en" aria-label="Gap 2"', text)
    assert re.search(r'<option lang="vi" value="[^"]+">a</option>', text)


def test_a_result_says_of_each_part_in_which_language_it_is():
    data = {"choices": [
        {"id": "a", "text": "Muối trắng", "right": True, "feedback": ""}, {"id": "b", "text": "Muối đen", "right": False, "feedback": "Chưa đâu"},
    ]}  # fmt: skip
    text = page(handed_in(attempt_of("single", data), "b"), "ket-qua/", "/en")
    for words in ("Muối nào?", "Muối trắng", "Muối đen", "Chưa đâu", LAST):
        assert languages(words, text) == {"vi"}, words


def test_an_explanation_that_was_not_translated_is_vietnamese_beside_words_that_were():
    attempt = attempt_of(
        "single", {"choices": [{"id": "a", "text": "Trắng", "right": True}, {"id": "b", "text": "Đen", "right": False}]}
    )
    english(Question.objects.get(key="loi"), a={"text": "White"}, b={"text": "Black"})
    text = page(handed_in(attempt, "b"), "ket-qua/", "/en")
    assert languages("Which salt?", text) == {"en"}
    assert languages("White", text) == {"en"}
    assert languages(LAST, text) == {"vi"}


def test_a_question_written_in_english_is_english_on_a_vietnamese_page():
    attempt = attempt_of("short", language="en")
    assert languages("Muối nào?", page(attempt, "cau/1/")) == {"en"}
    result = page(handed_in(attempt, "đường"), "ket-qua/")
    assert (languages("Muối nào?", result), languages(LAST, result)) == ({"en"}, {"en"})


def test_all_questions_of_an_attempt_say_their_language_by_the_queries_that_there_were(django_assert_num_queries):
    attempt = attempt_of("short", language="en")
    with translation.override("vi"), django_assert_num_queries(1):
        assert [asking.ask(item).language for item in asking.items(attempt)] == ["en"]


TITLE = "Bài kiểm tra"


@pytest.mark.parametrize("rest", ["cau/1/", "nop/", "ca-bai/"])
def test_a_quiz_without_an_english_page_is_named_in_vietnamese_on_an_english_page(rest):
    attempt = attempt_of("single")
    if rest == "ca-bai/":
        Attempt.objects.update(layout="whole")
    assert languages(TITLE, page(attempt, rest, "/en")) == {"vi"}


@pytest.mark.parametrize(("kind", "answer"), [("single", ["a"]), ("essay", "Muối hạt")])
def test_so_are_it_and_its_course_once_it_is_handed_in(kind, answer):
    attempt = handed_in(attempt_of(kind), answer)
    said = page(attempt, "ket-qua/", "/en")
    assert languages(TITLE, said) == {"vi"}
    assert languages("Kể chuyện", said) == {"vi"}


def test_one_with_an_english_page_is_named_in_english_and_in_vietnamese_on_a_vietnamese_page():
    attempt = attempt_of("single")
    english_course_page()
    translated(QuizPage.objects.get(), "Final quiz", "final-quiz")
    assert languages("Final quiz", page(attempt, "cau/1/", "/en")) == {"en"}
    assert languages(TITLE, page(attempt, "cau/1/")) == {"vi"}
