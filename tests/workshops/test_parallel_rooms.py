"""Parallel sessions: which they are, who goes to which, how seats are counted, and what they mean for completing a workshop."""

from datetime import timedelta

import pytest

from lib.refusals import Refusal
from tests import cast
from workshops import actions, parallel, personal, rules
from workshops.actions import parts
from workshops.closing.verdicts import judge
from workshops.inviting import receiving, wording
from workshops.models import Assignment, Attendance, NoticeKind, Registration, RegistrationSource, Session, Workshop

from .rooms import beside, later, officer

pytestmark = pytest.mark.django_db
NAMES = ("Lê Văn Bé", "Trần Thị Út", "Võ Văn Ba", "Phạm Thị Tư", "Ngô Văn Năm")


@pytest.fixture
def workshop(db):
    return cast.workshop()


def registered(workshop, name="Lê Văn Bé", *rooms, source=RegistrationSource.SELF):
    return actions.register(
        workshop=workshop, person=cast.person(name), source=source, at=cast.NOW, rooms=[one.pk for one in rooms]
    )


def rooms_of(registration) -> list[str]:
    return sorted(one.session.where for one in registration.assignments.all())


def chosen(registration, room):
    return actions.choose_rooms(registration=registration, sessions=[room.pk], at=cast.NOW)


def assigned(registration, room) -> actions.Assigned:
    """By the organiser."""
    (slot,) = parallel.choices(registration.workshop)
    return actions.assign_rooms(
        workshop=registration.workshop, wanted={registration.pk: {slot.key: room.pk}}, by=officer(), at=cast.NOW
    )


class TestWhichTheyAre:
    @pytest.mark.parametrize("hours", [0, 1, 2.5])
    def test_sessions_that_share_an_hour_are_one_slot(self, workshop, hours):
        first, second = beside(workshop, hours=hours)
        assert [slot.keys for slot in parallel.of(workshop)] == [[first.pk, second.pk]]

    def test_one_that_begins_when_another_ends_is_a_slot_of_its_own(self, workshop):
        beside(workshop, hours=3)
        assert [slot.is_parallel for slot in parallel.of(workshop)] == [False, False]

    def test_a_cancelled_one_leaves_the_other_to_everybody(self, workshop):
        _first, second = beside(workshop)
        Session.objects.filter(pk=second.pk).update(cancelled_at=cast.NOW)
        assert parallel.choices(workshop) == []

    @pytest.mark.parametrize(
        ("hours", "of_the_other", "found"),
        [
            (1, {}, [True, True]),
            (3, {}, [False, False]),  # one begins when the other ends
            (1, {"cancelled_at": cast.NOW}, [False, True]),
            (1, {"workshop": "another"}, [False, True]),  # where one of that workshop's is held
        ],
    )
    def test_a_session_knows_by_itself_whether_it_has_any_beside_it(self, workshop, hours, of_the_other, found):
        first, second = beside(workshop, hours=hours)
        if "workshop" in of_the_other:
            of_the_other = {"workshop": cast.workshop(cast.course(slug="khac", title="Khác"), slug="lop-khac")}
        Session.objects.filter(pk=second.pk).update(**of_the_other)
        rows = Session.objects.filter(pk__in=(first.pk, second.pk)).annotate(has_others=parallel.HAS_OTHERS)
        assert [bool(one.has_others) for one in rows.order_by("pk")] == found

    def test_a_long_one_joins_those_that_lie_within_its_hours(self):
        hours = [
            (cast.NOW + timedelta(hours=a), cast.NOW + timedelta(hours=b)) for a, b in ((0, 4), (1, 2), (3, 5), (5, 6))
        ]
        assert rules.overlapping(hours) == [0, 0, 0, 1]

    @pytest.mark.parametrize(
        ("said", "found"), [("phòng 2", 1), ("2", 1), ("PHÒNG 1", 0), ("bán hàng trên mạng", 1), ("Phòng 9", None)]
    )
    def test_a_room_is_known_by_what_people_call_it(self, workshop, said, found):
        both = beside(workshop)
        assert parallel.called(parallel.of(workshop), said) == ([] if found is None else [both[found].pk])


