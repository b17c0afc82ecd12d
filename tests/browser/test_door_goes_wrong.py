"""The desk's phone when its hours end, when it can keep nothing more, when the server refuses, and with a ticket before its camera."""

from base64 import b64decode
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Playwright, expect

from lib import qr

from .conftest import PATIENCE, PHONE, Demo, Watch
from .test_door_without_network import KEPT, STATUS, Hall, check_in, hall, open_desk, phones, unlock

__all__ = ["hall", "phones"]  # fixtures
pytestmark = pytest.mark.once
NEXT = """
from datetime import timedelta
from django.utils import timezone
from workshops.models import Session
begins = timezone.now() + timedelta(minutes=85)
Session.objects.filter(workshop_id=WORKSHOP).update(ends_at=begins - timedelta(minutes=5))
Session.objects.create(workshop_id=WORKSHOP, name="Buổi tối", starts_at=begins, ends_at=begins + timedelta(hours=2))
"""
FULL = "void (IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); })"
VERDICT = "[data-verdict] h2"
WIDTH, HEIGHT = 640, 480


def test_a_desk_whose_hours_end_without_a_network_says_so_and_sends_what_it_has(hall: Hall, phones: list[Page]):
    page = phones[0]
    page.clock.install()
    open_desk(page, hall.codes[0])
    page.context.set_offline(True)
    check_in(page, 12)
    page.clock.fast_forward("01:05:00")
    page.clock.run_for(60_000)  # what was being written when it went forward looks at the clock in its next turn
    expect(page.locator("[data-ended-waiting]")).to_be_visible()
    expect(page.locator("[data-ended]")).to_contain_text("hết giờ")
    expect(page.locator("[data-at-work]")).to_be_hidden()
    expect(page.locator(STATUS)).to_have_text("Đang chờ gửi 1")
    assert "roster" not in page.evaluate(KEPT)
    page.goto("/diem-danh/")
    unlock(page, hall.codes[0])
    expect(page.locator("[data-ended]")).to_be_visible()
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("[data-case=over]")).to_be_visible()
    assert page.evaluate(KEPT) == []
    assert hall.found()["there"] == [12]


def test_a_desk_that_stays_open_goes_on_to_the_next_session_unless_one_was_chosen(hall: Hall, phones: list[Page]):
    hall.run(NEXT)
    for page in phones[:2]:
        page.clock.install()
        open_desk(page, hall.codes[0])
        expect(page.locator("[data-where]")).to_contain_text("Buổi chiều")
    phones[1].locator("#buoi").select_option(index=1)
    phones[1].locator("#buoi").select_option(index=0)
    for page in phones[:2]:
        page.clock.fast_forward("45:00")
        page.clock.run_for(60_000)  # a report that was under way when it went forward begins the next turn only now
        expect(page.locator("[data-where]")).to_contain_text("Buổi tối")
    phones[1].locator("#buoi").select_option(index=0)
    phones[1].clock.run_for(60_000)
    expect(phones[1].locator("[data-where]")).to_contain_text("Buổi chiều")


def test_a_phone_that_can_keep_nothing_more_says_that_nobody_was_recorded(hall: Hall, phones: list[Page]):
    page = phones[0]
    open_desk(page, hall.codes[0])
    page.context.set_offline(True)
    check_in(page, 12)
    page.evaluate(FULL)
    page.locator("#tim").fill("013")
    page.get_by_role("button", name="Có mặt").click()
    expect(page.locator(VERDICT)).to_contain_text("Chưa ghi được")
    expect(page.locator(STATUS)).to_have_text("Đang chờ gửi 1")


def walk_in(page: Page, phone: str) -> None:
    page.get_by_role("button", name="Bổ sung tại chỗ").click()
    page.get_by_label("Họ và tên").fill("Lâm Văn Mới")
    page.get_by_label("Số điện thoại (nếu có)").fill(phone)
    page.get_by_label("Đã ký phiếu").check()
    page.get_by_role("button", name="Ghi và điểm danh").click()


def test_a_number_that_is_none_is_noticed_while_somebody_stands_there(hall: Hall, phones: list[Page]):
    page = phones[0]
    open_desk(page, hall.codes[0])
    walk_in(page, "0912 345")
    expect(page.locator("[data-view=new]")).to_be_visible()
    page.get_by_label("Số điện thoại (nếu có)").fill("0912-345.678")
    page.get_by_role("button", name="Ghi và điểm danh").click()
    expect(page.locator("[data-view=work]")).to_be_visible()
    expect(page.locator("span[data-present]")).to_have_text("1")
    assert len(hall.found()["there"]) == 1


