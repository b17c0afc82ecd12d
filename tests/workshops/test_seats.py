"""Who gets a seat, who waits, and who comes instead."""

import random
from contextlib import suppress
from copy import deepcopy
from datetime import timedelta

import pytest

from lib import registries
from lib.refusals import Refusal
from messaging.models import Message
from tests import cast
from tests.conftest import made_for_a_file
from workshops import actions, personal, queries
from workshops.models import Notice, NoticeKind, Quota, Registration, RegistrationSource, RegistrationState, Workshop

pytestmark = pytest.mark.django_db
SELF, WALK_IN, NOMINATED = RegistrationSource.SELF, RegistrationSource.WALK_IN, RegistrationSource.NOMINATED
NAMES = ("Trần Thị Út", "Lê Văn Bé", "Thạch Thị Hồng", "Nguyễn Văn Tám")


@pytest.fixture
def people(db):
    return [cast.person(name, contact_phone=f"+8491234567{at}") for at, name in enumerate(NAMES)]


made_workshop = made_for_a_file(lambda: cast.workshop(capacity=1))


@pytest.fixture
def workshop(made_workshop, db):
    return deepcopy(made_workshop)


def coming(workshop, person, source=SELF, at=cast.NOW, **more):
    return actions.register(workshop=workshop, person=person, source=source, at=at, **more)


def states(workshop):
    return {one.person.name: one.state for one in Registration.objects.filter(workshop=workshop)}


def said(kind):
    return Notice.objects.filter(kind=kind)


def later(**time):
    return cast.NOW + timedelta(**time)


class TestRegistering:
    def test_the_first_has_the_seat_and_the_second_waits_and_both_have_a_number_and_a_ticket(self, workshop, people):
        first, second = coming(workshop, people[0]), coming(workshop, people[1])
        assert (first.state, second.state) == ("held", "waiting")
        assert (first.number, second.number) == (1, 2)
        assert len({first.code, second.code}) == 2

    def test_twice_is_once(self, workshop, people):
        assert coming(workshop, people[0]).pk == coming(workshop, people[0], at=later(hours=1)).pk
        assert coming(workshop, people[1]).waiting_since == coming(workshop, people[1], at=later(hours=1)).waiting_since
        assert Message.objects.count() == 2

    def test_without_a_capacity_everybody_has_a_seat(self, workshop, people):
        Workshop.objects.update(capacity=None)
        assert {coming(workshop, one).state for one in people} == {"held"}

    def test_place_kind_and_unit_are_kept_as_on_that_day(self, workshop, people):
        made = coming(workshop, people[0], unit="  HTX Tôm khô ", post="Giám đốc")
        people[0].place = cast.commune("Tân Ân")
        people[0].save()
        made.refresh_from_db()
        assert (made.unit, made.post, made.place) == ("HTX Tôm khô", "Giám đốc", cast.commune())

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"opens_at": later(hours=1)}, "chưa bắt đầu"),
            ({"closes_at": cast.NOW}, "đã hết hạn đăng ký"),
            ({"cancelled_at": cast.NOW}, "đã hủy"),
            ({"closed_at": cast.NOW}, "đã kết thúc"),
        ],
    )
    def test_outside_of_its_time_nobody_registers_and_the_reason_is_said(self, workshop, people, fields, said):
        Workshop.objects.update(**fields)
        with pytest.raises(Refusal, match=said):
            coming(workshop, people[0])
        assert not Registration.objects.exists()

    def test_once_it_began_only_the_desk_registers(self, workshop, people):
        with pytest.raises(Refusal, match="hết hạn đăng ký"):
            coming(workshop, people[0], at=later(days=2))
        assert coming(workshop, people[0], WALK_IN, at=later(days=2)).state == "held"

    def test_who_stands_at_the_door_is_never_sent_away(self, workshop, people):
        coming(workshop, people[0])
        waits = coming(workshop, people[1])
        assert [coming(workshop, one, WALK_IN).state for one in people[1:3]] == ["held", "held"]
        waits.refresh_from_db()
        assert (waits.state, waits.waiting_since) == ("held", None)
        assert personal.violations() == []

    def test_only_who_registered_by_phone_is_written_to_without_marks(self, workshop, people):
        coming(workshop, people[0])
        coming(workshop, people[1], NOMINATED)
        (message,) = Message.objects.all()
        assert message.to == "+84912345670"
        assert "Bo tieu chi moi" in message.body
        assert message.body.isascii()
        assert len(message.body) <= 160


