"""Whose room was given or changed after they were told is told of it, once for each change; and no message names a room that is not theirs."""

from dataclasses import replace
from datetime import timedelta

import pytest

from lib import sms
from messaging import actions as messaging
from messaging import channels
from messaging.models import Message
from tests import cast
from workshops import actions, parallel, personal
from workshops.actions import parts
from workshops.inviting import receiving, wording
from workshops.models import Notice, NoticeKind, Registration, RegistrationSource, Session, Workshop

from .rooms import beside, officer
from .test_steps_of_a_workshop import at as page_at
from .test_steps_of_a_workshop import next_of, step

pytestmark = pytest.mark.django_db
ROOM = NoticeKind.ROOM
NAMES = ("Lê Văn Bé", "Trần Thị Út", "Võ Văn Ba")


@pytest.fixture
def workshop(db):
    return cast.workshop()


@pytest.fixture
def rooms(workshop):
    return beside(workshop)


def coming(workshop, name=NAMES[0], *own, source=RegistrationSource.NOMINATED, phone=None) -> Registration:
    number = f"+8491234567{len(name) % 10}" if phone is None else phone
    person = cast.person(name, contact_phone=number)
    return actions.register(
        workshop=workshop, person=person, source=source, at=cast.NOW, rooms=[one.pk for one in own]
    )  # fmt: skip


def assigned(workshop, *pairs):
    (slot,) = parallel.choices(workshop)
    wanted = {one.pk: {slot.key: room.pk if room else None} for one, room in pairs}
    return actions.assign_rooms(workshop=workshop, wanted=wanted, by=officer(), at=cast.NOW)


def tell(workshop, kind=ROOM, at=cast.NOW):
    return actions.tell(workshop=workshop, kind=kind, at=at, by=officer())


def sent() -> list[str]:
    """Bodies, in the order in which they were put into the outbox, once all of it is away."""
    messaging.deliver_due(at=cast.NOW)
    return list(Message.objects.order_by("pk").values_list("body", flat=True))


def untold(workshop) -> tuple[int, int]:
    found = receiving.untold(workshop, parallel.rooms(workshop))
    return found.by_message, found.otherwise


