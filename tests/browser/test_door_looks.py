"""What a desk and its organiser look at while people come in: nothing for axe to find, nothing wider than its screen, on a phone and on a
computer."""

import json

import pytest
from playwright.sync_api import Page, expect

from .conftest import DESK, PHONE, Demo, log_in
from .test_door_goes_wrong import walk_in
from .test_door_namesakes import ASKED as NAMESAKES
from .test_door_namesakes import NAMED
from .test_door_of_a_room import ASKED, ROOMS
from .test_door_without_network import STATUS, Hall, check_in, hall, open_desk, phones
from .test_pages import findings, overflow

__all__ = ["hall", "phones"]  # fixtures
pytestmark = pytest.mark.once
OF_A_BROWSER = """
from workshops import access
from workshops.models import Desk
print(access.token_of(Desk.objects.filter(workshop=WORKSHOP).earliest("pk")))
"""
TO_LOOK_AT = """
import json
from uuid import uuid4
from django.utils import timezone
from tests import cast
from workshops import actions
from workshops.models import Desk, Registration, Session
desk, session, now = Desk.objects.filter(workshop=WORKSHOP).earliest("pk"), Session.objects.get(workshop=WORKSHOP), timezone.now()
def report(**who):
    return actions.Report(nonce=uuid4(), desk=desk, session=session, occurred_at=now, **who)
actions.cancel(registration=Registration.objects.get(workshop=WORKSHOP, number=118), at=now)
actions.scan(report=report(number=118), at=now)
actions.scan(report=report(code="KHONGCO"), at=now)
known = Registration.objects.get(workshop=WORKSHOP, number=12)
new = actions.Newcomer(name=known.person.name, place=known.place, consents=tuple(cast.texts()))
actions.walk_in(report=report(number=0), newcomer=new, at=now)
actions.make_desk(workshop=desk.workshop, name="", hours=1, by=None, at=now)
print(json.dumps(desk.pk))
"""
BOTH = pytest.mark.parametrize("width", [PHONE["width"], DESK["width"]], ids=["phone", "computer"])


@pytest.fixture
def page(phones: list[Page], width: int) -> Page:
    phones[0].set_viewport_size({"width": width, "height": PHONE["height"]})
    return phones[0]


@pytest.fixture
def organiser(desk: Page, demo: Demo, width: int) -> Page:
    log_in(desk, demo.login("đơn vị tổ chức"), "/quan-tri/")
    desk.set_viewport_size({"width": width, "height": DESK["height"]})
    return desk


def seen(page: Page) -> tuple[list[str], int]:
    return findings(page), overflow(page)


FINE: tuple[list[str], int] = ([], 0)


@BOTH
def test_at_work_with_who_came_who_is_found_and_who_waits(hall: Hall, page: Page):
    open_desk(page, hall.codes[0])
    check_in(page, 12)
    page.locator("#tim").fill("Đại biểu")
    expect(page.locator("[data-found] li").nth(1)).to_be_visible()
    assert seen(page) == FINE
    page.context.set_offline(True)
    check_in(page, 13)
    walk_in(page, "")
    page.locator("[data-waiting-list] summary").click()
    expect(page.locator(STATUS)).to_have_text("Đang chờ gửi 2")
    assert seen(page) == FINE
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    page.locator("[data-badges] summary").click()
    expect(page.locator(STATUS)).to_have_text("Đã gửi")
    assert seen(page) == FINE


@BOTH
def test_the_question_in_which_room_it_stands_and_a_move_to_another(hall: Hall, page: Page):
    hall.run(ROOMS)
    open_desk(page, hall.codes[0])
    expect(page.locator(ASKED)).to_be_visible()
    assert seen(page) == FINE
    page.locator(ASKED).get_by_role("button", name="Phòng A").click()
    check_in(page, 12)
    page.locator("#buoi").select_option(index=1)
    page.locator("#tim").fill("012")
    expect(page.get_by_role("button", name="Chuyển từ Phòng A sang Phòng B")).to_be_visible()
    assert seen(page) == FINE


@BOTH
def test_the_form_of_a_newcomer_and_the_question_about_a_namesake(hall: Hall, page: Page):
    hall.run(NAMED)
    open_desk(page, hall.codes[0])
    page.get_by_role("button", name="Bổ sung tại chỗ").click()
    page.get_by_role("button", name="Ghi và điểm danh").click()  # with what it asks for still missing
    assert seen(page) == FINE
    lacking = "form => [...form.elements].map(one => one.validationMessage).filter(Boolean)"
    assert page.locator("[data-newcomer]").evaluate(lacking)[0] == "Hãy nhập họ và tên."
    page.locator("#new-name").fill("Lê Thị 9")
    page.get_by_role("button", name="Ghi và điểm danh").click()
    said = page.locator("[data-newcomer]").evaluate(lacking)
    assert said[0] == "Họ và tên chỉ gồm chữ, ví dụ Trần Thị Út."
    assert said[-1].startswith("Hãy mời anh/chị ấy đọc và ký phiếu đồng ý trước")
    page.locator("[data-back]").click()
    walk_in(page, "")
    expect(page.locator(NAMESAKES)).to_be_visible()
    assert seen(page) == FINE


@BOTH
def test_the_pages_of_a_browser_without_a_script(hall: Hall, page: Page, demo: Demo):
    """As the server writes them, for axe is a script itself."""
    hall.run(ROOMS)
    hall.run(NAMED)
    page.context.add_cookies([{"name": "desk", "value": hall.run(OF_A_BROWSER).strip(), "url": demo.address}])
    page.goto("/diem-danh/ban/")
    expect(page.get_by_role("link", name="Phòng A")).to_be_visible()
    assert seen(page) == FINE
    page.get_by_role("link", name="Phòng A").click()
    page.goto(f"{page.url}&tim=013")
    page.get_by_role("button", name="Có mặt").click()
    page.goto(f"{page.url}&tim=Đại")
    expect(page.locator(".verdict")).to_be_visible()
    assert seen(page) == FINE
    page.get_by_role("link", name="Bổ sung tại chỗ").click()
    assert seen(page) == FINE
    page.get_by_label("Họ và tên").fill("Lâm Văn Mới")
    page.get_by_label("Đã ký phiếu").check()
    page.get_by_role("button", name="Ghi và điểm danh").click()
    expect(page.get_by_role("button", name="Đúng người này")).to_be_visible()
    assert seen(page) == FINE


@BOTH
def test_conflicts_and_two_who_may_be_one(hall: Hall, organiser: Page):
    hall.run(TO_LOOK_AT)
    organiser.goto(f"/quan-tri/diem-danh/{hall.workshop}/xem-lai/")
    expect(organiser.get_by_text("Đại biểu 118")).to_be_visible()
    expect(organiser.locator("main [name=other]").first).to_be_attached()
    assert seen(organiser) == FINE


@BOTH
def test_a_code_that_was_just_given_and_what_is_asked_before_another_or_none(hall: Hall, organiser: Page):
    number = json.loads(hall.run(TO_LOOK_AT))
    organiser.goto(f"/quan-tri/diem-danh/{hall.workshop}/ban/")
    organiser.get_by_role("button", name="Lập bàn").click()
    expect(organiser.locator(".desk-code__code")).to_be_visible()
    assert seen(organiser) == FINE
    for what in ("ma-moi", "thoi-nhan"):
        organiser.goto(f"/quan-tri/diem-danh/ban/{number}/{what}/")
        expect(organiser.get_by_role("heading", name="Bàn 1").last).to_be_visible()
        assert seen(organiser) == FINE
