"""Paper that comes back from the hall: a colleague plans a workshop, brings its list in, makes the tests and types ten sheets by the
keyboard alone."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from .conftest import Demo, Watch, follow, log_in

pytestmark = pytest.mark.once
NAMES = ("Bé", "Chín", "Dũng", "Hạnh", "Kiên", "Lan", "Minh", "Ngọc", "Phúc", "Quyên")


def test_ten_sheets_are_typed_by_the_keyboard_alone(desk: Page, demo: Demo):
    desk.goto(f"{_hall(desk, demo, 'Giấy trở lại', 'Nguyễn Thị')}dau-vao/nhap-phieu/")
    desk.locator("[name=number-0]").focus()
    for number in range(1, 11):
        desk.keyboard.type(str(number))
        desk.keyboard.press("Enter")
        desk.keyboard.type("abab" if number != 4 else "ab")  # one is short
        desk.keyboard.press("Enter")
    expect(desk.locator(".is-done")).to_have_count(9)
    expect(desk.locator("[name=number-9] >> xpath=../..")).to_contain_text("Quyên")
    short = desk.locator("tr:has([name=number-3])")
    expect(short).to_contain_text("Cần 4 chữ, đang có 2")
    expect(short.locator("[name=letters-3]")).to_have_value("ab")
    desk.locator("[name=letters-3]").focus()
    desk.keyboard.press("End")
    desk.keyboard.type("a-")
    desk.keyboard.press("Enter")
    expect(desk.locator(".is-done")).to_have_count(10)
    expect(desk.locator("[data-told]")).to_have_text("Đã có 10 phiếu")
    desk.reload()
    expect(desk.locator(".listing tbody tr")).to_have_count(10)
    expect(desk.locator(".listing code", has_text="ABA-")).to_have_count(1)


def test_a_row_that_could_not_be_sent_stays_and_goes_in_later(desk: Page, demo: Demo, watch: Watch):
    desk.goto(f"{_hall(desk, demo, 'Mất mạng giữa chừng', 'Danh Văn')}dau-ra/nhap-phieu/")
    desk.route("**/nhap-phieu/", lambda route: route.abort() if route.request.method == "POST" else route.fallback())
    desk.locator("[name=number-0]").fill("1")
    desk.locator("[name=letters-0]").fill("ABAB")
    desk.keyboard.press("Enter")
    expect(desk.locator("[data-said]").first).to_contain_text("Chưa gửi được")
    expect(desk.locator("[name=letters-0]")).to_have_value("ABAB")
    watch.complaints.clear()  # of the network that was cut
    desk.unroute("**/nhap-phieu/")
    follow(desk, desk.get_by_role("button", name="Ghi tất cả"))
    expect(desk.locator(".listing tbody tr")).to_have_count(1)


def test_what_is_corrected_while_its_row_is_being_saved_goes_in_too(desk: Page, demo: Demo):
    desk.goto(f"{_hall(desk, demo, 'Sửa giữa chừng', 'Trần Văn')}dau-vao/nhap-phieu/")
    slow: list[Route] = []

    def hold(route: Route) -> None:
        if route.request.method == "POST" and not slow:
            slow.append(route)
        else:
            route.fallback()

    desk.route("**/nhap-phieu/", hold)
    desk.locator("[name=number-0]").fill("1")
    desk.locator("[name=letters-0]").fill("ABAB")
    desk.keyboard.press("Enter")
    desk.locator("[name=letters-0]").fill("BABA")
    slow[0].continue_()
    row = desk.locator("tr:has([name=number-0])")
    expect(row).to_contain_text("Đã ghi")
    desk.locator("[name=number-1]").focus()
    expect(row).to_contain_text("Đã sửa")
    desk.reload()
    expect(desk.locator(".listing code")).to_have_text("BABA")


def _hall(desk: Page, demo: Demo, title: str, family: str) -> str:
    """The address of tests and feedback of a workshop with ten delegates and two papers of four questions."""
    log_in(desk, demo.login("quản trị hệ thống"), "/quan-tri/")
    _planned(desk, title)
    hall = f"{desk.url}trong-lop/"
    _ten_delegates(desk, family)
    desk.goto(hall)
    desk.locator("[name=bank]").select_option(index=1)
    desk.locator("[name=questions]").fill("4")
    follow(desk, desk.locator("button[value=make]"))
    return hall


def _planned(desk: Page, title: str) -> None:
    desk.goto("/quan-tri/tap-huan/lap/")
    said = {
        "title": title, "organiser": "Văn phòng Mẫu", "place": "xã Phan Ngọc Hiển, tỉnh Cà Mau",
        "venue": "Hội trường xã", "sessions-0-day": "11/12/2027",
    }  # fmt: skip
    for name, words in said.items():
        desk.locator(f"[name={name}]").fill(words)
    desk.locator("[name=topic]").select_option(index=1)
    desk.keyboard.press("Escape")
    desk.locator("form:has([name=title]) button.button[type=submit]:not([name])").last.click()
    desk.wait_for_url(re.compile(r"/tap-huan/\d+/$"))


def _ten_delegates(desk: Page, family: str) -> None:
    desk.goto(f"{desk.url}nhap-danh-sach/")
    lines = [f"{at}\t{family} {name}\t19{70 + at}\txã Phan Ngọc Hiển" for at, name in enumerate(NAMES, 1)]
    desk.locator("[name=rows]").fill("\n".join(["STT\tHọ và tên\tNăm sinh\tĐịa chỉ", *lines]))
    follow(desk, desk.get_by_role("button", name="Xem trước danh sách"))
    desk.locator("[name=agreed]").check()
    follow(desk, desk.locator("button[value=confirm]"))