class TestWhoIsTold:
    def test_who_was_moved_after_the_invitation_and_nobody_else(self, workshop, rooms):
        moved, stays = coming(workshop, NAMES[0], rooms[1]), coming(workshop, NAMES[1], rooms[0])
        tell(workshop, NoticeKind.INVITATION)
        sent()
        assert untold(workshop) == (0, 0)
        assigned(workshop, (moved, rooms[0]))
        assert untold(workshop) == (1, 0)
        found = tell(workshop)
        assert ([one.pk for one in found.to_tell], [one.pk for one in found.told]) == ([moved.pk], [stays.pk])
        assert "lop Bo tieu chi moi, 10:00 25/11/2026: phong cua anh/chi: Phong 1, Hoi truong xa." in sent()[-1]
        assert untold(workshop) == (0, 0)

    def test_each_change_is_told_once_also_one_back(self, workshop, rooms):
        one = coming(workshop, NAMES[0], rooms[0])
        tell(workshop, NoticeKind.INVITATION)
        for room in (rooms[1], rooms[0], rooms[1]):
            sent()
            assigned(workshop, (one, room))
            for _press in range(2):
                tell(workshop)
        named = [body.partition("anh/chi: ")[2].partition(",")[0] for body in sent()[1:]]
        assert named == ["Phong 2", "Phong 1", "Phong 2"]

    def test_a_change_that_was_undone_before_anybody_was_told_is_none(self, workshop, rooms):
        one = coming(workshop, NAMES[0], rooms[0])
        tell(workshop, NoticeKind.INVITATION)
        sent()
        for room in (rooms[1], None, rooms[0]):
            assigned(workshop, (one, room))
        assert (untold(workshop), tell(workshop).to_tell) == ((0, 0), [])

    def test_who_got_a_room_after_the_invitation(self, workshop, rooms):
        coming(workshop)
        tell(workshop, NoticeKind.INVITATION)
        sent()
        actions.spread_rooms(workshop=workshop, by=officer(), at=cast.NOW)
        assert len(tell(workshop).to_tell) == 1
        assert "Phong 1" in sent()[-1]

    def test_who_has_no_room_is_told_of_none(self, workshop, rooms):
        one = coming(workshop, NAMES[0], rooms[0])
        tell(workshop, NoticeKind.INVITATION)
        sent()
        assigned(workshop, (one, None))
        assert (untold(workshop), tell(workshop).to_tell, len(sent())) == ((0, 0), [], 1)

    def test_who_chose_it_knows_it(self, workshop, rooms):
        one = coming(workshop, NAMES[0], rooms[1], source=RegistrationSource.SELF)
        assert untold(workshop) == (0, 0)
        sent()
        actions.choose_rooms(registration=one, sessions=[rooms[0].pk], at=cast.NOW)
        assert (untold(workshop), tell(workshop).to_tell) == ((0, 0), [])

    def test_any_message_that_names_the_room_tells_it(self, workshop, rooms):
        one = coming(workshop, NAMES[0], rooms[0])
        for kind, room in ((NoticeKind.INVITATION, 0), (NoticeKind.REMINDER, 1), (NoticeKind.CHANGE, 0)):
            assigned(workshop, (one, rooms[room]))
            tell(workshop, kind)
            sent()
            assert untold(workshop) == (0, 0)

    def test_who_has_no_number_or_switched_messages_off_is_counted_apart(self, workshop, rooms):
        Workshop.objects.update(capacity=None)
        coming(workshop, NAMES[0], rooms[0], phone="")
        actions.mute(registration=coming(workshop, NAMES[1], rooms[0]), is_muted=True)
        coming(workshop, NAMES[2], rooms[1])
        assert untold(workshop) == (1, 2)
        found = tell(workshop)
        assert [len(some) for some in (found.to_tell, found.no_phone, found.muted)] == [1, 1, 1]

    def test_whom_the_message_did_not_reach_does_not_know(self, workshop, rooms):
        one = coming(workshop, NAMES[0], rooms[0])
        tell(workshop)
        Message.objects.update(failed_at=cast.NOW)
        actions.note_outcomes(at=cast.NOW)
        assert untold(workshop) == (1, 0)
        assert actions.tell_again(workshop=workshop, by=officer(), at=cast.NOW) == 1
        assert untold(workshop) == (0, 0)
        assert "Phong 1" in sent()[-1]
        assert Notice.objects.get().registration == one

    def test_whoever_chose_the_room_knows_it_whatever_message_fails(self, workshop, rooms):
        one = coming(workshop, NAMES[0], rooms[0])
        actions.choose_rooms(registration=one, sessions=[rooms[1].pk], at=cast.NOW)
        tell(workshop, NoticeKind.INVITATION)
        Message.objects.update(failed_at=cast.NOW)
        actions.note_outcomes(at=cast.NOW)
        assert untold(workshop) == (0, 0)

    def test_what_failed_is_not_sent_again_to_who_knows_meanwhile(self, workshop, rooms):
        coming(workshop, NAMES[0], rooms[0])
        tell(workshop)
        Message.objects.update(failed_at=cast.NOW)
        actions.note_outcomes(at=cast.NOW)
        tell(workshop, NoticeKind.INVITATION)
        assert actions.tell_again(workshop=workshop, by=officer(), at=cast.NOW) == 0

    def test_who_comes_instead_is_told_and_who_registers_anew_too(self, workshop, rooms):
        one = coming(workshop, NAMES[0], rooms[0])
        tell(workshop, NoticeKind.INVITATION)
        made = actions.replace(
            registration=one, person=cast.person(NAMES[1], contact_phone="+84912345600"), at=cast.NOW
        )
        assert [each.pk for each in tell(workshop).to_tell] == [made.pk]
        actions.cancel(registration=made, at=cast.NOW)
        coming(workshop, NAMES[1], rooms[1])
        assert len(tell(workshop).to_tell) == 1

    def test_two_records_of_one_person_know_what_the_seat_knew(self, workshop, rooms):
        one = coming(workshop, NAMES[0], rooms[1])
        tell(workshop)
        other = coming(workshop, "Lê Văn Bê")
        actions.cancel(registration=other, at=cast.NOW)
        personal.REGISTRATIONS.repoint(one.person_id, other.person_id)
        assert untold(workshop) == (0, 0)
        assert personal.violations() == []


