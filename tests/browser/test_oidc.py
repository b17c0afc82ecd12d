"""Log-in by another issuer, through a browser's own redirects and policies, on a phone."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from tests.fake_issuer import CLIENT, SECRET, FakeIssuer

from .conftest import PATIENCE, PHONE, Demo, Watch, follow, free_address, served
from .test_pages import findings, overflow

pytestmark = pytest.mark.once
BUTTON = "Đăng nhập bằng VNeID"


@pytest.fixture(scope="module")
def issuer() -> Iterator[FakeIssuer]:
    fake = FakeIssuer()
    yield fake
    fake.end()


@pytest.fixture(scope="module")
def site(demo: Demo, issuer: FakeIssuer) -> Iterator[Demo]:
    """The same demo, by a server whose operator has set the issuer."""
    address = free_address()
    told = {"OIDC_ISSUER": issuer.address, "OIDC_CLIENT_ID": CLIENT, "OIDC_CLIENT_SECRET": SECRET, "OIDC_NAME": "VNeID"}
    site = replace(demo, address=address, environment=demo.environment | told | {"BASE_URL": address})
    with served(site):
        yield site


@pytest.fixture
def phone(browser, site: Demo, issuer: FakeIssuer, watch: Watch) -> Iterator[Page]:
    """Nothing of the issuer's is loaded into our pages; people go there and come back."""
    issuer.begin_anew()
    issuer.claims["phone_number"] = site.login("học viên đang học")["phone"]
    context = browser.new_context(base_url=site.address, viewport=PHONE, has_touch=True, locale="vi-VN")
    context.set_default_timeout(PATIENCE)
    watch.over(context, site)
    yield context.new_page()
    context.close()
    assert (watch.complaints, watch.broken) == ([], [])
    there = [url.removeprefix(issuer.address) for url in watch.foreign]
    assert all(re.match(r"/(authorize|agree|refuse|favicon)", url) for url in there), there


def fits(page: Page) -> None:
    """Nothing for axe to find, nothing wider than the phone."""
    assert findings(page) == []
    assert overflow(page) == 0


def to_the_issuer(page: Page) -> None:
    page.goto("/tai-khoan/dien-thoai/?next=/hoc/")
    fits(page)
    follow(page, page.get_by_role("button", name=BUTTON))
    expect(page.get_by_role("heading", name="Cổng định danh thử")).to_be_visible()


def test_there_and_back_and_in(phone: Page, site: Demo):
    to_the_issuer(phone)
    follow(phone, phone.get_by_role("link", name="Đồng ý"))
    expect(phone).to_have_url(f"{site.address}/hoc/")


def test_the_button_needs_no_number_and_enter_still_sends_a_code(phone: Page):
    phone.goto("/tai-khoan/dien-thoai/")
    phone.get_by_label("Số điện thoại").press("Enter")
    expect(phone.get_by_text("Hãy nhập số điện thoại")).to_be_visible()
    expect(phone.get_by_role("button", name=BUTTON)).to_be_visible()


def test_somebody_who_does_not_want_to_is_told_the_way_by_phone(phone: Page):
    to_the_issuer(phone)
    follow(phone, phone.get_by_role("link", name="Không"))
    expect(phone.get_by_role("heading", name="Chưa vào được bằng VNeID")).to_be_visible()
    follow(phone, phone.get_by_role("link", name="Vào bằng số điện thoại, hoặc thử lại"))
    expect(phone).to_have_url(re.compile(r"dien-thoai/\?next=/hoc/"))


def test_linked_and_taken_back_and_out(phone: Page):
    to_the_issuer(phone)
    follow(phone, phone.get_by_role("link", name="Đồng ý"))
    phone.goto("/tai-khoan/")
    follow(phone, phone.get_by_role("link", name=f"{BUTTON}: nối, gỡ"))
    fits(phone)
    follow(phone, phone.get_by_role("button", name="Sang VNeID để nối"))
    follow(phone, phone.get_by_role("link", name="Đồng ý"))
    expect(phone.get_by_text("Hai tên khác nhau")).to_be_visible()
    fits(phone)
    follow(phone, phone.get_by_role("button", name="Nối", exact=True))
    expect(phone.get_by_text("Đã nối.")).to_be_visible()
    phone.goto("/tai-khoan/noi/")
    fits(phone)
    follow(phone, phone.get_by_role("link", name="Gỡ"))
    fits(phone)
    follow(phone, phone.get_by_role("button", name="Gỡ"))
    expect(phone.get_by_text("Đã gỡ.")).to_be_visible()
    phone.get_by_role("button", name="Đăng xuất khỏi máy này").click()
    expect(phone.get_by_text("Máy này có thể vẫn đang đăng nhập ở VNeID")).to_be_visible()


@pytest.mark.parametrize("why", ["da-dung", "khong-tra-loi", "khong-co-so", "so-da-noi", "khong-kiem-chung-duoc"])
def test_why_somebody_is_not_in_fits_a_phone(phone: Page, why: str):
    phone.goto(f"/tai-khoan/noi-khac/chua-vao/?vi-sao={why}")
    fits(phone)
