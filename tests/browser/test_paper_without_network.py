"""A QR code on a paper, scanned: with a network the register speaks, without one the signature does."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Error, Page, expect

from .conftest import PHONE, Demo

pytestmark = pytest.mark.once
PAPER = """
from certificates.models import Credential
paper = Credential.objects.filter(status="valid").exclude(statement="").order_by("pk")[NTH]
print(paper.code, paper.statement, paper.evidence["name"], sep="|")
"""
REVOKE = """
from certificates import actions
from certificates.models import Credential
from django.utils import timezone
actions.revoke(credential=Credential.objects.get(code="CODE"), reason="Cấp nhầm", by=None, at=timezone.now())
"""
STATE_ANEW = """
from certificates import actions, keys
from certificates.actions import keys as keys_of
from certificates.models import Credential
from django.utils import timezone
paper = Credential.objects.get(code="CODE")
actions.make_key(issuer=paper.issuer, by=None, at=timezone.now())
keys_of.state(paper, keys.signer(paper.issuer))
paper.save()
"""
# Within ten seconds, or what is not there.
READY = """async () => {
  const has = async (address) => (await (await caches.open("certificate lists")).match(address)) !== undefined;
  const missing = async () => [
    !(await has("/c/khoa.json")) && "keys", !(await has("/c/het-hieu-luc.json")) && "list",
    !(await navigator.serviceWorker.getRegistration())?.active && "worker",
  ].filter(Boolean);
  for (let tries = 100; tries && (await missing()).length; tries -= 1) await new Promise((done) => setTimeout(done, 100));
  return missing();
}"""
WITHOUT_CURVE = """
const usual = crypto.subtle.importKey.bind(crypto.subtle);
crypto.subtle.importKey = (...how) => how[2].name === "Ed25519" ? Promise.reject(new DOMException("", "NotSupportedError")) : usual(...how);
"""
CURVE_KEPT = """async () => {
  for (let tries = 100; tries; tries -= 1) {
    for (const name of await caches.keys()) {
      const kept = await (await caches.open(name)).keys();
      if (kept.some(({ url }) => url.includes("noble"))) return true;
    }
    await new Promise((done) => setTimeout(done, 100));
  }
  return false;
}"""


@dataclass
class Paper:
    code: str
    statement: str
    name: str

    @property
    def scanned(self) -> str:
        return f"/c/{self.code}#{self.statement}"

    @property
    def altered(self) -> str:
        return self._changed(len(self.statement) // 2)

    @property
    def by_another_key(self) -> str:
        return self._changed(3)

    @property
    def cut_off(self) -> str:
        return f"/c/{self.code}#{self.statement[:90]}"

    def _changed(self, at: int) -> str:
        other = "A" if self.statement[at] != "A" else "B"
        return f"/c/{self.code}#{self.statement[:at]}{other}{self.statement[at + 1 :]}"


def paper_of(demo: Demo, nth: int = 0) -> Paper:
    return Paper(
        *demo.manage("shell", "-v", "0", "-c", PAPER.replace("NTH", str(nth))).strip().splitlines()[-1].split("|")
    )


@pytest.fixture
def phone(browser: Browser, demo: Demo) -> Iterator[Page]:
    """Of a stranger, who never logged in."""
    context = browser.new_context(base_url=demo.address, viewport=PHONE, has_touch=True, locale="vi-VN")
    yield context.new_page()
    context.close()


def scan(page: Page, address: str) -> None:
    page.goto("about:blank")
    page.goto(address)


def headline(page: Page) -> str:
    return page.locator("h1:visible").inner_text()


def test_with_a_network_the_register_speaks_and_the_signature_confirms_it(phone: Page, demo: Demo):
    paper = paper_of(demo)
    scan(phone, paper.scanned)
    expect(phone.get_by_text("Mã QR đúng do đơn vị cấp ký")).to_be_visible()
    assert headline(phone) == "Còn hiệu lực"
    scan(phone, paper.altered)
    expect(phone.get_by_text("không phải do đơn vị cấp ký")).to_be_visible()
    assert headline(phone) == "Còn hiệu lực"


def test_a_code_that_was_typed_says_nothing_of_a_signature(phone: Page, demo: Demo):
    scan(phone, f"/c/{paper_of(demo).code}")
    phone.wait_for_load_state("networkidle")
    expect(phone.locator("[data-case]:visible")).to_have_count(0)


def test_a_place_on_the_page_is_no_statement(phone: Page, demo: Demo):
    paper = paper_of(demo)
    for place in ("doi-chieu", "noi-dung", "id_birth_year"):
        scan(phone, f"/c/{paper.code}#{place}")
        phone.wait_for_load_state("networkidle")
        expect(phone.locator("[data-case]:visible")).to_have_count(0)
    scan(phone, paper.scanned)
    expect(phone.get_by_text("Mã QR đúng do đơn vị cấp ký")).to_be_visible()
    phone.evaluate("window.isSame = true; location.hash = 'doi-chieu'")
    phone.wait_for_load_state("networkidle")
    assert phone.evaluate("window.isSame")
    expect(phone.get_by_text("Mã QR đúng do đơn vị cấp ký")).to_be_visible()


def test_another_paper_in_the_same_window_is_checked_itself(phone: Page, demo: Demo):
    paper = paper_of(demo)
    scan(phone, paper.scanned)
    expect(phone.get_by_text("Mã QR đúng do đơn vị cấp ký")).to_be_visible()
    phone.goto(paper.altered)
    expect(phone.get_by_text("không phải do đơn vị cấp ký")).to_be_visible()


def test_what_was_cut_off_is_called_neither_signed_nor_forged(phone: Page, demo: Demo):
    paper = paper_of(demo)
    scan(phone, paper.cut_off)
    expect(phone.get_by_text("Mã QR đọc chưa đủ hoặc đã bị hỏng")).to_be_visible()
    expect(phone.locator("[data-case]:visible")).to_have_count(1)
    assert phone.evaluate(READY) == []
    phone.context.set_offline(True)
    scan(phone, paper.cut_off)
    expect(phone.get_by_role("heading", name="Chưa đọc được mã QR")).to_be_visible()
    expect(phone.get_by_text(paper.name)).to_have_count(0)


def test_a_key_that_nobody_knows_is_called_so(phone: Page, demo: Demo):
    paper = paper_of(demo)
    scan(phone, paper.by_another_key)
    expect(phone.get_by_text("Không có khóa để kiểm tra chữ ký")).to_be_visible()
    expect(phone.locator("[data-case]:visible")).to_have_count(1)
    assert phone.evaluate(READY) == []
    phone.context.set_offline(True)
    scan(phone, paper.by_another_key)
    expect(phone.get_by_role("heading", name="Chưa kiểm tra được")).to_be_visible()


def test_a_new_key_is_known_although_the_browser_keeps_the_list_from_before(phone: Page, demo: Demo):
    paper = paper_of(demo, 1)
    scan(phone, paper.scanned)
    expect(phone.get_by_text("Mã QR đúng do đơn vị cấp ký")).to_be_visible()
    demo.manage("shell", "-v", "0", "-c", STATE_ANEW.replace("CODE", paper.code))
    stated = paper_of(demo, 1)
    assert stated.code == paper.code
    assert stated.statement[:6] != paper.statement[:6]
    scan(phone, stated.scanned)
    expect(phone.get_by_text("Mã QR đúng do đơn vị cấp ký")).to_be_visible()


def test_a_phone_that_was_here_before_checks_papers_without_a_network(phone: Page, demo: Demo):
    paper, other = paper_of(demo), paper_of(demo, 1)
    phone.goto("/c/")
    assert phone.evaluate(READY) == []
    phone.context.set_offline(True)
    for one in (paper, other):
        scan(phone, one.scanned)
        expect(phone.get_by_role("heading", name="Chữ ký trên mã QR là thật")).to_be_visible()
        expect(phone.get_by_text(one.name, exact=True)).to_be_visible()
        expect(phone.get_by_text("BẢN MẪU – KHÔNG CÓ GIÁ TRỊ.")).to_be_visible()
        expect(phone.get_by_text(re.compile(r"tải lúc \d"))).to_be_visible()
    scan(phone, paper.altered)
    expect(phone.get_by_role("heading", name="Mã QR không đúng")).to_be_visible()
    expect(phone.get_by_text(paper.name)).to_have_count(0)
    expect(phone.get_by_text("BẢN MẪU – KHÔNG CÓ GIÁ TRỊ.")).to_be_hidden()
    scan(phone, f"/c/{other.code}#{paper.statement}")
    expect(phone.get_by_role("heading", name="Mã QR không đúng")).to_be_visible()
    scan(phone, f"/c/{paper.code}")
    expect(phone.get_by_role("heading", name="Chưa có mạng")).to_be_visible()


def test_once_the_network_is_back_the_register_speaks_again(phone: Page, demo: Demo):
    paper = paper_of(demo)
    phone.goto("/c/")
    assert phone.evaluate(READY) == []
    phone.context.set_offline(True)
    scan(phone, paper.scanned)
    expect(phone.get_by_role("heading", name="Chữ ký trên mã QR là thật")).to_be_visible()
    phone.context.set_offline(False)
    expect(phone.get_by_role("heading", name="Còn hiệu lực")).to_be_visible()


def test_a_phone_that_was_never_here_cannot(phone: Page, demo: Demo):
    paper = paper_of(demo)
    phone.context.set_offline(True)
    with pytest.raises(Error, match="ERR_"):
        phone.goto(paper.scanned)


def test_a_browser_that_does_not_know_the_curve_checks_all_the_same(phone: Page, demo: Demo):
    paper = paper_of(demo)
    phone.context.add_init_script(WITHOUT_CURVE)
    phone.goto("/c/")
    assert phone.evaluate(READY) == []
    assert phone.evaluate(CURVE_KEPT)
    phone.context.set_offline(True)
    scan(phone, paper.scanned)
    expect(phone.get_by_role("heading", name="Chữ ký trên mã QR là thật")).to_be_visible()
    scan(phone, paper.altered)
    expect(phone.get_by_role("heading", name="Mã QR không đúng")).to_be_visible()


def test_what_was_revoked_before_the_list_was_fetched_is_told_without_a_network(phone: Page, demo: Demo):
    paper = paper_of(demo, 2)
    demo.manage("shell", "-v", "0", "-c", REVOKE.replace("CODE", paper.code))
    phone.goto("/c/")
    assert phone.evaluate(READY) == []
    phone.context.set_offline(True)
    scan(phone, paper.scanned)
    expect(phone.get_by_role("heading", name="Đã thu hồi")).to_be_visible()
    expect(phone.get_by_text(paper.name, exact=True)).to_be_visible()