class TestWhatWaits:
    """In the outbox, when a room changes."""

    def test_the_answer_to_a_registration_names_the_room_that_was_chosen_last(self, workshop, rooms):
        one = coming(workshop, NAMES[0], rooms[1], source=RegistrationSource.SELF)
        actions.choose_rooms(registration=one, sessions=[rooms[0].pk], at=cast.NOW)
        (body,) = sent()
        assert "da dang ky xong, Phong 1." in body

    def test_also_of_who_cancelled_and_registered_again_before_it_was_sent(self, workshop, rooms):
        one = coming(workshop, NAMES[0], rooms[1], source=RegistrationSource.SELF)
        actions.cancel(registration=one, at=cast.NOW)
        actions.register(
            workshop=workshop, person=one.person, source=RegistrationSource.SELF, at=cast.NOW, rooms=[rooms[0].pk]
        )
        (body,) = sent()
        assert "da dang ky xong, Phong 1." in body

    def test_so_does_an_invitation_and_there_is_nothing_to_tell_then(self, workshop, rooms):
        one = coming(workshop, NAMES[0], rooms[1])
        tell(workshop, NoticeKind.INVITATION)
        assigned(workshop, (one, rooms[0]))
        assert untold(workshop) == (0, 0)
        (body,) = sent()
        assert "tai Phong 1, Hoi truong xa" in body

    def test_who_is_taken_out_is_sent_to_no_room(self, workshop, rooms):
        one = coming(workshop, NAMES[0], rooms[1])
        tell(workshop)
        assigned(workshop, (one, None))
        (body,) = sent()
        assert "Phong 2" not in body
        assert "bao sau" in body
        assigned(workshop, (one, rooms[1]))
        assert untold(workshop) == (1, 0)

    def test_a_room_that_is_planned_anew_meanwhile_is_told_as_it_is_now(self, workshop, rooms):
        coming(workshop, NAMES[0], rooms[1])
        tell(workshop)
        names = ("pk", "name", "room", "seats", "starts_at", "ends_at")
        specs = [parts.SessionSpec(**{name: getattr(one, name) for name in names}) for one in rooms]
        specs[1] = replace(specs[1], room="Hội trường B")
        actions.change_part(workshop=workshop, part="sessions", sessions=specs, by=officer(), at=cast.NOW)
        (body,) = sent()
        assert ": Hoi truong B, " in body
        assert untold(workshop) == (0, 0)

    def test_one_that_is_just_being_sent_does_not_count_and_its_next_try_is_right(self, workshop, rooms, monkeypatch):
        one = coming(workshop, NAMES[0], rooms[1])
        tell(workshop)

        class Provider:
            def send(self, *, to, body):
                assigned(workshop, (one, rooms[0]))
                raise channels.ChannelError("busy")

        monkeypatch.setattr(messaging, "sms_channel", Provider)
        assert sent() == [Message.objects.get().body]
        assert untold(workshop) == (1, 0)
        assert "Phong 1" in Message.objects.get().body

    def test_what_is_away_stays_as_it_went(self, workshop, rooms):
        one = coming(workshop, NAMES[0], rooms[1])
        tell(workshop)
        before = sent()
        assigned(workshop, (one, rooms[0]))
        assert sent() == before


class TestItsWords:
    def test_a_long_name_of_a_room_is_kept_whole(self, workshop, rooms):
        name = "Phòng họp số 2, tầng 3, khu B"
        Session.objects.filter(pk=rooms[1].pk).update(room=name)
        one = coming(workshop, NAMES[0], rooms[1])
        Workshop.objects.update(venue="Trung tâm Văn hóa, Thể thao và Truyền thanh " * 3)
        body = wording.body(ROOM, one, wording.facts_of(Workshop.objects.get()))
        assert sms.plain(name) in body
        assert (body.isascii(), sms.parts(body)) == (True, 1)