class TestMessages:
    def test_who_registers_and_cancels_all_day_long_gets_two(self, workshop, people):
        for step in range(20):
            one = coming(workshop, people[0], at=later(minutes=step))
            if step == 10:
                coming(workshop, people[1], WALK_IN)
            actions.cancel(registration=one, at=later(minutes=step))
        assert (said(NoticeKind.REPLY).count(), Message.objects.count()) == (2, 2)
        coming(workshop, people[0], at=later(days=1))
        assert (said(NoticeKind.REPLY).count(), Message.objects.count()) == (3, 3)


class TestQuotas:
    @pytest.fixture
    def quota(self, workshop):
        Workshop.objects.update(capacity=3)
        return Quota.objects.create(workshop=workshop, place=cast.commune(), seats=2)

    def test_its_seats_are_set_apart(self, workshop, people, quota):
        assert [coming(workshop, one).state for one in people[:2]] == ["held", "waiting"]
        assert [coming(workshop, one, NOMINATED, quota=quota).state for one in people[2:]] == ["held", "held"]

    def test_of_a_full_one_somebody_takes_what_is_free_outside_quotas_and_then_waits(self, workshop, people, quota):
        found = [coming(workshop, one, NOMINATED, quota=quota) for one in people]
        assert [one.state for one in found] == ["held", "held", "held", "waiting"]
        assert [one.quota for one in found] == [quota, quota, None, quota]
        assert personal.violations() == []

    def test_a_list_gives_the_same_seats_in_its_order(self, workshop, people, quota):
        wanted = [actions.Wanted(person=one, quota=quota) for one in people]
        found = actions.register_list(workshop=workshop, wanted=wanted, source=NOMINATED, at=cast.NOW, by=None)
        assert [one.state for one in found] == ["held", "held", "held", "waiting"]
        assert [one.quota_id for one in found] == [quota.pk, quota.pk, None, quota.pk]
        again = Registration.objects.order_by("number").values_list("state", "quota")
        assert list(again) == [("held", quota.pk), ("held", quota.pk), ("held", None), ("waiting", quota.pk)]
        assert personal.violations() == []

    def test_the_audit_finds_who_waits_for_a_quota_beside_a_seat_outside_quotas(self, workshop, people, quota):
        for one in people[:2]:
            coming(workshop, one, NOMINATED, quota=quota)
        waits = coming(workshop, people[2], NOMINATED, quota=quota)
        Registration.objects.filter(pk=waits.pk).update(state="waiting", quota=quota, waiting_since=cast.NOW)
        assert personal.violations() == [f"workshop {workshop.pk}: somebody waits beside a free seat (open seats)"]

    def test_who_waits_and_is_sent_by_the_commune_takes_its_seat(self, workshop, people, quota):
        coming(workshop, people[0])
        assert coming(workshop, people[1]).state == "waiting"
        sent = coming(workshop, people[1], NOMINATED, quota=quota)
        assert (sent.state, sent.quota) == ("held", quota)
        assert Registration.objects.count() == 2

    def test_a_seat_given_back_goes_to_who_waits_for_that_quota(self, workshop, people, quota):
        coming(workshop, people[0])
        waits_for_all = coming(workshop, people[1])
        first = coming(workshop, people[2], NOMINATED, quota=quota)
        coming(workshop, people[3], NOMINATED, quota=quota)
        waits_for_quota = coming(workshop, cast.person("Kim Sa"), NOMINATED, quota=quota)
        actions.cancel(registration=first, at=cast.NOW)
        for one in (waits_for_all, waits_for_quota):
            one.refresh_from_db()
        assert (waits_for_all.state, waits_for_quota.state) == ("waiting", "offered")

    def test_a_free_seat_outside_quotas_goes_to_the_longest_waiting_also_of_a_full_quota(self, workshop, people, quota):
        taken = coming(workshop, people[0])
        for one in people[1:3]:
            coming(workshop, one, NOMINATED, quota=quota)
        of_quota = coming(workshop, people[3], NOMINATED, quota=quota)
        of_all = coming(workshop, cast.person("Kim Sa"), at=later(hours=1))
        assert queries.turns(workshop) == {of_quota.pk: 1, of_all.pk: 2}
        actions.cancel(registration=taken, at=later(hours=2))
        of_quota.refresh_from_db()
        assert (of_quota.state, of_quota.quota, states(workshop)["Kim Sa"]) == ("offered", None, "waiting")
        assert personal.violations() == []

    def test_who_waits_for_a_quota_leaves_its_seats_to_its_own(self, workshop, people, quota):
        coming(workshop, people[0])
        of_all = coming(workshop, people[1])
        first = coming(workshop, people[2], NOMINATED, quota=quota)
        actions.cancel(registration=first, at=later(hours=2))
        of_all.refresh_from_db()
        assert of_all.state == "waiting"


