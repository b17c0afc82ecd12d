"""Invitations, reminders, changes and cancellations: who gets them, once, in plain letters, and what the log says of it."""

from copy import deepcopy
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings

from courses.models import Activity
from lib import registries, sms
from messaging import actions as messaging
from messaging.models import Message
from tests import cast
from tests.conftest import made_for_a_file
from workshops import actions
from workshops.actions import telling
from workshops.inviting import wording
from workshops.models import Notice, NoticeKind, Quota, Registration, RegistrationSource, Reminder, Session, Workshop

pytestmark = pytest.mark.django_db
NOMINATED = RegistrationSource.NOMINATED
PHONE = "+84912345678"


made_workshop = made_for_a_file(lambda: cast.workshop(capacity=2))


@pytest.fixture
def workshop(made_workshop, db) -> Workshop:
    return deepcopy(made_workshop)


@pytest.fixture
def client(organiser):
    return cast.client_of(organiser)


def coming(workshop, name="Trần Thị Út", phone=PHONE, **more) -> Registration:
    person = cast.person(name, contact_phone=phone)
    return actions.register(workshop=workshop, person=person, source=NOMINATED, at=cast.NOW, **more)


def tell(workshop, kind=NoticeKind.INVITATION, at=cast.NOW, by=None, **more):
    return actions.tell(workshop=workshop, kind=kind, at=at, by=by, **more)


def bodies() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("body", flat=True))


def states() -> list[str]:
    return list(Notice.objects.order_by("registration__number").values_list("state", flat=True))


def room(workshop, what="") -> str:
    return f"/quan-tri/tap-huan/{workshop.pk}/tin-nhan/{what}"


