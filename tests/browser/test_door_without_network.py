"""The desk at the door on three phones in a hall without a network: nothing is lost, and what two phones disagree on is listed."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from .conftest import PATIENCE, PHONE, Demo, Watch
from .test_offline import WEAK

pytestmark = pytest.mark.once
DELEGATES = 120
HALL = f"""
import json
from datetime import timedelta
from django.utils import timezone
from tests import cast
from workshops import actions
from workshops.models import Session
slug = "SLUG"
now = timezone.now()
workshop = cast.workshop(cast.course(slug=slug, title=slug), slug=slug)
Session.objects.filter(workshop=workshop).update(starts_at=now + timedelta(minutes=10), ends_at=now + timedelta(hours=3))
desks = [actions.make_desk(workshop=workshop, name=f"Bàn {{one}}", hours=3, by=None, at=now - timedelta(hours=2)) for one in (1, 2, 3)]
tickets = [
    actions.register(
        workshop=workshop, person=cast.person(f"Đại biểu {{one:03}}", contact_phone=f"+8491200{{one:04}}"), source="nominated", at=now, unit="HTX Muối",
    ).code
    for one in range(1, {DELEGATES} + 1)
]
print(json.dumps({{"workshop": workshop.pk, "codes": [code for _desk, code in desks], "tickets": tickets}}))
"""
FOUND = """
import json
from workshops import personal
from workshops.models import Attendance, Scan
rows = Attendance.objects.filter(session__workshop=WORKSHOP, taken_back_at=None)
print(json.dumps({
    "there": sorted(rows.values_list("registration__number", flat=True)),
    "names": sorted(rows.filter(way="scan").values_list("registration__person__name", flat=True)),
    "conflicts": sorted(Scan.objects.filter(session__workshop=WORKSHOP).exclude(outcome="present").values_list("outcome", flat=True)),
    "minutes": min((int((one.recorded_at - one.occurred_at).total_seconds() // 60) for one in rows), default=0),
    "violations": [said for said in personal.violations() if "attendance" in said or "scan" in said],
}))
"""
MEANWHILE = """
from django.utils import timezone
from tests import cast
from workshops import actions
from workshops.models import Registration
of = Registration.objects.filter(workshop=WORKSHOP)
actions.cancel(registration=of.get(number=118), at=timezone.now())
actions.replace(registration=of.get(number=119), person=cast.person("Người Đi Thay"), at=timezone.now())
"""
END = """
from django.utils import timezone
from workshops import actions
from workshops.models import Desk
for desk in Desk.objects.filter(workshop=WORKSHOP):
    actions.end_desk(desk=desk, by=None, at=timezone.now())
"""
STATUS = "[data-status]"
READY = """async () => {
  const worker = await navigator.serviceWorker.ready;
  return worker.active.state === "activated"
    || new Promise((resolve) => worker.active.addEventListener("statechange", () => resolve(true), { once: true }));
}"""
# Everything that this site has on the device, as text: its databases, storages and caches.
STORED = """async () => {
  const parts = [JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie];
  const bytes = (one) => one instanceof ArrayBuffer || ArrayBuffer.isView(one) ? new TextDecoder("latin1").decode(one) + new TextDecoder().decode(one)
    : one instanceof CryptoKey ? "A KEY" : one && typeof one === "object" ? Object.entries(one).map(([name, value]) => name + bytes(value)).join() : String(one);
  for (const { name } of await indexedDB.databases()) {
    const opened = await new Promise((resolve) => { const asked = indexedDB.open(name); asked.onsuccess = () => resolve(asked.result); });
    for (const store of opened.objectStoreNames) {
      const asked = opened.transaction(store).objectStore(store).getAll();
      parts.push(await new Promise((resolve) => { asked.onsuccess = () => resolve(asked.result.map(bytes).join()); }));
    }
    opened.close();
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) parts.push(request.url, await (await cache.match(request)).text());
  }
  return parts.join("\\n");
}"""
KEPT = """async () => {
  const opened = await new Promise((resolve) => { const asked = indexedDB.open("desk"); asked.onsuccess = () => resolve(asked.result); });
  const asked = opened.transaction("desk").objectStore("desk").getAllKeys();
  const keys = await new Promise((resolve) => { asked.onsuccess = () => resolve(asked.result); });
  opened.close();
  return keys;
}"""


@dataclass
class Hall:
    demo: Demo
    workshop: int
    codes: list[str]
    tickets: list[str]

    def run(self, script: str) -> str:
        return self.demo.manage("shell", "-v", "0", "-c", script.replace("WORKSHOP", str(self.workshop)))

    def found(self):
        return json.loads(self.run(FOUND))


@pytest.fixture
def hall(demo: Demo, request) -> Hall:
    slug = "cua-" + re.sub(r"[^a-z]", "", request.node.name)[-30:]
    return Hall(demo, **json.loads(demo.manage("shell", "-v", "0", "-c", HALL.replace("SLUG", slug))))


@pytest.fixture
def phones(browser: Browser, demo: Demo, watch: Watch) -> Iterator[list[Page]]:
    """Three of them, each with a store and a network of its own."""
    contexts: list[BrowserContext] = []
    for _one in range(3):
        context = browser.new_context(base_url=demo.address, viewport=PHONE, has_touch=True, locale="vi-VN")
        context.set_default_timeout(PATIENCE)
        watch.over(context, demo)
        contexts.append(context)
    expect.set_options(timeout=PATIENCE)
    yield [context.new_page() for context in contexts]
    for context in contexts:
        context.close()
    complaints = [line for line in watch.complaints if not re.search(WEAK, line)]
    assert (complaints, watch.foreign, watch.broken) == ([], [], [])


def open_desk(page: Page, code: str) -> None:
    page.goto("/diem-danh/")
    unlock(page, code)
    page.evaluate(READY)


def unlock(page: Page, code: str) -> None:
    page.get_by_label("Mã bàn").fill(code)
    page.get_by_role("button", name="Mở bàn").click()
    expect(page.locator("[data-view=work]")).to_be_visible()


def check_in(page: Page, number: int) -> None:
    page.locator("#tim").fill(f"{number:03}")
    row = page.locator("[data-found] li").filter(has_text=f"Đại biểu {number:03}")
    row.get_by_role("button", name="Có mặt").click()
    expect(page.locator("[data-verdict] h2")).to_have_text(f"Đại biểu {number:03}")


def scan(page: Page, code: str) -> None:
    """As if the camera had read it."""
    page.evaluate("""async (code) => {
      const script = [...document.scripts].find((one) => one.src.includes("/js/desk."));
      const text = await (await fetch(script.src)).text();
      const name = text.match(/desk-work[^"']*\\.js/)[0];
      const work = await import(new URL(name, script.src));
      await work.scan(`https://x.vn/tap-huan/ve/${code}/`);
    }""", code)  # fmt: skip


def test_three_phones_half_an_hour_without_a_network_lose_nothing_and_what_they_disagree_on_is_listed(
    hall: Hall, phones: list[Page]
):
    for page, code in zip(phones, hall.codes, strict=True):
        page.clock.install()
        open_desk(page, code)
        expect(page.locator("[data-expected]")).to_have_text(str(DELEGATES))
    for page in phones:
        page.context.set_offline(True)
    shares = [range(1, 41), range(41, 81), range(81, 121)]
    for page, share in zip(phones, shares, strict=True):
        for number in share:
            check_in(page, number)
        expect(page.locator(STATUS)).to_have_text("Đang chờ gửi 40")
        expect(page.locator("span[data-present]")).to_have_text("40")
    check_in(phones[1], 7)  # whom the first has, too
    expect(phones[1].locator(STATUS)).to_have_text("Đang chờ gửi 41")
    hall.run(MEANWHILE)
    assert hall.found()["there"] == []
    for page in phones:
        page.clock.fast_forward("30:00")
    reopened(phones[0], hall.codes[0], "Đang chờ gửi 40")
    for page in phones:
        page.context.set_offline(False)
        page.evaluate("dispatchEvent(new Event('online'))")
        expect(page.locator(STATUS)).to_have_text("Đã gửi", timeout=60_000)
    found = hall.found()
    assert found["there"] == [number for number in range(1, 121) if number not in (118, 119)]
    assert found["conflicts"] == ["again", "cancelled", "replaced"]
    assert found["violations"] == []
    assert found["minutes"] >= 30  # recorded as of when they came
    phones[2].locator("[data-conflicts] summary").click()
    listed = phones[2].locator("[data-conflicts] li")
    expect(listed).to_have_count(2)
    expect(listed.nth(0)).to_contain_text("Đại biểu 118")
    expect(listed.nth(1)).to_contain_text("đã có người đi thay")
    expect(phones[1].locator("[data-conflicts]")).to_contain_text("1")


def reopened(page: Page, code: str, status: str) -> None:
    """Its tab was thrown away; without a network the page comes back, and the code opens what waits."""
    page.goto("about:blank")
    page.goto("/diem-danh/")
    expect(page.locator("[data-case=unsent]")).to_be_visible()
    unlock(page, code)
    expect(page.locator(STATUS)).to_have_text(status)


def test_the_roster_cannot_be_read_from_the_phone_without_the_code(hall: Hall, phones: list[Page]):
    page = phones[0]
    open_desk(page, hall.codes[0])
    page.context.set_offline(True)
    check_in(page, 12)
    expect(page.locator(STATUS)).to_have_text("Đang chờ gửi 1")
    stored = page.evaluate(STORED)
    assert "until" in stored  # it does read what is there
    for secret in ("Đại biểu", "HTX Muối", hall.codes[0], hall.tickets[11], "A KEY"):
        assert secret not in stored
    page.goto("/diem-danh/")
    page.get_by_label("Mã bàn").fill(hall.codes[1])
    page.get_by_role("button", name="Mở bàn").click()
    expect(page.locator("[data-case=away]")).to_be_visible()
    expect(page.locator("[data-view=work]")).to_be_hidden()


def test_the_roster_goes_when_the_desk_is_ended_and_what_was_recorded_arrives(hall: Hall, phones: list[Page]):
    page = phones[0]
    open_desk(page, hall.codes[0])
    page.context.set_offline(True)
    check_in(page, 12)
    assert "roster" in page.evaluate(KEPT)
    hall.run(END)
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("[data-case=over]")).to_be_visible()
    assert page.evaluate(KEPT) == []
    assert hall.found()["there"] == [12]


def test_the_roster_goes_when_its_hours_are_over_also_from_a_phone_that_was_shut(hall: Hall, phones: list[Page]):
    page = phones[0]
    open_desk(page, hall.codes[0])
    assert "roster" in page.evaluate(KEPT)
    page.goto("about:blank")
    page.context.set_offline(True)
    later = page.context.new_page()
    later.clock.install()
    later.clock.fast_forward("02:30:00")
    later.goto("/diem-danh/")
    later.wait_for_function(f"async () => !(await ({KEPT})()).length")
    assert "Đại biểu" not in later.evaluate(STORED)


def test_a_ticket_is_scanned_a_stranger_is_told_and_a_walk_in_and_a_stand_in_arrive(hall: Hall, phones: list[Page]):
    page = phones[0]
    open_desk(page, hall.codes[0])
    page.context.set_offline(True)
    page.get_by_role("button", name="Bổ sung tại chỗ").click()
    page.get_by_label("Họ và tên").fill("Lâm Văn Mới")
    page.get_by_label("Đã ký phiếu").check()
    page.get_by_role("button", name="Ghi và điểm danh").click()
    page.locator("#tim").fill("030")
    page.get_by_role("button", name="Có người đi thay").click()
    page.get_by_label("Họ và tên").fill("Lê Thị Thay")
    page.get_by_label("Đã ký phiếu").check()
    page.get_by_role("button", name="Ghi và điểm danh").click()
    expect(page.locator(STATUS)).to_have_text("Đang chờ gửi 2")
    page.context.set_offline(False)
    scan(page, hall.tickets[4])
    scan(page, "KHONGCO222")
    expect(page.locator(STATUS)).to_have_text("Đã gửi", timeout=30_000)
    found = hall.found()
    assert 5 in found["there"]
    assert "Đại biểu 030" not in found["names"]
    assert len(found["there"]) == 3
    assert found["conflicts"] == ["unknown"]
    expect(page.locator("span[data-present]")).to_have_text("3")


def test_a_phone_whose_browser_reads_no_codes_has_a_decoder_for_it(hall: Hall, phones: list[Page]):
    page = phones[0]
    page.add_init_script("delete window.BarcodeDetector")
    open_desk(page, hall.codes[0])
    found = page.evaluate("""async () => {
      await import(document.querySelector("[data-decoder]").dataset.decoder);
      return typeof self.jsQR;
    }""")
    assert found == "function"


def ask_for_another_desk_while_a_report_waits(page: Page, hall: Hall) -> None:
    open_desk(page, hall.codes[0])
    page.context.set_offline(True)
    check_in(page, 12)
    page.goto("/diem-danh/")
    page.context.set_offline(False)
    page.get_by_label("Mã bàn").fill(hall.codes[1])
    page.get_by_role("button", name="Mở bàn").click()


def test_a_desk_with_reports_that_wait_is_not_thrown_away_for_another(hall: Hall, phones: list[Page]):
    page = phones[0]
    ask_for_another_desk_while_a_report_waits(page, hall)
    expect(page.locator("[data-case=another]")).to_be_visible()
    unlock(page, hall.codes[0])
    expect(page.locator(STATUS)).to_have_text("Đã gửi")
    assert hall.found()["there"] == [12]


def test_reports_whose_code_is_lost_are_given_up_by_hand_alone(hall: Hall, phones: list[Page]):
    page = phones[0]
    ask_for_another_desk_while_a_report_waits(page, hall)
    page.get_by_text("Không còn mã ấy").click()
    page.get_by_role("button", name="Bỏ các lượt chưa gửi").click()
    expect(page.locator("[data-case=another]")).to_be_hidden()
    unlock(page, hall.codes[1])
    expect(page.locator(STATUS)).to_have_text("Đã gửi")
