"""The author decides what of a result is seen right after handing in, and what once the quiz is closed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from quizzes import actions
from quizzes.models import Attempt, Quiz, ResultPart
from tests import cast

EVERYTHING = [str(part) for part in ResultPart]
FEEDBACK = ("PHẢN HỒI SAI", "GIẢI THÍCH BÍ MẬT")


def result(taking, now: list[str], later: list[str] | None = None, closes_in: int | None = None) -> str:
    """What the person reads who has answered one question wrongly."""
    closes = timezone.now() + timedelta(hours=closes_in) if closes_in is not None else None
    taking.answer(1, "b")
    actions.submit_attempt(attempt=taking.attempt, at=cast.NOW)
    Quiz.objects.update(shown_after=now, shown_when_closed=EVERYTHING if later is None else later, closes_at=closes)
    return taking.client.get(taking.path("ket-qua/")).text


def test_everything_unless_told_otherwise(taking):
    page = result(taking, EVERYTHING)
    assert "Chưa đạt" in page
    assert "Đáp án:" in page
    assert all(words in page for words in FEEDBACK)


def test_the_score_alone(taking):
    page = result(taking, ["score"])
    assert "0<small>/3" in page
    assert "Đáp án:" not in page
    assert not any(words in page for words in FEEDBACK)


def test_nothing_until_it_is_closed_and_when_that_will_be(taking):
    page = result(taking, [], closes_in=2)
    assert "Đã nộp bài" in page
    assert "Điểm và kết quả xem được ở đây từ" in page
    assert "Chưa đạt" not in page
    assert "<small>/3" not in page
    assert "Đáp án:" not in page
    overview = taking.client.get("/khoa-hoc/ke-chuyen/kiem-tra/").text
    assert "Anh/Chị đã nộp bài này" in overview
    assert "/3</b>" not in overview


def test_everything_once_it_is_closed(taking):
    page = result(taking, [], closes_in=-1)
    assert "Chưa đạt" in page
    assert all(words in page for words in FEEDBACK)


def test_the_key_without_the_score_names_every_question_and_no_outcome(taking):
    page = result(taking, ["answers"])
    assert page.count("Đáp án:") == 3
    assert "chưa đúng" not in page


@pytest.mark.parametrize(("shown", "is_told"), [([], False), (EVERYTHING, True)])
def test_whoever_starts_again_is_not_told_of_a_pass_that_is_kept_back(taking, shown, is_told):
    for position in (1, 2, 3):
        taking.answer(position, "a")
    actions.submit_attempt(attempt=taking.attempt, at=cast.NOW)
    Quiz.objects.update(shown_after=shown)
    again = taking.client.post(f"/kiem-tra/{taking.quiz.activity.translation_key}/bat-dau/", follow=True).text
    assert ("Anh/Chị đã đạt bài kiểm tra này" in again) is is_told
    assert ("Bài này anh/chị đã nộp và không cần làm lại" in again) is not is_told


def test_an_author_is_told_what_a_hidden_score_does_not_hide(taking, editor):
    page = editor.get(f"/quan-tri/bai-kiem-tra/{taking.quiz.pk}/cau-hoi/").text
    assert "ai đạt vẫn được ghi là hoàn thành ngay: bài sau mở ra" in page


@pytest.mark.parametrize("state", ["in_progress", "marking"])
def test_it_is_no_way_around_handing_in(taking, state):
    Attempt.objects.update(state=state)
    page = taking.client.get(taking.path("ket-qua/"), follow=True).text
    assert not any(words in page for words in FEEDBACK)
