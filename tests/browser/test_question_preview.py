"""While a question is typed, a phone beside the form shows it."""

import re

import pytest
from playwright.sync_api import Page, expect

from .conftest import Demo, log_in

pytestmark = pytest.mark.once


def test_what_is_typed_is_seen_on_a_phone_beside_the_form_and_saves_nothing(desk: Page, demo: Demo):
    log_in(desk, demo.login("người biên soạn"), "/quan-tri/")
    desk.goto("/quan-tri/question/new/?kind=single")
    shown = desk.frame_locator(".phone iframe:not([hidden])")
    expect(shown.get_by_text("Cần ít nhất hai phương án.")).to_be_visible()
    steps = desk.evaluate("history.length")

    desk.locator("[name=stem]").fill("Muối nào mặn?")
    desk.locator("[name=kind-rows-0-text]").fill("Bạc Liêu")
    desk.locator("[name=kind-rows-0-right]").check()
    desk.locator("[name=kind-rows-1-text]").fill("Muối đường")
    desk.locator("[name=explanation]").fill("Vì phơi nắng.")
    expect(shown.get_by_role("heading", name="Muối nào mặn?")).to_be_visible()
    expect(shown.get_by_text("Vì phơi nắng.")).to_have_count(0)

    desk.get_by_role("button", name="Thêm dòng").click()
    desk.locator("[name=kind-rows-5-text]").fill("Muối tiêu")
    expect(shown.get_by_text("Muối tiêu")).to_be_visible()

    desk.get_by_role("button", name="Sau khi trả lời").click()
    expect(shown.get_by_text("Đáp án: Bạc Liêu")).to_be_visible()
    expect(shown.get_by_text("Vì phơi nắng.")).to_be_visible()
    assert desk.evaluate("history.length") == steps
    box, form = desk.locator(".phone iframe:not([hidden])").bounding_box(), desk.locator("[name=stem]").bounding_box()
    assert box["x"] > form["x"] + form["width"]


def test_without_javascript_the_form_stands_alone(browser, demo: Demo):
    context = browser.new_context(base_url=demo.address, java_script_enabled=False, locale="vi-VN")
    page = context.new_page()
    log_in(page, demo.login("người biên soạn"), "/quan-tri/")
    page.goto("/quan-tri/question/new/?kind=short")
    expect(page.locator(".phone")).to_be_hidden()
    expect(page.locator("[name=stem]")).to_be_visible()
    context.close()


def test_a_picture_is_chosen_not_typed_and_stands_where_somebody_was_writing(desk: Page, demo: Demo):
    log_in(desk, demo.login("người soạn câu hỏi"), "/quan-tri/")
    desk.goto("/quan-tri/question/new/?kind=single")
    desk.locator("[name=stem]").fill("Hình nào là tôm khô?")
    desk.locator("[name=kind-rows-0-text]").fill("Hình này: ")
    desk.get_by_role("button", name="Chèn hình").click()
    desk.locator(".modal [data-chooser-modal-choice]").first.click()
    written = desk.locator("[name=kind-rows-0-text]")
    expect(written).to_have_value(re.compile(r"^Hình này: !\[[^\]]+\]\(anh:\d+\)$"))
    expect(written).to_be_focused()
    shown = desk.frame_locator(".phone iframe:not([hidden])")
    desk.locator("[name=kind-rows-0-right]").check()
    desk.locator("[name=kind-rows-1-text]").fill("Không hình nào")
    expect(shown.locator("label img")).to_be_visible()
    desk.locator("[name=bank]").focus()
