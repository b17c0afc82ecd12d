"""After the call list is drawn: who is still to be called, and that one person is called once."""

from copy import deepcopy
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.actions import merge_people
from accounts.models import Person
from accounts.rights.erasing import erase_person
from lib.refusals import Refusal
from tests import cast
from tests.conftest import made_for_a_file
from workshops import actions, personal
from workshops.models import FollowUp, Session, Workshop
from workshops.reporting import facts

from .test_follow_up import LATER, LIST, answered, somebody_there

pytestmark = [pytest.mark.django_db, pytest.mark.once]


made_workshop = made_for_a_file(cast.workshop)


@pytest.fixture
def workshop(made_workshop, db) -> Workshop:
    return deepcopy(made_workshop)


@pytest.fixture
def officer(db):
    return cast.staff("manager", cast.commune())


@pytest.fixture
def organiser(db):
    return cast.staff("organiser", cast.province(), phone="0987000120")


@pytest.fixture
def call(workshop):
    somebody_there(workshop)
    (drawn,) = actions.draw(workshop=workshop, at=LATER)
    return drawn


def takes_the_agreement_back(one, by):
    Person.objects.filter(pk=one.person_id).update(has_consented=False)


def is_erased(one, by):
    erase_person(person=one.person, by=by, at=LATER)


def was_not_there_after_all(one, by):
    actions.take_back(attendance=one.attendances.get(), why="ghi nhầm", by=by, at=LATER)


def was_at_a_session_that_is_cancelled(one, by):
    Session.objects.filter(attendances__registration=one).update(cancelled_at=LATER)


def is_of_a_workshop_that_is_cancelled(one, by):
    Workshop.objects.update(cancelled_at=LATER)


NO_LONGER = [takes_the_agreement_back, is_erased, was_not_there_after_all, was_at_a_session_that_is_cancelled]


class TestNoLongerToBeCalled:
    """What happens after the draw to somebody whose call is still to be made."""

    @pytest.mark.parametrize("happens", [*NO_LONGER, is_of_a_workshop_that_is_cancelled])
    @pytest.mark.parametrize("outcome", ["to-call", "unreached"])
    def test_is_neither_listed_nor_found_nor_counted(self, workshop, call, officer, organiser, happens, outcome):
        if outcome == "unreached":
            answered(call, officer, outcome=outcome)
        happens(call.registration, organiser)
        client = cast.client_of(officer)
        assert "tel:" not in client.get(LIST).text
        assert "Lê Văn Bé" not in client.get(f"{LIST}?lop={workshop.pk}").text
        assert client.get(f"{LIST}{call.pk}/").status_code == 404
        told = facts.gather(workshop).followed_up
        assert (told.drawn, told.called) == (0, 0)
        with pytest.raises(Refusal, match="không còn trong danh sách gọi"):
            answered(call, officer)

    @pytest.mark.parametrize("happens", NO_LONGER)
    @pytest.mark.parametrize("outcome", ["answered", "declined"])
    def test_what_was_answered_stays_and_counts_without_a_number_to_call(
        self, workshop, call, officer, organiser, happens, outcome
    ):
        answered(call, officer, outcome=outcome)
        happens(call.registration, organiser)
        assert "Còn <b>0</b> trong 1 người chưa gọi" in cast.client_of(officer).get(f"{LIST}?lop={workshop.pk}").text
        told = facts.gather(workshop).followed_up
        assert (told.drawn, told.called, told.answered) == (1, 1, int(outcome == "answered"))

    @pytest.mark.parametrize("happens", [takes_the_agreement_back, is_erased])
    def test_a_number_that_is_not_to_be_called_is_not_shown(self, workshop, call, officer, organiser, happens):
        answered(call, officer)
        happens(call.registration, organiser)
        client = cast.client_of(officer)
        for page in (f"{LIST}?lop={workshop.pk}", f"{LIST}{call.pk}/"):
            assert "tel:" not in client.get(page).text

    def test_leaves_the_place_to_whoever_is_missing_and_stays_off_the_list(self, workshop, officer, organiser):
        for n in range(12):
            somebody_there(workshop, f"Người {n}")
        drawn = actions.draw(workshop=workshop, at=LATER)
        for one in drawn[:6]:
            answered(one, officer)
        is_erased(drawn[0].registration, organiser)
        for one in drawn[6:10]:
            was_not_there_after_all(one.registration, organiser)
        told = facts.gather(workshop).followed_up
        assert (told.drawn, told.called, told.answered) == (6, 6, 6)
        assert len(actions.ask_for_calls(workshop=workshop, by=organiser, at=LATER)) == 2
        cast.present(drawn[6].registration)
        listed = set(FollowUp.objects.values_list("registration", flat=True))
        assert len(listed) == 8
        assert listed.isdisjoint(one.registration_id for one in drawn[6:10])
        assert len(actions.draw(workshop=workshop, at=LATER)) == 1

    def test_is_offered_on_the_page_as_missing(self, workshop, officer, organiser):
        ago = timezone.now() - timedelta(days=95) - workshop.sessions.get().ends_at
        for one in workshop.sessions.all():
            Session.objects.filter(pk=one.pk).update(starts_at=one.starts_at + ago, ends_at=one.ends_at + ago)
        for n in range(11):
            somebody_there(workshop, f"Người {n}")
        client, page = cast.client_of(organiser), f"{LIST}?lop={workshop.pk}"
        drawn = actions.draw(workshop=workshop, at=timezone.now())
        assert "Thêm vào danh sách gọi" not in client.get(page).text
        takes_the_agreement_back(drawn[0].registration, organiser)
        told = client.get(page).text
        assert "Còn <b>9</b> trong 9 người chưa gọi" in told
        assert "1 người có mặt chưa có trong danh sách gọi." in told
        assert "Đã chọn 1 người để gọi." in client.post(f"{LIST}lop/{workshop.pk}/", follow=True).text


class TestRecordsThatAreJoined:
    """After the draw: one person, one call, at the row that stays."""

    @pytest.fixture
    def join(self, officer):
        def one_person(one, into):
            merge_people(person=one.person, into=into.person, by=officer, reason="cùng một người", at=LATER)

        return one_person

    @pytest.fixture
    def pair(self, workshop):
        return somebody_there(workshop), somebody_there(workshop, contact_phone="+84912345679")

    def test_of_two_that_were_drawn_one_is_called(self, workshop, pair, join, officer):
        actions.draw(workshop=workshop, at=LATER)
        join(*pair)
        assert FollowUp.objects.get().registration == pair[1]
        assert "Còn <b>1</b> trong 1 người chưa gọi" in cast.client_of(officer).get(LIST).text
        assert facts.gather(workshop).followed_up.drawn == 1
        assert personal.violations() == []

    @pytest.mark.parametrize("which", [0, 1])
    def test_what_one_of_them_answered_is_kept(self, workshop, pair, join, officer, which):
        calls = {one.registration_id: one for one in actions.draw(workshop=workshop, at=LATER)}
        answered(calls[pair[which].pk], officer)
        answered(calls[pair[1 - which].pk], officer, outcome="unreached")
        join(*pair)
        kept = FollowUp.objects.get()
        assert (kept.registration, kept.outcome, kept.what) == (pair[1], "answered", "Đã đổi nhãn, bán thêm được")

    def test_the_only_call_goes_along(self, workshop, join):
        one = somebody_there(workshop)
        actions.draw(workshop=workshop, at=LATER)
        other = cast.delegate(workshop, contact_phone="+84912345679")
        join(one, other)
        assert FollowUp.objects.get().registration == other
        assert actions.draw(workshop=workshop, at=LATER) == []
        assert personal.violations() == []
