"""Minutes that an officer gives reach whoever is answering, on the page that stands open."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from .conftest import Demo, follow, log_in
from .test_journey import answer, finish_lessons

pytestmark = pytest.mark.once
LONGER = "Anh/Chị vừa được thêm giờ làm bài."
LEFT = "[data-left]"
GIVEN = 15  # minutes


@pytest.fixture
def quiz(phone: Page, demo: Demo) -> Iterator[Page]:
    yield from begun(phone, demo.login("học viên đang học"))


@pytest.fixture
def quiz_of_an_old_phone(phone: Page, demo: Demo) -> Iterator[Page]:
    """Without a worker, through which a page would pass by the routes of a test."""
    phone.add_init_script("delete Navigator.prototype.serviceWorker")
    yield from begun(phone, demo.login("học viên đang học"))


def begun(phone: Page, login: dict[str, str]) -> Iterator[Page]:
    """The first question of a quiz with a time limit, just begun. Its attempts are counted for whoever logs in."""
    log_in(phone, login)
    phone.goto("/khoa-hoc/chuyen-doi-so/")
    enrol = phone.get_by_role("button", name="Ghi danh và bắt đầu")
    follow(phone, enrol.or_(phone.get_by_role("link", name="Học tiếp")).first)
    finish_lessons(phone)
    follow(phone, phone.get_by_role("button", name=re.compile("Bắt đầu làm bài|Làm lại")).first)
    expect(phone.locator(LEFT)).to_have_text(re.compile("Còn [0-9]+ phút"))
    yield phone
    phone.goto(phone.url.split("/cau/")[0] + "/nop/")  # the next test begins anew
    follow(phone, phone.get_by_role("button", name="Nộp bài"))


def give_minutes(page: Page, demo: Demo, attempt: str) -> None:
    there = f"/quan-tri/attempt/inspect/{attempt}/"
    log_in(page, demo.login("đơn vị tổ chức"), there)
    page.locator("#minutes").fill(str(GIVEN))
    page.locator("#time_reason").fill("Mất điện")
    follow(page, page.get_by_role("button", name="Cho thêm giờ"))


def counted(page: Page) -> int:
    """Minutes; in the last five of them seconds."""
    return int(re.search(r"\d+", page.locator(LEFT).inner_text())[0])


def attempt_of(page: Page) -> str:
    return re.search(r"/(\d+)/cau/", page.url)[1]


def test_with_the_answer_to_the_next_save(quiz: Page, desk: Page, demo: Demo):
    give_minutes(desk, demo, attempt_of(quiz))
    expect(quiz.get_by_text(LONGER)).to_be_hidden()
    before = counted(quiz)
    answer(quiz, 0)
    expect(quiz.get_by_text(LONGER)).to_be_visible()
    assert counted(quiz) > before + GIVEN - 3


def test_or_without_one_before_the_old_end(quiz: Page, desk: Page, demo: Demo):
    quiz.clock.install()
    quiz.reload()
    give_minutes(desk, demo, attempt_of(quiz))
    quiz.clock.run_for((counted(quiz) - 2) * 60_000)
    seconds = counted(quiz)  # by now they are counted
    with quiz.expect_response(quiz.url):
        quiz.clock.run_for((seconds - 15) * 1000)
    expect(quiz.get_by_text(LONGER)).to_be_visible()
    assert counted(quiz) > GIVEN - 3
    expect(quiz.get_by_text("Hết giờ. Trang đang chuyển")).to_be_hidden()


def without_its_countdown(route: Route) -> None:
    """As the page is once time is up, and handing in still waits."""
    answer = route.fetch()
    page = re.sub(r"<b data-left.*?</b>|<span[^>]* data-until.*?</span>", "", answer.text(), flags=re.DOTALL)
    route.fulfill(response=answer, body=page)


def test_where_time_was_up_the_page_leads_back_to_the_questions(quiz_of_an_old_phone: Page):
    quiz = quiz_of_an_old_phone
    attempt = attempt_of(quiz)
    quiz.route("**/nop/", without_its_countdown, times=1)
    quiz.goto(f"/kiem-tra/luot/{attempt}/nop/")
    expect(quiz.locator(LEFT)).to_have_count(0)
    quiz.evaluate("void document.dispatchEvent(new CustomEvent('end-is', { detail: '2099-01-01T00:00:00+07:00' }))")
    quiz.wait_for_url(re.compile(f"/luot/{attempt}/cau/"))