class TestWaiting:
    def test_a_seat_given_back_is_offered_to_whoever_waits_longest(self, workshop, people):
        first, *others = [coming(workshop, one, at=later(minutes=at)) for at, one in enumerate(people)]
        assert actions.cancel(registration=first, at=later(hours=1))
        others[0].refresh_from_db()
        assert list(states(workshop).values()) == ["cancelled", "offered", "waiting", "waiting"]
        assert others[0].offered_until == later(hours=25)
        assert "xac nhan truoc" in Message.objects.get(dedupe_key=said(NoticeKind.OFFER).get().message_key).body

    def test_an_offer_holds_no_longer_than_until_it_begins(self, workshop, people):
        first, second = coming(workshop, people[0]), coming(workshop, people[1])
        actions.cancel(registration=first, at=later(hours=40))
        second.refresh_from_db()
        assert second.offered_until == later(days=2)

    def test_once_it_has_begun_nobody_is_called_any_more(self, workshop, people):
        """Else an offer would go on to the next the day after, until the list is at its end."""
        first, _second, _third = [coming(workshop, one) for one in people[:3]]
        actions.cancel(registration=first, at=later(hours=40))
        assert actions.expire_offers(at=later(days=2)) == 1
        assert list(states(workshop).values()) == ["cancelled", "expired", "waiting"]
        assert said(NoticeKind.OFFER).count() == 1
        with cast.on(later(days=2)):
            assert personal.violations() == []

    def test_a_second_cancellation_offers_nothing_more(self, workshop, people):
        first, _second, _third = [coming(workshop, one) for one in people[:3]]
        actions.cancel(registration=first, at=cast.NOW)
        assert not actions.cancel(registration=first, at=cast.NOW)
        assert list(states(workshop).values()) == ["cancelled", "offered", "waiting"]

    def test_an_offer_is_taken_once_and_for_all(self, workshop, people):
        first, second = coming(workshop, people[0]), coming(workshop, people[1])
        actions.cancel(registration=first, at=cast.NOW)
        taken = [actions.confirm(registration=second, at=later(hours=at)) for at in (1, 30)]
        assert [one.state for one in taken] == ["held", "held"]
        assert actions.expire_offers(at=later(days=9)) == 0

    def test_of_a_workshop_that_was_cancelled_meanwhile_no_offer_is_taken(self, workshop, people):
        first, second = coming(workshop, people[0]), coming(workshop, people[1])
        actions.cancel(registration=first, at=cast.NOW)
        Workshop.objects.update(cancelled_at=cast.NOW)
        with pytest.raises(Refusal, match="đã hủy"):
            actions.confirm(registration=second, at=later(hours=1))
        assert states(workshop)[people[1].name] == "offered"

    def test_the_list_of_a_closed_workshop_stands_as_it_was(self, workshop, people):
        first = coming(workshop, people[0])
        Workshop.objects.update(closed_at=cast.NOW)
        with pytest.raises(Refusal, match="giữ nguyên"):
            actions.cancel(registration=first, at=cast.NOW)
        assert states(workshop) == {people[0].name: "held"}

    def test_an_offer_that_nobody_takes_goes_to_the_next(self, workshop, people):
        first, second, third = [coming(workshop, one) for one in people[:3]]
        actions.cancel(registration=first, at=cast.NOW)
        assert actions.expire_offers(at=later(hours=23)) == 0
        assert actions.expire_offers(at=later(hours=24)) == 1
        with pytest.raises(Refusal, match="không còn giữ"):
            actions.confirm(registration=second, at=later(hours=24))
        third.refresh_from_db()
        assert (states(workshop)[NAMES[1]], third.state) == ("expired", "offered")
        assert personal.violations() == []

    def test_who_let_an_offer_go_may_join_the_end(self, workshop, people):
        first, second, _third = [coming(workshop, one) for one in people[:3]]
        actions.cancel(registration=first, at=cast.NOW)
        actions.expire_offers(at=later(hours=24))
        again = coming(workshop, people[1], at=later(hours=25))
        assert (again.pk, again.state, again.waiting_since) == (second.pk, "waiting", later(hours=25))

    @pytest.mark.parametrize(("field", "why"), [("cancelled_at", "đã hủy"), ("closed_at", "đã kết thúc")])
    def test_an_offer_of_a_workshop_that_is_off_is_not_taken(self, workshop, people, field, why):
        first, second = coming(workshop, people[0]), coming(workshop, people[1])
        actions.cancel(registration=first, at=cast.NOW)
        Workshop.objects.update(**{field: cast.NOW})
        with pytest.raises(Refusal, match=why):
            actions.confirm(registration=second, at=later(hours=1))
        assert states(workshop)[NAMES[1]] == "offered"

    def test_of_a_workshop_that_is_cancelled_nothing_is_offered(self, workshop, people):
        first, _second = coming(workshop, people[0]), coming(workshop, people[1])
        Workshop.objects.update(cancelled_at=cast.NOW)
        actions.cancel(registration=first, at=cast.NOW)
        assert "offered" not in states(workshop).values()

    def test_more_seats_are_offered_in_turn(self, workshop, people):
        for at, one in enumerate(people):
            coming(workshop, one, at=later(minutes=at))
        Workshop.objects.update(capacity=3)
        assert [one.person.name for one in actions.promote(workshop=workshop, at=cast.NOW)] == list(NAMES[1:3])


