"""The desk of an administrator on the screen of a small laptop."""

import pytest
from playwright.sync_api import Page, expect

from .conftest import Demo, log_in

pytestmark = pytest.mark.once
LAPTOP = {"width": 1280, "height": 800}
STANDS = """one => new Promise(done => {
  let before
  const look = () => {
    const { top } = one.getBoundingClientRect()
    if (top === before) done(top)
    else { before = top; setTimeout(look, 100) }
  }
  look()
})"""  # the admin scrolls smoothly: until it stands still
WAITING = 2  # entries that are there only while something waits


def test_the_whole_menu_is_in_sight_also_while_something_waits(desk: Page, demo: Demo):
    desk.set_viewport_size(LAPTOP)
    log_in(desk, demo.login("quản trị hệ thống"), "/quan-tri/")
    last = desk.locator(".sidebar-main-menu__list > li").last
    expect(last).to_contain_text("Cài đặt")
    entry, foot = last.bounding_box(), desk.locator(".sidebar-footer").bounding_box()
    assert entry["y"] + (1 + WAITING) * entry["height"] <= foot["y"]


def test_a_place_is_tapped_among_those_that_fit(desk: Page, demo: Demo):
    log_in(desk, demo.login("quản trị hệ thống"), "/quan-tri/")
    desk.goto("/quan-tri/users/new/")
    box = desk.locator("[name=place_name]")
    box.press_sequentially("nam can")
    desk.get_by_role("button", name="Xã Năm Căn, tỉnh Cà Mau").click()
    expect(box).to_have_value("Xã Năm Căn, tỉnh Cà Mau")
    expect(desk.locator(".place-names button")).to_have_count(0)


def test_a_printed_card_is_read_without_glasses(desk: Page, demo: Demo):
    log_in(desk, demo.login("quản trị hệ thống"), "/quan-tri/person/")
    desk.locator("td.title a").first.click()
    desk.locator("form[action$='/phieu/'] button").click()
    desk.emulate_media(media="print")
    points = "one => parseFloat(getComputedStyle(one).fontSize) * 72 / 96"
    words, code = desk.locator(".card__address"), desk.locator(".card__code")
    assert words.evaluate(points) >= 11
    assert words.locator("xpath=..").evaluate(points) >= 11
    assert code.evaluate(points) >= 30
    assert code.evaluate("one => one.scrollWidth <= one.clientWidth")


def test_the_places_that_fit_stand_clear_of_the_bar_below_and_go_with_the_focus(desk: Page, demo: Demo):
    desk.set_viewport_size(LAPTOP)
    log_in(desk, demo.login("quản trị hệ thống"), "/quan-tri/")
    desk.goto("/quan-tri/users/new/")
    box = desk.locator("[name=place_name]")
    box.scroll_into_view_if_needed()
    box.press_sequentially("nam")
    expect(desk.locator(".place-names button").first).to_be_visible()
    desk.locator(".place-names").evaluate(STANDS)
    offered, bar = desk.locator(".place-names").bounding_box(), desk.locator("footer").bounding_box()
    assert offered["y"] + offered["height"] <= bar["y"]
    desk.locator("[name=valid_from]").focus()
    expect(desk.locator(".place-names button")).to_have_count(0)
