"""A quiz where the network goes and comes: no step ends on the browser's own error page, and no answer stays behind."""

import re
import time
from collections.abc import Iterator
from itertools import count
from urllib.parse import urljoin

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from . import copies
from .conftest import Demo, follow
from .test_journey import answer, answered, begin_quiz

pytestmark = pytest.mark.once

CUT_OFF = "Chưa gửi được, vì chưa có mạng hoặc hệ thống đang bận."
NOT_HANDED_IN = "Chưa gửi được nên chưa nộp"
HANDED_IN = "Đã nhận."
# As when the phone closes the browser: while the page goes, and Chromium lets it live a moment longer, it sends nothing.
KILLED = "void (globalThis.fetch = () => new Promise(() => {}))"
KEEPS_NOTHING = "Object.defineProperty(globalThis, 'indexedDB', { get() { throw new Error('kept closed'); } })"
STATUS = "[data-status]"
CHANGED = """(field) => {
  field.dispatchEvent(new Event("input", { bubbles: true }));
  return document.querySelector("[data-status]").textContent;
}"""
WEAK = r"ERR_INTERNET_DISCONNECTED|ERR_FAILED|status of (409|429|500|503)"
SAVING = "**/cau/*/luu/"


@pytest.fixture
def quiz(phone: Page, demo: Demo, watch) -> Iterator[Page]:
    begin_quiz(phone, demo)
    yield phone
    watch.complaints = [line for line in watch.complaints if not re.search(WEAK, line)]
    watch.broken = [address for address in watch.broken if "/luu/" not in address]


def total(page: Page) -> int:
    return page.locator(".numbers a").count()


def is_at(page: Page, position: int) -> None:
    page.wait_for_url(re.compile(rf"/cau/{position}/"))
    expect(page.locator(".question__no")).to_contain_text(f"Câu {position}/")


def go_on(page: Page) -> None:
    page.locator("button[name=go]:not([value=back])").click()


def killed(page: Page, copies_kept: int) -> None:
    page.evaluate(KILLED)
    assert len(copies.keys(page)) == copies_kept
    page.goto("about:blank")


def gathered(page: Page) -> None:
    """Until the other questions are here."""
    with page.expect_response("**/cau/"):
        page.reload()
    page.wait_for_load_state("networkidle")


def test_ten_questions_answered_without_network_all_arrive_within_half_a_minute_of_coming_back(quiz: Page):
    gathered(quiz)
    here, last = quiz.url, total(quiz)
    assert last >= 10
    quiz.context.set_offline(True)
    wanted = []
    for position in range(1, last + 1):
        is_at(quiz, position)
        wanted.append(1 - (answered(quiz) or 0))
        answer(quiz, wanted[-1])
        expect(quiz.locator(STATUS)).to_have_text(f"Đang chờ gửi ({position})")
        if position < last:
            go_on(quiz)
    expect(quiz.locator(".numbers .waiting")).to_have_count(last)
    expect(quiz.get_by_role("link", name="đã lưu")).to_have_count(0)
    killed(quiz, last)
    quiz.context.set_offline(False)
    quiz.goto(here)
    until = time.monotonic() + 30
    while copies.keys(quiz) and time.monotonic() < until:
        quiz.wait_for_timeout(200)
    assert copies.keys(quiz) == []
    expect(quiz.locator(STATUS)).to_have_text("Đã lưu")
    for position in range(1, last + 1):
        quiz.goto(here.replace("/cau/1/", f"/cau/{position}/"))
        assert answered(quiz) == wanted[position - 1]


def test_an_open_page_sends_by_itself_what_was_answered_on_other_questions_too(quiz: Page):
    gathered(quiz)
    quiz.context.set_offline(True)
    for position in (1, 2, 3):
        is_at(quiz, position)
        answer(quiz, 1 - (answered(quiz) or 0))
        go_on(quiz)
    is_at(quiz, 4)
    expect(quiz.locator(STATUS)).to_have_text("Đang chờ gửi (3)")
    quiz.context.set_offline(False)
    expect(quiz.locator(STATUS)).not_to_contain_text("chờ gửi")
    assert copies.keys(quiz) == []
    quiz.locator(".numbers a").first.click()
    is_at(quiz, 1)
    expect(quiz.locator(STATUS)).to_have_text("Đã lưu")