class TestWhatItSays:
    def test_an_invitation_says_what_when_where_and_has_the_ticket(self, workshop):
        one = coming(workshop)
        tell(workshop)
        link = f"{settings.BASE_URL}/tap-huan/ve/{one.code}/"
        assert bodies() == [
            f"Hoc OCOP: moi anh/chi du lop Bo tieu chi moi, 10:00 25/11/2026, tai Hoi truong xa, xa Phan Ngoc Hien. Ve: {link}"
        ]

    def test_the_hall_and_its_commune_stay_and_the_title_gives_way(self, workshop):
        title = "Tập huấn ghi nhận và chia sẻ kinh nghiệm thực hiện Chương trình OCOP năm 2026"
        facts = wording.Facts(title, "Hội trường UBND xã Phan Ngọc Hiển", "", (cast.NOW,), "xã Phan Ngọc Hiển")
        body = wording.body(NoticeKind.INVITATION, coming(workshop), facts)
        assert "tai Hoi truong UBND xa Phan Ngoc Hien. Ve:" in body
        assert "lop Tap huan ghi nhan va" in body
        assert sms.parts(body) == 1

    def test_a_commune_for_which_there_is_no_room_goes_before_a_word_of_the_hall(self, workshop):
        hall = "Hội trường Trung tâm Văn hóa, Thể thao"
        facts = wording.Facts("Bộ tiêu chí OCOP", hall, "", (cast.NOW,), "xã Phan Ngọc Hiển")
        body = wording.body(NoticeKind.INVITATION, coming(workshop), facts)
        assert f"tai {sms.plain(hall)}. Ve:" in body
        assert sms.parts(body) == 1

    def test_it_counts_sessions_as_a_delegate_goes_to_them(self, workshop):
        """Of two rooms at one hour to one."""
        first = workshop.sessions.get()
        for room in ("Phòng A", "Phòng B"):
            Session.objects.create(
                workshop=workshop,
                name=room,
                room=room,
                starts_at=first.starts_at + timedelta(days=1),
                ends_at=first.ends_at + timedelta(days=1),
            )
        coming(workshop)
        tell(workshop)
        assert "(2 buoi)" in bodies()[0]

    def test_a_change_has_one_reading(self, workshop):
        coming(workshop)
        tell(workshop, NoticeKind.CHANGE)
        assert "lop Bo tieu chi moi co thay doi: 10:00" in bodies()[0]

    @pytest.mark.parametrize("state", ["held", "waiting", "offered"])
    def test_the_answer_to_a_registration_is_one_message_in_letters_that_cost_one(self, workshop, state):
        title = "“Tập huấn” – ghi nhận và chia sẻ kinh nghiệm… thực hiện Chương trình OCOP năm 2026"
        Activity.objects.filter(workshop=workshop).update(title=title)
        one = coming(Workshop.objects.get())
        one.source, one.state, one.offered_until = RegistrationSource.SELF, state, cast.NOW + timedelta(hours=20)
        (telling.offered if state == "offered" else telling.registered)(one, at=cast.NOW)
        body = bodies()[-1]
        assert (sms.parts(body), sms.plain(body)) == (1, body)
        said = {
            "held": "da dang ky xong",
            "waiting": "dang o danh sach du bi",
            "offered": "da toi luot du lop, xin xac nhan",
        }
        assert f"anh/chi {said[state]}" in body
        assert "co cho" not in body

    @pytest.mark.parametrize(
        "kind",
        [NoticeKind.INVITATION, NoticeKind.REMINDER, NoticeKind.CHANGE, NoticeKind.ROOM, NoticeKind.CANCELLATION],
    )
    def test_however_long_title_and_venue_are_it_is_one_message(self, workshop, kind):
        facts = wording.Facts("Ấ" * 150, "Hội trường “lớn”, tầng 2 – " * 6, "Bão số 9. " * 15, (cast.NOW, cast.NOW))
        body = wording.body(kind, coming(workshop), facts)
        assert body.isascii()
        assert sms.parts(body) == 1
        assert ".." in body

    def test_what_is_shortened_ends_with_a_whole_word(self, workshop):
        """Half a syllable reads as another word."""
        title = "Tập huấn bán hàng qua mạng cho chủ thể OCOP trong toàn tỉnh Cà Mau"
        whole = set(sms.plain(title).split())
        for minutes in range(12):
            facts = wording.Facts(title, "Nhà văn hóa" + " Đ" * minutes, "", (cast.NOW,))
            body = wording.body(NoticeKind.INVITATION, coming(workshop, f"Người {minutes}"), facts)
            shortened = body.partition("du lop ")[2].partition("..")[0]
            assert set(shortened.split()) <= whole, body

    def test_words_of_ones_own_stand_in_it_and_cost_more(self, workshop):
        body = wording.body(
            NoticeKind.INVITATION, coming(workshop), wording.facts_of(workshop), "Mang theo mẫu sản phẩm {x} €. " * 4
        )
        assert "Mang theo mau san pham x ." in body
        assert sms.parts(body) == 2

    def test_letters_that_cost_double_are_left_out(self):
        assert sms.plain("Đ “ấ” – ឃ [x] 😊…") == 'D "a" - x ...'

    @pytest.mark.parametrize(("length", "parts"), [(160, 1), (161, 2), (306, 2), (307, 3)])
    def test_parts_are_counted_as_providers_do(self, length, parts):
        assert sms.parts("x" * length) == parts


