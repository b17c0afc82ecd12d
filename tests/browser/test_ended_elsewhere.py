"""An attempt that is handed in elsewhere while a page of it is open: the page does not go on, and what came too late is told of."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from . import copies
from .conftest import Demo, log_in
from .test_every_kind import TO_READ, begin
from .test_every_kind import quiz as quiz_of_every_kind
from .test_journey import answer
from .test_offline import STATUS, WEAK, gathered, go_on, is_at
from .test_opened_without_network import GOING_BACK, KEPT, is_kept, reopened
from .test_whole_page import LAID_OUT, fill

pytestmark = pytest.mark.once
every_kind = quiz_of_every_kind
OVER = "Bài đã nộp"
RESULT = re.compile("/ket-qua/")
TOO_LATE = "không chắc đã gửi kịp: 1."
ENDED = (
    "from django.utils import timezone; from quizzes import actions; from quizzes.models import Attempt; "
    "attempt = Attempt.objects.get(pk={}); attempt.items.update(answer=None); "
    "actions.submit_attempt(attempt=attempt, at=timezone.now())"
)
FINISHED = (
    "from quizzes.models import Attempt; "
    "print(Attempt.objects.filter(enrolment__person__user__is_demo=True, state='finished', "
    "enrolment__person__user__phone__endswith='900000011').first().pk)"
)


@pytest.fixture
def quiz(phone: Page, demo: Demo, every_kind: str, watch) -> Iterator[Page]:
    """At the first question of an attempt of its own."""
    begin(phone, demo, every_kind)
    yield phone
    demo.manage("shell", "-c", TO_READ)
    watch.complaints = [line for line in watch.complaints if not re.search(f"{WEAK}|status of 410", line)]


def ended(page: Page, demo: Demo) -> None:
    demo.manage("shell", "-v", "0", "-c", ENDED.format(re.search(r"/luot/(\d+)/", page.url)[1]))


def tells_what_came_too_late(page: Page) -> None:
    page.wait_for_url(RESULT, timeout=GOING_BACK)
    expect(page.get_by_text(TOO_LATE)).to_be_visible()
    copies.none_left(page)


def test_what_is_in_sight_is_told_of_with_the_result(quiz: Page, demo: Demo):
    quiz.context.set_offline(True)
    answer(quiz, 0)
    expect(quiz.locator(STATUS)).to_have_text("Đang chờ gửi (1)")
    ended(quiz, demo)
    quiz.context.set_offline(False)
    expect(quiz.locator(STATUS)).to_have_text(OVER)
    quiz.goto(re.sub("/cau/.*", "/ket-qua/", quiz.url))
    tells_what_came_too_late(quiz)


@pytest.mark.parametrize("step", ["button[name=go]", ".numbers a >> nth=1"])
def test_every_step_leads_to_the_result_and_to_no_other_question(quiz: Page, demo: Demo, step: str):
    gathered(quiz)
    ended(quiz, demo)
    answer(quiz, 0)
    expect(quiz.locator(STATUS)).to_have_text(OVER)
    quiz.locator(step).click()
    tells_what_came_too_late(quiz)


def test_so_it_is_after_an_answer_to_another_question_was_refused(quiz: Page, demo: Demo):
    gathered(quiz)
    quiz.context.set_offline(True)
    answer(quiz, 0)
    go_on(quiz)
    is_at(quiz, 2)
    expect(quiz.locator(STATUS)).to_have_text("Đang chờ gửi (1)")
    ended(quiz, demo)
    quiz.context.set_offline(False)
    expect(quiz.locator(STATUS)).to_have_text(OVER)
    go_on(quiz)
    tells_what_came_too_late(quiz)


def test_the_page_for_handing_in_gives_way_to_the_result(quiz: Page, demo: Demo):
    quiz.goto(quiz.url.replace("/cau/1/", "/nop/"))
    expect(quiz.locator(STATUS)).to_have_text("Đã lưu")
    copies.put(quiz, copies.key_of(quiz, 1), [])
    ended(quiz, demo)
    quiz.evaluate("void dispatchEvent(new Event('online'))")
    tells_what_came_too_late(quiz)


@pytest.mark.parametrize("is_left", [False, True])
def test_a_page_that_was_opened_without_a_network_makes_room_for_the_result(quiz: Page, demo: Demo, is_left: bool):
    is_kept(quiz)
    quiz.context.set_offline(True)
    reopened(quiz)
    expect(quiz.get_by_text(KEPT)).to_be_visible()
    answer(quiz, 0)
    expect(quiz.locator(STATUS)).to_have_text("Đang chờ gửi (1)")
    if is_left:
        go_on(quiz)
        is_at(quiz, 2)
    ended(quiz, demo)
    quiz.context.set_offline(False)
    tells_what_came_too_late(quiz)


def test_so_does_a_whole_quiz_on_one_page(phone: Page, demo: Demo, every_kind: str, watch):
    demo.manage("shell", "-c", LAID_OUT.format("whole"))
    begin(phone, demo, every_kind)
    is_kept(phone)
    phone.context.set_offline(True)
    reopened(phone)
    expect(phone.get_by_text(KEPT)).to_be_visible()
    fill(phone, "single")
    expect(phone.locator(STATUS)).to_have_text("Đang chờ gửi (1)")
    ended(phone, demo)
    phone.context.set_offline(False)
    tells_what_came_too_late(phone)
    demo.manage("shell", "-c", LAID_OUT.format("each"))
    watch.complaints = [line for line in watch.complaints if not re.search(f"{WEAK}|status of 410", line)]


def test_what_came_too_late_is_told_once_where_the_result_says_that_nothing_was_answered(phone: Page, demo: Demo):
    log_in(phone, demo.login("học viên đã có giấy chứng nhận"))
    attempt = demo.manage("shell", "-v", "0", "-c", FINISHED).split()[-1]
    for number in (attempt, f"{attempt}0"):
        copies.put(phone, f"1-{number}-1-7", ["a"])
    told = phone.get_by_text(TOO_LATE)
    phone.goto(f"/kiem-tra/luot/{attempt}/ket-qua/")
    expect(told).to_be_visible()
    phone.reload()
    expect(phone.locator("h1")).to_be_visible()
    expect(told).to_be_hidden()
    assert copies.keys(phone) == [f"1-{attempt}0-1-7"]
