"""Where the order is fixed, a question that was left is left for good, and none is seen before its turn."""

import pytest

from quizzes.models import Attempt, Quiz
from tests.quizzes.test_quiz_questions import address, typed


@pytest.fixture
def ordered(taking):
    Quiz.objects.update(is_fixed_order=True)
    Attempt.objects.update(is_fixed_order=True)
    return taking


def at(taking) -> str:
    return taking.client.get(taking.path(""), follow=True).redirect_chain[-1][0]


def test_the_next_question_comes_after_the_one_before(ordered):
    assert ordered.client.get(ordered.path("cau/2/"), follow=True).redirect_chain[-1][0].endswith("/cau/1/")
    assert ordered.answer(1, "b").url.endswith("/cau/2/")
    assert at(ordered).endswith("/cau/2/")


def test_a_question_that_was_left_is_neither_seen_nor_changed(ordered):
    ordered.answer(1, "b")
    assert ordered.client.get(ordered.path("cau/1/"), follow=True).redirect_chain[-1][0].endswith("/cau/2/")
    assert ordered.answer(1, "a", revision=1, auto=True).status_code == 423
    assert ordered.answer(1, "a", revision=1, go="back").status_code == 302
    assert ordered.attempt.items.get(position=1).answer == "b"


def test_one_to_come_is_not_answered_by_a_forged_post(ordered):
    assert ordered.answer(3, "a", auto=True).status_code == 423
    assert ordered.attempt.items.get(position=3).answer is None


def test_all_questions_at_once_are_not_to_be_had(ordered):
    assert ordered.client.get(ordered.path("cau/")).status_code == 302
    page = ordered.client.get(ordered.path("cau/1/")).text
    assert "data-all" not in page
    assert ordered.path("cau/2/") not in page


def test_it_is_saved_while_it_stands_and_stays_the_one_in_turn(ordered):
    assert ordered.answer(1, "b", auto=True).status_code == 200
    assert at(ordered).endswith("/cau/1/")
    assert ordered.answer(1, "a", revision=1, auto=True).status_code == 200


def test_a_question_may_be_left_open_and_the_last_leads_to_handing_in(ordered):
    for position in (1, 2, 3):
        last = ordered.press_on(position)
    assert last.url == ordered.path("nop/")
    assert at(ordered) == ordered.path("nop/")
    page = ordered.client.get(ordered.path("nop/")).text
    assert "Còn 3 câu chưa trả lời" in page
    assert "/cau/1/" not in page.replace("/cau/1/luu/", "")


def test_a_free_order_stays_free(taking):
    taking.answer(1, "b")
    assert taking.client.get(taking.path("cau/1/")).status_code == 200
    assert taking.client.get(taking.path("cau/3/")).status_code == 200


def test_an_editor_asks_for_it(taking, editor):
    quiz = Quiz.objects.get()
    row = {"bank": quiz.slots.get().bank_id, "draw": 3, "marks": "1"}
    assert editor.post(address(quiz), typed(row, is_fixed_order="on")).status_code == 302
    quiz.refresh_from_db()
    assert quiz.is_fixed_order
    assert not Attempt.objects.get().is_fixed_order, "what has begun stays as it was"


def test_a_second_tap_is_no_loss(ordered):
    ordered.answer(1, "b")
    again = ordered.answer(1, "b")
    assert again.url.endswith("/cau/2/")
    assert ordered.answer(1, "b", auto=True).json() == {"revision": 1, "is_answered": True}


def test_practice_goes_its_own_way(taking, editor):
    quiz = Quiz.objects.get()
    row = {"bank": quiz.slots.get().bank_id, "draw": 3, "marks": "1"}
    both = editor.post(address(quiz), typed(row, is_fixed_order="on", is_practice="on"))
    assert both.status_code == 422
    assert "Bài luyện tập thì không làm theo thứ tự được" in both.text
    begun = editor.post(address(quiz), typed(row, is_practice="on"))
    assert "Đã có người làm bài này" in begun.text
    quiz.refresh_from_db()
    assert not quiz.is_practice
