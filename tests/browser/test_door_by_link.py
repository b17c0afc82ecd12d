"""A desk that is opened by the organiser's link, the number that a walk-in gets, and a server that cannot take everything at once."""

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, Route, expect

from .test_door_goes_wrong import NEXT, VERDICT, walk_in
from .test_door_without_network import READY, STATUS, STORED, Hall, check_in, hall, open_desk, phones

__all__ = ["hall", "phones"]  # fixtures
pytestmark = pytest.mark.once
ANSWERS = "**/gui.json"
CHOICE = "#buoi option"


def follow(page: Page, code: str) -> None:
    page.goto("about:blank")  # from wherever the link was sent to
    page.goto(f"/diem-danh/#ma={code}")
    expect(page.locator("[data-case=filled]")).to_be_visible()


def test_a_link_fills_the_code_and_cleans_its_address_and_leaves_nothing_that_reads_the_roster(
    hall: Hall, phones: list[Page]
):
    page, sent = phones[0], []
    page.on("request", lambda request: sent.append((request.url, request.headers.get("referer", ""))))
    follow(page, hall.codes[0])
    assert page.url.endswith("/diem-danh/")
    expect(page.get_by_label("Mã bàn")).to_have_value(hall.codes[0])
    expect(page.get_by_role("button", name="Mở bàn")).to_be_focused()
    page.get_by_role("button", name="Mở bàn").click()
    expect(page.locator("[data-view=work]")).to_be_visible()
    page.evaluate(READY)
    expect(page.get_by_label("Mã bàn")).to_have_value("")
    stored = page.evaluate(STORED)
    for secret in ("Đại biểu", hall.codes[0], "A KEY"):
        assert secret not in stored
    without_fragment = [(url.partition("#")[0], referer) for url, referer in sent]
    assert hall.codes[0] not in str(without_fragment)
    page.reload()
    expect(page.get_by_label("Mã bàn")).to_have_value("")
    expect(page.locator("[data-view=work]")).to_be_hidden()


def test_a_link_that_is_tapped_while_the_page_is_open_fills_the_code_too(hall: Hall, phones: list[Page]):
    page = phones[0]
    page.goto("/diem-danh/")
    page.evaluate("code => { location.hash = `ma=${code}` }", hall.codes[0])
    expect(page.get_by_label("Mã bàn")).to_have_value(hall.codes[0])
    assert page.url.endswith("/diem-danh/")
    page.get_by_role("button", name="Mở bàn").click()
    expect(page.locator("[data-view=work]")).to_be_visible()
    page.evaluate("code => { location.hash = `ma=${code}` }", hall.codes[1])
    expect(page).to_have_url(re.compile("/diem-danh/$"))
    expect(page.get_by_label("Mã bàn")).to_have_value("")  # nothing lies in a field that nobody sees


def test_a_walk_in_gets_a_number_large_on_the_screen(hall: Hall, phones: list[Page]):
    page = phones[0]
    open_desk(page, hall.codes[0])
    walk_in(page, "")
    expect(page.locator("[data-number]")).to_have_text("Số thẻ 121")
    expect(page.locator("[data-write]")).to_contain_text("thẻ trắng")
    expect(page.locator(VERDICT)).to_have_text("Lâm Văn Mới")
    page.locator("[data-badges] summary").click()
    expect(page.locator("[data-badges] li")).to_contain_text("121")
    page.get_by_role("button", name="Đã viết").click()
    expect(page.locator("[data-badges]")).to_be_hidden()
    check_in(page, 12)
    expect(page.locator("[data-number]")).to_have_text("Số thẻ 12")
    expect(page.locator("[data-write]")).to_be_hidden()


def test_walk_ins_without_a_network_get_their_numbers_once_it_is_back_and_keep_them_over_a_reload(
    hall: Hall, phones: list[Page]
):
    page = phones[0]
    open_desk(page, hall.codes[0])
    page.context.set_offline(True)
    walk_in(page, "")
    expect(page.locator("[data-no-number]")).to_be_visible()
    expect(page.locator("[data-number]")).to_be_hidden()
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("[data-number]")).to_have_text("Số thẻ 121")
    expect(page.locator("[data-no-number]")).to_be_hidden()
    expect(page.locator(STATUS)).to_have_text("Đã gửi")
    follow(page, hall.codes[0])
    page.get_by_role("button", name="Mở bàn").click()
    expect(page.locator("[data-badges]")).to_contain_text("1")


