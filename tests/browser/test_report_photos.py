"""More photos at once than the server takes are told before they are sent, and nothing that was typed is lost."""

from playwright.sync_api import Page, expect

from .conftest import Demo, log_in

PHOTO = {"name": "hoi-truong.jpg", "mimeType": "image/jpeg", "buffer": b"x" * 2000}


def test_photos_that_are_too_much_together_are_told_before_they_are_sent(desk: Page, demo: Demo):
    log_in(desk, demo.login("đơn vị tổ chức"), "/quan-tri/")
    desk.goto(f"{demo.address}/quan-tri/tap-huan/1/bao-cao/")
    field = desk.locator("input[type=file][data-most]")
    assert int(field.get_attribute("data-most") or 0) < 60_000_000
    field.evaluate("field => (field.dataset.most = 3000)")
    words = desk.locator("form textarea").first
    words.fill("Nhận xét chưa lưu")
    field.set_input_files([PHOTO, PHOTO])
    save = desk.locator("form[enctype] button[type=submit], form[enctype] button:not([type])").last
    save.click()
    expect(desk.get_by_role("alert").filter(has_text="quá 50 MB")).to_be_visible()
    expect(words).to_have_value("Nhận xét chưa lưu")
    field.set_input_files([PHOTO])
    desk.evaluate(
        "addEventListener('submit', (sent) => { window.goesOut = !sent.defaultPrevented; sent.preventDefault(); })"
    )
    save.click()
    assert desk.evaluate("window.goesOut")
    expect(desk.get_by_role("alert").filter(has_text="quá 50 MB")).to_have_count(0)
