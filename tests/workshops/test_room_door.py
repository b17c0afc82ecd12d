"""Rooms at one hour at the door: a desk says where somebody goes, takes in with one tap, and lists keep nobody out."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from lib.refusals import Refusal
from tests import cast
from workshops import actions, parallel, personal
from workshops.desk import self_check
from workshops.inviting import receiving
from workshops.models import Attendance, Desk, Registration, Scan, Session

from .conftest import main
from .desks import DOOR
from .rooms import beside, officer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_at_the_door")]


@pytest.fixture
def both(here):
    """Út and Thị Út go to room 2, Đức knows none yet."""
    rooms = beside(here.workshop)
    for one in here.held[:2]:
        actions.choose_rooms(registration=one, sessions=[rooms[1].pk], at=cast.NOW)
    return rooms


def report(here, session, held):
    return actions.Report(nonce=uuid4(), desk=here.desk, session=session, occurred_at=DOOR, code=held.code)


def there(session) -> list[int]:
    return list(
        Attendance.objects.filter(session=session, taken_back_at=None).values_list("registration__number", flat=True)
    )


def room_of(held) -> str:
    return held.assignments.get().session.where


class TestScanning:
    def test_who_goes_to_the_other_room_is_told_so_and_not_recorded(self, here, both):
        made = actions.scan(report=report(here, both[0], here.held[0]), at=DOOR)
        assert (made.outcome, there(both[0])) == ("room", [])
        assert actions.scan(report=report(here, both[1], here.held[0]), at=DOOR).outcome == "present"

    def test_one_tap_takes_them_in_and_they_go_here_from_now_on(self, here, both):
        made = actions.take_in(report=report(here, both[0], here.held[0]), at=DOOR)
        assert (made.outcome, there(both[0]), room_of(here.held[0])) == ("present", [1], "Phòng 1")
        assert personal.violations() == []

    def test_whoever_stands_in_a_room_knows_it_and_of_no_other_hour_what_they_did_not_know(self, here, both):
        held = here.held[2]
        actions.scan(report=report(here, both[0], held), at=DOOR)
        assert receiving.untold(here.workshop, parallel.rooms(here.workshop)).otherwise == 0
        evening = [
            Session.objects.create(
                workshop=here.workshop, name="Tối", room=one.room, starts_at=one.ends_at, ends_at=one.ends_at + timedelta(hours=1)
            )
            for one in both
        ]  # fmt: skip
        actions.assign_rooms(
            workshop=here.workshop, wanted={here.held[0].pk: {evening[0].pk: evening[0].pk}}, by=officer(), at=cast.NOW
        )
        actions.take_in(report=report(here, both[0], here.held[0]), at=DOOR)
        here.held[0].refresh_from_db()
        assert "Phong 1" not in here.held[0].told_rooms

    def test_who_was_in_the_other_room_already_has_moved(self, here, both):
        actions.scan(report=report(here, both[1], here.held[0]), at=DOOR)
        actions.take_in(report=report(here, both[0], here.held[0]), at=DOOR)
        assert (there(both[0]), there(both[1])) == ([1], [])
        assert Attendance.objects.get(session=both[1]).taken_back_why == "sang Phòng 1"
        assert parallel.presence(here.workshop) == {here.held[0].pk: 1}

    def test_not_out_of_a_room_whose_list_is_closed(self, here, both):
        actions.scan(report=report(here, both[1], here.held[0]), at=DOOR)
        Session.objects.filter(pk=both[1].pk).update(closed_at=DOOR)
        with pytest.raises(Refusal, match="đã chốt điểm danh"):
            actions.take_in(report=report(here, both[0], here.held[0]), at=DOOR)
        assert there(both[1]) == [1]

    def test_who_has_no_room_goes_where_they_stand_also_where_it_is_full(self, here, both):
        Session.objects.filter(pk=both[1].pk).update(seats=1)
        made = actions.scan(report=report(here, both[1], here.held[2]), at=DOOR)
        assert (made.outcome, room_of(here.held[2])) == ("present", "Phòng 2")

    def test_a_walk_in_belongs_to_the_room_of_the_desk(self, here, both):
        newcomer = actions.Newcomer(name="Võ Văn Ba", place=cast.commune(), consents=tuple(cast.texts()[:1]))
        said = actions.Report(nonce=uuid4(), desk=here.desk, session=both[1], occurred_at=DOOR)
        actions.walk_in(report=said, newcomer=newcomer, at=DOOR)
        assert room_of(Registration.objects.get(person__name="Võ Văn Ba")) == "Phòng 2"

    def test_who_stands_in_at_another_room_is_taken_in_there(self, here, both):
        newcomer = actions.Newcomer(name="Võ Văn Ba", place=cast.commune(), consents=tuple(cast.texts()[:1]))
        made = actions.stand_in(report=report(here, both[0], here.held[0]), newcomer=newcomer, at=DOOR)
        assert (made.outcome, room_of(made.registration)) == ("present", "Phòng 1")

    def test_a_desk_that_is_over_moves_nobody_and_the_organiser_may(self, here, both):
        actions.end_desk(desk=here.desk, by=None, at=DOOR + timedelta(minutes=1))
        here.desk.refresh_from_db()
        made = actions.take_in(report=report(here, both[0], here.held[0]), at=DOOR + timedelta(minutes=2))
        assert (made.outcome, room_of(here.held[0])) == ("room", "Phòng 2")
        assert actions.settle(scan=made, accept=True, by=officer(), at=DOOR)
        assert (there(both[0]), room_of(here.held[0])) == ([1], "Phòng 1")


class TestPhonesOfTheDesk:
    def opened(self, here):
        said = json.dumps({"code": here.code})
        return Client().post("/diem-danh/mo.json", said, content_type="application/json").json()

    def test_the_roster_knows_whose_room_is_which(self, here, both):
        told = self.opened(here)
        first, second = (str(one.pk) for one in both)
        assert {one["key"]: (one["where"], one["beside"]) for one in told["sessions"]} == {
            first: ("Phòng 1", [second]),
            second: ("Phòng 2", [first]),
        }
        assert [row["rooms"] for row in told["rows"]] == [[second], [second], []]

    def test_a_page_without_a_script_says_it_and_offers_both(self, here, both):
        browser = Client()
        browser.post("/diem-danh/", {"code": here.code})
        text = browser.get(f"/diem-danh/ban/?buoi={both[0].pk}&tim=1").text
        assert "Có tên ở Phòng 2" in text
        assert "Có mặt ở Phòng 2" in text
        assert "Nhận vào phòng này" in text
        said = {
            "buoi": str(both[0].pk),
            "session": str(both[0].pk),
            "number": "1",
            "kind": "take",
            "nonce": str(uuid4()),
        }
        browser.post("/diem-danh/ban/ghi/", said)
        assert there(both[0]) == [1]

    def test_who_is_in_the_other_room_is_taken_in_here_by_a_tap_that_names_both(self, here, both):
        actions.scan(report=report(here, both[1], here.held[0]), at=DOOR)
        browser = Client()
        browser.post("/diem-danh/", {"code": here.code})
        text = main(browser.get(f"/diem-danh/ban/?buoi={both[0].pk}&tim=1"))
        assert "Đã có mặt ở Phòng 2 lúc 09:40" in text
        assert "Chuyển từ Phòng 2 sang Phòng 1" in text
        said = {"session": both[0].pk, "number": 1, "kind": "take", "nonce": ""}
        after = main(browser.post("/diem-danh/ban/ghi/", said, follow=True))
        assert "Có mặt lúc 09:40. Phòng 1." in after
        assert (there(both[0]), there(both[1])) == ([1], [])
        assert self.opened(here)["present"] == {str(both[0].pk): {"1": "09:40"}}
        assert "Chuyển từ" not in main(browser.get("/diem-danh/ban/?tim=1"))

    def test_in_a_list_the_room_comes_first_where_there_are_several(self, here, both):
        assert [one["name"] for one in self.opened(here)["sessions"]] == [
            "Phòng 1 · Buổi chiều, 10:00 25/11/2026",
            "Phòng 2 · Bán hàng trên mạng, 10:00 25/11/2026",
        ]
        Session.objects.filter(pk=both[1].pk).update(cancelled_at=DOOR)
        assert [one["name"] for one in self.opened(here)["sessions"]] == ["Buổi chiều, 10:00 25/11/2026 (Phòng 1)"]

    def test_the_counter_of_a_room_expects_those_who_go_there(self, here, both):
        browser = Client()
        browser.post("/diem-danh/", {"code": here.code})
        assert "0<small>/2 có mặt" in browser.get(f"/diem-danh/ban/?buoi={both[1].pk}").text


class TestWhichRoomABrowserStandsIn:
    @pytest.fixture
    def browser(self, here, both):
        browser = Client()
        browser.post("/diem-danh/", {"code": here.code})
        return browser

    def test_it_is_asked_before_anybody_is_searched_for(self, browser, both):
        page = main(browser.get("/diem-danh/ban/", {"tim": "ut"}))
        assert "Bàn này ở phòng nào?" in page
        assert [f"?buoi={one.pk}" in page for one in both] == [True, True]
        assert "Nguyễn Văn Út" not in page
        assert 'name="tim"' not in page
        assert browser.get("/diem-danh/ban/bo-sung/").url == "/diem-danh/ban/"

    def test_it_is_asked_once_and_remembered(self, browser, both):
        page = main(browser.get("/diem-danh/ban/", {"buoi": both[1].pk}))
        assert "Bàn này ở phòng nào?" not in page
        assert 'name="buoi" value=""' in page
        assert f'name="session" value="{both[1].pk}"' in main(browser.get("/diem-danh/ban/", {"tim": "ut"}))
        said = {"name": "Lâm Văn Mới", "phone": "", "unit": "", "place": cast.commune().pk, "consent": "on"}
        browser.post("/diem-danh/ban/bo-sung/", said)
        assert room_of(Registration.objects.get(person__name="Lâm Văn Mới")) == "Phòng 2"

    def test_a_form_says_where_it_records_and_records_there_whatever_was_chosen_meanwhile(self, browser, both):
        browser.get("/diem-danh/ban/", {"buoi": both[0].pk})
        form = main(browser.get("/diem-danh/ban/bo-sung/"))
        assert "Phòng 1" in form
        assert f'name="session" value="{both[0].pk}"' in form
        browser.get("/diem-danh/ban/", {"buoi": both[1].pk})
        said = {"name": "Lâm Văn Mới", "phone": "", "unit": "", "place": cast.commune().pk, "consent": "on"}
        browser.post("/diem-danh/ban/bo-sung/", said | {"session": both[0].pk})
        assert room_of(Registration.objects.get(person__name="Lâm Văn Mới")) == "Phòng 1"

    def test_a_form_of_another_workshop_records_nobody_here(self, browser, both):
        other = cast.workshop(cast.course(slug="khac", title="Khác"), slug="lop-khac").sessions.get()
        said = {"name": "Lâm Văn Mới", "phone": "", "unit": "", "place": cast.commune().pk, "consent": "on"}
        answer = browser.post("/diem-danh/ban/bo-sung/", said | {"session": other.pk}, follow=True)
        assert "không thuộc lớp của bàn" in answer.text
        assert not Registration.objects.filter(person__name="Lâm Văn Mới").exists()

    def test_it_is_asked_anew_when_the_next_rooms_have_their_turn(self, here, browser, both):
        browser.get("/diem-danh/ban/", {"buoi": both[1].pk})
        begins = both[0].ends_at + timedelta(minutes=100)
        for name in ("Phòng 1", "Phòng 2"):
            Session.objects.create(
                workshop=here.workshop,
                name="Buổi tối",
                room=name,
                starts_at=begins,
                ends_at=begins + timedelta(hours=1),
            )
        Desk.objects.update(expires_at=begins + timedelta(hours=2))
        with cast.on(begins - timedelta(minutes=50)):
            assert "Bàn này ở phòng nào?" not in main(browser.get("/diem-danh/ban/"))
        with cast.on(begins - timedelta(minutes=30)):
            assert "Bàn này ở phòng nào?" in main(browser.get("/diem-danh/ban/"))

    def test_a_room_that_goes_on_alone_is_named_too(self, here, browser, both):
        Session.objects.filter(pk=both[1].pk).update(ends_at=both[0].ends_at + timedelta(hours=2))
        browser.get("/diem-danh/ban/", {"buoi": both[0].pk})
        Desk.objects.update(expires_at=both[0].ends_at + timedelta(hours=3))
        with cast.on(both[0].ends_at + timedelta(minutes=90)):
            page = main(browser.get("/diem-danh/ban/"))
        assert "Bàn này ở phòng nào?" in page
        assert f'?buoi={both[0].pk}"' not in page

    def test_leaving_the_desk_forgets_the_room(self, here, browser, both):
        browser.get("/diem-danh/ban/", {"buoi": both[1].pk})
        browser.post("/diem-danh/roi/")
        browser.post("/diem-danh/", {"code": here.code})
        assert "Bàn này ở phòng nào?" in main(browser.get("/diem-danh/ban/"))


class TestByThemselves:
    def test_the_wall_of_another_room_says_where_to_go(self, here, both):
        digits = self_check.digits_of(both[0], DOOR)
        answer = Client().post("/diem-danh/tu/", {"digits": digits, "ticket": here.held[0].code})
        assert "Anh/Chị có tên ở Phòng 2" in answer.text
        assert not Attendance.objects.exists()

    def test_the_wall_of_the_own_room_records(self, here, both):
        digits = self_check.digits_of(both[1], DOOR)
        Client().post("/diem-danh/tu/", {"digits": digits, "ticket": here.held[0].code})
        assert there(both[1]) == [1]


class TestTheSignedList:
    @pytest.fixture
    def organiser(self, here):
        return cast.client_of(officer())

    @pytest.mark.parametrize("later", [timedelta(minutes=-5), timedelta(hours=1), timedelta(hours=9)])
    def test_the_first_room_of_an_hour_is_opened_before_it_begins_during_it_and_afterwards(
        self, here, both, organiser, later
    ):
        with cast.on(both[0].starts_at + later):
            answer = organiser.get(f"/quan-tri/diem-danh/{here.workshop.pk}/ky-ten/")
        assert answer["Location"] == f"/quan-tri/diem-danh/buoi/{both[0].pk}/"

    def test_it_has_those_of_the_room_and_apart_who_has_none(self, here, both, organiser):
        text = organiser.get(f"/quan-tri/diem-danh/buoi/{both[1].pk}/").text
        assert text.index("Nguyễn Văn Út") < text.index("Chưa có phòng") < text.index("Đỗ Hữu Đức")
        other = organiser.get(f"/quan-tri/diem-danh/buoi/{both[0].pk}/").text
        assert "Nguyễn Văn Út" not in other
        assert "Đỗ Hữu Đức" in other

    def test_who_signed_without_a_room_belongs_to_it_and_who_has_another_is_left(self, here, both, organiser):
        ticked = [str(one.pk) for one in here.held]
        organiser.post(f"/quan-tri/diem-danh/buoi/{both[0].pk}/", {"there": ticked})
        assert (there(both[0]), room_of(here.held[2])) == ([3], "Phòng 1")
        assert personal.violations() == []

    def test_who_was_ticked_and_is_in_the_other_room_is_named(self, here, both, organiser):
        actions.scan(report=report(here, both[1], here.held[0]), at=DOOR)
        address = f"/quan-tri/diem-danh/buoi/{both[0].pk}/"
        page = organiser.post(address, {"there": [here.held[0].pk, here.held[2].pk]}, follow=True).text
        assert "Đã ghi thêm 1 người" in page
        assert "không còn giữ chỗ: 1. Nguyễn Văn Út." in page
        assert (there(both[0]), there(both[1])) == ([3], [1])

    def test_the_counter_tells_of_those_without_a_room(self, here, both, organiser):
        text = organiser.get(f"/quan-tri/diem-danh/{here.workshop.pk}/co-mat/").text
        assert text.count("1 đại biểu chưa có phòng vào giờ này") == 2

    def test_what_a_desk_could_not_record_is_told_with_its_reason(self, here, both, organiser):
        actions.scan(report=report(here, both[0], here.held[0]), at=DOOR)
        assert Scan.objects.get().outcome == "room"
        assert "Có tên ở phòng khác cùng giờ" in organiser.get(f"/quan-tri/diem-danh/{here.workshop.pk}/xem-lai/").text