def test_two_taps_on_the_button_write_down_one_person(hall: Hall, phones: list[Page]):
    page = phones[0]
    open_desk(page, hall.codes[0])
    page.get_by_role("button", name="Bổ sung tại chỗ").click()
    page.get_by_label("Họ và tên").fill("Lâm Văn Mới")
    page.get_by_label("Đã ký phiếu").check()
    page.get_by_role("button", name="Ghi và điểm danh").dblclick()
    expect(page.locator("span[data-present]")).to_have_text("1")
    expect(page.locator("[data-write]")).to_be_visible()
    expect(page.locator("[data-conflicts]")).to_be_hidden()
    assert len(hall.found()["there"]) == 1


def test_what_the_server_refuses_stays_on_the_phone_until_it_is_corrected(hall: Hall, phones: list[Page]):
    page = phones[0]
    open_desk(page, hall.codes[0])
    walk_in(page, "0502345678")  # nobody's, as the server knows
    expect(page.locator("[data-conflicts]")).to_contain_text("1")
    page.goto("/diem-danh/")
    unlock(page, hall.codes[0])
    page.locator("[data-conflicts] summary").click()
    expect(page.locator("[data-conflicts]")).to_contain_text("Số điện thoại chưa đúng")
    page.get_by_role("button", name="Sửa").click()
    expect(page.get_by_label("Họ và tên")).to_have_value("Lâm Văn Mới")
    page.get_by_label("Số điện thoại (nếu có)").fill("")
    page.get_by_role("button", name="Ghi và điểm danh").click()
    expect(page.locator("span[data-present]")).to_have_text("1")
    expect(page.locator("[data-conflicts]")).to_be_hidden()
    assert len(hall.found()["there"]) == 1


def filmed(code: str, path: Path) -> Path:
    """Thirty frames of a ticket's code, as a camera would give them (YUV4MPEG2)."""
    address = qr.picture(f"https://hoc.example/tap-huan/ve/{code}/", scale=8)
    frame = Image.new("L", (WIDTH, HEIGHT), 255)
    with Image.open(BytesIO(b64decode(address.partition(",")[2]))) as ticket:
        frame.paste(ticket.convert("L"), ((WIDTH - ticket.width) // 2, (HEIGHT - ticket.height) // 2))
    colourless = bytes([128]) * (WIDTH * HEIGHT // 2)
    head = f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F30:1 Ip A1:1 C420jpeg\n".encode()
    path.write_bytes(head + (b"FRAME\n" + frame.tobytes() + colourless) * 30)
    return path


@pytest.fixture
def camera(playwright: Playwright, browser_type_launch_args, demo: Demo, watch: Watch, hall: Hall, tmp_path: Path):
    """A phone whose camera sees the fifth delegate's ticket."""
    film = filmed(hall.tickets[4], tmp_path / "ticket.y4m")
    seeing = [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]
    launched = browser_type_launch_args | {"args": [*browser_type_launch_args["args"], *seeing]}
    browser: Browser = playwright.chromium.launch(**launched)
    context = browser.new_context(base_url=demo.address, viewport=PHONE, has_touch=True, locale="vi-VN")
    context.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    watch.over(context, demo)
    yield context.new_page()
    browser.close()
    assert (watch.complaints, watch.foreign, watch.broken) == ([], [], [])


READERS = {
    "by the decoder, where a browser reads no codes": "delete window.BarcodeDetector",
    "by the browser itself": """window.BarcodeDetector = class {
      static getSupportedFormats = async () => ["qr_code"];
      detect = async (source) => source.videoWidth ? [{ rawValue: "https://hoc.example/tap-huan/ve/CODE/" }] : [];
    }""",
}


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
def test_a_ticket_before_the_camera_is_presence(hall: Hall, camera: Page, reader: str):
    camera.add_init_script(reader.replace("CODE", hall.tickets[4]))
    open_desk(camera, hall.codes[0])
    camera.get_by_role("button", name="Quét mã trên vé").click()
    expect(camera.locator(VERDICT)).to_have_text("Đại biểu 005")
    expect(camera.locator(STATUS)).to_have_text("Đã gửi")
    assert hall.found()["there"] == [5]
    camera.get_by_role("button", name="Tắt máy ảnh").click()
    expect(camera.locator("[data-camera]")).to_be_hidden()
    expect(camera.get_by_role("button", name="Quét mã trên vé")).to_be_visible()