class TestPlanning:
    def spec(self, one, **fields):
        known = {name: getattr(one, name) for name in ("pk", "name", "room", "seats", "starts_at", "ends_at")}
        return parts.SessionSpec(**known | fields)

    def changed(self, workshop, *specs):
        by = officer()
        return actions.change_part(workshop=workshop, part="sessions", sessions=list(specs), by=by, at=cast.NOW)

    @pytest.mark.parametrize("room", ["Phòng 1", "PHÒNG 1 "])
    def test_one_room_is_not_used_twice_at_one_hour(self, workshop, room):
        first, second = beside(workshop, hours=1)
        with pytest.raises(Refusal, match="cùng ở"):
            self.changed(workshop, self.spec(first), self.spec(second, room=room))

    def test_two_without_a_room_cannot_be_told_apart(self, workshop):
        first, second = beside(workshop, hours=1)
        with pytest.raises(Refusal, match="chưa ghi phòng"):
            self.changed(workshop, self.spec(first, room=""), self.spec(second, room=""))

    def test_a_room_keeps_the_seats_that_were_taken(self, workshop):
        first, second = beside(workshop)
        for name in NAMES[:2]:
            registered(workshop, name, second)
        with pytest.raises(Refusal, match="đã có 2 người"):
            self.changed(workshop, self.spec(first), self.spec(second, seats=1))
        self.changed(workshop, self.spec(first), self.spec(second, seats=2))
        second.refresh_from_db()
        assert second.seats == 2

    def test_who_went_to_a_room_that_is_cancelled_has_none_and_is_not_lost(self, workshop):
        first, second = beside(workshop)
        third = Session.objects.create(
            workshop=workshop, name="Ba", room="Phòng 3", starts_at=first.starts_at, ends_at=first.ends_at
        )
        one = registered(workshop, "Lê Văn Bé", second)
        self.changed(workshop, self.spec(first), parts.Spec(pk=second.pk, gone=True), self.spec(third))
        assert parallel.unassigned(workshop) == [one.pk]

    def test_rooms_that_become_one_slot_leave_each_delegate_in_one(self, workshop):
        first, second = beside(workshop, seats=5)
        day = timedelta(days=1)
        third = Session.objects.create(
            workshop=workshop, name="Ba", room="Phòng 3", starts_at=first.starts_at + day, ends_at=first.ends_at + day
        )
        fourth = Session.objects.create(
            workshop=workshop, name="Bốn", room="Phòng 4", starts_at=first.starts_at + day, ends_at=first.ends_at + day
        )
        one = registered(workshop, "Lê Văn Bé", second, fourth)
        back = {name: getattr(fourth, name) - day for name in ("starts_at", "ends_at")}
        self.changed(workshop, self.spec(first), self.spec(second), self.spec(third), self.spec(fourth, **back))
        assert rooms_of(one) == ["Phòng 2"]
        assert personal.violations() == []


