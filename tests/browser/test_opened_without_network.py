"""A page of a quiz that is opened anew without a network: what the device keeps of it, and for whom."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Error, Page, expect

from . import copies
from .conftest import PHONE, Demo, follow, log_in
from .test_every_kind import RIGHT, TO_READ, begin, is_all_right
from .test_every_kind import quiz as quiz_of_every_kind
from .test_journey import answer, answered, begin_quiz
from .test_more_time import LEFT, begun, counted
from .test_offline import STATUS, WEAK, gathered, go_on, is_at, total
from .test_whole_page import LAID_OUT, SCORED, fill, hand_in, place, saved

pytestmark = pytest.mark.once
every_kind = quiz_of_every_kind
GATHERED = re.compile(r"/luot/\d+/cau/$")
NOTHING = "Trang này chưa mở được"
KEPT = "Anh/Chị cứ làm tiếp"
READY = """async () => {
  const worker = await navigator.serviceWorker.ready;
  return worker.active.state === "activated"
    || new Promise((resolve) => worker.active.addEventListener("statechange", () => resolve(true), { once: true }));
}"""
_PAGES = """const opened = await new Promise((resolve) => {
  const opening = indexedDB.open("pages", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("pages");
  opening.onsuccess = () => resolve(opening.result);
});
const all = opened.transaction("pages", "readwrite").objectStore("pages");
const done = (request) => new Promise((resolve) => { request.onsuccess = () => resolve(request.result); });"""
KEYS = f"async () => {{ {_PAGES} const keys = await done(all.getAllKeys()); opened.close(); return keys; }}"
STILL_KEPT = f"""async () => {{
  const keys = {KEYS};
  for (let tries = 100; tries && (await keys()).length; tries -= 1) await new Promise((resolve) => setTimeout(resolve, 100));
  return keys();
}}"""
GOING_BACK = 90_000  # milliseconds: it asks some times whether its network carries anything, and a send that hangs is given up after ten seconds
HELD = """caches.keys().then(async ([name]) => {
  const held = await (await caches.open(name)).keys();
  return held.map((one) => new URL(one.url).pathname);
})"""
CHANGE = f"""async () => {{ {_PAGES}
  const key = (await done(all.getAllKeys())).find((one) => one.split("-")[2] === "0");
  const page = await done(all.get(key));
  CHANGES;
  await done(all.put(page, key));
  opened.close();
}}"""


@pytest.fixture
def quiz(phone: Page, demo: Demo, watch) -> Iterator[Page]:
    """Its first question, which the device keeps by now."""
    begin_quiz(phone, demo)
    is_kept(phone)
    yield phone
    watch.complaints = [line for line in watch.complaints if not re.search(WEAK, line)]


@pytest.fixture
def whole(demo: Demo, every_kind: str) -> Iterator[str]:
    demo.manage("shell", "-c", LAID_OUT.format("whole"))
    yield every_kind
    demo.manage("shell", "-c", LAID_OUT.format("each"))


def is_kept(page: Page) -> None:
    page.evaluate(READY)


def pages_kept(page: Page) -> list[str]:
    return page.evaluate(KEYS)


def changed(page: Page, script: str) -> None:
    """What the device keeps of the page of its only attempt."""
    page.evaluate(CHANGE.replace("CHANGES", script))


def reopened(page: Page, address: str = "") -> None:
    """As by a phone that has thrown the tab away: nothing of the page but its address is left."""
    there = address or page.url
    page.goto("about:blank")
    page.goto(there)


def shows_nothing_of_anybody(page: Page) -> None:
    expect(page.get_by_text(NOTHING)).to_be_visible()
    expect(page.get_by_role("link", name="Thử lại").filter(visible=True)).to_have_count(1)
    expect(page.locator(".question, [data-quiz], .numbers, [data-status]")).to_have_count(0)


def test_the_question_and_what_was_chosen_are_there_and_all_arrive_once_the_network_is_back(quiz: Page):
    here, last = quiz.url, total(quiz)
    assert last >= 10
    wanted = [1 - (answered(quiz) or 0)]
    answer(quiz, wanted[0])
    expect(quiz.locator(STATUS)).to_have_text("Đã lưu")
    quiz.context.set_offline(True)
    go_on(quiz)
    is_at(quiz, 2)
    wanted.append(1 - (answered(quiz) or 0))
    answer(quiz, wanted[1])
    expect(quiz.locator(STATUS)).to_have_text("Đang chờ gửi (1)")
    reopened(quiz)
    is_at(quiz, 2)
    expect(quiz.get_by_text(KEPT)).to_be_visible()
    expect(quiz.locator(STATUS)).to_have_text("Đang chờ gửi (1)")
    assert answered(quiz) == wanted[1]
    for position in range(3, last + 1):
        go_on(quiz)
        is_at(quiz, position)
        wanted.append(1 - (answered(quiz) or 0))
        answer(quiz, wanted[-1])
        expect(quiz.locator(STATUS)).to_have_text(f"Đang chờ gửi ({position - 1})")
    reopened(quiz)
    is_at(quiz, last)
    expect(quiz.locator(STATUS)).to_have_text(f"Đang chờ gửi ({last - 1})")
    expect(quiz.get_by_role("link", name="đã lưu")).to_have_count(1)
    expect(quiz.locator(".numbers .waiting")).to_have_count(last - 1)
    with quiz.expect_navigation(timeout=GOING_BACK):
        quiz.context.set_offline(False)
    expect(quiz.get_by_text(KEPT)).to_have_count(0)
    expect(quiz.locator(STATUS)).to_have_text("Đã lưu")
    assert copies.keys(quiz) == []
    for position in range(1, last + 1):
        quiz.goto(here.replace("/cau/1/", f"/cau/{position}/"))
        assert answered(quiz) == wanted[position - 1]


def test_what_the_server_has_is_called_saved_and_is_in_its_place(quiz: Page):
    wanted = 1 - (answered(quiz) or 0)
    answer(quiz, wanted)
    expect(quiz.locator(STATUS)).to_have_text("Đã lưu")
    quiz.context.set_offline(True)
    reopened(quiz)
    is_at(quiz, 1)
    assert answered(quiz) == wanted
    expect(quiz.locator(STATUS)).to_have_text("Đã lưu")
    answer(quiz, 1 - wanted)
    expect(quiz.locator(STATUS)).to_have_text("Đang chờ gửi (1)")
    with quiz.expect_navigation(timeout=GOING_BACK):
        quiz.context.set_offline(False)
    expect(quiz.locator(STATUS)).to_have_text("Đã lưu")
    assert answered(quiz) == 1 - wanted


def test_handing_in_is_said_to_need_a_network_with_how_many_answers_wait(quiz: Page):
    quiz.context.set_offline(True)
    answer(quiz, 1 - (answered(quiz) or 0))
    expect(quiz.locator(STATUS)).to_have_text("Đang chờ gửi (1)")
    reopened(quiz, quiz.url.replace("/cau/1/", "/nop/"))
    expect(quiz.get_by_role("heading", name="Chưa nộp bài được")).to_be_visible()
    expect(quiz.get_by_text("đang chờ gửi từ máy này: 1")).to_be_visible()
    follow(quiz, quiz.get_by_role("link", name="Quay lại câu hỏi"))
    expect(quiz.locator(".question__no")).to_contain_text("Câu 1/")
    with quiz.expect_navigation(timeout=GOING_BACK):
        quiz.context.set_offline(False)
    expect(quiz.locator("[data-status]")).not_to_contain_text("chờ gửi")


def test_who_logged_out_leaves_no_page_behind(quiz: Page):
    here = quiz.url
    assert pages_kept(quiz)
    quiz.goto("/tai-khoan/")
    follow(quiz, quiz.get_by_role("button", name="Đăng xuất khỏi máy này"))
    assert pages_kept(quiz) == []
    quiz.context.set_offline(True)
    reopened(quiz, here)
    shows_nothing_of_anybody(quiz)


def test_another_person_who_logged_in_on_the_phone_sees_nothing_of_the_one_before(quiz: Page, demo: Demo):
    """Whose session merely ended: nobody pressed the button that takes everything along."""
    here, kept = quiz.url, len(pages_kept(quiz))
    quiz.context.set_offline(True)
    reopened(quiz)
    is_at(quiz, 1)  # so there is something to be seen
    quiz.context.set_offline(False)
    quiz.context.clear_cookies(name="sessionid")
    quiz.goto("about:blank")
    log_in(quiz, demo.login("học viên đã có"))
    assert len(pages_kept(quiz)) >= kept
    quiz.context.set_offline(True)
    reopened(quiz, here)
    shows_nothing_of_anybody(quiz)
    assert pages_kept(quiz) == []


def test_a_page_that_is_too_old_is_neither_shown_nor_kept(quiz: Page):
    changed(quiz, "page.until = Date.now() + 60_000")
    quiz.context.set_offline(True)
    reopened(quiz)
    is_at(quiz, 1)
    changed(quiz, "page.until = Date.now() - 1")
    reopened(quiz)
    shows_nothing_of_anybody(quiz)
    assert pages_kept(quiz) == []


def test_an_attempt_that_nothing_is_kept_of_says_so_and_opens_by_itself_once_there_is_a_network(quiz: Page):
    here = quiz.url
    quiz.evaluate(f"async () => {{ {_PAGES} await done(all.clear()); opened.close(); }}")
    quiz.context.set_offline(True)
    reopened(quiz)
    shows_nothing_of_anybody(quiz)
    with quiz.expect_navigation(timeout=GOING_BACK):
        quiz.context.set_offline(False)
    assert quiz.url == here
    is_at(quiz, 1)


def test_a_page_with_the_network_comes_from_the_network_and_nothing_of_it_is_in_the_worker(quiz: Page):
    with quiz.expect_response(quiz.url) as came:
        quiz.reload()
    assert came.value.ok
    expect(quiz.get_by_text(KEPT)).to_have_count(0)
    held = quiz.evaluate(HELD)
    assert held
    assert [path for path in held if not path.startswith("/static/")] == ["/kiem-tra/luot/ngoai-mang/"]


def test_a_new_worker_clears_away_what_the_old_one_of_its_language_had(quiz: Page):
    quiz.evaluate("Promise.all(['quiz-vi-old', 'quiz-en-old'].map((name) => caches.open(name)))")
    quiz.evaluate("navigator.serviceWorker.ready.then((worker) => worker.unregister())")
    quiz.reload()
    is_kept(quiz)
    names = quiz.evaluate("caches.keys()")
    assert "quiz-vi-old" not in names
    assert "quiz-en-old" in names
    assert sum(name.startswith("quiz-vi-") for name in names) == 1


def test_a_worker_that_lost_its_shell_leaves_the_page_to_the_browser(quiz: Page):
    quiz.evaluate("caches.keys().then((names) => Promise.all(names.map((name) => caches.delete(name))))")
    quiz.reload()
    is_at(quiz, 1)
    quiz.context.set_offline(True)
    with pytest.raises(Error, match="ERR_"):
        quiz.reload()
    quiz.context.set_offline(False)


def test_a_browser_without_workers_keeps_no_page_and_does_all_as_before(browser, demo: Demo):
    context = browser.new_context(base_url=demo.address, viewport=PHONE, has_touch=True, locale="vi-VN")
    context.add_init_script("delete Navigator.prototype.serviceWorker")
    page = context.new_page()
    begin_quiz(page, demo)
    gathered(page)
    assert pages_kept(page) == []
    context.set_offline(True)
    answer(page, 1 - (answered(page) or 0))
    go_on(page)
    is_at(page, 2)
    expect(page.locator(STATUS)).to_have_text("Đang chờ gửi (1)")
    with pytest.raises(Error, match="ERR_"):
        page.reload()
    context.close()


def test_an_attempt_that_was_handed_in_is_shown_no_longer(phone: Page, demo: Demo, every_kind: str, watch):
    begin(phone, demo, every_kind)
    is_kept(phone)
    here = phone.url
    assert pages_kept(phone)
    phone.goto(here.replace("/cau/1/", "/nop/"))
    follow(phone, phone.get_by_role("button", name="Nộp bài"))
    expect(phone.locator(".verdict")).to_be_visible()
    phone.wait_for_load_state("networkidle")
    assert pages_kept(phone) == []
    phone.context.set_offline(True)
    reopened(phone, here)
    shows_nothing_of_anybody(phone)
    demo.manage("shell", "-c", TO_READ)
    watch.complaints = [line for line in watch.complaints if not re.search(WEAK, line)]


def test_a_whole_quiz_on_one_page_is_there_with_every_answer_and_goes_on(phone: Page, demo: Demo, whole: str, watch):
    begin(phone, demo, whole)
    is_kept(phone)
    for kind in SCORED:
        if kind != "short":
            fill(phone, kind)
            saved(phone, kind)
    phone.context.set_offline(True)
    reopened(phone)
    expect(phone.get_by_text(KEPT)).to_be_visible()
    expect(phone.get_by_role("link", name="đã lưu")).to_have_count(len(SCORED) - 1)
    expect(phone.locator("[data-state]", has_text="Đã lưu")).to_have_count(len(SCORED) - 1)
    assert place(phone, "essay", "").input_value() == RIGHT["essay"][""]
    fill(phone, "short")
    expect(phone.locator(STATUS)).to_have_text("Đang chờ gửi (1)")
    reopened(phone)
    expect(phone.locator(STATUS)).to_have_text("Đang chờ gửi (1)")
    assert place(phone, "short", "").input_value() == RIGHT["short"][""]
    with phone.expect_navigation(timeout=GOING_BACK):
        phone.context.set_offline(False)
    expect(phone.get_by_text(KEPT)).to_have_count(0)
    hand_in(phone)
    assert is_all_right(demo)
    watch.complaints = [line for line in watch.complaints if not re.search(WEAK, line)]


@pytest.fixture
def timed(phone: Page, demo: Demo) -> Iterator[Page]:
    yield from begun(phone, demo.login("học viên đã có giấy chứng nhận"))


def test_an_error_in_the_questions_place_is_not_kept_and_the_next_answer_asks_again(phone: Page, demo: Demo, watch):
    phone.route(GATHERED, lambda route: route.fulfill(status=503, body="<p>Bận</p>"), times=1)
    begin_quiz(phone, demo)
    expect(phone.locator(STATUS)).to_have_count(1)
    with phone.expect_response(GATHERED):
        answer(phone, 1 - (answered(phone) or 0))
    is_kept(phone)
    phone.context.set_offline(True)
    reopened(phone)
    expect(phone.get_by_text(KEPT)).to_be_visible()
    go_on(phone)
    is_at(phone, 2)
    watch.complaints = [line for line in watch.complaints if not re.search(f"{WEAK}|503", line)]
    watch.broken.clear()


def test_a_kept_page_that_cannot_be_read_is_forgotten_and_the_real_one_comes_back(quiz: Page):
    changed(quiz, "page.all = '<p>Bận</p>'")
    other_tab = quiz.context.new_page()  # the first leaves its page while it is asked
    other_tab.goto("/")
    quiz.context.set_offline(True)
    reopened(quiz)
    assert other_tab.evaluate(STILL_KEPT) == []
    other_tab.close()
    shows_nothing_of_anybody(quiz)
    quiz.context.set_offline(False)
    quiz.wait_for_selector("[data-quiz]")


def test_who_logged_in_since_a_page_was_given_gets_nothing_of_it_kept(phone: Page, demo: Demo, watch):
    phone.route(GATHERED, lambda route: route.fulfill(status=503, body=""), times=1)
    begin_quiz(phone, demo)
    phone.context.add_cookies([{"name": "csrftoken", "value": "x" * 32, "url": demo.address}])
    with phone.expect_response(GATHERED):
        phone.evaluate("void dispatchEvent(new Event('online'))")
    phone.evaluate("new Promise((done) => { requestIdleCallback(() => setTimeout(done)); })")
    assert pages_kept(phone) == []
    watch.complaints = [line for line in watch.complaints if "503" not in line]
    watch.broken.clear()


def test_its_time_runs_on_by_the_clock_of_the_server_and_once_it_is_over_nothing_is_asked(timed: Page):
    is_kept(timed)
    left = counted(timed)
    timed.context.set_offline(True)
    reopened(timed)
    expect(timed.locator("[data-timed]")).to_be_visible()
    expect(timed.locator(LEFT)).to_have_text(re.compile(f"Còn ({left}|{left - 1}) phút"))
    changed(timed, "page.clock.ahead += 5 * 60_000")  # as a phone whose own clock is slow by that
    reopened(timed)
    expect(timed.locator(LEFT)).to_have_text(re.compile(f"Còn ({left - 5}|{left - 6}) phút"))
    changed(timed, "page.clock.end = '2020-01-01T00:00:00+07:00'")
    reopened(timed)
    expect(timed.get_by_role("heading", name="Hết giờ làm bài")).to_be_visible()
    expect(timed.locator(".question")).to_have_count(0)
    assert timed.evaluate(STILL_KEPT) == []
    timed.context.set_offline(False)
    timed.wait_for_url(re.compile("/cau/1/"))
    expect(timed.locator(LEFT)).to_be_visible()
