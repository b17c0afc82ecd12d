"""A colleague's passkey: made on the own page of the admin, and used as the second step of the log-in. Chromium plays the part of the
machine's own reader (WebAuthn over the DevTools protocol), under the policies that are sent to everybody."""

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import CDPSession, Page, expect

from .conftest import DESK, PHONE, Demo, Watch, _page, follow, log_in

OWN = "/quan-tri/account/hai-buoc/"
READER = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True,
    "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture
def named(demo: Demo) -> Demo:
    """The same demo by a name: a number is no name for a passkey."""
    return replace(demo, address=f"http://localhost:{urlsplit(demo.address).port}")


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def machine(request, browser, named: Demo, watch: Watch) -> Iterator[Page]:
    context = browser.new_context(base_url=named.address, viewport=request.param, locale="vi-VN")
    yield from _page(context, named, watch)


@pytest.fixture
def reader(machine: Page) -> CDPSession:
    session = machine.context.new_cdp_session(machine)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": READER})
    return session


@pytest.fixture
def login(demo: Demo) -> dict[str, str]:
    return demo.login("người soạn câu hỏi")


@pytest.fixture
def colleague(demo: Demo, login: dict[str, str]) -> Iterator[dict[str, str]]:
    """Who has a passkey at the end of the test, and none afterwards."""
    yield login
    demo.manage("reset_second_factor", login["phone"])


def is_within(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_passkey_is_made_and_then_opens_the_second_step(machine: Page, reader: CDPSession, colleague):
    log_in(machine, colleague, "/quan-tri/")
    machine.goto("/quan-tri/account/")
    follow(machine, machine.get_by_role("link", name="Cài xác minh hai bước"))
    assert is_within(machine)
    follow(machine, machine.get_by_role("link", name="Thêm khóa truy cập"))
    machine.get_by_label("Mật khẩu").fill(colleague["secret"])
    follow(machine, machine.get_by_role("button", name="Tiếp tục"))
    machine.get_by_label("Tên của khóa").fill("Máy ở xã")
    follow(machine, machine.get_by_role("button", name="Thêm khóa truy cập"))
    expect(machine.get_by_text(re.compile(r"^\d{8}$"))).to_have_count(10)
    assert is_within(machine)
    machine.goto(OWN)
    expect(machine.get_by_text("Máy ở xã")).to_be_visible()

    machine.context.clear_cookies()
    machine.goto("/tai-khoan/dang-nhap/?next=/quan-tri/")
    machine.get_by_label("Số điện thoại").fill(colleague["phone"])
    machine.get_by_label("PIN").fill(colleague["secret"])
    machine.get_by_role("button", name="Đăng nhập").click()
    machine.wait_for_url("**/tai-khoan/buoc-hai/")
    assert is_within(machine)
    machine.get_by_role("button", name="Dùng khóa truy cập").click()
    machine.wait_for_url("**/quan-tri/")


def test_whoever_says_no_is_told_and_may_try_again(machine: Page, reader: CDPSession, colleague):
    log_in(machine, colleague, "/quan-tri/")
    machine.goto(f"{OWN}mat-khau/?next={OWN}khoa/")
    machine.get_by_label("Mật khẩu").fill(colleague["secret"])
    follow(machine, machine.get_by_role("button", name="Tiếp tục"))
    add = machine.get_by_role("button", name="Thêm khóa truy cập")
    machine.evaluate(
        "() => { navigator.credentials.create = () => Promise.reject(new DOMException('', 'NotAllowedError')); }"
    )
    add.click()
    expect(machine.get_by_role("alert").filter(has_text="Có thể anh/chị đã bấm hủy")).to_be_visible()
    machine.reload()
    follow(machine, machine.get_by_role("button", name="Thêm khóa truy cập"))
    expect(machine.get_by_text(re.compile(r"^\d{8}$"))).to_have_count(10)


def test_an_address_without_a_name_says_that_it_takes_no_passkeys(desk: Page, login):
    log_in(desk, login, "/quan-tri/")
    desk.goto(f"{OWN}mat-khau/?next={OWN}khoa/")
    desk.get_by_label("Mật khẩu").fill(login["secret"])
    follow(desk, desk.get_by_role("button", name="Tiếp tục"))
    expect(desk.get_by_role("alert").filter(has_text="chưa dùng được khóa truy cập")).to_be_visible()
    expect(desk.get_by_role("button", name="Thêm khóa truy cập")).to_be_hidden()
    follow(desk, desk.get_by_role("link", name="Để sau"))
    assert desk.url.endswith(OWN)
