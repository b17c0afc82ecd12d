"""Desks, the counter, what is to be looked at and the signed list, as the organiser has them in the admin."""

import json
import re
from base64 import b64decode
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from django.views.debug import ExceptionReporter
from wagtail.models import ModelLogEntry

from lib import codes, qr
from tests import cast
from workshops import access, actions
from workshops.actions import desks as code_actions
from workshops.models import Attendance, Desk, Registration, Scan, Session, Workshop

from .desks import DOOR

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.usefixtures("_at_the_door")]


@pytest.fixture
def organiser(here):
    return cast.client_of(cast.staff("organiser", cast.province()))


def body(response) -> str:
    return re.sub(r"<form[^>]*>|\s+", " ", response.text)


def scanned(here, **who):
    told = actions.Report(nonce=uuid4(), desk=here.desk, session=here.session, occurred_at=DOOR, **who)
    return actions.scan(report=told, at=DOOR)


def at(here, what):
    return f"/quan-tri/diem-danh/{here.workshop.pk}/{what}/"


def test_a_desks_code_is_shown_once_large_with_the_code_of_its_address(here, organiser):
    answer = organiser.post(at(here, "ban"), {"name": "Bàn 2", "hours": "4"}, follow=True)
    shown = re.search(r'desk-code__code">(\w{5} \w{5})<', answer.text)[1]
    made = Desk.objects.get(name="Bàn 2")
    assert codes.matches("desk", codes.tidy(shown), made.code_hash)
    assert "data:image/png" in answer.text
    assert "/diem-danh/" in answer.text
    assert "no-cache" in answer["Cache-Control"]
    again = organiser.get(at(here, "ban")).text
    assert shown not in again
    assert codes.tidy(shown) not in again


def test_a_desk_opens_on_the_helpers_phone_by_a_link_whose_code_no_browser_sends(here, organiser, settings):
    answer = organiser.post(at(here, "ban"), {"name": "Bàn 2", "hours": "4"}, follow=True).text
    link = re.search(r'data-share="([^"]+)"', answer)[1]
    address, _mark, code = link.partition("#ma=")
    assert address == settings.BASE_URL + "/diem-danh/"
    assert codes.matches("desk", code, Desk.objects.get(name="Bàn 2").code_hash)
    assert qr.picture(link) in answer
    assert "js/share" in answer


def test_a_lost_code_is_given_anew_and_the_old_one_opens_no_more(here, organiser):
    phone, token = Client(), access.token_of(here.desk)
    address = f"/quan-tri/diem-danh/ban/{here.desk.pk}/ma-moi/"
    answer = organiser.post(address, follow=True)
    code = re.search(r"#ma=(\w{10})", answer.text)[1]
    assert code != here.code
    assert phone.post("/diem-danh/", {"code": here.code}).status_code == 422
    assert phone.post("/diem-danh/", {"code": code}).status_code == 302
    assert access.get_desk(token, DOOR) == here.desk  # phones that have its list go on
    assert Desk.objects.count() == 1
    assert ModelLogEntry.objects.filter(action="workshops.desk_recoded").count() == 1


def test_the_page_of_a_made_desk_is_loaded_anew_without_making_another(here, organiser):
    address = organiser.post(at(here, "ban"), {"name": "Bàn 2", "hours": "4"}).url
    codes_shown = {re.search(r"#ma=(\w{10})", organiser.get(address).text)[1] for _again in range(3)}
    assert len(codes_shown) == 1
    assert Desk.objects.count() == 2
    address = organiser.post(f"/quan-tri/diem-danh/ban/{here.desk.pk}/ma-moi/").url
    codes_shown = {re.search(r"#ma=(\w{10})", organiser.get(address).text)[1] for _again in range(3)}
    assert len(codes_shown) == 1
    assert codes.matches("desk", codes_shown.pop(), Desk.objects.get(pk=here.desk.pk).code_hash)


