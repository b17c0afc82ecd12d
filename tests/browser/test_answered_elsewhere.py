"""An answer that could not be sent, to a question that another phone answered meanwhile: until its person has decided, no page of
the attempt says that all is saved."""

import re

import pytest
from playwright.sync_api import Page, expect

from . import copies
from .test_journey import answer, answered
from .test_offline import SAVING, STATUS, gathered, go_on, is_at, quiz

__all__ = ["quiz"]
pytestmark = pytest.mark.once
ELSEWHERE = "Câu này vừa được trả lời ở một cửa sổ hoặc máy khác."
WAITING = re.compile(r"\bwaiting\b")


@pytest.fixture
def refused(quiz: Page) -> Page:
    """At the second question, with an answer to the first that the server refused when the network was back."""
    gathered(quiz)
    theirs = answered(quiz) or 0
    other = quiz.context.new_page()
    other.goto(quiz.url)
    for which in (1 - theirs, theirs):
        with other.expect_response(SAVING):
            answer(other, which)
        expect(other.locator(STATUS)).to_have_text("Đã lưu")
    other.close()
    quiz.context.set_offline(True)
    answer(quiz, 1 - theirs)
    go_on(quiz)
    is_at(quiz, 2)
    with quiz.expect_response("**/cau/1/luu/"):
        quiz.context.set_offline(False)
    return quiz


def test_a_later_question_says_that_one_is_not_saved_and_which(refused: Page):
    first = refused.locator(".numbers a").first
    expect(refused.locator(STATUS)).to_have_text("Chưa lưu (1)")
    expect(first).to_have_class(WAITING)
    refused.reload()
    expect(refused.locator(STATUS)).to_have_text("Chưa lưu (1)")
    expect(first).to_have_class(WAITING)


def test_until_it_was_decided(refused: Page):
    expect(refused.locator(STATUS)).to_have_text("Chưa lưu (1)")
    assert len(copies.keys(refused)) == 1
    refused.locator(".numbers a").first.click()
    is_at(refused, 1)
    expect(refused.get_by_text(ELSEWHERE)).to_be_visible()
    go_on(refused)
    is_at(refused, 2)
    expect(refused.locator(STATUS)).not_to_contain_text("Chưa lưu")
    expect(refused.locator(".numbers a").first).not_to_have_class(WAITING)
    assert copies.keys(refused) == []
