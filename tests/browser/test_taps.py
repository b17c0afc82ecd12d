"""Taps on a slow network: a button that seems to do nothing is tapped again."""

import time

import pytest
from playwright.sync_api import Page, Route, expect

from .test_journey import code_for

pytestmark = pytest.mark.once
START = "/tai-khoan/dien-thoai/"
TWO_TAPS = """([name, guarded]) => {
  const button = [...document.querySelectorAll("main form button")].find((one) => one.textContent.includes(name));
  button.click();
  setTimeout(() => guarded ? button.click() : HTMLFormElement.prototype.submit.call(button.form), 60);
}"""


def slowly(route: Route) -> None:
    time.sleep(0.3)
    route.continue_()


def tap_twice(page: Page, name: str, *, guarded: bool = True) -> None:
    page.evaluate(TWO_TAPS, [name, guarded])


@pytest.mark.parametrize("guarded", [True, False])
def test_two_taps_at_each_step_of_logging_in_lead_on(phone: Page, guarded: bool):
    number = "0912 345 61" + str(int(guarded))
    phone.goto(START)
    phone.route("**/tai-khoan/**", slowly)
    phone.get_by_label("Số điện thoại").fill(number)
    tap_twice(phone, "Nhắn mã cho tôi")
    phone.wait_for_url("**/tai-khoan/ma/**")
    phone.get_by_label("Mã sáu số").fill(code_for(phone, number))
    tap_twice(phone, "Xác nhận", guarded=guarded)
    expect(phone.get_by_label("Họ và tên")).to_be_visible()


def test_a_tapped_button_waits_and_is_free_again_after_going_back(phone: Page):
    phone.goto(START)
    button = phone.get_by_role("button", name="Nhắn mã cho tôi")
    phone.route("**/tai-khoan/dien-thoai/", lambda route: route.fulfill(status=204))  # an answer that leads nowhere
    phone.get_by_label("Số điện thoại").fill("0912 345 612")
    button.click()
    expect(button).to_be_disabled()
    phone.evaluate("dispatchEvent(new PageTransitionEvent('pageshow'))")
    expect(button).to_be_enabled()