def test_a_code_goes_along_for_five_minutes_to_its_page_alone_and_lies_nowhere_on_the_server(here, organiser):
    answer = organiser.post(at(here, "ban"), {"name": "Bàn 2", "hours": "4"})
    cookie = answer.cookies["desk-code"]
    assert (cookie["path"], cookie["max-age"], cookie["httponly"]) == (at(here, "ban"), 300, True)
    shown = re.search(r"#ma=(\w{10})", organiser.get(answer.url).text)[1]
    for part in re.split(r"[^\w-]", cookie.value):
        assert shown.encode() not in b64decode(part + "=" * (-len(part) % 4), b"-_")
    for kept in (*Desk.objects.values(), *ModelLogEntry.objects.values(), *organiser.session.items()):
        assert shown not in str(kept)
    with cast.on(DOOR + timedelta(minutes=6)):
        late = organiser.get(answer.url).text
    assert shown not in late
    assert "Mã của bàn không hiện lại nữa" in late


def test_a_code_is_no_more_shown_once_another_page_was_opened_or_the_desk_has_another_code(here, organiser):
    address = organiser.post(at(here, "ban"), {"name": "Bàn 2", "hours": "4"}).url
    organiser.get(at(here, "ban"))
    assert "#ma=" not in organiser.get(address).text
    address = organiser.post(at(here, "ban"), {"name": "Bàn 3", "hours": "4"}).url
    actions.recode_desk(desk=Desk.objects.get(name="Bàn 3"), by=None, at=DOOR)
    assert "#ma=" not in organiser.get(address).text
    for forged in ("WzFd:forged", "é", ""):
        organiser.cookies["desk-code"] = forged
        assert "#ma=" not in organiser.get(address).text


@pytest.mark.parametrize("way", ["door", "phone", "making", "another"])
def test_a_report_of_an_error_tells_no_code(here, organiser, monkeypatch, way):
    """Beside the control: that of a code which lies in a variable like any other."""
    monkeypatch.setattr(access, "is_manned", failing)
    monkeypatch.setattr(Desk, "save", failing)
    monkeypatch.setattr(code_actions, "_new_code", lambda: here.code)
    said = json.dumps({"code": here.code})
    act = {
        "door": lambda: Client().post("/diem-danh/", {"code": here.code}),
        "phone": lambda: Client().post("/diem-danh/mo.json", said, content_type="application/json"),
        "making": lambda: organiser.post(at(here, "ban"), {"name": "Bàn 2", "hours": "4"}),
        "another": lambda: code_actions.recode_desk(desk=here.desk, by=None, at=DOOR),
    }[way]
    if way == "another":
        monkeypatch.setattr(code_actions, "is_manned", lambda *_who: True)
    told = reported(act)
    assert "it breaks" in told
    assert here.code not in told

    def careless():
        code = here.code
        failing(code)

    assert here.code in reported(careless)


def failing(*_what, **_more):
    raise RuntimeError("it breaks")


def is_of_ours(code) -> bool:
    return code.co_name == "careless" or ("/workshops/" in code.co_filename and "/tests/" not in code.co_filename)


def reported(act) -> str:
    """What Django would write of the error in our own functions."""
    try:
        act()
    except RuntimeError as error:
        frame = error.__traceback__
    while not is_of_ours(frame.tb_frame.f_code):
        frame = frame.tb_next
    return ExceptionReporter(None, RuntimeError, RuntimeError("it breaks"), frame).get_traceback_html()


@pytest.mark.parametrize(
    ("act", "asks", "says"),
    [
        ("ma-moi", "Cấp mã mới cho Bàn 1?", "đang mở bàn vẫn dùng tiếp"),
        ("thoi-nhan", "Đóng Bàn 1 và không nhận gì nữa?", "không mở lại được"),
    ],
)
def test_what_cannot_be_taken_back_is_asked_before_it_is_done(here, organiser, act, asks, says):
    address, before = f"/quan-tri/diem-danh/ban/{here.desk.pk}/{act}/", Desk.objects.values().get()
    assert f'href="{address}"' in organiser.get(at(here, "ban")).text
    page = organiser.get(address).text
    assert asks in page
    assert says in page
    assert f'href="{at(here, "ban")}"' in page
    assert Desk.objects.values().get() == before
    organiser.post(address)
    assert Desk.objects.values().get() != before


def test_a_second_press_makes_no_second_desk_and_shows_the_code_that_opens_the_one(here, organiser):
    form = re.search(r'name="form" value="([^"]+)"', organiser.get(at(here, "ban")).text)[1]
    said = {"name": "Bàn 2", "hours": "4", "form": form}
    organiser.post(at(here, "ban"), said)
    page = organiser.post(at(here, "ban"), said, follow=True).text
    assert Desk.objects.count() == 2
    assert codes.matches("desk", re.search(r"#ma=(\w{10})", page)[1], Desk.objects.get(name="Bàn 2").code_hash)
    organiser.post(at(here, "ban"), said | {"name": "Bàn 3"})
    assert Desk.objects.count() == 3