class TestReplacing:
    def test_another_comes_and_both_names_stay(self, workshop, people):
        first = coming(workshop, people[0], unit="UBND xã")
        other = actions.replace(registration=first, person=people[1], at=cast.NOW)
        first.refresh_from_db()
        assert (first.state, other.state, other.replaces) == ("replaced", "held", first)
        assert other.number == 2

    def test_another_comes_from_the_own_unit(self, workshop, people):
        first, other = coming(workshop, people[0], unit="UBND xã"), cast.person("Đỗ Thanh Tư", subject_name="Muối Tư")
        assert actions.replace(registration=first, person=other, at=cast.NOW).unit == "Muối Tư"

    def test_who_waited_takes_over(self, workshop, people):
        first, waits = coming(workshop, people[0]), coming(workshop, people[1])
        other = actions.replace(registration=first, person=people[1], at=cast.NOW)
        assert (other.pk, other.state, other.waiting_since) == (waits.pk, "held", None)
        assert personal.violations() == []

    def test_nobody_sits_on_two_seats_and_none_is_given_that_is_not_there(self, workshop, people):
        Workshop.objects.update(capacity=2)
        first, second = coming(workshop, people[0]), coming(workshop, people[1])
        with pytest.raises(Refusal, match="đã có chỗ"):
            actions.replace(registration=first, person=people[1], at=cast.NOW)
        actions.cancel(registration=second, at=cast.NOW)
        with pytest.raises(Refusal, match="không giữ chỗ"):
            actions.replace(registration=second, person=people[2], at=cast.NOW)

    def test_who_got_a_seat_again_is_replaced_a_second_time(self, workshop, people):
        Workshop.objects.update(capacity=3)
        first = coming(workshop, people[0])
        before = actions.replace(registration=first, person=people[1], at=cast.NOW)
        coming(workshop, people[0], NOMINATED)
        now = actions.replace(registration=first, person=people[2], at=cast.NOW)
        before.refresh_from_db()
        assert (now.replaces, before.replaces, before.state) == (first, None, "held")
        assert personal.violations() == []

    def test_who_was_replaced_does_not_come_back_by_the_form(self, workshop, people):
        first = coming(workshop, people[0])
        actions.replace(registration=first, person=people[1], at=cast.NOW)
        with pytest.raises(Refusal, match="đi thay"):
            coming(workshop, people[0])