class TestOnce:
    def test_a_repeat_sends_nothing_twice(self, workshop):
        coming(workshop)
        assert [len(tell(workshop).to_tell) for _press in range(2)] == [1, 0]
        assert len(bodies()) == 1

    def test_who_comes_later_is_invited_by_the_second_press(self, workshop):
        coming(workshop)
        tell(workshop)
        coming(workshop, "Lê Văn Bé", "+84912345679")
        assert [one.person.name for one in tell(workshop).to_tell] == ["Lê Văn Bé"]

    def test_who_gave_the_seat_back_and_gets_one_again_is_invited_again(self, workshop):
        one = coming(workshop)
        tell(workshop)
        actions.cancel(registration=one, at=cast.NOW)
        assert tell(workshop).to_tell == []
        later = cast.NOW + timedelta(hours=1)
        actions.register(workshop=workshop, person=one.person, source=NOMINATED, at=later)
        assert len(tell(workshop, at=later).to_tell) == 1

    def test_each_change_is_told_once(self, workshop):
        coming(workshop)
        for venue in ("Nhà văn hóa", "Nhà văn hóa", "Sân xã"):
            Workshop.objects.update(venue=venue)
            tell(workshop, NoticeKind.CHANGE)
        assert [body.split("tai ")[1].split(", xa")[0] for body in bodies()] == ["Nha van hoa", "San xa"]

    def test_only_who_was_chosen(self, workshop):
        coming(workshop)
        other = coming(workshop, "Lê Văn Bé", "+84912345679")
        tell(workshop, only={other.pk})
        assert list(Notice.objects.values_list("registration", flat=True)) == [other.pk]

    def test_who_waits_is_told_of_changes_and_not_invited(self, workshop):
        Workshop.objects.update(capacity=1)
        coming(workshop)
        coming(workshop, "Lê Văn Bé", "+84912345679")
        assert [len(tell(workshop, kind).to_tell) for kind in (NoticeKind.INVITATION, NoticeKind.CHANGE)] == [1, 2]

    def test_who_has_no_phone_is_noted_and_told_once_there_is_one(self, workshop):
        one = coming(workshop, phone="")
        tell(workshop)
        assert (states(), bodies()) == (["no-phone"], [])
        one.person.contact_phone = PHONE
        one.person.save()
        tell(workshop)
        assert (states(), len(bodies())) == (["waiting"], 1)

    def test_nothing_once_it_has_begun(self, workshop, organiser):
        coming(workshop)
        with pytest.raises(Exception, match="Lớp đã bắt đầu"):
            tell(workshop, at=cast.NOW + timedelta(days=3))


class TestOptingOut:
    def test_the_ticket_switches_them_off_and_on(self, workshop, anybody):
        one = coming(workshop)
        address = f"/tap-huan/ve/{one.code}/"
        assert "Đừng nhắn tin cho tôi nữa" in anybody.get(address).text
        anybody.post(address + "tin-nhan/", {"muted": "1"})
        assert "Nhận tin nhắn trở lại" in anybody.get(address).text
        tell(workshop)
        assert (states(), bodies()) == (["muted"], [])
        anybody.post(address + "tin-nhan/", {"muted": "0"})
        tell(workshop)
        assert (states(), len(bodies())) == (["waiting"], 1)

    def test_the_next_workshop_keeps_to_it(self, workshop):
        one = coming(workshop)
        actions.mute(registration=one, is_muted=True)
        other = cast.workshop(cast.course(lessons=0, slug="khac", title="Khác"), slug="lop-khac")
        assert actions.register(workshop=other, person=one.person, source=NOMINATED, at=cast.NOW).is_muted

    def test_an_offer_is_not_told_but_a_cancelled_workshop_is(self, workshop, organiser):
        Workshop.objects.update(capacity=1)
        first, second = coming(workshop), coming(workshop, "Lê Văn Bé", "+84912345679")
        for one in (first, second):
            actions.mute(registration=one, is_muted=True)
        actions.cancel(registration=first, at=cast.NOW)
        assert bodies() == []
        actions.cancel_workshop(workshop=workshop, reason="Bão", by=organiser, at=cast.NOW)
        assert [body[:70] for body in bodies()] == [
            "Hoc OCOP: lop Bo tieu chi moi, 10:00 25/11/2026, da huy: Bao. Anh/chi "
        ]

    def test_without_a_number_there_is_nothing_to_switch(self, workshop, anybody):
        one = coming(workshop, phone="")
        assert "Đừng nhắn tin" not in anybody.get(f"/tap-huan/ve/{one.code}/").text