def test_a_desk_of_a_closed_workshop_is_open_no_more_and_offers_no_code(here, organiser):
    Workshop.objects.update(closed_at=DOOR)
    page = organiser.get(at(here, "ban")).text
    assert "đóng cùng lớp" in page
    assert f"/ban/{here.desk.pk}/ma-moi/" not in page
    assert f"/ban/{here.desk.pk}/dong/" not in page


def test_of_a_desk_that_is_shut_nothing_is_asked(here, organiser):
    actions.shut_desk(desk=here.desk, by=None, at=DOOR)
    for act in ("ma-moi", "thoi-nhan"):
        assert organiser.get(f"/quan-tri/diem-danh/ban/{here.desk.pk}/{act}/").url == at(here, "ban")


class TestADeskThatIsMadeDaysAhead:
    BEFORE = cast.NOW

    @pytest.fixture
    def made(self, here, organiser):
        with cast.on(self.BEFORE):
            page = organiser.post(at(here, "ban"), {"name": "Bàn 2", "hours": "4"}, follow=True).text
        return page, Desk.objects.get(name="Bàn 2")

    def test_works_on_the_day_until_the_session_is_over_and_its_page_says_so(self, here, made):
        page, desk = made
        assert desk.expires_at == here.session.ends_at + timedelta(hours=1)
        assert "Bàn điểm danh được từ 07:00 25/11/2026 đến 14:00 25/11/2026" in page
        assert access.is_manned(desk, DOOR)
        told = actions.Report(nonce=uuid4(), desk=desk, session=here.session, occurred_at=DOOR, number=1)
        assert actions.scan(report=told, at=DOOR).outcome == "present"

    def test_is_called_open_by_no_page_before_its_code_opens_it(self, here, made, organiser):
        desk = made[1]
        Desk.objects.exclude(pk=desk.pk).delete()
        addresses = (at(here, "ban"), f"/quan-tri/tap-huan/{here.workshop.pk}/")
        with cast.on(self.BEFORE):
            early = [organiser.get(address).text for address in addresses]
        late = [organiser.get(address).text for address in addresses]
        assert ["<td>đang mở" in early[0], "bàn đang mở" in early[1]] == [False, False]
        assert "<td>chưa mở" in early[0]
        assert ["<td>đang mở" in late[0], "1 bàn đang mở" in late[1]] == [True, True]

    def test_opens_on_a_phone_a_day_ahead_and_says_from_when(self, here, made):
        code = re.search(r"#ma=(\w{10})", made[0])[1]
        opens = here.session.starts_at - timedelta(days=1)
        assert "Điện thoại mở bàn được từ 10:00 24/11/2026." in made[0]
        with cast.on(opens - timedelta(minutes=1)):
            page = Client().post("/diem-danh/", {"code": code})
            said = Client().post("/diem-danh/mo.json", f'{{"code": "{code}"}}', content_type="application/json")
        assert (page.status_code, said.status_code) == (422, 409)
        assert "Bàn này mở được từ 10:00 24/11/2026." in page.text
        assert said.json() == {"why": "Bàn này mở được từ 10:00 24/11/2026."}
        with cast.on(opens):
            assert Client().post("/diem-danh/", {"code": code}).status_code == 302

    def test_is_said_to_be_of_no_use_where_the_session_was_put_off(self, here, organiser, made):
        Session.objects.update(
            starts_at=here.session.starts_at + timedelta(days=2), ends_at=here.session.ends_at + timedelta(days=2)
        )
        page = organiser.get(at(here, "ban")).text
        assert "Chưa có bàn nào dùng được ở buổi 10:00 27/11/2026" in page
        assert "hết giờ trước buổi" in page

    def test_for_several_days_begins_with_the_first_of_them(self, here, organiser):
        Session.objects.create(
            workshop=here.workshop, name="Buổi cuối", starts_at=here.session.starts_at + timedelta(days=5), ends_at=here.session.ends_at + timedelta(days=5)
        )  # fmt: skip
        made, _code = actions.make_desk(workshop=here.workshop, name="", hours=72, by=None, at=self.BEFORE)
        assert made.expires_at == here.session.starts_at - timedelta(hours=3) + timedelta(hours=72)