def test_whom_a_desk_wrote_down_after_it_ended_is_said_to_wait_for_the_organiser(hall: Hall, phones: list[Page]):
    page = phones[0]
    open_desk(page, hall.codes[0])

    def late(route: Route) -> None:
        said = route.request.post_data_json["items"]
        outcomes = [{"nonce": one["nonce"], "outcome": "late", "why": "bàn đã đóng", "name": ""} for one in said]
        route.fulfill(json={"outcomes": outcomes, "ended": False})

    page.route(ANSWERS, late)
    walk_in(page, "")
    expect(page.locator(VERDICT)).to_contain_text("Bàn đã đóng: chờ đơn vị tổ chức xem")
    expect(page.locator("[data-number]")).to_be_hidden()
    expect(page.locator("[data-conflicts]")).to_contain_text("1")


def test_the_unit_of_whom_somebody_replaces_is_nobody_elses(hall: Hall, phones: list[Page]):
    page = phones[0]
    open_desk(page, hall.codes[0])
    page.locator("#tim").fill("030")
    page.get_by_role("button", name="Có người đi thay").click()
    expect(page.locator("span[data-instead]")).to_have_text("Đại biểu 030")
    expect(page.get_by_label("Đơn vị, chủ thể (nếu có)")).to_have_value("")


@pytest.mark.parametrize("kind", ["later", "nothing"])
def test_what_the_server_cannot_take_yet_waits_and_stops_neither_the_others_nor_the_phone(
    hall: Hall, phones: list[Page], kind: str
):
    """The first report is never taken: the others go on, and nothing is asked again before the next round."""
    page, asked = phones[0], []
    page.clock.install()
    open_desk(page, hall.codes[0])
    expect(page.locator(STATUS)).to_have_text("Đã gửi")
    page.clock.pause_at(datetime.now() + timedelta(minutes=1))  # so that a slow machine is no slow round
    page.context.set_offline(True)
    for number in (11, 12, 13):
        check_in(page, number)

    def busy(route: Route) -> None:
        said = route.request.post_data_json["items"]
        asked.append([one["number"] for one in said])
        outcomes = [
            {"nonce": one["nonce"], "outcome": "later" if one["number"] == 11 else "present", "number": one["number"]}
            for one in said
            if kind == "later" or one["number"] != 11
        ]
        route.fulfill(json={"outcomes": outcomes, "ended": False})

    page.route(ANSWERS, busy)
    page.context.set_offline(False)  # which the page hears: a second event would be a second round
    expect(page.locator(STATUS)).to_have_text("Đang chờ gửi 1")
    page.clock.run_for(10_000)
    assert asked == [[11, 12, 13]]
    with page.expect_response(ANSWERS):
        page.clock.run_for(16_000)
    page.unroute(ANSWERS)
    assert asked == [[11, 12, 13], [11]]
    with page.expect_response(ANSWERS):
        page.clock.run_for(16_000)
    expect(page.locator(STATUS)).to_have_text("Đã gửi")
    assert hall.found()["there"] == [11]


def test_a_session_that_is_planned_meanwhile_reaches_a_phone_that_is_open(hall: Hall, phones: list[Page]):
    page = phones[0]
    open_desk(page, hall.codes[0])
    expect(page.locator(CHOICE)).to_have_count(1)
    hall.run(NEXT)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator(CHOICE)).to_have_count(2)
    page.locator("#buoi").select_option(index=1)
    expect(page.locator("[data-where]")).to_contain_text("Buổi tối")
    page.context.set_offline(True)
    page.goto("/diem-danh/")
    follow(page, hall.codes[0])
    page.get_by_role("button", name="Mở bàn").click()
    expect(page.locator(CHOICE)).to_have_count(2)  # it is kept