class TestWhoCameInsteadOnce:
    """A seat goes back and forth: nobody is stuck, and the lists say what is so now."""

    @pytest.fixture
    def first(self, workshop, people):
        Workshop.objects.update(capacity=3)
        return coming(workshop, people[0], NOMINATED)

    @pytest.fixture
    def second(self, first, people):
        return actions.replace(registration=first, person=people[1], at=cast.NOW)

    @staticmethod
    def again(*rows):
        for one in rows:
            one.refresh_from_db()

    def test_a_seat_of_ones_own_again_may_be_given_to_another(self, workshop, people, first, second):
        actions.cancel(registration=second, at=cast.NOW)
        coming(workshop, people[0], NOMINATED)
        third = actions.replace(registration=first, person=people[2], at=cast.NOW)
        self.again(first, second)
        assert (first.state, third.replaces, second.replaces) == ("replaced", first, None)
        assert personal.violations() == []

    def test_who_has_a_seat_again_is_replaced_by_nobody_while_the_other_stays(self, workshop, people, first, second):
        coming(workshop, people[0], NOMINATED)
        self.again(first, second)
        assert (first.state, second.state, second.replaces) == ("held", "held", None)
        assert personal.violations() == []

    def test_who_registers_anew_comes_in_nobodys_stead(self, workshop, people, first, second):
        actions.cancel(registration=second, at=cast.NOW)
        again = coming(workshop, people[1])
        self.again(first)
        assert (again.state, again.replaces, first.state) == ("held", None, "cancelled")
        assert coming(workshop, people[0]).state == "held"
        assert personal.violations() == []

    def test_two_who_change_places_twice_make_no_ring(self, workshop, people, first, second):
        actions.replace(registration=second, person=people[0], at=cast.NOW)
        self.again(first, second)
        assert (first.state, first.replaces, second.state, second.replaces) == ("held", second, "replaced", None)
        assert personal.violations() == []

    def test_who_goes_for_another_leaves_the_first_to_whoever_came_next(self, workshop, people, first, second):
        third = actions.replace(registration=second, person=people[2], at=cast.NOW)
        other = coming(workshop, people[3], NOMINATED)
        actions.replace(registration=other, person=people[1], at=cast.NOW)
        self.again(second, third)
        assert (second.replaces, third.replaces) == (other, first)
        assert personal.violations() == []

    def test_a_list_that_brings_somebody_back_does_the_same(self, workshop, people, first, second):
        wanted = [actions.Wanted(person=one) for one in people[:2]]
        actions.cancel(registration=second, at=cast.NOW)
        actions.register_list(workshop=workshop, wanted=wanted, source=NOMINATED, at=cast.NOW, by=None)
        self.again(first, second)
        assert (first.state, second.state, second.replaces) == ("held", "held", None)
        assert personal.violations() == []

    def test_two_records_of_one_person_keep_the_seat_and_whose_it_was(self, workshop, people, first, second):
        gone = coming(workshop, people[2], NOMINATED)
        actions.cancel(registration=gone, at=cast.NOW)
        registries.person_records["workshops.Registration.person"].repoint(people[1].pk, people[2].pk)
        self.again(gone, second)
        assert (gone.state, gone.replaces, second.replaces) == ("held", first, None)
        assert personal.violations() == []

    def test_also_where_the_two_are_one_and_the_same(self, workshop, people, first, second):
        registries.person_records["workshops.Registration.person"].repoint(people[1].pk, people[0].pk)
        self.again(first, second)
        assert (first.state, first.replaces, second.state, second.replaces) == ("held", None, "cancelled", None)
        assert personal.violations() == []

    def test_whatever_happens_in_whatever_order_the_lists_are_right(self, workshop, people, first):
        for seed in range(20):
            chance = random.Random(seed)  # noqa: S311 (not a secret)
            for _step in range(25):
                self.something(chance, workshop, people)
                assert personal.violations() == []

    @staticmethod
    def something(chance, workshop, people):
        person, one = chance.choice(people), chance.choice(list(Registration.objects.filter(workshop=workshop)))
        act = chance.choice([
            lambda: coming(workshop, person, NOMINATED), lambda: coming(workshop, person),
            lambda: coming(workshop, person, WALK_IN), lambda: actions.cancel(registration=one, at=cast.NOW),
            lambda: actions.replace(registration=one, person=person, at=cast.NOW),
        ])  # fmt: skip
        with suppress(Refusal):
            act()


