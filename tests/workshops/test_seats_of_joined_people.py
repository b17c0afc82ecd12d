"""Two records of one person are joined while both are on a workshop's list: one seat is kept, the other goes to whoever waits."""

from datetime import timedelta
from uuid import uuid4

import pytest

from accounts import actions as accounts
from tests import cast
from workshops import actions, personal, queries
from workshops.hall.items import Paper
from workshops.models import RegistrationSource, Scan, Session, TestSheet, Workshop
from workshops.reporting import facts

from . import halls

pytestmark = pytest.mark.django_db
NOMINATED = RegistrationSource.NOMINATED


@pytest.fixture
def workshop(db):
    return cast.workshop(capacity=2)


@pytest.fixture
def people(db):
    return [cast.person(f"Đại biểu {number}") for number in range(4)]


def coming(workshop, person):
    return actions.register(workshop=workshop, person=person, source=NOMINATED, at=cast.NOW)


def join(one, into):
    accounts.merge_people(person=one, into=into, by=cast.staff("manager", None), reason="cùng một người", at=cast.NOW)


def states(*rows):
    for one in rows:
        one.refresh_from_db()
    return [one.state for one in rows]


def test_of_two_seats_one_goes_to_whoever_waits(workshop, people):
    first, second, waiting = (coming(workshop, one) for one in people[:3])
    join(people[0], people[1])
    assert states(first, second, waiting) == ["cancelled", "held", "offered"]
    assert personal.violations() == []


def test_of_two_turns_the_longer_wait_is_kept(workshop, people):
    coming(workshop, people[0]), coming(workshop, people[1])
    early, late = (coming(workshop, one) for one in people[2:])
    early.waiting_since, late.waiting_since = cast.NOW, cast.NOW.replace(hour=9)
    early.save(), late.save()
    join(people[2], people[3])
    assert states(early, late) == ["cancelled", "waiting"]
    assert late.waiting_since == cast.NOW
    assert personal.violations() == []


def test_who_has_a_seat_waits_no_more(workshop, people):
    held = coming(workshop, people[0])
    coming(workshop, people[1])
    waiting = coming(workshop, people[2])
    join(people[2], people[0])
    assert states(held, waiting) == ["held", "cancelled"]


def test_the_list_of_a_workshop_that_is_closed_stands(workshop, people):
    first, second = (coming(workshop, one) for one in people[:2])
    Workshop.objects.update(closed_at=cast.NOW)
    join(people[0], people[1])
    assert states(first, second) == ["held", "held"]


@pytest.mark.parametrize("state", ["cancelled", "expired"])
def test_a_turn_is_kept_where_the_other_record_had_given_up(workshop, people, state):
    coming(workshop, people[0]), coming(workshop, people[1])
    waiting, gone = coming(workshop, people[2]), coming(workshop, people[3])
    actions.cancel(registration=gone, at=cast.NOW)
    type(gone).objects.filter(pk=gone.pk).update(state=state)
    join(people[2], people[3])
    assert states(waiting, gone) == ["cancelled", "waiting"]
    assert gone.waiting_since is not None
    assert personal.violations() == []


def test_a_sure_seat_is_worth_more_than_an_offer_which_goes_on(workshop, people):
    held, leaving = coming(workshop, people[0]), coming(workshop, people[1])
    offered, waiting = coming(workshop, people[2]), coming(workshop, people[3])
    actions.cancel(registration=leaving, at=cast.NOW)
    assert states(offered) == ["offered"]
    join(people[0], people[2])
    assert states(held, offered, waiting) == ["cancelled", "held", "offered"]
    assert offered.offered_until is None
    assert personal.violations() == []