class TestRegistering:
    def test_whoever_registers_gets_the_room_that_was_chosen(self, workshop):
        _first, second = beside(workshop, seats=1)
        one = registered(workshop, "Lê Văn Bé", second)
        assert rooms_of(one) == ["Phòng 2"]
        assert parallel.pools([second])[second.pk].free == 0

    def test_a_full_room_is_refused_and_nothing_is_written(self, workshop):
        _first, second = beside(workshop, seats=1)
        registered(workshop, "Lê Văn Bé", second)
        with pytest.raises(Refusal, match="“Phòng 2” vừa hết chỗ"):
            registered(workshop, "Trần Thị Út", second)
        assert Registration.objects.count() == 1

    def test_who_waits_takes_no_seat_of_a_room(self, workshop):
        Workshop.objects.update(capacity=1)
        _first, second = beside(workshop, seats=5)
        registered(workshop, "Lê Văn Bé", second)
        waiting = registered(workshop, "Trần Thị Út", second)
        assert (waiting.state, rooms_of(waiting)) == ("waiting", [])

    def test_a_seat_that_is_given_back_is_free_in_its_room(self, workshop):
        _first, second = beside(workshop, seats=1)
        one = registered(workshop, "Lê Văn Bé", second)
        actions.cancel(registration=one, at=cast.NOW)
        registered(workshop, "Trần Thị Út", second)
        again = actions.register(workshop=workshop, person=one.person, source=RegistrationSource.SELF, at=cast.NOW)
        assert (again.pk, rooms_of(again)) == (one.pk, [])
        assert personal.violations() == []

    def test_who_goes_instead_goes_to_the_same_room(self, workshop):
        _first, second = beside(workshop, seats=1)
        one = registered(workshop, "Lê Văn Bé", second)
        made = actions.replace(registration=one, person=cast.person("Trần Thị Út"), at=cast.NOW)
        assert rooms_of(made) == ["Phòng 2"]
        assert parallel.pools([second])[second.pk].taken == 1
        assert personal.violations() == []

    def test_two_records_of_one_person_keep_the_room(self, workshop):
        _first, second = beside(workshop)
        one = registered(workshop, "Lê Văn Bé", second)
        other = registered(workshop, "Lê Văn Bê")
        actions.cancel(registration=other, at=cast.NOW)
        personal.REGISTRATIONS.repoint(one.person_id, other.person_id)
        other.refresh_from_db()
        assert (other.state, rooms_of(other)) == ("held", ["Phòng 2"])
        assert personal.violations() == []


class TestChanging:
    def test_a_delegate_changes_the_room_while_registration_is_open(self, workshop):
        first, second = beside(workshop, seats=1)
        one = registered(workshop, "Lê Văn Bé", second)
        assert chosen(one, first) == 1
        assert (rooms_of(one), parallel.pools([second])[second.pk].free) == (["Phòng 1"], 1)
        assert chosen(one, first) == 0

    def test_not_once_it_is_over_but_the_organiser_does(self, workshop):
        first, second = beside(workshop)
        one = registered(workshop, "Lê Văn Bé", second)
        Workshop.objects.update(closes_at=cast.NOW - timedelta(hours=1))
        with pytest.raises(Refusal, match="hết hạn đăng ký"):
            chosen(one, first)
        assert assigned(one, first).changed == 1
        assert rooms_of(one) == ["Phòng 1"]

    def test_nobody_who_waits_has_a_room(self, workshop):
        first, _second = beside(workshop)
        Workshop.objects.update(capacity=1)
        registered(workshop)
        with pytest.raises(Refusal, match="không giữ chỗ"):
            chosen(registered(workshop, "Trần Thị Út"), first)

    def test_who_was_there_stays_where_they_were(self, workshop):
        first, second = beside(workshop)
        one = registered(workshop, "Lê Văn Bé", second)
        cast.present(one, second)
        with pytest.raises(Refusal, match="đã điểm danh ở “Phòng 2”"):
            chosen(one, first)
        assert list(assigned(one, first).refused) == ["đã điểm danh ở “Phòng 2”"]
        assert rooms_of(one) == ["Phòng 2"]


class TestSpreading:
    def spread(self, workshop):
        return actions.spread_rooms(workshop=workshop, by=officer(), at=cast.NOW)

    def test_those_without_a_room_are_spread_evenly_and_others_stay(self, workshop):
        first, second = beside(workshop)
        stays = registered(workshop, NAMES[0], second)
        for name in NAMES[1:]:
            registered(workshop, name)
        assert self.spread(workshop) == (4, 0)
        assert rooms_of(stays) == ["Phòng 2"]
        assert sorted(pool.taken for pool in parallel.pools([first, second]).values()) == [2, 3]
        assert self.spread(workshop) == (0, 0)

    def test_no_room_gets_more_than_its_seats_and_the_rest_is_told(self, workshop):
        first, second = beside(workshop, seats=1, first=2)
        for name in NAMES:
            registered(workshop, name)
        assert self.spread(workshop) == (3, 2)
        assert {key: pool.free for key, pool in parallel.pools([first, second]).items()} == {first.pk: 0, second.pk: 0}
        assert personal.violations() == []


