"""What is published is there at once."""

import re

from playwright.sync_api import Page

from .conftest import Demo, follow, log_in

COURSE = "/khoa-hoc/bat-dau-voi-ocop/"


def test_a_published_change_is_seen_at_once_by_every_worker(desk: Page, demo: Demo, browser):
    """Two workers, no Redis: after publishing, no reader gets the old page, whichever worker answers."""
    reader = browser.new_context(base_url=demo.address)
    for _warm in range(8):
        assert reader.request.get(COURSE).ok
    log_in(desk, demo.login("người biên soạn"), "/quan-tri/")
    desk.goto("/quan-tri/pages/search/?q=Bắt+đầu+với+OCOP")
    found = desk.get_by_role("link", name="Bắt đầu với OCOP", exact=True).first.get_attribute("href") or ""
    desk.goto(re.sub(r"(/pages/\d+/).*", r"\1edit/", found))
    desk.locator("textarea[name=title], input[name=title]").first.fill("Bắt đầu với OCOP hôm nay")
    desk.locator("[data-drop-down] [data-drop-down-target], .w-dropdown__toggle").last.click()
    follow(desk, desk.get_by_role("button", name=re.compile("Publish|Xuất bản|Đăng")).first)
    answers = [reader.request.get(COURSE).text() for _again in range(12)]
    reader.close()
    assert all("Bắt đầu với OCOP hôm nay" in answer for answer in answers)