class TestTheAudit:
    def test_it_finds_who_stands_for_somebody_that_came_and_rings(self, workshop, people):
        Workshop.objects.update(capacity=4)
        first, second, third = [coming(workshop, one) for one in people[:3]]
        for one, before in ((first, second), (second, first), (third, third)):
            Registration.objects.filter(pk=one.pk).update(replaces=before, state="replaced")
        assert personal.violations() == [
            f"registration {one.pk}: instead of itself, by way of others" for one in (first, second, third)
        ]
        Registration.objects.filter(pk=third.pk).update(state="held")
        assert f"registration {third.pk}: instead of somebody who has not given the seat up" in personal.violations()

    def test_it_finds_each_fault_and_nothing_else(self, workshop, people):
        rows = [coming(workshop, one) for one in people]
        assert personal.violations() == []
        Registration.objects.filter(pk=rows[1].pk).update(state=RegistrationState.HELD)
        assert personal.violations() == [f"workshop {workshop.pk}: 2 of 1 seats held (open seats)"]
        Registration.objects.filter(pk__in=[rows[0].pk, rows[1].pk]).update(state=RegistrationState.CANCELLED)
        assert personal.violations() == [f"workshop {workshop.pk}: somebody waits beside a free seat (open seats)"]
        Registration.objects.filter(pk=rows[2].pk).update(state=RegistrationState.REPLACED)
        assert f"registration {rows[2].pk}: replaced by nobody" in personal.violations()


class TestAPersonsRecords:
    records = staticmethod(lambda: registries.person_records["workshops.Registration.person"])

    def test_two_of_one_person_on_a_list_keep_the_seat(self, workshop, people):
        held, waiting = coming(workshop, people[0]), coming(workshop, people[1])
        assert self.records().repoint(people[0].pk, people[1].pk) == 1
        for one in (held, waiting):
            one.refresh_from_db()
        assert (held.state, waiting.state, waiting.waiting_since) == ("cancelled", "held", None)
        assert personal.violations() == []

    def test_who_came_unannounced_to_a_full_hall_and_had_cancelled_takes_no_promised_seat(self, workshop, people):
        gone = coming(workshop, people[0])
        actions.cancel(registration=gone, at=cast.NOW)
        for number in range(workshop.capacity or 0):
            coming(workshop, cast.person(f"Đại biểu {number}"), NOMINATED)
        coming(workshop, people[1], WALK_IN)
        self.records().repoint(people[1].pk, people[0].pk)
        gone.refresh_from_db()
        assert (gone.state, gone.source) == ("held", "walk-in")
        assert personal.violations() == []

    def test_a_registration_follows_its_person_is_exported_and_forgets_what_was_written(self, workshop, people):
        made = coming(workshop, people[0], note="Ăn chay", answers={"1": "có"})
        self.records().repoint(people[0].pk, people[2].pk)
        (row,) = self.records().export(people[2].pk)
        assert (row["workshop"], row["note"], row["answers"]) == ("Bộ tiêu chí mới", "Ăn chay", {"1": "có"})
        assert self.records().erase(people[2].pk) == 1
        made.refresh_from_db()
        assert (made.person, made.note, made.answers) == (people[2], "", {})
