"""A desk's phone where sessions run side by side: in which room it stands, and who moves from one room to the other."""

import json

import pytest
from playwright.sync_api import Page, expect

from .test_door_goes_wrong import VERDICT, camera, walk_in
from .test_door_without_network import STATUS, Hall, check_in, hall, open_desk, phones, unlock

__all__ = ["camera", "hall", "phones"]  # fixtures
pytestmark = pytest.mark.once
ASKED = "[data-ask]"
ROOMS = """
from workshops.models import Session
first = Session.objects.get(workshop_id=WORKSHOP)
first.room = "Phòng A"
first.save()
Session.objects.create(workshop_id=WORKSHOP, name="Chụp ảnh", room="Phòng B", starts_at=first.starts_at, ends_at=first.ends_at)
"""
NEXT = """
from datetime import timedelta
from workshops.models import Session
for one in Session.objects.filter(workshop_id=WORKSHOP).order_by("room"):
    before, length = one.starts_at, one.ends_at - one.starts_at
    one.starts_at, one.ends_at = before - timedelta(days=1), before - timedelta(days=1) + length
    one.save()
    Session.objects.create(workshop_id=WORKSHOP, name="Tiếp theo", room=one.room, starts_at=before, ends_at=before + length)
"""
FOUND = """
import json
from workshops.models import Attendance
rows = Attendance.objects.filter(session__workshop=WORKSHOP, taken_back_at=None).order_by("registration__number")
print(json.dumps([[one.registration.number, one.session.room] for one in rows]))
"""
IN_A = """
from uuid import uuid4
from django.utils import timezone
from workshops import actions
from workshops.models import Desk, Session
desk, session, now = Desk.objects.filter(workshop=WORKSHOP).last(), Session.objects.get(workshop=WORKSHOP, room="Phòng A"), timezone.now()
actions.scan(report=actions.Report(nonce=uuid4(), desk=desk, session=session, occurred_at=now, number=5), at=now)
"""


@pytest.fixture
def rooms(hall: Hall) -> Hall:
    hall.run(ROOMS)
    return hall


def found(hall: Hall):
    return json.loads(hall.run(FOUND))


def stand_in(page: Page, code: str, room: str) -> None:
    open_desk(page, code)
    page.locator(ASKED).get_by_role("button", name=room).click()
    expect(page.locator(ASKED)).to_be_hidden()


def row(page: Page, number: int):
    page.locator("#tim").fill(f"{number:03}")
    return page.locator("[data-found] li")


def test_a_desk_asks_once_in_which_room_it_stands_and_this_phone_remembers_it(rooms: Hall, phones: list[Page]):
    page = phones[0]
    open_desk(page, rooms.codes[0])
    expect(page.locator(ASKED)).to_be_visible()
    for what in ("[data-at-work]", "[data-sessions]", "[data-counted]"):
        expect(page.locator(what)).to_be_hidden()
    page.get_by_role("button", name="Phòng A").click()
    expect(page.locator("[data-where]")).to_contain_text("Phòng A · Buổi chiều")
    assert page.locator("#buoi option").all_text_contents()[1].startswith("Phòng B · Chụp ảnh")
    page.context.set_offline(True)
    page.goto("/diem-danh/")
    unlock(page, rooms.codes[0])
    expect(page.locator("[data-where]")).to_contain_text("Phòng A")
    expect(page.locator(ASKED)).to_be_hidden()
    expect(page.locator("[data-at-work]")).to_be_visible()


def test_rooms_of_the_next_hour_are_chosen_though_they_are_called_like_those_before(rooms: Hall, phones: list[Page]):
    page = phones[0]
    stand_in(page, rooms.codes[0], "Phòng A")
    rooms.run(NEXT)
    page.evaluate("dispatchEvent(new Event('online'))")
    page.locator(ASKED).get_by_role("button", name="Phòng B").click()
    expect(page.locator("[data-where]")).to_contain_text("Phòng B · Tiếp theo")
    check_in(page, 12)
    expect(page.locator(STATUS)).to_have_text("Đã gửi")
    assert found(rooms) == [[12, "Phòng B"]]


