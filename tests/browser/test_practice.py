"""Practice on a phone: what is chosen or typed is saved at once, until the key of its question is shown."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from . import copies
from .conftest import Demo, follow, log_in
from .test_ended_elsewhere import OVER, ended, tells_what_came_too_late
from .test_offline import CUT_OFF, STATUS, WEAK

pytestmark = pytest.mark.once
TO_PUBLISH = """
from tests.browser.a_quiz import published

questions = [
    {"key": f"luyen-tap-{n}", "kind": "short", "stem": f"Hạt gì mặn {n}?", "data": {"answers": ["muối"]}, "explanation": ""}
    for n in (1, 2, 3)
]
published("Luyện tập thử", "luyen-tap-thu", questions, is_practice=True)
"""
TO_FORGET = """
from quizzes.models import Attempt, Item
Item.objects.filter(attempt__quiz__activity__title="Luyện tập thử").delete()
Attempt.objects.filter(quiz__activity__title="Luyện tập thử").delete()
"""


@pytest.fixture
def practice(phone: Page, demo: Demo, watch) -> Iterator[Page]:
    """At the first of three questions, none of them answered."""
    demo.manage("shell", "-c", TO_PUBLISH)
    log_in(phone, demo.login("học viên đang học"), "/khoa-hoc/luyen-tap-thu/kiem-tra/")
    follow(phone, phone.get_by_role("button", name="Bắt đầu làm bài").first)
    phone.wait_for_load_state("networkidle")
    yield phone
    demo.manage("shell", "-c", TO_FORGET)
    watch.complaints = [line for line in watch.complaints if not re.search(f"{WEAK}|status of 4(10|22)", line)]


def field(page: Page):
    return page.locator("input#answer")


def to_number(page: Page, position: int) -> None:
    follow(page, page.locator(".numbers a").nth(position - 1))


def reveal(page: Page) -> None:
    page.get_by_role("button", name="Trả lời và xem đáp án").click()


def test_an_answer_is_saved_as_it_is_typed(practice: Page):
    field(practice).fill("muối")
    expect(practice.locator(STATUS)).to_have_text("Đã lưu")
    expect(practice.locator(".numbers a").first).to_have_class(re.compile(r"\bdone\b"))
    practice.reload()
    expect(field(practice)).to_have_value("muối")


def test_who_leaves_by_a_number_at_once_loses_nothing(practice: Page):
    field(practice).fill("muối")
    to_number(practice, 3)
    practice.wait_for_load_state("networkidle")
    to_number(practice, 1)
    expect(field(practice)).to_have_value("muối")
    assert copies.keys(practice) == []


def test_the_key_is_shown_of_what_was_typed_last(practice: Page):
    field(practice).fill("đường")
    expect(practice.locator(STATUS)).to_have_text("Đã lưu")
    field(practice).fill("muối")
    reveal(practice)
    expect(practice.get_by_role("heading", name="Đúng", exact=True)).to_be_visible()
    expect(field(practice)).to_be_disabled()


def test_without_network_the_key_waits_the_answer_is_kept_and_both_go_on_when_it_is_back(practice: Page):
    practice.context.set_offline(True)
    field(practice).fill("muối")
    reveal(practice)
    expect(practice.get_by_text(CUT_OFF)).to_be_visible()
    expect(practice.locator(STATUS)).to_have_text("Đang chờ gửi (1)")
    assert len(copies.keys(practice)) == 1
    practice.context.set_offline(False)
    expect(practice.get_by_role("heading", name="Đúng", exact=True)).to_be_visible()
    assert copies.keys(practice) == []


@pytest.mark.parametrize("typed", ["muối", ""])
def test_a_number_waits_for_the_network_too_instead_of_showing_the_browser_s_error(practice: Page, typed):
    practice.context.set_offline(True)
    field(practice).fill(typed)
    practice.locator(".numbers a").nth(2).click()
    expect(practice.get_by_text(CUT_OFF)).to_be_visible()
    practice.context.set_offline(False)
    practice.wait_for_url("**/cau/3/")
    assert copies.keys(practice) == []


def test_from_a_question_whose_key_is_shown_goes_out_what_waits_of_another(practice: Page):
    field(practice).fill("muối")
    reveal(practice)
    expect(practice.get_by_role("heading", name="Đúng", exact=True)).to_be_visible()
    copies.put(practice, copies.key_of(practice, 2), ["muối"])
    with practice.expect_response("**/cau/2/luu/") as sent:
        practice.reload()
    assert sent.value.ok
    to_number(practice, 2)
    expect(field(practice)).to_have_value("muối")


def seen_elsewhere(page: Page) -> None:
    """The key of the question in sight, by its person in another window, after a wrong answer."""
    other = page.context.new_page()
    other.goto(page.url)
    field(other).fill("đường")
    reveal(other)
    expect(other.get_by_role("heading", name="Chưa đúng")).to_be_visible()
    other.close()


def test_an_answer_whose_key_was_seen_in_another_window_stays_and_is_not_called_handed_in(practice: Page):
    seen_elsewhere(practice)
    field(practice).fill("muối")
    expect(practice.locator(STATUS)).to_have_text("Không sửa được nữa")
    reveal(practice)
    expect(practice.get_by_text("không đổi câu trả lời được nữa")).to_be_visible()
    expect(field(practice)).to_have_value("đường")
    assert copies.keys(practice) == []


@pytest.mark.parametrize("there", ["/cau/1/", "/cau/2/", "/nop/"])
def test_nor_does_it_wait_where_it_is_sent_from_another_page(practice: Page, there: str):
    """The question itself, whose page takes no answer any more, another one, and the page for handing in."""
    seen_elsewhere(practice)
    copies.put(practice, copies.key_of(practice, 1), ["muối"])
    practice.goto(practice.url.replace("/cau/1/", there))
    copies.none_left(practice)
    expect(practice.locator(STATUS)).not_to_contain_text("chờ gửi")


def test_one_that_came_after_handing_in_elsewhere_is_told_of_with_the_result(practice: Page, demo: Demo):
    ended(practice, demo)
    field(practice).fill("muối")
    expect(practice.locator(STATUS)).to_have_text(OVER)
    practice.locator(".numbers a").nth(2).click()
    tells_what_came_too_late(practice)
