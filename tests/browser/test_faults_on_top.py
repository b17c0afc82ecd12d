"""A form that comes back shows what is wrong on the first screen and puts the cursor there, with and without scripts."""

import pytest
from playwright.sync_api import Page, expect

from .conftest import PHONE, Demo, log_in
from .test_pages import findings

pytestmark = pytest.mark.once
LOST = "/tai-khoan/mat-so/"


def send_without_the_new_number(page: Page) -> None:
    page.goto(LOST)
    page.get_by_label("Họ và tên").fill("Danh Sà Mây")
    page.get_by_label("Xã, phường").fill("rach goc")
    page.get_by_role("button", name="Gửi yêu cầu").click()


def reach_the_fault(page: Page) -> None:
    line = page.get_by_role("alert")
    expect(line).to_contain_text("Còn chỗ chưa đúng: Số điện thoại mới")
    expect(line).to_be_focused()
    expect(line).to_be_in_viewport(ratio=1)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Số điện thoại mới")).to_be_focused()
    expect(page.get_by_label("Số điện thoại mới")).to_be_in_viewport(ratio=1)


def test_the_line_on_top_has_the_focus_and_leads_to_the_fault(phone: Page):
    send_without_the_new_number(phone)
    assert findings(phone) == []
    reach_the_fault(phone)


def test_the_same_without_javascript(demo: Demo, browser):
    context = browser.new_context(base_url=demo.address, java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    send_without_the_new_number(page)
    reach_the_fault(page)
    context.close()


def test_where_a_place_has_several_namesakes_they_stand_there_to_be_tapped(phone: Page):
    phone.goto(LOST)
    phone.get_by_label("Xã, phường").fill("tan phu")
    phone.keyboard.press("Enter")
    expect(phone.locator(".place-names button").first).to_be_visible()
    expect(phone.get_by_role("alert")).to_contain_text("Xã, phường")
    expect(phone.get_by_role("alert")).to_be_in_viewport(ratio=1)
    assert findings(phone) == []
    phone.get_by_role("button", name="Xã Tân Phú, tỉnh Đồng Tháp").click()
    expect(phone.get_by_label("Xã, phường")).to_have_value("Xã Tân Phú, tỉnh Đồng Tháp")
    expect(phone.locator(".place-names button")).to_have_count(0)


def test_an_officer_is_led_to_the_first_fault(desk: Page, demo: Demo, watch):
    log_in(desk, demo.login("cán bộ theo dõi xã"), "/quan-tri/nguoi/dang-ky/")
    desk.get_by_role("button", name="Đăng ký").click()
    desk.get_by_role("button", name="Đến lỗi đầu tiên").click()
    expect(desk.locator(".error-message").first).to_be_focused()
    watch.complaints = [line for line in watch.complaints if "422" not in line]
