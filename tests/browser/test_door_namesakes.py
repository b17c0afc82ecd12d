"""A desk's phone asks before it writes down somebody whom it knows already; and a desk that may not be opened yet."""

import pytest
from playwright.sync_api import Page, expect

from .test_door_goes_wrong import VERDICT, walk_in
from .test_door_without_network import STATUS, Hall, hall, open_desk, phones

__all__ = ["hall", "phones"]  # fixtures
pytestmark = pytest.mark.once
ASKED = "[data-namesakes]"
LATER = """
from datetime import timedelta
from django.utils import timezone
from workshops.models import Desk, Session
begins = timezone.now() + timedelta(days=9)
Session.objects.filter(workshop_id=WORKSHOP).update(starts_at=begins, ends_at=begins + timedelta(hours=3))
Desk.objects.filter(workshop_id=WORKSHOP).update(expires_at=begins + timedelta(hours=4))
"""
NAMED = """
from workshops.models import Registration
one = Registration.objects.get(workshop_id=WORKSHOP, number=12).person
one.name = "Lâm Văn Mới"
one.save()
"""


@pytest.mark.parametrize("is_away", [False, True])
def test_somebody_of_the_list_is_checked_in_and_not_written_down_again(hall: Hall, phones: list[Page], is_away: bool):
    hall.run(NAMED)
    page = phones[0]
    open_desk(page, hall.codes[0])
    page.context.set_offline(is_away)
    walk_in(page, "")
    expect(page.locator(ASKED)).to_contain_text("Có thể là Lâm Văn Mới, số thẻ 12, HTX Muối")
    expect(page.get_by_role("button", name="Ghi và điểm danh")).to_be_hidden()
    page.get_by_role("button", name="Đúng người này").click()
    expect(page.locator(VERDICT)).to_have_text("Lâm Văn Mới")
    expect(page.locator("[data-number]")).to_have_text("Số thẻ 12")
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator(STATUS)).to_have_text("Đã gửi")
    assert hall.found()["there"] == [12]


def test_somebody_else_of_that_name_is_written_down_and_so_is_who_was_typed_anew(hall: Hall, phones: list[Page]):
    hall.run(NAMED)
    page = phones[0]
    open_desk(page, hall.codes[0])
    walk_in(page, "")
    page.get_by_label("Họ và tên").fill("Lâm Văn Khác")
    expect(page.locator(ASKED)).to_be_hidden()
    page.get_by_role("button", name="Ghi và điểm danh").click()
    expect(page.locator("[data-number]")).to_have_text("Số thẻ 121")
    walk_in(page, "")
    page.get_by_role("button", name="Người khác, ghi mới").click()
    expect(page.locator("[data-number]")).to_have_text("Số thẻ 122")
    walk_in(page, "0912 999 888")  # the number of the one on the list ends otherwise
    expect(page.locator(ASKED)).to_be_visible()  # but whom the desk has just written down gave none
    expect(page.locator(ASKED)).to_contain_text("số thẻ 122")
    expect(page.locator(ASKED)).not_to_contain_text("số thẻ 12,")


def test_whom_this_phone_has_just_written_down_is_known_before_it_is_sent(hall: Hall, phones: list[Page]):
    page = phones[0]
    open_desk(page, hall.codes[0])
    page.context.set_offline(True)
    walk_in(page, "")
    expect(page.locator("[data-view=work]")).to_be_visible()
    walk_in(page, "")
    expect(page.locator(ASKED)).to_contain_text("Có thể là Lâm Văn Mới, vừa ghi trong máy này lúc")
    page.get_by_role("button", name="Đúng người này").click()
    expect(page.locator(VERDICT)).to_have_text("Đã điểm danh trước đó")
    expect(page.locator(STATUS)).to_have_text("Đang chờ gửi 1")


@pytest.mark.parametrize("is_away", [False, True])
def test_who_comes_instead_of_somebody_may_be_on_the_list_too(hall: Hall, phones: list[Page], is_away: bool):
    hall.run(NAMED)
    page = phones[0]
    open_desk(page, hall.codes[0])
    page.context.set_offline(is_away)
    come_instead(page, 7, "lâm văn mới")
    expect(page.locator(ASKED)).to_contain_text("Có thể là Lâm Văn Mới, số thẻ 12, HTX Muối")
    expect(page.locator("[data-own]")).to_contain_text("giữ nguyên")
    page.get_by_role("button", name="Đúng người này").click()
    expect(page.locator("[data-number]")).to_have_text("Số thẻ 12")
    come_instead(page, 7, "lâm văn mới")
    page.get_by_role("button", name="Người khác, ghi mới").click()
    expect(page.locator("[data-view=work]")).to_be_visible()
    walk_in(page, "")
    expect(page.locator(ASKED)).to_be_visible()
    expect(page.locator("[data-own]")).to_be_hidden()
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator(STATUS)).to_have_text("Đã gửi")
    assert hall.found()["there"] == [12, 121]


def come_instead(page: Page, number: int, name: str) -> None:
    page.locator("#tim").fill(str(number))
    page.get_by_role("button", name="Có người đi thay").click()
    page.get_by_label("Họ và tên").fill(name)
    page.locator("#new-consent").check()
    page.get_by_role("button", name="Ghi và điểm danh").click()


def test_a_code_that_was_made_days_ahead_says_from_when_it_opens(hall: Hall, phones: list[Page]):
    hall.run(LATER)
    page = phones[0]
    page.goto("/diem-danh/")
    page.get_by_label("Mã bàn").fill(hall.codes[0])
    page.get_by_role("button", name="Mở bàn").click()
    expect(page.locator("[data-case=early]")).to_contain_text("Bàn này mở được từ")
    expect(page.locator("[data-view=work]")).to_be_hidden()
