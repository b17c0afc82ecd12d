"""What fits a phone of 360 pixels: words of buttons in one line, a head in one row, the first course on the first screen."""

from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from .conftest import PHONE, Demo, log_in
from .test_pages import boxes, findings, overflow

pytestmark = pytest.mark.once
ONE_LINE = 50


def test_on_a_device_that_others_use_the_head_is_one_row_and_the_name_one_line(phone: Page, demo: Demo):
    login = demo.login("học viên đã có")
    phone.goto("/tai-khoan/dang-nhap/?next=/hoc/")
    phone.get_by_label("Số điện thoại").fill(login["phone"])
    phone.get_by_label("PIN").fill(login["secret"])
    phone.get_by_text("Đây là máy dùng chung").click()
    phone.get_by_role("button", name="Đăng nhập").click()
    phone.wait_for_url("**/hoc/")
    expect(phone.locator(".site-header").get_by_role("link", name="Đăng xuất")).to_be_visible()
    brand, *tools = boxes(phone, ".site-header .brand, .site-header .tool")
    assert len(tools) == 4
    assert all(abs(tool["y"] - brand["y"]) < 4 for tool in tools)
    assert max(tool["x"] + tool["width"] for tool in tools) <= PHONE["width"]
    height = "one => { const words = document.createRange(); words.selectNodeContents(one.lastChild); return words.getBoundingClientRect().height; }"
    assert phone.locator(".brand").evaluate(height) < ONE_LINE / 2
    assert findings(phone) == []


def test_the_longest_words_of_buttons_stay_in_one_line(phone: Page, demo: Demo):
    log_in(phone, demo.login("học viên đã có"))
    assert boxes(phone, "main a[href='/c/cua-toi/']")[0]["height"] < ONE_LINE
    phone.goto("/khoa-hoc/an-toan-thuc-pham/")
    enrol = phone.get_by_role("button", name="Ghi danh và bắt đầu")
    assert enrol.bounding_box()["height"] < ONE_LINE


def test_the_words_of_six_steps_stand_apart(phone: Page):
    phone.goto("/tap-huan/bo-tieu-chi-moi/dang-ky/")
    steps = boxes(phone, ".steps li")
    assert len(steps) == 6
    gaps = [after["x"] - before["x"] - before["width"] for before, after in pairwise(steps)]
    assert min(gaps) > 10
    assert overflow(phone) == 0


def test_the_manual_for_other_systems_stays_within_the_screen(phone: Page):
    phone.goto("/api/")
    assert overflow(phone) == 0
    assert findings(phone) == []


def test_the_topics_are_one_row_that_is_pushed_aside_and_the_first_course_is_seen(phone: Page):
    phone.goto("/khoa-hoc/")
    assert len({box["y"] for box in boxes(phone, ".chip")}) == 1
    assert boxes(phone, ".cards > .card")[0]["y"] < PHONE["height"] / 2
    assert overflow(phone) == 0
    assert findings(phone) == []
    last = phone.locator(".chip").last
    last.focus()
    expect(last).to_be_in_viewport(ratio=1)


SCROLLED = """one => [...one.querySelectorAll("*")].filter((box) =>
  box.scrollWidth > box.clientWidth + 1 && getComputedStyle(box).overflowX === "auto").length"""


@pytest.mark.parametrize(("path", "place"), [
    ("/quan-tri/credential/", "#listing-results"),
    ("/quan-tri/person/", "#listing-results"),
    ("/quan-tri/giay/ky-so/", ".as-cards"),
])  # fmt: skip
def test_a_row_of_records_is_a_card_with_the_names_of_its_columns(phone: Page, demo: Demo, path: str, place: str):
    log_in(phone, demo.login("quản trị"), "/quan-tri/")
    phone.goto(path)
    results, cells = phone.locator(place), boxes(phone, f"{place} td[data-label]")
    assert results.evaluate(SCROLLED) == 0
    assert cells
    assert max(cell["x"] + cell["width"] for cell in cells) <= PHONE["width"]
    assert len({cell["y"] for cell in cells}) == len(cells)
    label = "one => getComputedStyle(one, '::before').content === JSON.stringify(one.dataset.label)"
    assert results.locator("td[data-label]").first.evaluate(label)
    assert findings(phone) == []


PAIR = "<ul class='pairs'><li class='pair'><label>Mã</label><select><option>{}</option></select></li></ul>"


def test_an_answer_to_choose_may_be_longer_than_the_screen_is_wide(phone: Page):
    phone.goto("/tai-khoan/mat-so/")
    phone.locator("main .stack").evaluate("(one, pair) => { one.innerHTML = pair; }", PAIR.format("mã số mã vạch " * 9))
    assert overflow(phone) == 0
    assert boxes(phone, ".pair select")[0]["width"] > PHONE["width"] / 2
