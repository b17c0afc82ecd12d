"""Desks, the counter, what is to be looked at and the signed list, as the organiser has them in the admin."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import ModelLogEntry

from lib import codes, qr
from tests import cast
from workshops import access, actions
from workshops.models import Attendance, Desk, Registration, Scan, Session

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
    answer = organiser.post(at(here, "ban"), {"name": "Bàn 2", "hours": "4"})
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
    answer = organiser.post(at(here, "ban"), {"name": "Bàn 2", "hours": "4"}).text
    link = re.search(r'data-share="([^"]+)"', answer)[1]
    address, _mark, code = link.partition("#ma=")
    assert address == settings.BASE_URL + "/diem-danh/"
    assert codes.matches("desk", code, Desk.objects.get(name="Bàn 2").code_hash)
    assert qr.picture(link) in answer
    assert "js/share" in answer


def test_a_lost_code_is_given_anew_and_the_old_one_opens_no_more(here, organiser):
    phone, token = Client(), access.token_of(here.desk)
    address = f"/quan-tri/diem-danh/ban/{here.desk.pk}/ma-moi/"
    assert organiser.get(address).status_code == 405
    answer = organiser.post(address)
    code = re.search(r"#ma=(\w{10})", answer.text)[1]
    assert code != here.code
    assert phone.post("/diem-danh/", {"code": here.code}).status_code == 422
    assert phone.post("/diem-danh/", {"code": code}).status_code == 302
    assert access.get_desk(token, DOOR) == here.desk  # phones that have its list go on
    assert Desk.objects.count() == 1
    assert ModelLogEntry.objects.filter(action="workshops.desk_recoded").count() == 1


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
    assert organiser.get(address).status_code == 405
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
    assert Attendance.objects.get().taken_back_why == "Bấm nhầm"
    assert organiser.get(address).status_code == 404


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