def test_a_step_with_the_network_comes_after_the_answer_was_saved_and_needs_no_page(quiz: Page):
    gathered(quiz)
    pages = []
    quiz.on("request", lambda request: request.is_navigation_request() and pages.append(request.url))
    wanted = 1 - (answered(quiz) or 0)
    answer(quiz, wanted)
    with quiz.expect_response("**/cau/1/luu/") as saved:
        go_on(quiz)
    assert saved.value.ok
    is_at(quiz, 2)
    expect(quiz.locator(".question h1")).to_be_focused()
    expect(quiz.locator(".numbers a.here")).to_have_text(re.compile("^2"))
    expect(quiz).to_have_title(re.compile("Câu 2 "))
    quiz.go_back()
    is_at(quiz, 1)
    assert answered(quiz) == wanted
    assert pages == []


def test_a_choice_made_before_the_script_was_there_is_saved(quiz: Page):
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    script = re.compile(r"/js/quiz\.[^/]*js")
    quiz.route(script, hold)
    quiz.reload(wait_until="commit")
    quiz.locator(".tile input, input#answer").first.wait_for(state="attached")
    wanted = 1 - (answered(quiz) or 0)
    answer(quiz, wanted)
    with quiz.expect_response(SAVING):
        held[0].continue_()
    quiz.unroute(script)
    expect(quiz.locator(STATUS)).to_have_text("Đã lưu")
    quiz.reload()
    assert answered(quiz) == wanted


def test_nothing_is_called_saved_from_the_moment_it_changes(quiz: Page):
    """What the browser itself has to look up comes later, on a slow phone much later."""
    answer(quiz, 1 - (answered(quiz) or 0))
    expect(quiz.locator(STATUS)).to_have_text("Đã lưu")
    field = quiz.locator(".tile input, input#answer").first
    assert field.evaluate(CHANGED) == "Đang lưu…"
    quiz.context.set_offline(True)
    assert field.evaluate(CHANGED) == "Đang chờ gửi (1)"
    quiz.context.set_offline(False)
    expect(quiz.locator(STATUS)).to_have_text("Đã lưu")


def test_who_writes_without_a_pause_is_saved_within_five_seconds(quiz: Page):
    """A timer that begins anew at every letter would never end."""
    quiz.clock.install()
    quiz.reload()
    quiz.wait_for_load_state("networkidle")
    sent = []
    quiz.on("request", lambda request: "/luu/" in request.url and sent.append(request.url))
    for second in range(6):
        answer(quiz, second % 2)
        quiz.clock.run_for(900)
    assert sent


def test_without_network_what_leads_out_of_the_questions_waits_says_so_and_is_taken_when_it_is_back(quiz: Page):
    here = quiz.url.replace("/cau/1/", f"/cau/{total(quiz)}/")
    quiz.goto(here)
    wanted = 1 - (answered(quiz) or 0)
    quiz.context.set_offline(True)
    answer(quiz, wanted)
    go_on(quiz)
    expect(quiz.get_by_text(CUT_OFF)).to_be_visible()
    assert quiz.url == here
    assert answered(quiz) == wanted
    quiz.context.set_offline(False)
    quiz.wait_for_url(re.compile(r"/nop/"))
    quiz.goto(here)
    assert answered(quiz) == wanted


# The page for handing in is read once more by itself, to count what is missing without the answer that went out.
@pytest.mark.parametrize(("other", "reads"), [("/cau/2/", 1), ("/nop/", 2)])
def test_a_copy_that_was_left_behind_goes_out_from_any_page_of_the_attempt(quiz: Page, other: str, reads: int):
    here, wanted = quiz.url, 1 - (answered(quiz) or 0)
    quiz.context.set_offline(True)
    answer(quiz, wanted)
    expect(quiz.locator(STATUS)).to_have_text("Đang chờ gửi (1)")
    killed(quiz, 1)
    quiz.context.set_offline(False)
    quiz.goto(urljoin(here, "/"))
    assert len(copies.keys(quiz)) == 1
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
    assert copies.keys(quiz) == []


def at_the_check(quiz: Page) -> None:
    """On the page for handing in, with an answer on the phone that the server does not have yet."""
    revision = quiz.locator("[name=revision]").input_value()
    quiz.goto(quiz.url.replace("/cau/1/", "/nop/"))
    expect(quiz.locator(STATUS)).to_have_text("Đã lưu")
    copies.put(quiz, copies.key_of(quiz, 1), [], int(revision))
    quiz.route("**/nop/", only_told)