class TestThePages:
    def test_what_comes_next_says_how_many_do_not_know_their_room(self, workshop, rooms, organiser):
        moved, _silent = coming(workshop, NAMES[0], rooms[1]), coming(workshop, NAMES[1], rooms[1], phone="")
        tell(workshop, NoticeKind.INVITATION)
        sent()
        before = page_at(cast.NOW, organiser, workshop)
        assert "chưa biết phòng" not in before
        assert "1 người cần báo cách khác" in step(before, "Báo phòng")
        assigned(workshop, (moved, rooms[0]))
        page = page_at(cast.NOW, organiser, workshop)
        said, door = next_of(page)
        assert said.startswith("1 đại biểu chưa biết phòng của mình")
        assert "1 người nữa không nhắn tin được, cần báo cách khác." in said
        assert door == f"{workshop.pk}/tin-nhan/gui/room/"
        assert "1 đại biểu chưa biết phòng" in step(page, "Báo phòng")

    def test_it_says_so_beside_those_who_have_none(self, workshop, rooms, organiser):
        moved, _other = coming(workshop, NAMES[0], rooms[1]), coming(workshop, NAMES[1])
        tell(workshop, NoticeKind.INVITATION)
        sent()
        assigned(workshop, (moved, rooms[0]))
        page = page_at(cast.NOW, organiser, workshop)
        said, door = next_of(page)
        assert "1 đại biểu chưa có phòng" in said
        assert "1 đại biểu chưa biết phòng của mình" in said
        assert door == f"{workshop.pk}/phong/"
        assert f"{workshop.pk}/tin-nhan/gui/room/" in page.partition('class="plan__next"')[2].partition("</section>")[0]

    def test_before_anybody_is_invited_the_invitation_comes_first_and_tells_it(self, workshop, rooms, organiser):
        coming(workshop, NAMES[0], rooms[1])
        said, _door = next_of(page_at(cast.NOW, organiser, workshop))
        assert said == "Còn 1 đại biểu chưa được mời."

    def test_it_is_looked_at_and_sent_from_their_page(self, workshop, rooms, organiser):
        one, client = coming(workshop, NAMES[0], rooms[1]), cast.client_of(organiser)
        address = f"/quan-tri/tap-huan/{workshop.pk}/tin-nhan/gui/room/"
        with cast.on(cast.NOW):
            assert address in client.get(f"/quan-tri/tap-huan/{workshop.pk}/phong/").text
            assert "phong cua anh/chi: Phong 2, Hoi truong xa" in client.get(address).text
            client.post(address, {"who": "all", "do": "send"})
            assert "đã nhận tin này" in client.get(address).text
            assert address not in client.get(f"/quan-tri/tap-huan/{workshop.pk}/phong/").text
        assert Notice.objects.get().registration == one

    def test_without_a_room_there_is_nobody_to_write_to(self, workshop, rooms, organiser):
        coming(workshop)
        with cast.on(cast.NOW):
            page = cast.client_of(organiser).get(f"/quan-tri/tap-huan/{workshop.pk}/tin-nhan/gui/room/").text
        assert "Chưa có ai để nhắn." in page

    def test_of_one_session_there_is_no_such_message(self, workshop, organiser):
        coming(workshop)
        with cast.on(cast.NOW):
            client = cast.client_of(organiser)
            assert client.get(f"/quan-tri/tap-huan/{workshop.pk}/tin-nhan/gui/room/").status_code == 404
            assert "Báo phòng" not in client.get(f"/quan-tri/tap-huan/{workshop.pk}/tin-nhan/").text


def test_a_room_with_another_name_is_told_anew(workshop, rooms):
    coming(workshop, NAMES[0], rooms[1])
    tell(workshop)
    sent()
    Session.objects.filter(pk=rooms[1].pk).update(room="Hội trường B")
    assert untold(workshop) == (1, 0)
    assert tell(workshop, at=cast.NOW + timedelta(hours=1)).to_tell