class TestPresence:
    """One person of two records was there once."""

    def test_of_two_that_were_recorded_at_one_session_one_counts_in_all_totals(self, workshop, people):
        first, second = (coming(workshop, one) for one in people[:2])
        session = workshop.sessions.get()
        for one in (first, second):
            cast.present(one)
        join(people[0], people[1])
        (taken_back,) = first.attendances.all()
        assert taken_back.taken_back_why == f"là một người với thẻ {second.number}"
        assert second.attendances.get().taken_back_at is None
        assert queries.present_count(workshop) == 1
        assert queries.present_and_expected(session) == (1, 1)
        total = facts.gather(workshop).total
        assert (total.registered, total.present) == (1, 1)
        assert personal.violations() == []

    def test_what_only_the_record_that_goes_was_at_goes_to_the_other(self, workshop, people):
        first, second = (coming(workshop, one) for one in people[:2])
        session = workshop.sessions.get()
        later = Session.objects.create(
            workshop=workshop, name="Sau", starts_at=session.ends_at, ends_at=session.ends_at + timedelta(hours=2)
        )
        cast.present(first, later), cast.present(second, session)
        Scan.objects.create(
            nonce="1", session=later, code=first.code, registration=first, outcome="present",
            occurred_at=later.starts_at, recorded_at=later.starts_at,
        )  # fmt: skip
        join(people[0], people[1])
        assert {one.session for one in second.attendances.filter(taken_back_at=None)} == {session, later}
        assert queries.present_count(workshop) == 1
        assert personal.violations() == []

    def test_nobody_was_in_two_rooms_at_one_hour(self, workshop, people):
        first, second = (coming(workshop, one) for one in people[:2])
        session = workshop.sessions.get()
        beside = Session.objects.create(
            workshop=workshop, name="Phòng khác", starts_at=session.starts_at, ends_at=session.ends_at, room="Phòng 2"
        )
        cast.present(first, beside), cast.present(second, session)
        join(people[0], people[1])
        assert [one.session for one in second.attendances.filter(taken_back_at=None)] == [session]
        assert not first.attendances.filter(taken_back_at=None).exists()

    def test_of_a_workshop_that_is_closed_too(self, workshop, people):
        first, second = (coming(workshop, one) for one in people[:2])
        for one in (first, second):
            cast.present(one)
        Workshop.objects.update(closed_at=cast.NOW)
        join(people[0], people[1])
        assert facts.gather(workshop).total.present == 1


class TestWhatWasSaid:
    """What one row leaves open the other has said."""

    SAID = {
        "unit": "Hộ Út",
        "post": "Chủ hộ",
        "note": "ăn chay",
        "gender": "female",
        "answers": {"san-pham": "Tôm khô"},
    }

    @pytest.fixture
    def both(self, workshop, people):
        """Who registered alone, and was sent by others under another record."""
        own = actions.register(
            workshop=workshop, person=people[0], source=RegistrationSource.SELF, at=cast.NOW, **self.SAID
        )
        return own, coming(workshop, people[1])

    def said(self, row):
        row.refresh_from_db()
        return {name: getattr(row, name) for name in self.SAID}

    @pytest.mark.parametrize(
        ("of_own", "of_sent"),
        [("held", "held"), ("held", "cancelled"), ("waiting", "held"), ("held", "waiting"), ("cancelled", "held")],
    )
    def test_is_kept_whichever_row_has_the_seat(self, workshop, people, both, of_own, of_sent):
        for row, state in zip(both, (of_own, of_sent), strict=True):
            type(row).objects.filter(pk=row.pk).update(
                state=state,
                waiting_since=cast.NOW if state == "waiting" else None,
                ended_at=cast.NOW if state == "cancelled" else None,
            )
        join(people[0], people[1])
        assert self.said(both[1]) == self.SAID
        assert personal.violations() == []

    def test_of_the_row_that_is_left_writes_over_nothing(self, workshop, people, both):
        type(both[1]).objects.filter(pk=both[1].pk).update(post="Tổ trưởng", answers={"san-pham": "Khô cá"})
        join(people[0], people[1])
        assert self.said(both[1]) == {**self.SAID, "post": "Tổ trưởng", "answers": {"san-pham": "Khô cá"}}

    def test_is_kept_where_the_workshop_is_closed_so_that_the_report_tells_of_her(self, workshop, people, both):
        own, sent = both
        actions.cancel(registration=sent, at=cast.NOW)
        cast.present(own)
        Workshop.objects.update(closed_at=cast.NOW)
        assert facts.gather(workshop).total.women == 1
        join(people[0], people[1])
        assert self.said(sent) == self.SAID
        assert facts.gather(workshop).total.women == 1

    def test_of_two_notes_both_are_kept(self, workshop, people, both):
        type(both[1]).objects.filter(pk=both[1].pk).update(note="điện thoại khác: 0912 345 678")
        join(people[0], people[1])
        assert self.said(both[1])["note"] == "ăn chay; điện thoại khác: 0912 345 678"