def only_told(route: Route) -> None:
    """Three attempts are allowed, and other tests want one."""
    if route.request.method == "POST":
        route.fulfill(body=HANDED_IN, content_type="text/plain; charset=utf-8")
    else:
        route.continue_()


def hand_in(page: Page) -> None:
    page.get_by_role("button", name="Nộp bài").click()
    expect(page.get_by_text(NOT_HANDED_IN)).to_be_visible(timeout=1000)


def handed_in_with_all_that_waited(page: Page) -> None:
    expect(page.locator("body")).to_have_text(HANDED_IN)
    assert copies.keys(page) == []


def test_handing_in_without_network_waits_says_how_many_answers_do_and_is_done_when_it_is_back(quiz: Page):
    at_the_check(quiz)
    quiz.context.set_offline(True)
    hand_in(quiz)
    expect(quiz.locator(STATUS)).to_have_text("Đang chờ gửi (1)")
    assert "/nop/" in quiz.url
    with quiz.expect_response(SAVING) as sent:
        quiz.context.set_offline(False)
    assert sent.value.ok
    handed_in_with_all_that_waited(quiz)


@pytest.mark.parametrize("busy", [503, 429])
def test_handing_in_waits_for_an_answer_that_the_server_was_too_busy_to_take(quiz: Page, busy: int):
    at_the_check(quiz)
    quiz.clock.install()
    quiz.route(SAVING, lambda route: route.fulfill(status=busy), times=1)
    hand_in(quiz)
    expect(quiz.locator(STATUS)).to_have_text("Đang chờ gửi (1)")
    assert "/nop/" in quiz.url
    with quiz.expect_response(SAVING) as sent:
        quiz.clock.run_for(9000)
    assert sent.value.ok
    handed_in_with_all_that_waited(quiz)


def test_on_a_network_that_hangs_handing_in_says_so_at_once_and_tries_again(quiz: Page):
    at_the_check(quiz)
    quiz.clock.install()
    hanging: list[Route] = []
    quiz.route(SAVING, lambda route: hanging.append(route), times=1)  # noqa: PLW0108 (Playwright marks what it is given)
    hand_in(quiz)
    with quiz.expect_response(SAVING) as sent:
        quiz.clock.run_for(11_000)
        quiz.wait_for_timeout(500)
        quiz.clock.run_for(9000)
    assert len(hanging) == 1
    assert sent.value.ok
    handed_in_with_all_that_waited(quiz)


def lost(route: Route) -> None:
    """The server saves it, and its receipt gets lost."""
    route.fetch()
    route.abort()


def changed_after_a_lost_receipt(page: Page) -> int:
    """Without a network by then; returns what is wanted."""
    wanted = answered(page) or 0
    page.route(SAVING, lost, times=1)
    answer(page, 1 - wanted)
    expect(page.locator(STATUS)).to_have_text("Đang chờ gửi (1)")
    page.context.set_offline(True)
    answer(page, wanted)
    return wanted


def test_what_was_changed_after_a_save_whose_receipt_was_lost_follows_it(quiz: Page):
    gathered(quiz)
    here, wanted = quiz.url, changed_after_a_lost_receipt(quiz)
    go_on(quiz)
    is_at(quiz, 2)
    expect(quiz.locator(STATUS)).to_have_text("Đang chờ gửi (1)")
    quiz.context.set_offline(False)
    expect(quiz.locator(STATUS)).not_to_contain_text("chờ gửi")
    assert copies.keys(quiz) == []
    quiz.goto(here)
    assert answered(quiz) == wanted


def test_so_it_does_where_its_page_was_opened_anew(quiz: Page):
    here, wanted = quiz.url, changed_after_a_lost_receipt(quiz)
    killed(quiz, 1)
    quiz.context.set_offline(False)
    with quiz.expect_response(SAVING):  # what was sent before is called saved as soon as the page is there
        quiz.goto(here)
    expect(quiz.locator(STATUS)).to_have_text("Đã lưu")
    assert copies.keys(quiz) == []
    assert answered(quiz) == wanted
    quiz.reload()
    assert answered(quiz) == wanted


