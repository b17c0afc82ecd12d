"""A whole quiz on one page, every kind of question on it: by touch, with the keys, without the script, without a network."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from quizzes.kinds import KINDS

from . import copies
from .conftest import PHONE, Demo, follow
from .test_every_kind import RIGHT, begin, is_all_right, is_focused, nothing_to_find, point, press, press_until
from .test_every_kind import quiz as every_kind

pytestmark = pytest.mark.once
STATUS = "[data-status]"
LAID_OUT = """
from quizzes.models import Item, Quiz
quiz = Quiz.objects.get(activity__title="Mọi kiểu câu")
Quiz.objects.filter(pk=quiz.pk).update(layout="{}")
Item.objects.filter(attempt__quiz=quiz).delete()
quiz.attempts.all().delete()
"""
SCORED = [kind for kind in KINDS if RIGHT[kind]]
quiz = every_kind


@pytest.fixture
def whole(demo: Demo, quiz: str):
    demo.manage("shell", "-c", LAID_OUT.format("whole"))
    yield quiz
    demo.manage("shell", "-c", LAID_OUT.format("each"))


def box(page: Page, kind: str) -> Locator:
    return page.locator(f"#cau-{list(KINDS).index(kind) + 1}")


def place(page: Page, kind: str, label: str) -> Locator:
    here = box(page, kind)
    return here.get_by_label(label, exact=True) if label else here.locator("[name^=answer]").first


def saved(page: Page, kind: str) -> None:
    expect(box(page, kind).locator("[data-state]")).to_have_text("Đã lưu", timeout=5000)


def fill(page: Page, kind: str) -> None:
    for label, value in RIGHT[kind].items():
        point(page, place(page, kind, label), value)


def hand_in(page: Page) -> None:
    follow(page, page.get_by_role("button", name="Xem lại trước khi nộp"))
    expect(page.get_by_role("heading", name="Đã trả lời đủ các câu")).to_be_visible()
    follow(page, page.get_by_role("button", name="Nộp bài"))


def test_by_touch_each_answer_is_saved_by_itself_and_axe_finds_nothing(phone: Page, demo: Demo, whole: str):
    begin(phone, demo, whole)
    nothing_to_find(phone)
    for kind in SCORED:
        fill(phone, kind)
        saved(phone, kind)
    expect(phone.locator(STATUS)).to_have_text("Đã lưu")
    expect(phone.get_by_role("link", name="đã lưu")).to_have_count(len(SCORED))
    assert copies.keys(phone) == []
    nothing_to_find(phone)
    hand_in(phone)
    assert is_all_right(demo)


def test_with_the_keys_alone(desk: Page, demo: Demo, whole: str):
    begin(desk, demo, whole)
    for kind in SCORED:
        for label, value in RIGHT[kind].items():
            press(desk, place(desk, kind, label), value)
    press_until(desk, "Tab", lambda: is_focused(desk.get_by_role("button", name="Xem lại trước khi nộp")))
    with desk.expect_navigation():
        desk.keyboard.press("Enter")
    follow(desk, desk.get_by_role("button", name="Nộp bài"))
    assert is_all_right(demo)


def test_without_the_script_one_button_saves_all(browser, demo: Demo, whole: str):
    context = browser.new_context(base_url=demo.address, viewport=PHONE, java_script_enabled=False, locale="vi-VN")
    page = context.new_page()
    begin(page, demo, whole)
    for kind in SCORED:
        fill(page, kind)
    hand_in(page)
    context.close()
    assert is_all_right(demo)


def test_without_a_network_answers_are_kept_counted_and_sent_when_it_is_back(
    phone: Page, demo: Demo, whole: str, watch
):
    begin(phone, demo, whole)
    phone.wait_for_load_state("networkidle")
    phone.context.set_offline(True)
    for kind in SCORED:
        fill(phone, kind)
    expect(phone.locator(STATUS)).to_have_text(f"Đang chờ gửi ({len(SCORED)})")
    expect(phone.get_by_role("link", name="đã lưu")).to_have_count(0)
    phone.get_by_role("button", name="Xem lại trước khi nộp").click()
    expect(phone.get_by_text("vì chưa có mạng hoặc hệ thống đang bận")).to_be_visible()
    assert len(copies.keys(phone)) == len(SCORED)
    phone.context.set_offline(False)
    phone.wait_for_url(re.compile("/nop/"))  # by itself: the button was pressed
    assert copies.keys(phone) == []
    follow(phone, phone.get_by_role("button", name="Nộp bài"))
    assert is_all_right(demo)
    watch.complaints = [line for line in watch.complaints if "ERR_INTERNET_DISCONNECTED" not in line]


def test_what_was_kept_on_the_phone_is_sent_by_the_page_when_it_is_opened_again(phone: Page, demo: Demo, whole: str):
    begin(phone, demo, whole)
    position = list(KINDS).index("short") + 1
    copies.put(phone, copies.key_of(phone, position), ["muoi"])
    phone.reload()
    saved(phone, "short")
    assert place(phone, "short", "").input_value() == "muoi"
    expect(phone.locator(".numbers a").nth(position - 1)).to_have_class(re.compile("done"))
    assert copies.keys(phone) == []


def test_what_another_window_saved_is_told_at_its_question_and_only_the_button_overwrites_it(
    phone: Page, demo: Demo, whole: str, watch
):
    begin(phone, demo, whole)
    other = phone.context.new_page()
    other.goto(phone.url)
    place(other, "short", "").fill("cua kia")
    saved(other, "short")
    place(phone, "short", "").fill("muoi")
    expect(box(phone, "short").get_by_role("alert")).to_contain_text("ở một cửa sổ hoặc máy khác")
    expect(phone.locator(STATUS)).to_have_text("Chưa lưu")
    follow(phone, phone.get_by_role("button", name="Xem lại trước khi nộp"))
    phone.goto(other.url)
    assert place(phone, "short", "").input_value() == "muoi"
    watch.complaints = [line for line in watch.complaints if "409" not in line]


def test_a_summary_leads_back_to_the_very_question(phone: Page, demo: Demo, whole: str):
    begin(phone, demo, whole)
    follow(phone, phone.get_by_role("button", name="Xem lại trước khi nộp"))
    follow(phone, phone.locator(".numbers a").nth(6))
    phone.wait_for_url(re.compile("/ca-bai/#cau-7$"))
    expect(phone.locator("#cau-7 .question__no")).to_be_in_viewport()


def test_two_steps_at_one_place_are_told_until_they_are_not(phone: Page, demo: Demo, whole: str):
    begin(phone, demo, whole)
    steps, twice = box(phone, "ordering").locator("select"), box(phone, "ordering").locator("[data-twice]")
    expect(twice).to_be_hidden()
    steps.nth(0).select_option("1")
    steps.nth(1).select_option("1")
    expect(twice).to_be_visible()
    saved(phone, "ordering")
    phone.reload()
    expect(twice).to_be_visible()
    steps.nth(1).select_option("2")
    expect(twice).to_be_hidden()
