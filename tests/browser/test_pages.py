"""Every kind of page: nothing for axe to find, nothing wider than the phone, nothing heavier than its budget."""

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.certificates import signed

from .conftest import Demo, follow, log_in

pytestmark = pytest.mark.once

COURSE = "/khoa-hoc/bat-dau-voi-ocop/"
PUBLIC = {
    "home": "/",
    "catalogue": "/khoa-hoc/",
    "topic": "/khoa-hoc/bat-dau/",
    "course": COURSE,
    "search": "/hoc/tim/?q=dong+goi",
    "log-in by phone": "/tai-khoan/dien-thoai/",
    "log-in by PIN": "/tai-khoan/dang-nhap/",
    "card": "/tai-khoan/phieu-ma/",
    "lost number": "/tai-khoan/mat-so/",
    "workshops": "/tap-huan/",
    "certificate check": "/c/",
    "file check": "/c/tep/",
    "unknown certificate": "/c/AAAABBBB",
    "privacy": "/du-lieu-ca-nhan/",
    "display": "/hien-thi/",
    "demo phone": "/demo/dien-thoai/",
    "not found": "/khong-co/",
    "English home": "/en/",
}
OWN = {"my learning": "/hoc/", "my certificates": "/c/cua-toi/", "account": "/tai-khoan/", "PIN": "/tai-khoan/pin/"}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def findings(page: Page, within: str | None = None) -> list[str]:
    results: dict[str, Any] = Axe().run(page, context=within, options=RULES).response
    return [f"{one['id']}: {node['html'][:160]}" for one in results["violations"] for node in one["nodes"]]


def overflow(page: Page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def lesson(page: Page) -> None:
    page.goto(COURSE)
    follow(page, page.locator(f"main a[href^='{COURSE}']").first)


@pytest.mark.parametrize("path", PUBLIC.values(), ids=PUBLIC)
def test_a_public_page(phone: Page, path: str, watch):
    phone.goto(path)
    assert findings(phone) == []
    assert overflow(phone) == 0
    watch.complaints = [line for line in watch.complaints if "404" not in line]


def test_the_verdict_about_a_file(phone: Page):
    """A stranger's credential: its issuer's name is one word of sixty letters."""
    phone.goto("/c/tep/")
    phone.set_input_files(
        "input[type=file]", {"name": "a.jwt", "mimeType": "text/plain", "buffer": signed.token().encode()}
    )
    phone.get_by_role("button", name="Kiểm tra tệp", exact=True).click()
    phone.get_by_role("heading", name="không phải giấy của chúng tôi").wait_for()
    assert findings(phone) == []
    assert overflow(phone) == 0


def test_a_lesson(phone: Page):
    lesson(phone)
    assert findings(phone) == []
    assert overflow(phone) == 0
    phone.locator(".check summary").first.click()
    assert findings(phone) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", ["", "large"])
def test_a_lesson_in_every_look(phone: Page, theme: str, size: str, demo: Demo):
    cookies = [{"name": "theme", "value": theme, "url": demo.address}]
    if size:
        cookies.append({"name": "text_size", "value": size, "url": demo.address})
    phone.context.add_cookies(cookies)
    lesson(phone)
    assert findings(phone) == []
    assert overflow(phone) == 0


@pytest.mark.parametrize("path", ["/khoa-hoc/", COURSE, "/c/", "/tai-khoan/dien-thoai/", "/tai-khoan/dang-nhap/"])
def test_letters_twice_as_large_fit_the_phone(phone: Page, path: str):
    phone.goto(path)
    phone.evaluate("document.documentElement.style.setProperty('--root-size', '225%')")
    assert overflow(phone) == 0


@pytest.mark.parametrize(("chosen", "of_the_phone"), [("dark", "light"), ("light", "dark")])
def test_what_the_browser_draws_follows_the_colours_that_were_chosen_not_the_phone(
    phone: Page, chosen: str, of_the_phone: str, demo: Demo
):
    phone.emulate_media(color_scheme=of_the_phone)
    phone.context.add_cookies([{"name": "theme", "value": chosen, "url": demo.address}])
    phone.goto("/")
    assert phone.evaluate("getComputedStyle(document.documentElement).colorScheme") == chosen


def boxes(page: Page, selector: str) -> list[dict[str, float]]:
    return [box for one in page.locator(selector).all() if (box := one.bounding_box())]


@pytest.mark.parametrize("size", ["", "large"])
@pytest.mark.parametrize("path", ["/", "/en/"])
def test_the_head_is_one_row_and_the_bar_at_the_foot_shows_all_its_words(phone: Page, path: str, size: str, demo: Demo):
    if size:
        phone.context.add_cookies([{"name": "text_size", "value": size, "url": demo.address}])
    phone.goto(path)
    brand, *tools = boxes(phone, ".site-header .brand, .site-header .tool")
    assert len(tools) == 3
    assert all(brand["y"] <= tool["y"] + tool["height"] / 2 <= brand["y"] + brand["height"] for tool in tools)
    places = boxes(phone, ".mainnav a")
    assert len(places) == 4
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= 360 for box in places)
    assert phone.locator(".mainnav a").evaluate_all("all => all.every(one => one.scrollWidth <= one.clientWidth)")