def test_handing_in_without_an_answer_that_was_also_given_elsewhere_is_told_first_and_takes_a_second_press(quiz: Page):
    with quiz.expect_response(SAVING):
        answer(quiz, 1 - (answered(quiz) or 0))
    expect(quiz.locator(STATUS)).to_have_text("Đã lưu")
    quiz.goto(quiz.url.replace("/cau/1/", "/nop/"))
    expect(quiz.locator(STATUS)).to_have_text("Đã lưu")
    copies.put(quiz, copies.key_of(quiz, 1), [])
    quiz.route("**/nop/", only_told)
    button = quiz.get_by_role("button", name="Nộp bài")
    button.click()
    expect(quiz.get_by_text("đã được trả lời ở một cửa sổ hoặc máy khác: 1.")).to_be_visible()
    expect(quiz.locator(STATUS)).to_have_text("Chưa lưu")
    expect(quiz.get_by_text(NOT_HANDED_IN)).to_be_hidden()
    assert len(copies.keys(quiz)) == 1
    button.click()
    expect(quiz.locator("body")).to_have_text(HANDED_IN)


def test_where_the_server_fails_at_an_answer_again_and_again_one_is_told_which_and_may_hand_in_without_it(quiz: Page):
    at_the_check(quiz)
    quiz.clock.install()
    quiz.route(SAVING, lambda route: route.fulfill(status=500))
    hand_in(quiz)
    for _again in range(2):
        with quiz.expect_response(SAVING):
            quiz.clock.run_for(9000)
    stuck = quiz.get_by_text("Hệ thống gặp lỗi nên chưa lưu được câu trả lời ở máy này của câu: 1.")
    expect(stuck).to_be_visible()
    expect(quiz.get_by_text(NOT_HANDED_IN)).to_be_hidden()
    assert "/nop/" in quiz.url
    assert len(copies.keys(quiz)) == 1
    quiz.get_by_role("button", name="Nộp bài").click()
    expect(quiz.locator("body")).to_have_text(HANDED_IN)


def test_the_other_answers_are_sent_all_the_same(quiz: Page):
    at_the_check(quiz)
    copies.put(quiz, copies.key_of(quiz, 2), [])
    quiz.route("**/cau/1/luu/", lambda route: route.fulfill(status=500))
    quiz.route("**/cau/2/luu/", lambda route: route.fulfill(json={"revision": 1, "is_answered": False}))
    with quiz.expect_response("**/cau/2/luu/"):
        hand_in(quiz)


def test_a_step_waits_for_a_server_that_is_too_busy_only_where_it_leads_out_of_the_questions(quiz: Page):
    here = quiz.url.replace("/cau/1/", f"/cau/{total(quiz)}/")
    quiz.goto(here)
    quiz.wait_for_load_state("networkidle")
    quiz.route(SAVING, lambda route: route.fulfill(status=503), times=1)
    wanted = 1 - (answered(quiz) or 0)
    answer(quiz, wanted)
    go_on(quiz)
    expect(quiz.get_by_text(CUT_OFF)).to_be_visible()
    expect(quiz.locator(STATUS)).to_have_text("Đang chờ gửi (1)")
    quiz.wait_for_url(re.compile(r"/nop/"))
    quiz.goto(here)
    assert answered(quiz) == wanted


@pytest.fixture
def private(quiz: Page) -> BrowserContext:
    """A browser that keeps nothing."""
    quiz.context.add_init_script(KEEPS_NOTHING)
    return quiz.context


def test_a_browser_that_keeps_nothing_saves_all_the_same_and_promises_nothing(quiz: Page, private: BrowserContext):
    quiz.goto(here := quiz.url.replace("/cau/1/", f"/cau/{total(quiz)}/"))
    private.set_offline(True)
    wanted = 1 - (answered(quiz) or 0)
    answer(quiz, wanted)
    expect(quiz.locator(STATUS)).to_have_text("Đang chờ gửi (1)")
    go_on(quiz)
    expect(quiz.get_by_text("trình duyệt này không giữ được")).to_be_visible()
    expect(quiz.get_by_text("được giữ trên máy này").filter(visible=True)).to_have_count(0)
    private.set_offline(False)
    quiz.wait_for_url(re.compile(r"/nop/"))
    quiz.goto(here)
    assert answered(quiz) == wanted


def test_nor_does_it_keep_anybody_from_logging_out(quiz: Page, private: BrowserContext):
    quiz.goto("/tai-khoan/")
    follow(quiz, quiz.get_by_role("button", name="Đăng xuất khỏi máy này"))
    assert not [cookie for cookie in private.cookies() if cookie["name"] == "sessionid"]