def test_hours_that_the_last_session_cuts_are_said(here, organiser):
    page = organiser.post(at(here, "ban"), {"name": "Bàn 2", "hours": "72"}, follow=True).text
    assert "đến 14:00 25/11/2026</b> (một giờ sau buổi cuối: không bàn nào dùng lâu hơn)." in page
    page = organiser.post(at(here, "ban"), {"name": "Bàn 3", "hours": "4"}, follow=True).text
    assert "đến 13:40 25/11/2026</b>." in page


@pytest.mark.parametrize("act", [actions.end_desk, actions.shut_desk])
def test_a_desk_that_is_over_gets_no_code(here, organiser, act):
    act(desk=here.desk, by=None, at=DOOR)
    answer = organiser.post(f"/quan-tri/diem-danh/ban/{here.desk.pk}/ma-moi/", follow=True).text
    assert "lập bàn khác" in answer
    assert "#ma=" not in answer
    assert "/ma-moi/" not in answer


def test_a_leaked_desk_is_shut_by_a_button_of_its_own(here, organiser):
    address = f"/quan-tri/diem-danh/ban/{here.desk.pk}/thoi-nhan/"
    assert "Đóng và không nhận gì nữa" in organiser.get(at(here, "ban")).text
    answer = organiser.post(address, follow=True).text
    assert "Đã đóng Bàn 1 và thôi nhận" in answer
    assert address not in answer
    assert Desk.objects.values_list("ended_at", "shut_at").get() == (DOOR, DOOR)


def test_of_an_ended_desk_nothing_more_is_taken_by_the_same_button_for_a_week(here, organiser):
    actions.end_desk(desk=here.desk, by=None, at=DOOR)
    address = f"/quan-tri/diem-danh/ban/{here.desk.pk}/thoi-nhan/"
    assert address in organiser.get(at(here, "ban")).text
    with cast.on(here.desk.expires_at + access.LATE):
        assert address not in organiser.get(at(here, "ban")).text


def test_desks_of_other_places_are_nobodys_to_shut(here):
    other = cast.client_of(cast.staff("organiser", cast.province("Hà Nội")))
    for act in ("dong", "thoi-nhan", "ma-moi"):
        assert other.post(f"/quan-tri/diem-danh/ban/{here.desk.pk}/{act}/").status_code == 404
    assert Desk.objects.values_list("ended_at", "shut_at").get() == (None, None)


def test_a_desk_without_a_name_gets_a_number(here, organiser):
    organiser.post(at(here, "ban"), {"name": "", "hours": "8"})
    assert Desk.objects.filter(name="Bàn 2").exists()


@pytest.mark.parametrize("hours", ["", "999", "x"])
def test_hours_are_of_the_list(here, organiser, hours):
    assert organiser.post(at(here, "ban"), {"name": "Bàn 2", "hours": hours}).status_code == 422
    assert Desk.objects.count() == 1


def test_when_the_workshop_is_over_there_is_no_desk(here, organiser):
    with cast.on(here.session.ends_at + timedelta(hours=2)):
        answer = organiser.post(at(here, "ban"), {"name": "Bàn 2", "hours": "4"})
    assert (answer.status_code, "đã kết thúc" in answer.text) == (422, True)


def test_a_desk_is_ended_by_a_button(here, organiser):
    address = f"/quan-tri/diem-danh/ban/{here.desk.pk}/dong/"
    assert organiser.get(address).status_code == 405
    assert "Đã đóng Bàn 1" in organiser.post(address, follow=True).text
    assert Desk.objects.get().ended_at == DOOR


def test_the_counter_counts_by_session_and_unit_and_looks_anew_by_itself(here, organiser):
    scanned(here, number=1)
    scanned(here, number=2)
    Registration.objects.filter(unit="UBND xã Đất Mũi").update(person_kind="official")
    shown = body(organiser.get(at(here, "co-mat")))
    assert "<b>2</b>/3 có mặt" in shown
    assert '<td>UBND xã Đất Mũi</td><td class="number">1/1</td>' in shown
    assert '<td>Chủ thể xã Phan Ngọc Hiển</td><td class="number">1/2</td>' in shown
    assert "Cơ sở Muối" not in shown
    assert 'http-equiv="refresh"' in shown
    assert "/diem-danh/chieu/" in shown


