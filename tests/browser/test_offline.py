"""A quiz where the network goes and comes: no step ends on the browser's own error page, and no answer stays behind."""

import re
from collections.abc import Iterator
from itertools import count
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Page, expect

from .conftest import Demo
from .test_journey import answer, answered, begin_quiz

CUT_OFF = "Chưa có mạng."
# As when the phone closes the browser: the page cannot send anything while it goes.
KILLED = "addEventListener('pagehide', (event) => event.stopImmediatePropagation(), true)"
# What a browser keeps reaches its next process a moment later than the page.
ARRIVED = """() => new Promise((resolve) => {
  const isHere = () => Object.keys(localStorage).some((key) => key.startsWith("answer-"));
  const look = () => (isHere() ? resolve() : requestAnimationFrame(look));
  look();
})"""
COPY = """() => {
  const [person, attempt, , started] = document.querySelector("[data-key]").dataset.key.split("-");
  localStorage.setItem(`answer-${person}-${attempt}-1-${started}`, '{"answer": [], "revision": "0"}');
}"""


@pytest.fixture
def quiz(phone: Page, demo: Demo, watch) -> Iterator[Page]:
    begin_quiz(phone, demo)
    yield phone
    watch.complaints = [line for line in watch.complaints if "ERR_INTERNET_DISCONNECTED" not in line]


def test_a_step_without_network_waits_says_so_and_is_taken_when_the_network_is_back(quiz: Page):
    here, wanted = quiz.url, 1 - (answered(quiz) or 0)
    quiz.context.set_offline(True)
    answer(quiz, wanted)
    quiz.locator("button[name=go][value=next]").click()
    expect(quiz.get_by_text(CUT_OFF)).to_be_visible()
    assert quiz.url == here
    assert answered(quiz) == wanted
    quiz.context.set_offline(False)
    quiz.wait_for_url(re.compile(r"/cau/2/|/nop/"))
    quiz.goto(here)
    assert answered(quiz) == wanted


# The page for handing in is read once more by itself, to count what is missing without the answer that went out.
@pytest.mark.parametrize(("other", "reads"), [("/cau/2/", 1), ("/nop/", 2)])
def test_a_copy_that_was_left_behind_goes_out_from_any_page_of_the_attempt(quiz: Page, other: str, reads: int):
    here, wanted = quiz.url, 1 - (answered(quiz) or 0)
    quiz.context.set_offline(True)
    answer(quiz, wanted)
    expect(quiz.locator("[data-status]")).to_have_text("Đang chờ gửi")
    quiz.evaluate(KILLED)
    quiz.goto("about:blank")
    quiz.context.set_offline(False)
    quiz.goto(urljoin(here, "/"))
    quiz.evaluate(ARRIVED)
    seen = count(1)
    with (
        quiz.expect_response("**/cau/1/luu/") as sent,
        quiz.expect_event("framenavigated", lambda frame: frame.url.endswith(other) and next(seen) == reads),
    ):
        quiz.goto(here.replace("/cau/1/", other), wait_until="commit")
    assert sent.value.ok
    quiz.wait_for_load_state()
    quiz.goto(here)
    assert answered(quiz) == wanted
    assert not quiz.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('answer-')).length")


def test_handing_in_without_network_waits_too(quiz: Page):
    quiz.goto(quiz.url.replace("/cau/1/", "/nop/"))
    quiz.context.set_offline(True)
    quiz.evaluate(COPY)
    quiz.get_by_role("button", name="Nộp bài").click()
    expect(quiz.get_by_text("Chưa có mạng nên chưa nộp được")).to_be_visible()
    quiz.evaluate("localStorage.clear()")
    quiz.context.set_offline(False)
    expect(quiz.get_by_text("Chưa có mạng nên chưa nộp được")).to_be_hidden()
