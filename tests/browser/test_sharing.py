"""A holder shows a page about the certificate on a phone: off, on, sent, and off again."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from .conftest import PHONE, Demo, follow, log_in
from .test_pages import findings, overflow

pytestmark = pytest.mark.once
SHEET = """
navigator.canShare = () => true;
navigator.share = async ({ files: [file] = [], url }) => { document.body.dataset.sent = file ? `${file.name} ${file.type} ${file.size}` : url; };
"""
NO_SHEET = """
delete Navigator.prototype.share;
delete Navigator.prototype.canShare;
delete navigator.share;
delete navigator.canShare;
navigator.clipboard.writeText = () => Promise.reject(new Error());
"""
PICTURE = re.compile(r"giay-chung-nhan-\w{8}\.jpg image/jpeg \d{5,}")


@pytest.fixture
def mine(phone: Page, demo: Demo) -> Page:
    """With the page of the one certificate switched off, whatever another test left."""
    phone.add_init_script(SHEET)
    log_in(phone, demo.login("học viên đã có"), "/c/cua-toi/")
    if phone.get_by_text("Trang giới thiệu đang bật").count():
        phone.get_by_text("Chia sẻ giấy này").click()
        follow(phone, phone.get_by_role("button", name="Tắt trang giới thiệu"))
    else:
        phone.get_by_text("Chia sẻ giấy này").click()
    return phone


def switched_on(page: Page) -> str:
    follow(page, page.get_by_role("button", name="Đồng ý và bật trang"))
    return page.get_by_label("Đường dẫn của trang").input_value()


def others(page: Page, address: str) -> tuple[BrowserContext, int]:
    """What somebody without an account is answered."""
    context = page.context.browser.new_context(viewport=PHONE, locale="vi-VN")
    return context, context.request.get(address).status


def test_on_off_and_what_others_see(mine: Page):
    address = switched_on(mine)
    expect(mine.get_by_text("Anh/Chị chia sẻ được rồi")).to_be_in_viewport()
    assert findings(mine) == []
    assert overflow(mine) == 0
    stranger, status = others(mine, address)
    assert status == 200
    page = stranger.new_page()
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text("Trần Văn Thử")
    assert findings(page) == []
    assert overflow(page) == 0
    picture = page.locator("meta[property='og:image']").get_attribute("content")
    assert stranger.request.get(picture).headers["content-type"] == "image/jpeg"
    follow(mine, mine.get_by_role("button", name="Tắt trang giới thiệu"))
    expect(mine.get_by_role("button", name="Đồng ý và bật trang")).to_be_visible()
    assert [stranger.request.get(one).status for one in (address, picture)] == [404, 404]
    stranger.close()


def test_the_sheet_of_the_phone_gets_the_address_and_the_picture_of_the_paper(mine: Page):
    address = switched_on(mine)
    mine.get_by_role("button", name="Gửi qua Zalo").click()
    expect(mine.locator("body")).to_have_attribute("data-sent", address)
    mine.get_by_role("button", name="Gửi ảnh giấy").click()
    expect(mine.locator("body")).to_have_attribute("data-sent", PICTURE)


def test_the_address_is_copied(mine: Page):
    mine.context.grant_permissions(["clipboard-read", "clipboard-write"])
    address = switched_on(mine)
    mine.get_by_role("button", name="Chép đường dẫn").click()
    expect(mine.get_by_text("Đã chép đường dẫn.")).to_be_visible()
    assert mine.evaluate("navigator.clipboard.readText()") == address


def test_what_a_phone_cannot_do_is_not_offered_and_the_address_can_be_taken_by_hand(mine: Page):
    mine.add_init_script(NO_SHEET)
    address = switched_on(mine)
    expect(mine.get_by_role("button", name="Chép đường dẫn")).to_be_visible()
    expect(mine.get_by_role("button", name="Gửi qua Zalo")).to_be_hidden()
    expect(mine.get_by_role("button", name="Gửi ảnh giấy")).to_be_hidden()
    mine.get_by_role("button", name="Chép đường dẫn").click()
    expect(mine.get_by_text("Máy không cho chép.")).to_be_visible()
    assert mine.evaluate("getSelection().toString() || document.activeElement.value") == address


def test_a_network_that_fails_is_told_and_the_picture_can_be_asked_for_again(mine: Page, watch):
    switched_on(mine)
    mine.route("**/anh/", lambda route: route.abort())
    mine.get_by_role("button", name="Gửi ảnh giấy").click()
    expect(mine.get_by_text("Chưa lấy được ảnh")).to_be_visible()
    mine.unroute("**/anh/")
    mine.get_by_role("button", name="Gửi ảnh giấy").click()
    expect(mine.locator("body")).to_have_attribute("data-sent", PICTURE)
    expect(mine.get_by_text("Chưa lấy được ảnh")).to_be_hidden()
    watch.complaints = [line for line in watch.complaints if "ERR_FAILED" not in line]