class TestCompleting:
    def test_the_own_session_alone_counts_among_those_that_are_needed(self, workshop):
        _first, second = beside(workshop)
        last = later(workshop)
        one = registered(workshop, "Lê Văn Bé", second)
        for session in (second, last):
            cast.present(one, session)
        verdicts = judge(workshop, officer())
        assert (verdicts.slots, verdicts.needed, verdicts.rows[0].attended) == (2, 2, 2)
        assert verdicts.rows[0].completes

    def test_two_rooms_of_overlapping_hours_count_once(self, workshop):
        first, second = beside(workshop, hours=1)
        later(workshop)
        one = registered(workshop)
        for session in (first, second):
            cast.present(one, session)
        row = judge(workshop, officer()).rows[0]
        assert (row.attended, row.why) == (1, "có mặt 1 buổi, cần 2")

    def test_closing_one_room_completes_nobody_of_the_other(self, workshop):
        first, second = beside(workshop)
        for name, room in zip(NAMES, (first, second), strict=False):
            cast.present(registered(workshop, name, room), room)

        def close(room):
            return actions.close_sessions(workshop=workshop, sessions=[room], by=officer(), at=second.ends_at).completed

        assert close(first) == 1
        assert close(second) == 1


class TestTelling:
    def test_a_message_says_the_own_room_and_as_many_sessions_as_the_delegate_goes_to(self, workshop):
        _first, second = beside(workshop)
        later(workshop)
        body = wording.body(
            NoticeKind.INVITATION, registered(workshop, "Lê Văn Bé", second), wording.facts_of(workshop)
        )
        assert "(2 buoi)" in body
        assert "tai Phong 2, Hoi truong xa" in body

    def test_without_a_room_the_hall_alone_is_told(self, workshop):
        beside(workshop)
        body = wording.body(NoticeKind.INVITATION, registered(workshop), wording.facts_of(workshop))
        assert "tai Hoi truong xa" in body
        assert "buoi)" not in body

    def test_who_moved_to_another_room_is_told_of_the_change_anew(self, workshop):
        first, second = beside(workshop)
        moved, stays = registered(workshop, NAMES[0], second), registered(workshop, NAMES[1], second)
        before = {
            one.pk: receiving.about(NoticeKind.CHANGE, one, workshop, wording.facts_of(workshop), cast.NOW)
            for one in (moved, stays)
        }
        chosen(moved, first)
        facts = wording.facts_of(workshop)
        assert receiving.about(NoticeKind.CHANGE, moved, workshop, facts, cast.NOW) != before[moved.pk]
        assert receiving.about(NoticeKind.CHANGE, stays, workshop, facts, cast.NOW) == before[stays.pk]


class TestWhatMustBeTrue:
    def test_two_rooms_at_one_hour_and_a_crowded_one_are_told(self, workshop):
        first, second = beside(workshop, seats=1)
        for name in NAMES[:2]:
            Assignment.objects.create(registration=registered(workshop, name), session=second, made_at=cast.NOW)
        Assignment.objects.create(registration=Registration.objects.first(), session=first, made_at=cast.NOW)
        said = personal.violations()
        assert [one for one in said if "two rooms" in one]
        assert [one for one in said if "2 of 1 seats held (session" in one]

    def test_what_is_known_of_somebody_names_the_room(self, workshop):
        _first, second = beside(workshop)
        one = registered(workshop, "Lê Văn Bé", second)
        assert personal.REGISTRATIONS.export(one.person_id)[0]["rooms"] == ["Phòng 2"]


def test_presence_taken_back_leaves_nobody_in_two_rooms(workshop):
    _first, second = beside(workshop)
    one = registered(workshop, "Lê Văn Bé", second)
    there = cast.present(one, second)
    Attendance.objects.filter(pk=there.pk).update(taken_back_at=cast.NOW)
    assert parallel.presence(workshop) == {}