class TestTests:
    """One person did each once, under whichever badge."""

    @pytest.fixture
    def papers(self, workshop):
        by = cast.staff("organiser", cast.province(), phone="0987000120")
        return [halls.opened(test, by) for test in halls.papers(workshop, by)]

    def hand_in(self, test, row):
        paper = Paper(test)
        answers = {at: letters[0] for at, letters in paper.right.items()}
        return actions.hand_in(test=test, registration=row, answers=answers, at=cast.NOW)

    def test_two_under_two_badges_are_a_pair(self, workshop, people, papers):
        first, second = (coming(workshop, one) for one in people[:2])
        self.hand_in(papers[0], first), self.hand_in(papers[1], second)
        join(people[0], people[1])
        assert set(TestSheet.objects.values_list("badge", "registration")) == {(second.number, second.pk)}
        assert personal.violations() == []

    def test_the_same_is_not_done_twice(self, workshop, people, papers):
        first, second = (coming(workshop, one) for one in people[:2])
        sheet = self.hand_in(papers[0], first)
        join(people[0], people[1])
        assert self.hand_in(papers[0], second) == sheet
        assert TestSheet.objects.count() == 1

    def test_of_the_same_under_both_badges_neither_is_lost(self, workshop, people, papers):
        rows = [coming(workshop, one) for one in people[:2]]
        for one in rows:
            self.hand_in(papers[0], one)
        join(people[0], people[1])
        assert set(TestSheet.objects.values_list("badge", flat=True)) == {one.number for one in rows}

    def test_paper_with_the_old_number_is_typed_in_for_who_is_left(self, workshop, people, papers):
        first, second = (coming(workshop, one) for one in people[:2])
        join(people[0], people[1])
        by = cast.staff("organiser", cast.province(), phone="0987000121")
        letters = "".join(one[0] for one in Paper(papers[0]).right.values())
        made = actions.write_sheet(test=papers[0], badge=first.number, letters=letters, by=by, at=cast.NOW)
        assert made.sheet.badge == second.number


class TestAfterwards:
    """The badge, the link and the row of the record that was joined lead to the one that is left."""

    @pytest.fixture
    def rows(self, workshop, people):
        old, left = (coming(workshop, one) for one in people[:2])
        join(people[0], people[1])
        old.refresh_from_db()
        return old, left

    @pytest.mark.parametrize("act", [actions.scan, actions.take_in])
    @pytest.mark.parametrize("by", ["code", "number"])
    def test_an_old_badge_lets_in_whose_it_is_once(self, workshop, rows, act, by):
        old, left = rows
        session = workshop.sessions.get()
        at = session.starts_at - timedelta(minutes=20)
        desk, _code = actions.make_desk(workshop=workshop, name="Bàn 1", hours=8, by=None, at=at)

        def report(row):
            said = {by: getattr(row, by)}
            return actions.Report(nonce=uuid4(), desk=desk, session=session, occurred_at=at, **said)

        made = act(report=report(old), at=at)
        assert (made.outcome, made.registration) == ("present", left)
        assert act(report=report(left), at=at).outcome == "again"
        assert queries.present_count(workshop) == 1
        assert states(old, left) == ["cancelled", "held"]

    def test_no_second_seat_is_given(self, workshop, rows):
        old, left = rows
        seated = actions.give_seat(
            registration=old, by=cast.staff("organiser", cast.province(), phone="0987000120"), at=cast.NOW
        )
        assert seated == left
        assert states(old, left) == ["cancelled", "held"]

    def test_the_organiser_is_told_instead_of_offered_it(self, workshop, rows):
        organiser = cast.client_of(cast.staff("organiser", cast.province(), phone="0987000120"))
        page = organiser.get(f"/quan-tri/tap-huan/{workshop.pk}/").text
        assert "hồ sơ đã gộp vào hồ sơ khác" in page
        assert f"/dai-bieu/{rows[0].pk}/co-cho/" not in page

    def test_an_old_ticket_shows_the_seat(self, client, rows):
        page = client.get(f"/tap-huan/ve/{rows[0].code}/", follow=True)
        assert page.status_code == 200
        assert page.context["held"] == rows[1]
