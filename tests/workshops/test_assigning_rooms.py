"""The organiser's form of rooms is one change: who changes places with whom, who is taken out, who does not fit, and what is said of it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import ModelLogEntry

from lib.refusals import Refusal
from tests import cast
from workshops import actions, parallel, personal, rules
from workshops.models import RegistrationSource, Session, Workshop

from .rooms import beside, officer

pytestmark = pytest.mark.django_db
A, B, C = 1, 2, 3  # rooms
Move = rules.Move


def pools(**taken: tuple[int, int]) -> dict[int, rules.Pool]:
    """(taken, seats) of each room."""
    return {{"a": A, "b": B, "c": C}[name]: rules.Pool(seats, held) for name, (held, seats) in taken.items()}


class TestWhatFits:
    def test_two_of_full_rooms_change_places(self):
        assert rules.fitting([Move(A, B), Move(B, A)], pools(a=(7, 7), b=(15, 15))) == {0, 1}

    def test_three_of_full_rooms_go_round(self):
        moves = [Move(A, B), Move(B, C), Move(C, A)]
        assert rules.fitting(moves, pools(a=(1, 1), b=(1, 1), c=(1, 1))) == {0, 1, 2}

    def test_a_seat_that_one_leaves_is_taken_by_another_whatever_their_order(self):
        assert rules.fitting([Move(None, A), Move(A, None)], pools(a=(1, 1))) == {0, 1}
        assert rules.fitting([Move(None, A), Move(A, B)], pools(a=(1, 1), b=(0, 1))) == {0, 1}

    def test_only_who_does_not_fit_is_left_out(self):
        """Who has no room yet does not undo what two agreed on."""
        moves = [Move(None, A), Move(A, B), Move(B, A), Move(B, A)]
        assert rules.fitting(moves, pools(a=(7, 7), b=(15, 15))) == {1, 2}

    def test_who_leaves_a_seat_behind_goes_before_who_had_none(self):
        moves = [Move(None, A), Move(None, B), Move(B, A)]
        assert rules.fitting(moves, pools(a=(6, 7), b=(15, 15))) == {1, 2}

    def test_a_ring_is_found_beside_moves_that_lead_nowhere(self):
        moves = [Move(C, A), Move(A, B), Move(B, A)]
        assert rules.fitting(moves, pools(a=(1, 1), b=(1, 1), c=(1, 1))) == {1, 2}

    def test_a_room_that_the_door_crowded_takes_nobody_in_and_lets_everybody_go(self):
        moves = [Move(A, B), Move(B, A), Move(A, B)]
        assert rules.fitting(moves, pools(a=(8, 7), b=(0, 9))) == {0, 1, 2}
        assert rules.fitting(moves[1:2], pools(a=(8, 7), b=(2, 9))) == set()

    def test_a_room_without_a_number_of_seats_takes_all(self):
        assert rules.fitting([Move(None, A)] * 40, {A: rules.Pool(None, 500)}) == set(range(40))


@pytest.fixture
def workshop(db):
    return cast.workshop()


def registered(workshop, name, *rooms):
    return actions.register(
        workshop=workshop, person=cast.person(name), source=RegistrationSource.NOMINATED, at=cast.NOW,
        rooms=[one.pk for one in rooms],
    )  # fmt: skip


def rooms_of(registration) -> list[str]:
    return [one.session.where for one in registration.assignments.all()]


def assigned(workshop, *pairs) -> actions.Assigned:
    """Registrations with their room, None for none yet."""
    (slot,) = parallel.choices(workshop)
    wanted = {one.pk: {slot.key: room.pk if room else None} for one, room in pairs}
    return actions.assign_rooms(workshop=workshop, wanted=wanted, by=officer(), at=cast.NOW)


class TestAssigning:
    def test_two_delegates_of_full_rooms_change_places_in_one_form(self, workshop):
        first, second = beside(workshop, seats=1, first=1)
        one, other = registered(workshop, "Lê Văn Bé", first), registered(workshop, "Trần Thị Út", second)
        done = assigned(workshop, (one, second), (other, first))
        assert (done.changed, done.refused) == (2, {})
        assert (rooms_of(one), rooms_of(other)) == (["Phòng 2"], ["Phòng 1"])
        assert personal.violations() == []

    def test_one_is_taken_out_and_the_seat_goes_to_another(self, workshop):
        first, _second = beside(workshop, first=1)
        one, other = registered(workshop, "Lê Văn Bé", first), registered(workshop, "Trần Thị Út")
        assert assigned(workshop, (one, None), (other, first)).changed == 2
        assert (rooms_of(one), rooms_of(other)) == ([], ["Phòng 1"])
        assert parallel.unassigned(workshop) == [one.pk]

    def test_who_does_not_fit_is_refused_and_the_others_are_not(self, workshop):
        first, second = beside(workshop, seats=1)
        one, other, third = (registered(workshop, name) for name in ("Lê Văn Bé", "Trần Thị Út", "Võ Văn Ba"))
        done = assigned(workshop, (one, second), (other, second), (third, first))
        assert {why: [one.person.name for one in some] for why, some in done.refused.items()} == {
            "“Phòng 2” không đủ chỗ": ["Trần Thị Út"]
        }
        assert (done.changed, [rooms_of(each) for each in (one, other, third)]) == (2, [["Phòng 2"], [], ["Phòng 1"]])

    def test_who_was_there_is_neither_moved_nor_taken_out(self, workshop):
        first, second = beside(workshop)
        one = registered(workshop, "Lê Văn Bé", second)
        cast.present(one, second)
        for room in (first, None):
            assert list(assigned(workshop, (one, room)).refused) == ["đã điểm danh ở “Phòng 2”"]
        assert rooms_of(one) == ["Phòng 2"]

    def test_a_room_whose_list_is_closed_takes_nobody(self, workshop):
        _first, second = beside(workshop)
        one = registered(workshop, "Lê Văn Bé")
        Session.objects.filter(pk=second.pk).update(closed_at=cast.NOW)
        assert list(assigned(workshop, (one, second)).refused) == ["“Phòng 2” đã chốt điểm danh"]

    def test_who_gave_the_seat_back_gets_no_room(self, workshop):
        first, _second = beside(workshop)
        one = registered(workshop, "Lê Văn Bé")
        actions.cancel(registration=one, at=cast.NOW)
        assert list(assigned(workshop, (one, first)).refused) == ["không còn giữ chỗ trong lớp"]

    def test_of_a_workshop_that_is_over_nothing_is_changed(self, workshop):
        first, _second = beside(workshop)
        one = registered(workshop, "Lê Văn Bé")
        Workshop.objects.update(closed_at=cast.NOW)
        with pytest.raises(Refusal, match="đã chốt"):
            assigned(workshop, (one, first))

    def test_it_is_in_the_log_once_with_how_many(self, workshop):
        first, second = beside(workshop)
        people = [registered(workshop, name) for name in ("Lê Văn Bé", "Trần Thị Út")]
        assigned(workshop, *zip(people, (first, second), strict=True))
        assigned(workshop, (people[0], first))
        entry = ModelLogEntry.objects.get(action="workshops.rooms_assigned")
        assert (entry.data, entry.user) == ({"count": 2}, officer())

    def test_forty_cost_as_many_queries_as_four(self, workshop):
        first, second = beside(workshop)
        Workshop.objects.update(capacity=None)
        people = [registered(workshop, f"Đại biểu {n}") for n in range(40)]
        officer()
        counts = []
        for some, rooms in ((people[:4], (first, second)), (people, (second, first))):
            with CaptureQueriesContext(connection) as queries:
                assigned(workshop, *((one, rooms[at % 2]) for at, one in enumerate(some)))
            counts.append(len(queries))
        assert counts[1] <= counts[0] + 2


class TestThePage:
    @pytest.fixture
    def admin(self, organiser):
        return cast.client_of(organiser)

    def sent(self, admin, workshop, *rows):
        """(registration, the room as it was shown, the one that is chosen), "" for none."""
        key = parallel.choices(workshop)[0].key
        said = {"do": "assign"}
        for one, was, room in rows:
            said[f"was-{one.pk}-{key}"] = str(was.pk) if was else "0"
            said[f"{one.pk}-{key}"] = str(room.pk) if room else ""
        return admin.post(f"/quan-tri/tap-huan/{workshop.pk}/phong/", said, follow=True)

    def test_one_save_changes_the_places_of_two(self, workshop, admin):
        first, second = beside(workshop, seats=1, first=1)
        one, other = registered(workshop, "Lê Văn Bé", first), registered(workshop, "Trần Thị Út", second)
        text = self.sent(admin, workshop, (one, first, second), (other, second, first)).text
        assert "Đã đổi 2 chỗ." in text
        assert (rooms_of(one), rooms_of(other)) == (["Phòng 2"], ["Phòng 1"])

    def test_whoever_has_a_room_can_be_taken_out(self, workshop, admin):
        first, _second = beside(workshop)
        one = registered(workshop, "Lê Văn Bé", first)
        assert '<option value="">chưa xếp</option>' in admin.get(f"/quan-tri/tap-huan/{workshop.pk}/phong/").text
        assert "Đã đổi 1 chỗ." in self.sent(admin, workshop, (one, first, None)).text
        assert rooms_of(one) == []

    def test_however_many_are_refused_one_message_names_the_first_of_them(self, workshop, admin):
        _first, second = beside(workshop, seats=0)
        Workshop.objects.update(capacity=None)
        people = [registered(workshop, f"Người {name}") for name in "ABCDEFG"]
        text = self.sent(admin, workshop, *((one, None, second) for one in people)).text
        said = "Chưa đổi phòng cho 7 đại biểu: “Phòng 2” không đủ chỗ (1. Người A, 2. Người B, 3. Người C, 4. Người D, 5. Người E và 2 người nữa)."
        assert said in text
        assert text.count("không đủ chỗ") == 1

    def test_what_no_form_has_changes_nothing(self, workshop, admin):
        first, _second = beside(workshop)
        one, key = registered(workshop, "Lê Văn Bé", first), parallel.choices(workshop)[0].key
        for said in ("x", "999999", "-1"):
            admin.post(
                f"/quan-tri/tap-huan/{workshop.pk}/phong/", {f"was-{one.pk}-{key}": "0", f"{one.pk}-{key}": said}
            )
        assert rooms_of(one) == ["Phòng 1"]