def test_results_of_a_search_stand_apart(phone: Page):
    phone.goto("/hoc/tim/?q=dong+goi")
    first, second, *_more = boxes(phone, ".hits > li")
    assert second["y"] - (first["y"] + first["height"]) >= 8


def test_a_button_without_a_voice_to_read_with_is_not_offered(phone: Page):
    lesson(phone)
    phone.evaluate("document.querySelector('[data-listen]').hidden = true")
    expect(phone.get_by_role("button", name="Nghe")).to_be_hidden()


@pytest.mark.parametrize("path", OWN.values(), ids=OWN)
def test_a_page_of_one_s_own(phone: Page, path: str, demo: Demo):
    log_in(phone, demo.login("học viên đã có"))
    phone.goto(path)
    assert findings(phone) == []
    assert overflow(phone) == 0


@pytest.mark.parametrize("screen", ["phone", "desk"])
def test_the_board(screen: str, demo: Demo, request):
    page: Page = request.getfixturevalue(screen)
    log_in(page, demo.login("cán bộ theo dõi tỉnh"), "/quan-tri/tien-do/")
    expect(page.locator(".board")).to_be_visible()
    assert findings(page) == []
    assert overflow(page) == 0


class TestWeight:
    """Budgets of a lesson page, compressed as transferred, own pictures apart (docs: budgets)."""

    BYTES, REQUESTS, SCRIPT = 40_000, 8, 8_000

    def measure(self, page: Page, visit) -> dict[str, int]:
        client = page.context.new_cdp_session(page)
        client.send("Network.enable")
        client.send("Network.setCacheDisabled", {"cacheDisabled": True})
        kinds: dict[str, str] = {}
        sizes: dict[str, int] = {}
        client.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))
        client.on(
            "Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]})
        )
        visit()
        page.wait_for_load_state("networkidle")
        plain = {key: size for key, size in sizes.items() if kinds.get(key) != "Image"}
        return {
            "bytes": int(sum(plain.values())),
            "requests": len(sizes),
            "script": int(sum(size for key, size in sizes.items() if kinds.get(key) == "Script")),
        }

    def test_a_lesson_fits_a_small_data_pack(self, phone: Page):
        lesson(phone)
        found = self.measure(phone, phone.reload)
        assert found["bytes"] <= self.BYTES, found
        assert found["requests"] <= self.REQUESTS, found
        assert found["script"] <= self.SCRIPT, found


class TestZalo:
    AGENT = "Mozilla/5.0 (Linux; Android 12) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36 Zalo android/12050614"

    def test_pages_work_and_downloads_are_explained(self, browser, demo: Demo):
        context = browser.new_context(
            base_url=demo.address, user_agent=self.AGENT, viewport={"width": 360, "height": 800}
        )
        page = context.new_page()
        log_in(page, demo.login("học viên đã có"), "/c/cua-toi/")
        expect(page.get_by_text(re.compile("Chrome")).first).to_be_visible()
        context.close()