def test_where_all_are_in_one_room_nothing_is_asked(hall: Hall, phones: list[Page]):
    open_desk(phones[0], hall.codes[0])
    expect(phones[0].locator("[data-where]")).to_contain_text("Buổi chiều")
    expect(phones[0].locator(ASKED)).to_be_hidden()


def test_the_card_of_who_came_names_the_room_and_goes_when_another_is_chosen(rooms: Hall, phones: list[Page]):
    page = phones[0]
    stand_in(page, rooms.codes[0], "Phòng A")
    check_in(page, 12)
    expect(page.locator("[data-small]")).to_contain_text("Phòng A")
    walk_in(page, "")
    expect(page.locator("[data-number]")).to_have_text("Số thẻ 121")
    expect(page.locator("[data-small]")).to_contain_text("Phòng A")
    page.locator("#buoi").select_option(index=1)
    expect(page.locator("[data-verdict]")).to_be_hidden()
    expect(page.locator("[data-where]")).to_contain_text("Phòng B")


def test_who_is_in_the_other_room_moves_by_one_tap_that_names_both_also_without_a_network(
    rooms: Hall, phones: list[Page]
):
    first, second = phones[:2]
    stand_in(first, rooms.codes[0], "Phòng A")
    check_in(first, 12)
    check_in(first, 13)
    expect(first.locator(STATUS)).to_have_text("Đã gửi")
    stand_in(second, rooms.codes[1], "Phòng B")
    second.context.set_offline(True)
    expect(row(second, 12)).to_contain_text("Đã có mặt ở Phòng A lúc")
    row(second, 12).get_by_role("button", name="Chuyển từ Phòng A sang Phòng B").click()
    expect(second.locator(VERDICT)).to_have_text("Đại biểu 012")
    expect(second.locator("[data-small]")).to_contain_text("Đã chuyển từ Phòng A sang Phòng B")
    expect(second.locator("span[data-present]")).to_have_text("1")
    expect(row(second, 12).get_by_role("button")).to_have_count(0)
    second.context.set_offline(False)
    second.evaluate("dispatchEvent(new Event('online'))")
    expect(second.locator(STATUS)).to_have_text("Đã gửi")
    assert found(rooms) == [[12, "Phòng B"], [13, "Phòng A"]]
    first.evaluate("dispatchEvent(new Event('online'))")
    expect(first.locator("span[data-present]")).to_have_text("1")
    expect(second.locator("[data-conflicts]")).to_be_hidden()


def test_a_ticket_of_somebody_in_the_other_room_says_so_and_puts_the_tap_under_the_thumb(rooms: Hall, camera: Page):
    rooms.run(IN_A)
    stand_in(camera, rooms.codes[0], "Phòng B")
    camera.get_by_role("button", name="Quét mã trên vé").click()
    expect(camera.locator(VERDICT)).to_contain_text("Đã có mặt ở Phòng A lúc")
    assert found(rooms) == [[5, "Phòng A"]]  # a scan moves nobody
    camera.get_by_role("button", name="Chuyển từ Phòng A sang Phòng B").click()
    expect(camera.locator(VERDICT)).to_have_text("Đại biểu 005")
    expect(camera.locator(STATUS)).to_have_text("Đã gửi")
    assert found(rooms) == [[5, "Phòng B"]]


def test_one_phone_that_goes_from_room_to_room_leaves_nobody_in_both(rooms: Hall, phones: list[Page]):
    page = phones[0]
    stand_in(page, rooms.codes[0], "Phòng A")
    page.context.set_offline(True)
    check_in(page, 12)
    page.locator("#buoi").select_option(index=1)
    row(page, 12).get_by_role("button", name="Chuyển từ Phòng A sang Phòng B").click()
    expect(page.locator("span[data-present]")).to_have_text("1")
    page.locator("#buoi").select_option(index=0)
    expect(page.locator("span[data-present]")).to_have_text("0")
    page.goto("/diem-danh/")
    unlock(page, rooms.codes[0])
    expect(page.locator("span[data-present]")).to_have_text("0")
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator(STATUS)).to_have_text("Đã gửi")
    assert found(rooms) == [[12, "Phòng B"]]
