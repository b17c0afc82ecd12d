"""Rooms at one hour on the pages of delegates and organisers: chosen, changed, assigned, spread."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from lib import generation
from tests import cast
from workshops import actions, parallel
from workshops.models import FormQuestion, Registration, RegistrationSource, Session, Workshop

from . import rosters
from .conftest import ADDRESS, main
from .rooms import beside
from .test_rosters import everywhere, roster_of

pytestmark = pytest.mark.django_db
FORM = f"{ADDRESS}dang-ky/"


@pytest.fixture
def both(planned, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        Workshop.objects.update(capacity=None)
        rooms = beside(planned, seats=1)
        generation.bump()
    return rooms


def hours(session) -> str:
    return f"{timezone.localtime(session.starts_at):%H:%M}–{timezone.localtime(session.ends_at):%H:%M}"


def field(rooms) -> str:
    return f"room{min(one.pk for one in rooms)}"


def registered(workshop, name, *rooms):
    return actions.register(
        workshop=workshop, person=cast.person(name), source=RegistrationSource.NOMINATED, at=cast.NOW,
        rooms=[one.pk for one in rooms],
    )  # fmt: skip


def rooms_of(registration) -> list[str]:
    return [one.session.where for one in registration.assignments.all()]


class TestTheProgramme:
    def test_it_shows_them_side_by_side_and_says_so(self, planned, both, anybody):
        text = main(anybody.get(ADDRESS))
        assert "học cùng giờ: mỗi đại biểu dự một phòng" in text
        assert text.index('class="side-by-side"') < text.index("Phòng 1") < text.index("Phòng 2")

    def test_of_one_session_nothing_of_rooms_is_said(self, planned, anybody, own):
        assert "side-by-side" not in main(anybody.get(ADDRESS))
        assert "Chọn phòng" not in main(own.get(FORM))


class TestRegistering:
    def test_seats_are_told_and_the_chosen_room_is_on_the_ticket(self, planned, both, own, trainee):
        assert f"Phòng 2: Bán hàng trên mạng, {hours(both[1])}, còn 1 chỗ" in main(own.get(FORM))
        answer = own.post(FORM, {"unit": "HTX", field(both): str(both[1].pk)}, follow=True)
        assert rooms_of(Registration.objects.get()) == ["Phòng 2"]
        assert '<b lang="vi">Phòng 2</b>' in main(answer)

    def test_without_a_choice_nothing_is_written_and_what_was_typed_stays(self, planned, both, own):
        answer = own.post(FORM, {"unit": "HTX Tôm khô"})
        assert (answer.status_code, Registration.objects.count()) == (422, 0)
        assert "Hãy chọn một phòng." in answer.text
        assert 'value="HTX Tôm khô"' in answer.text

    def test_a_full_room_cannot_be_chosen(self, planned, both, own):
        registered(planned, "Lê Văn Bé", both[1])
        text = main(own.get(FORM))
        assert re.search(rf'<input[^>]*value="{both[1].pk}"[^>]*disabled', text)
        assert f"{hours(both[1])}, đã hết chỗ" in text
        answer = own.post(FORM, {"unit": "HTX", field(both): str(both[1].pk)})
        assert (answer.status_code, Registration.objects.filter(person__name="Trần Thị Út").count()) == (422, 0)
        assert "“Phòng 2” vừa hết chỗ. Hãy chọn phòng khác." in answer.text

    def test_a_room_has_no_more_seats_than_the_class_has_left(self, planned, both, own, change):
        Session.objects.update(seats=9)
        change(capacity=2)
        assert main(own.get(FORM)).count(", còn 2 chỗ") == 2

    def test_one_that_was_taken_meanwhile_is_not_ticked_any_more(self, planned, both, own):
        registered(planned, "Lê Văn Bé", both[1])
        text = own.post(FORM, {"unit": "HTX", field(both): str(both[1].pk)}).text
        (radio,) = re.findall(rf'<input[^>]*value="{both[1].pk}"[^>]*>', text)
        assert ("disabled" in radio, "checked" in radio) == (True, False)

    def test_who_cancelled_finds_what_was_said_before(self, planned, both, own, trainee):
        asked = FormQuestion.objects.create(
            workshop=planned, stage="registration", kind="choice", label="Ăn gì?", options="cơm\nchay"
        )
        generation.bump()
        answers = {f"q{asked.pk}": "chay", field(both): str(both[1].pk)}
        own.post(FORM, {"unit": "HTX Tôm khô", **answers})
        actions.cancel(registration=Registration.objects.get(), at=cast.NOW)
        text = main(own.get(FORM))
        ticked = re.findall(r'<input type="radio"[^>]*value="([^"]+)"[^>]*checked', text)
        assert (sorted(ticked), "HTX Tôm khô" in text) == (sorted(["chay", str(both[1].pk)]), True)

    def test_a_room_that_was_left_and_taken_by_another_is_not_proposed(self, planned, both, own, trainee):
        own.post(FORM, {"unit": "HTX", field(both): str(both[1].pk)})
        actions.cancel(registration=Registration.objects.get(), at=cast.NOW)
        registered(planned, "Lê Văn Bé", both[1])
        assert "checked" not in main(own.get(FORM))

    def test_where_all_are_full_whoever_registers_is_placed_later(self, planned, both, own, trainee):
        Session.objects.update(seats=1)
        for number, room in enumerate(both):
            registered(planned, f"Người {'Ba' if number else 'Tư'}", room)
        assert "đơn vị tổ chức xếp phòng và báo sau" in main(own.get(FORM))
        own.post(FORM, {"unit": "HTX"})
        made = Registration.objects.get(person=trainee.person)
        assert (made.state, rooms_of(made)) == ("held", [])


class TestTheTicket:
    def test_who_has_no_room_chooses_one_and_changes_it(self, planned, both, anybody):
        held = registered(planned, "Lê Văn Bé")
        ticket = f"/tap-huan/ve/{held.code}/"
        assert "chưa có phòng" in main(anybody.get(ticket))
        for room in both[::-1]:
            anybody.post(f"{ticket}phong/", {field(both): str(room.pk)})
            assert rooms_of(held) == [room.where]

    def test_once_registration_is_over_it_says_whom_to_ask(self, planned, both, anybody, change):
        held = registered(planned, "Lê Văn Bé", both[1])
        change(closes_at=cast.NOW - timedelta(hours=1))
        answer = anybody.post(f"/tap-huan/ve/{held.code}/phong/", {field(both): str(both[0].pk)}, follow=True)
        assert rooms_of(held) == ["Phòng 2"]
        assert "không đổi phòng được nữa" in answer.text
        assert f"ve/{held.code}/phong/" not in main(anybody.get(f"/tap-huan/ve/{held.code}/"))

    def test_what_cannot_be_done_any_more_is_no_success(self, planned, both, anybody, change):
        held = registered(planned, "Lê Văn Bé", both[1])
        change(closes_at=cast.NOW - timedelta(hours=1))
        text = anybody.get(f"/tap-huan/ve/{held.code}/phong/", follow=True).text
        assert '<div class="message message--wait">' in text.partition("không đổi phòng được nữa")[0]

    def test_the_own_room_is_named_as_ones_own_though_it_is_full(self, planned, both, anybody):
        held = registered(planned, "Lê Văn Bé", both[1])
        text = main(anybody.get(f"/tap-huan/ve/{held.code}/phong/"))
        assert f"{hours(both[1])}, phòng của anh/chị" in text
        assert "đã hết chỗ" not in text

    def test_where_all_are_full_who_has_none_is_told_that_the_seat_is_kept(self, planned, both, anybody):
        Session.objects.update(seats=1)
        for number, room in enumerate(both):
            registered(planned, f"Người {'Ba' if number else 'Tư'}", room)
        Workshop.objects.update(capacity=None)
        held = registered(planned, "Lê Văn Bé")
        address = f"/tap-huan/ve/{held.code}/phong/"
        text = main(anybody.get(address))
        assert "Chỗ của anh/chị trong lớp vẫn giữ" in text
        assert "vẫn đăng ký được" not in text
        assert "Chọn phòng này" not in text
        assert "chưa ghi phòng nào" in anybody.post(address, {}, follow=True).text

    def test_a_cancelled_one_promises_no_messages(self, planned, both, anybody):
        held = registered(planned, "Lê Văn Bé", both[1])
        held.person.contact_phone = "+84912345678"
        held.person.save()
        ticket = f"/tap-huan/ve/{held.code}/"
        assert "khi tới lượt nhận chỗ" in main(anybody.get(ticket))
        actions.cancel(registration=held, at=cast.NOW)
        assert "khi tới lượt nhận chỗ" not in main(anybody.get(ticket))

    def test_the_calendar_of_a_ticket_has_the_own_session_alone(self, planned, both, anybody):
        held = registered(planned, "Lê Văn Bé", both[1])
        text = anybody.get(f"/tap-huan/ve/{held.code}/lich.ics").text
        assert (text.count("BEGIN:VEVENT"), "Phòng 2" in text, "Phòng 1" in text) == (1, True, False)


class TestTheOrganiser:
    @pytest.fixture
    def admin(self, organiser):
        return cast.client_of(organiser)

    def at(self, workshop) -> str:
        return f"/quan-tri/tap-huan/{workshop.pk}/phong/"

    def test_the_page_of_the_workshop_leads_to_those_without_a_room(self, planned, both, admin):
        registered(planned, "Lê Văn Bé")
        text = admin.get(f"/quan-tri/tap-huan/{planned.pk}/").text
        assert self.at(planned) in text
        assert "1 đại biểu chưa có phòng" in text

    def test_one_tap_spreads_them_evenly(self, planned, both, admin):
        Session.objects.update(seats=None)
        held = [registered(planned, name) for name in ("Lê Văn Bé", "Trần Thị Hoa", "Võ Văn Ba", "Phạm Thị Tư")]
        answer = admin.post(self.at(planned), {"do": "spread"}, follow=True)
        assert "Đã xếp phòng cho 4 đại biểu." in answer.text
        assert sorted(room for one in held for room in rooms_of(one)) == ["Phòng 1", "Phòng 1", "Phòng 2", "Phòng 2"]

    def test_what_was_chosen_and_not_saved_is_saved_before_the_others_are_spread(self, planned, both, admin):
        first, second = registered(planned, "Lê Văn Bé"), registered(planned, "Trần Thị Hoa")
        page = admin.get(self.at(planned)).text
        form = re.search(r'<form[^>]* id="(\S+)"[^>]*>(?:(?!</form>).)*name="was-', page, re.DOTALL)[1]
        assert re.search(rf'<button[^>]* value="spread" form="{form}"', page)
        key = min(one.pk for one in both)
        chosen = {f"was-{first.pk}-{key}": "0", f"{first.pk}-{key}": str(both[1].pk)}
        text = admin.post(self.at(planned), chosen | {"do": "spread"}, follow=True).text
        assert "Đã đổi 1 chỗ." in text
        assert "Đã xếp phòng cho 1 đại biểu." in text
        assert (rooms_of(first), rooms_of(second)) == (["Phòng 2"], ["Phòng 1"])

    def test_where_what_was_chosen_does_not_fit_nobody_is_spread(self, planned, both, admin):
        registered(planned, "Võ Văn Ba", both[1])
        first, second = registered(planned, "Lê Văn Bé"), registered(planned, "Trần Thị Hoa")
        key = min(one.pk for one in both)
        chosen = {f"was-{first.pk}-{key}": "0", f"{first.pk}-{key}": str(both[1].pk)}
        text = admin.post(self.at(planned), chosen | {"do": "spread"}, follow=True).text
        assert "không đủ chỗ" in text
        assert (rooms_of(first), rooms_of(second)) == ([], [])

    def test_rooms_that_are_called_alike_at_two_hours_are_told_apart(self, planned, both, admin):
        for one in both:
            after = one.starts_at + timedelta(hours=5)
            Session.objects.create(
                workshop=planned, name="Tiếp theo", room=one.room, starts_at=after, ends_at=after + timedelta(hours=1)
            )
        registered(planned, "Lê Văn Bé")
        page = admin.get(self.at(planned)).text
        choices = re.search(r'<select id="phong".*?</select>', page, re.DOTALL)[0]
        options = re.findall(r"<option[^>]*>(Phòng[^<]*)<", choices)
        assert (len(options), len(set(options))) == (4, 4)
        figures = re.findall(r'<a href="\?phong=\d+">([^<]*)<', page)
        assert figures == options
        labels = re.findall(r'aria-label="(Phòng của[^"]*)"', page)
        assert (len(labels), len(set(labels))) == (2, 2)

    def test_one_is_assigned_by_hand_and_what_others_changed_stays(self, planned, both, admin):
        first, second = registered(planned, "Lê Văn Bé"), registered(planned, "Trần Thị Hoa")
        key = min(one.pk for one in both)
        actions.choose_rooms(registration=second, sessions=[both[0].pk], at=cast.NOW)  # after the page was opened
        sent = {
            f"was-{first.pk}-{key}": "0",
            f"{first.pk}-{key}": str(both[1].pk),
            f"was-{second.pk}-{key}": "0",
            f"{second.pk}-{key}": "",
        }
        admin.post(self.at(planned), sent | {"do": "assign"})
        assert (rooms_of(first), rooms_of(second)) == (["Phòng 2"], ["Phòng 1"])

    def test_a_full_room_is_refused_by_name(self, planned, both, admin):
        registered(planned, "Lê Văn Bé", both[1])
        other, key = registered(planned, "Trần Thị Hoa"), min(one.pk for one in both)
        answer = admin.post(
            self.at(planned), {f"was-{other.pk}-{key}": "0", f"{other.pk}-{key}": str(both[1].pk)}, follow=True
        )
        assert "Chưa đổi phòng cho 1 đại biểu: “Phòng 2” không đủ chỗ (2. Trần Thị Hoa)." in answer.text
        assert rooms_of(other) == []

    def test_those_without_a_room_are_found(self, planned, both, admin):
        registered(planned, "Lê Văn Bé", both[0])
        registered(planned, "Trần Thị Hoa")
        text = admin.get(self.at(planned) + "?phong=chua").text
        assert "Trần Thị Hoa" in text
        assert "Lê Văn Bé" not in text

    def test_who_is_added_by_hand_may_get_a_room_at_once(self, planned, both, admin, organiser):
        person = cast.person("Lê Văn Bé")
        admin.post(
            f"/quan-tri/tap-huan/{planned.pk}/them-dai-bieu/", {"person": str(person.pk), field(both): str(both[1].pk)}
        )
        assert rooms_of(Registration.objects.get()) == ["Phòng 2"]

    def test_two_rows_of_one_room_at_one_hour_are_told_before_anything_is_written(self, planned, both, admin):
        day = (cast.NOW + timedelta(days=2)).strftime("%d/%m/%Y")
        rows = [
            {"pk": one.pk, "day": day, "begins": "09:00", "ends": "12:00", "room": "Phòng 1", "name": one.name}
            for one in both
        ]
        sent = {f"sessions-{at}-{name}": str(said) for at, row in enumerate(rows) for name, said in row.items()}
        sent |= {"sessions-TOTAL_FORMS": "2", "sessions-INITIAL_FORMS": "2"}
        answer = admin.post(f"/quan-tri/tap-huan/{planned.pk}/buoi/", sent)
        assert answer.status_code == 422
        assert "Đã có một buổi ở phòng này vào giờ này." in answer.text

    def test_a_copy_has_the_same_rooms_and_seats(self, planned, both, admin):
        text = admin.get(f"/quan-tri/tap-huan/lap/?tu={planned.pk}").text
        assert 'value="Phòng 2"' in text
        assert re.search(r'name="sessions-1-seats"[^>]*value="1"|value="1"[^>]*name="sessions-1-seats"', text)

    def test_nobody_else_assigns(self, planned, both):
        stranger = cast.client_of(cast.staff("organiser", cast.province("An Giang")))
        assert stranger.get(self.at(planned)).status_code == 404
        assert Client().get(self.at(planned)).status_code == 302


def test_a_list_with_a_column_of_rooms_places_its_people_and_keeps_nobody_out(planned, both):
    rows = [
        [1, "Trần Thị Hoa", 1975, "0912345678", "HTX", rosters.HERE, "phòng 2"],
        [2, "Lê Văn Bé", 1980, "", "HTX", rosters.HERE, "Phòng 7"],
    ]
    roster = roster_of(rosters.book([[*rosters.HEADS, "Phòng"], *rows]))
    said = {"seen": None, "consents": cast.texts()[:1], "by": None, "at": cast.NOW}
    done = actions.import_roster(workshop=planned, roster=roster, scope=everywhere(), **said)
    found = {one.person.name: rooms_of(one) for one in Registration.objects.select_related("person")}
    assert found == {"Trần Thị Hoa": ["Phòng 2"], "Lê Văn Bé": []}
    assert [one.why for one in done.plan.lines] == ["", "cột G: không có phòng “Phòng 7”: xếp phòng sau"]
    assert len(parallel.unassigned(planned)) == 1