class TestCancelling:
    def test_everybody_who_was_expected_is_told_and_nobody_else(self, workshop, organiser):
        Workshop.objects.update(capacity=1)
        gone = coming(workshop, "Nguyễn Hai", "+84912345670")
        actions.cancel(registration=gone, at=cast.NOW)
        coming(workshop), coming(workshop, "Lê Văn Bé", "+84912345679")
        for _press in range(2):
            actions.cancel_workshop(workshop=workshop, reason="Bão", by=organiser, at=cast.NOW)
        assert list(Message.objects.order_by("to").values_list("to", flat=True)) == [PHONE, "+84912345679"]

    def test_nobody_is_told_of_one_whose_day_is_over(self, workshop, organiser):
        coming(workshop)
        actions.cancel_workshop(workshop=workshop, reason="Nhầm", by=organiser, at=cast.NOW + timedelta(days=9))
        assert bodies() == []


def at_hour(hour: int, days: int = 0) -> datetime:
    """Of the day before the workshop, on the clock of this country."""
    return datetime(2026, 11, 24, hour, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh")) + timedelta(days=days)


class TestReminders:
    def test_the_day_before_by_daylight_and_once(self, workshop):
        coming(workshop), coming(workshop, "Lê Văn Bé", "")
        counts = [
            actions.remind(at=moment) for moment in (at_hour(9, -1), at_hour(7), at_hour(8), at_hour(9), at_hour(21))
        ]
        assert counts == [0, 0, 1, 0, 0]
        assert "nhac anh/chi du lop Bo tieu chi moi" in bodies()[0]
        assert states() == ["waiting", "no-phone"]

    def test_who_comes_that_day_is_reminded_too(self, workshop):
        coming(workshop)
        actions.remind(at=at_hour(8))
        coming(workshop, "Lê Văn Bé", "+84912345679")
        assert actions.remind(at=at_hour(12)) == 1

    def test_of_what_began_the_day_before_nobody_is_reminded_again(self, workshop):
        coming(workshop)
        first = workshop.sessions.get()
        Session.objects.create(workshop=workshop, name="Sau", starts_at=first.starts_at + timedelta(days=1), ends_at=first.ends_at + timedelta(days=1))  # fmt: skip
        assert actions.remind(at=at_hour(9, 1)) == 0

    def test_of_a_cancelled_one_neither(self, workshop):
        coming(workshop)
        Workshop.objects.update(cancelled_at=cast.NOW)
        assert actions.remind(at=at_hour(9)) == 0

    def test_at_a_chosen_moment(self, workshop, client):
        coming(workshop)
        with cast.on(cast.NOW):
            client.post(room(workshop, "nhac/"), {"due_at": "2026-11-23 15:00", "extra": "Mang mẫu"})
            assert ": Mang mẫu <form" in client.get(room(workshop)).text
        assert [actions.remind(at=at_hour(hour, -1)) for hour in (14, 15, 16)] == [0, 1, 0]
        assert "Mang mau." in bodies()[0]

    def test_a_moment_that_was_chosen_for_the_day_before_takes_the_place_of_that_days(self, workshop):
        coming(workshop)
        Reminder.objects.create(workshop=workshop, due_at=at_hour(18), extra="Mang mẫu")
        assert [actions.remind(at=at_hour(hour)) for hour in (8, 18, 19)] == [0, 1, 0]
        assert "Mang mau." in bodies()[0]

    def test_a_moment_that_the_server_slept_through_is_not_made_up_for_at_night(self, workshop):
        coming(workshop)
        Reminder.objects.create(workshop=workshop, due_at=at_hour(8, -1))
        assert actions.remind(at=at_hour(3)) == 0
        assert Reminder.objects.get().done_at

    @pytest.mark.parametrize("due_at", ["2026-11-23 09:00", "2026-11-25 10:00", "", "x"])
    def test_not_in_the_past_nor_once_it_has_begun(self, workshop, client, due_at):
        with cast.on(cast.NOW):
            answer = client.post(room(workshop, "nhac/"), {"due_at": due_at, "extra": "Mang mẫu"})
        assert answer.status_code == 422
        assert 'value="Mang mẫu"' in answer.text
        assert not Reminder.objects.exists()

    def test_it_is_dropped(self, workshop, client):
        one = Reminder.objects.create(workshop=workshop, due_at=at_hour(8))
        with cast.on(cast.NOW):
            assert "Đã bỏ lời nhắc." in client.post(room(workshop, f"nhac/{one.pk}/bo/"), follow=True).text
            assert "đã bỏ rồi" in client.post(room(workshop, f"nhac/{one.pk}/bo/"), follow=True).text
        assert not Reminder.objects.exists()

    def test_that_of_another_workshop_is_not(self, workshop, client):
        with cast.on(cast.NOW):
            other = cast.workshop(cast.course(slug="khoa-khac", title="Khóa khác"), slug="lop-khac")
            theirs = Reminder.objects.create(workshop=other, due_at=at_hour(8))
            client.post(room(workshop, f"nhac/{theirs.pk}/bo/"))
        assert Reminder.objects.get() == theirs

    def test_both_are_jobs(self):
        assert {"workshops.remind", "workshops.note_outcomes"} <= {name for name, _job in registries.jobs}


class TestLog:
    @pytest.fixture(autouse=True)
    def _today(self):
        with cast.on(cast.NOW):
            yield

    def test_who_was_told_what_and_how_it_went(self, workshop, client, organiser):
        coming(workshop), coming(workshop, "Lê Văn Bé", "")
        tell(workshop, by=organiser)
        page = client.get(room(workshop)).text
        for said in ("Đã nhắn (2)", "giấy mời", "đang chờ gửi", "không có số điện thoại", "09•• ••• 678"):
            assert said in page
        assert "912345678" not in page
        messaging.deliver_due(at=cast.NOW)
        assert "đã gửi" in client.get(room(workshop)).text.partition("</form>")[2]
        actions.note_outcomes(at=cast.NOW)
        Message.objects.all().delete()
        assert states() == ["sent", "no-phone"]

    def test_what_failed_is_sent_again_with_what_is_true_now(self, workshop, client, organiser):
        coming(workshop)
        tell(workshop, by=organiser, extra="Mang mẫu")
        Message.objects.update(failed_at=cast.NOW)
        actions.note_outcomes(at=cast.NOW)
        assert "1 tin chưa gửi được." in client.get(room(workshop)).text
        Workshop.objects.update(venue="Sân xã")
        client.post(room(workshop, "gui-lai/"))
        client.post(room(workshop, "gui-lai/"))
        assert (states(), len(bodies())) == (["waiting"], 2)
        assert "tai San xa, xa Phan Ngoc Hien. Mang mau." in bodies()[1]

    def test_what_the_outbox_lost_has_failed(self, workshop):
        coming(workshop)
        tell(workshop)
        Message.objects.all().delete()
        actions.note_outcomes(at=cast.NOW)
        assert states() == ["failed"]

    def test_of_however_many_wait_each_is_noted(self, workshop, monkeypatch):
        monkeypatch.setattr("workshops.actions.inviting.A_ROUND", 1)
        Workshop.objects.update(capacity=None)
        for number in range(3):
            coming(workshop, f"Đại biểu {number}", f"+8491234567{number}")
        tell(workshop)
        Message.objects.filter(to="+84912345670").update(sent_at=cast.NOW)
        assert actions.note_outcomes(at=cast.NOW) == 1
        assert states() == ["sent", "waiting", "waiting"]

    def test_it_is_narrowed(self, workshop, client, organiser):
        coming(workshop), coming(workshop, "Lê Văn Bé", "")
        tell(workshop)
        page = client.get(room(workshop, "?state=no-phone&kind=invitation")).text
        assert ("<b>Lê Văn Bé</b>" in page, "<b>Trần Thị Út</b>" in page) == (True, False)
        assert "Không có tin nào khớp." in client.get(room(workshop, "?kind=change")).text
        assert client.get(room(workshop, "?kind=x&p=y")).status_code == 200

    @pytest.mark.parametrize("what", ["", "gui/invitation/"])
    def test_of_another_provinces_workshop_nothing(self, workshop, what):
        other = cast.client_of(cast.staff("organiser", cast.province("Lào Cai"), phone="0987654322"))
        assert other.get(room(workshop, what)).status_code == 404
        assert other.post(room(workshop, what), {"do": "send", "who": "all"}).status_code in (404, 405)
        assert not Notice.objects.exists()


class TestWriting:
    @pytest.fixture(autouse=True)
    def _today(self):
        with cast.on(cast.NOW):
            yield

    def send(self, client, workshop, kind="invitation", **said):
        return client.post(room(workshop, f"gui/{kind}/"), {"who": "all", "do": "send"} | said)

    def test_the_text_its_cost_and_who_gets_it_are_shown_first(self, workshop, client):
        coming(workshop), coming(workshop, "Lê Văn Bé", "")
        page = client.get(room(workshop, "gui/invitation/")).text
        for said in ("moi anh/chi du lop Bo tieu chi moi", "mỗi người tính 1 tin", "Gửi cho 1 người", "1 người không có số điện thoại", "Gửi 1 tin như trên"):  # fmt: skip
            assert said in page
        page = client.post(
            room(workshop, "gui/invitation/"), {"who": "all", "do": "look", "extra": "Mang mẫu " * 10}
        ).text
        assert "mỗi người tính 2 tin" in page
        assert bodies() == []

    def test_the_button_sends_it_and_a_second_press_nothing(self, workshop, client, organiser):
        coming(workshop)
        assert self.send(client, workshop).status_code == 302
        assert (
            "ai nhận được thì đã nhận rồi"
            in client.post(room(workshop, "gui/invitation/"), {"who": "all", "do": "send"}, follow=True).text
        )
        assert Notice.objects.get().asked_by == organiser
        assert len(bodies()) == 1

    def test_to_those_who_are_ticked(self, workshop, client):
        coming(workshop)
        other = coming(workshop, "Lê Văn Bé", "+84912345679")
        self.send(client, workshop, who="some", people=[other.pk])
        assert Notice.objects.get().registration == other

    @pytest.mark.parametrize("people", [[], ["x"], ["999999"]])
    def test_nobody_ticked_is_asked_for(self, workshop, client, people):
        coming(workshop)
        assert self.send(client, workshop, who="some", people=people, extra="Mang mẫu").status_code == 422
        assert bodies() == []

    @pytest.mark.parametrize("kind", ["cancellation", "khac"])
    def test_what_is_not_written_here_is_not_found(self, workshop, client, kind):
        assert client.get(room(workshop, f"gui/{kind}/")).status_code == 404

    def test_a_change_of_time_or_place_offers_to_tell(self, workshop, client):
        """Which is nothing that happens by itself."""
        Quota.objects.all().delete()
        coming(workshop)
        page = client.get(f"/quan-tri/tap-huan/{workshop.pk}/thong-tin/")
        said = {name: value for name, value in page.context["form"].initial.items() if value is not None}
        said |= {"place": "Phan Ngọc Hiển, Cà Mau", "venue": "Sân xã"}
        answer = client.post(f"/quan-tri/tap-huan/{workshop.pk}/thong-tin/", said)
        assert answer.url == room(workshop, "gui/change/")
        assert bodies() == []
        answer = client.post(f"/quan-tri/tap-huan/{workshop.pk}/thong-tin/", said | {"contact": "0290 300 0000"})
        assert answer.url == f"/quan-tri/tap-huan/{workshop.pk}/"


def test_the_page_of_one_that_has_begun_says_why_nothing_can_be_sent(workshop, organiser):
    with cast.on(workshop.sessions.get().starts_at + timedelta(minutes=1)):
        page = cast.client_of(organiser).get(room(workshop)).text
    assert "Lớp đã bắt đầu hoặc đã hủy, nên không nhắn nữa." in page
    assert "Gửi giấy mời" not in page