def test_who_merely_looks_sees_units_of_the_own_place_alone(here):
    other = cast.person("Người Nơi Khác", cast.commune("Đất Mũi"))
    actions.register(workshop=here.workshop, person=other, source="nominated", at=cast.NOW, unit="Đơn vị khác")
    Registration.objects.filter(unit__in=("UBND xã Đất Mũi", "Đơn vị khác")).update(person_kind="official")
    manager = cast.client_of(cast.staff("manager", cast.commune()))
    shown = manager.get(at(here, "co-mat")).text
    assert "UBND xã Đất Mũi" in shown
    assert "Đơn vị khác" not in shown
    assert manager.get(at(here, "xem-lai")).status_code in (302, 403, 404)


def test_what_made_nobody_present_is_listed_and_settled(here, organiser):
    actions.cancel(registration=here.held[2], at=cast.NOW)
    cancelled, unknown = scanned(here, number=3), scanned(here, code="KHONGCO")
    shown = organiser.get(at(here, "xem-lai")).text
    assert "Đỗ Hữu Đức" in shown
    assert "KHONGCO" in shown
    assert f"{timezone.localtime(unknown.occurred_at):%H:%M %d/%m/%Y}, " in shown
    assert "2 lượt cần xem lại" in organiser.get(at(here, "co-mat")).text
    assert (
        "Đã ghi có mặt"
        in organiser.post(at(here, "xem-lai"), {"scan": cancelled.pk, "as": "present"}, follow=True).text
    )
    assert "đã xem" in organiser.post(at(here, "xem-lai"), {"scan": unknown.pk, "as": "seen"}, follow=True).text
    assert not Scan.objects.filter(looked_at=None).exclude(outcome="present").exists()
    assert Attendance.objects.get().registration == here.held[2]
    assert organiser.post(at(here, "xem-lai"), {"scan": "9999"}).status_code == 404


def test_the_signed_list_is_typed_in_with_tick_boxes(here, organiser):
    scanned(here, number=1)
    page = organiser.get(at(here, "ky-ten"), follow=True)
    assert page.text.count('name="there"') == 2
    address = f"/quan-tri/diem-danh/buoi/{here.session.pk}/"
    answer = organiser.post(address, {"there": [here.held[1].pk, here.held[2].pk, "x"]}, follow=True)
    assert "Đã ghi thêm 2 người" in answer.text
    assert sorted(Attendance.objects.values_list("way", flat=True)) == ["scan", "sheet", "sheet"]


def test_an_attendance_is_taken_back_with_a_reason(here, organiser):
    scanned(here, number=1)
    address = f"/quan-tri/diem-danh/luot/{Attendance.objects.get().pk}/bo/"
    assert organiser.post(address, {"why": " "}).status_code == 422
    assert "Đã bỏ lượt" in organiser.post(address, {"why": "Bấm nhầm"}, follow=True).text
    assert "đã bỏ rồi" in organiser.post(address, {"why": "Bấm lần nữa"}, follow=True).text
    assert Attendance.objects.get().taken_back_why == "Bấm nhầm"
    other = cast.client_of(cast.staff("organiser", cast.province("Lào Cai"), phone="0987000116"))
    assert other.get(address).status_code == 404


def test_a_closed_session_is_shown_and_not_changed(here, organiser):
    scanned(here, number=1)
    Session.objects.update(closed_at=DOOR)
    address = f"/quan-tri/diem-danh/buoi/{here.session.pk}/"
    assert 'name="there"' not in organiser.get(address).text
    assert "đã chốt" in organiser.post(address, {"there": [here.held[1].pk]}, follow=True).text
    one = Attendance.objects.get()
    assert organiser.post(f"/quan-tri/diem-danh/luot/{one.pk}/bo/", {"why": "Nhầm"}).status_code == 422


def test_the_steps_of_the_hall_are_on_the_workshops_page(here, organiser):
    shown = organiser.get(f"/quan-tri/tap-huan/{here.workshop.pk}/").text
    for what in ("ban", "co-mat", "xem-lai", "ky-ten"):
        assert at(here, what) in shown
