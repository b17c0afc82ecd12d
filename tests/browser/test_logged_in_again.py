"""A quiz that stays open in one tab while somebody logs out and in in another, which makes the token of its form void."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from . import copies
from .conftest import Demo, follow, log_in
from .test_journey import answer, answered, begin_quiz

pytestmark = pytest.mark.once
LEARNER, OTHER = "học viên đang học", "học viên đã có"


@pytest.fixture
def quiz(phone: Page, demo: Demo, watch) -> Iterator[Page]:
    """What a browser notes by itself about an answer that was refused is no fault of the page."""
    begin_quiz(phone, demo)
    yield phone
    watch.complaints = [
        line for line in watch.complaints if not re.search(r"status of 40[34]|ERR_INTERNET_DISCONNECTED", line)
    ]


def log_out(page: Page) -> None:
    page.goto("/tai-khoan/")
    follow(page, page.get_by_role("button", name="Đăng xuất khỏi máy này"))


@pytest.fixture
def elsewhere(quiz: Page, demo: Demo):
    """Lets somebody log in in a second tab, in place of whoever is logged in there."""
    tab = quiz.context.new_page()

    def logged_in(role: str) -> Page:
        log_out(tab)
        log_in(tab, demo.login(role))
        return tab

    return logged_in


def chosen(page: Page) -> int:
    """Chooses what is not chosen yet."""
    wanted = 1 - (answered(page) or 0)
    answer(page, wanted)
    return wanted


def stays_and_says(page: Page, words: str) -> None:
    """Also when the button is pressed."""
    here, said = page.url, page.get_by_text(words)
    expect(said).to_be_visible()
    expect(page.locator("[data-status]")).to_have_text("Chưa lưu")
    page.locator("button[name=go][value=next]").click()
    expect(said).to_be_visible()
    assert page.url == here


def test_who_logged_in_again_goes_on_and_the_page_saves_by_itself(quiz: Page, elsewhere):
    elsewhere(LEARNER)
    with quiz.expect_response(lambda response: "/luu/" in response.url and response.ok):
        wanted = chosen(quiz)
    expect(quiz.locator("[data-status]")).to_have_text("Đã lưu")
    expect(quiz.locator("[data-when]").filter(visible=True)).to_have_count(0)
    quiz.reload()
    assert answered(quiz) == wanted


def test_nor_does_the_button_lead_to_a_page_of_refusal_when_it_is_pressed_at_once(quiz: Page, elsewhere):
    here = quiz.url
    elsewhere(LEARNER)
    wanted = chosen(quiz)
    quiz.locator("button[name=go][value=next]").click()
    quiz.wait_for_url(re.compile(r"/cau/2/|/nop/"))
    quiz.goto(here)
    assert answered(quiz) == wanted


def test_an_answer_never_goes_out_under_the_log_in_of_another_person_and_that_is_said(quiz: Page, elsewhere):
    here = quiz.url
    elsewhere(OTHER)
    wanted, taken = chosen(quiz), []
    quiz.on("response", lambda response: response.ok and "/luu/" in response.url and taken.append(response.url))
    stays_and_says(quiz, "không phải là tài khoản làm bài này")
    assert answered(quiz) == wanted
    assert not taken
    elsewhere(LEARNER)
    quiz.locator("button[name=go][value=next]").click()
    quiz.wait_for_url(re.compile(r"/cau/2/|/nop/"))
    quiz.goto(here)
    assert answered(quiz) == wanted


def test_who_is_logged_out_by_the_server_keeps_the_answer_and_is_led_to_the_log_in_and_back_to_it(
    quiz: Page, demo: Demo, elsewhere
):
    here = quiz.url
    elsewhere(LEARNER).goto(here)  # back: this browser may keep answers of theirs again
    quiz.context.clear_cookies(name="sessionid")
    wanted = chosen(quiz)
    expect(quiz.get_by_text("vừa đăng xuất hoặc đăng nhập lại ở trang khác")).to_be_visible()
    assert len(copies.keys(quiz)) == 1
    quiz.locator("button[name=go][value=next]").click()
    quiz.wait_for_url(re.compile(r"/tai-khoan/.*next="))
    log_in(quiz, demo.login(LEARNER), here)
    expect(quiz.locator("[data-status]")).to_have_text("Đã lưu")
    assert answered(quiz) == wanted


def test_after_the_log_out_a_page_left_open_keeps_nothing_on_the_device_says_so_and_saves_for_who_comes_back(
    quiz: Page, demo: Demo
):
    here, tab = quiz.url, quiz.context.new_page()
    log_out(tab)
    wanted = chosen(quiz)
    stays_and_says(quiz, "không giữ lại trên máy")
    assert copies.keys(quiz) == []
    log_in(tab, demo.login(LEARNER))
    quiz.locator("button[name=go][value=next]").click()
    quiz.wait_for_url(re.compile(r"/cau/2/|/nop/"))
    quiz.goto(here)
    assert answered(quiz) == wanted
    quiz.context.set_offline(True)
    chosen(quiz)
    expect(quiz.locator("[data-status]")).to_have_text("Đang chờ gửi (1)")
    assert len(copies.keys(quiz)) == 1
    quiz.context.set_offline(False)
