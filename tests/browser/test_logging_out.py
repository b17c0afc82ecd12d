"""The log-out button: nothing of the device is deleted before the server has answered."""

import re

import pytest
from playwright.sync_api import Page, expect

from . import copies
from .conftest import PHONE, Demo, follow, log_in

pytestmark = pytest.mark.once
ACCOUNT, LEAVING = "/tai-khoan/", "**/tai-khoan/dang-xuat/"
NOT_DONE = "Chưa đăng xuất được: máy chưa có mạng, hoặc hệ thống chưa trả lời."


@pytest.fixture
def account(phone: Page, demo: Demo, watch):
    """The account's page, an answer on the phone that waits for the server, and one of somebody else."""
    log_in(phone, demo.login("học viên đang học"), ACCOUNT)
    leaver = phone.locator("[data-leave]").get_attribute("data-leave")
    copies.put(phone, f"{leaver}-1-1-1", ["a"])
    copies.put(phone, "999999-1-1-1", ["b"])
    yield phone
    watch.complaints = [
        line for line in watch.complaints if not re.search("ERR_INTERNET_DISCONNECTED|status of 503", line)
    ]
    watch.broken = [address for address in watch.broken if "/dang-xuat/" not in address]


def button(page: Page):
    return page.get_by_role("button", name="Đăng xuất khỏi máy này")


def is_in(page: Page) -> bool:
    return any(cookie["name"] == "sessionid" for cookie in page.context.cookies())


def is_told_of_what_waits(page: Page, count: int = 1) -> None:
    """Nothing happens at the first press."""
    button(page).click()
    expect(page.get_by_role("alert").filter(has_text=f"chưa gửi được từ máy này: {count}.")).to_be_visible()
    assert len(copies.keys(page)) == count + 1
    assert is_in(page)


def is_refused(page: Page) -> None:
    here = page.url
    is_told_of_what_waits(page)
    button(page).click()
    expect(page.get_by_role("alert").filter(has_text=NOT_DONE)).to_be_visible()
    assert page.url == here
    assert len(copies.keys(page)) == 2
    assert is_in(page)


def logs_out(page: Page, *, is_told: bool = False) -> None:
    if not is_told:
        is_told_of_what_waits(page)
    follow(page, button(page))
    expect(page.get_by_text("Đã đăng xuất khỏi máy này.")).to_be_visible()
    assert copies.keys(page) == ["999999-1-1-1"]
    assert not is_in(page)


def test_who_logs_out_takes_along_their_own_answers_alone_and_is_told(account: Page):
    logs_out(account)


def test_without_a_network_nothing_is_deleted_that_is_said_and_the_button_works_again(account: Page):
    account.context.set_offline(True)
    is_refused(account)
    account.context.set_offline(False)
    logs_out(account, is_told=True)


def test_nor_while_the_server_is_too_busy_to_log_anybody_out(account: Page):
    account.route(LEAVING, lambda route: route.fulfill(status=503), times=1)
    is_refused(account)
    logs_out(account, is_told=True)


def test_without_javascript_the_button_logs_out_as_well(browser, demo: Demo):
    context = browser.new_context(base_url=demo.address, java_script_enabled=False, viewport=PHONE)
    log_in(page := context.new_page(), demo.login("học viên đang học"), ACCOUNT)
    follow(page, button(page))
    expect(page.get_by_text("Đã đăng xuất khỏi máy này.")).to_be_visible()
    assert not is_in(page)
    context.close()


def test_who_has_sent_everything_leaves_at_the_first_press(phone: Page, demo: Demo):
    log_in(phone, demo.login("học viên đang học"), ACCOUNT)
    follow(phone, button(phone))
    expect(phone.get_by_text("Đã đăng xuất khỏi máy này.")).to_be_visible()
