"""What is kept for a time only goes by itself, and the command says how much there is."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts import actions as accounts
from accounts.models import ERASED, DataRequest, OneTimeCard, Person, PhoneChange, User
from accounts.rights import actions, purging
from tests import cast

pytestmark = pytest.mark.django_db
LATER = cast.NOW + timedelta(days=25 * 31)


def idle(at=LATER):
    return list(purging.idle_people(at))


class TestPeopleWithoutAnyRecord:
    def test_who_never_came_back_is_erased_after_two_years(self):
        person = cast.person()
        assert idle(cast.NOW + timedelta(days=700)) == []
        assert idle() == [person]
        assert purging.purge(LATER)["idle"] == 1
        assert Person.objects.get().name == ERASED
        assert purging.purge(LATER)["idle"] == 0

    def test_who_learnt_is_kept(self):
        cast.enrolment(cast.person(), cast.course(lessons=1))
        assert idle() == []

    def test_who_was_at_a_workshop_is_kept(self):
        cast.delegate(cast.workshop())
        assert idle() == []

    def test_who_was_seen_or_agreed_lately_is_kept(self):
        user = cast.trainee()
        User.objects.filter(pk=user.pk).update(last_login=LATER - timedelta(days=10))
        assert idle() == []
        User.objects.filter(pk=user.pk).update(last_login=None)
        user.person.consents.update(given_at=LATER - timedelta(days=10))
        assert idle() == []

    def test_a_colleague_is_kept(self):
        user = cast.trainee()
        accounts.grant_role(user=user, role="organiser", place=cast.province(), by=None, at=cast.NOW)
        assert idle() == []

    def test_where_nothing_goes_by_itself(self, settings):
        cast.person()
        settings.IDLE_PERSON_MONTHS = 0
        assert idle() == []


class TestRowsOfLongAgo:
    def test_requests_numbers_and_cards_go(self, settings):
        settings.IDLE_PERSON_MONTHS = 0  # with a person everything of theirs would go
        officer = cast.staff("manager", cast.commune())
        person = cast.trainee().person
        actions.take_back(request=actions.ask(person=person, kind="object", at=cast.NOW), at=cast.NOW)
        waiting = actions.ask(person=person, kind="object", at=cast.NOW)
        PhoneChange.objects.create(name="Út", place=cast.commune(), new_phone="+84911222334", requested_at=cast.NOW)
        accounts.issue_card(person=person, by=officer, at=cast.NOW)
        before = cast.NOW + timedelta(days=40)
        assert {name: n for name, n in purging.counted(before).items() if n} == {}
        found = purging.purge(cast.NOW + timedelta(days=37 * 31))
        assert (found["requests"], found["phone-changes"], found["cards"]) == (1, 1, 1)
        assert list(DataRequest.objects.all()) == [waiting]
        assert not PhoneChange.objects.exists()
        assert not OneTimeCard.objects.exists()

    def test_kept_for_ever_where_the_operator_says_so(self, settings):
        settings.PHONE_CHANGE_MONTHS = 0
        PhoneChange.objects.create(name="Út", place=cast.commune(), new_phone="+84911222334", requested_at=cast.NOW)
        assert purging.purge(LATER)["phone-changes"] == 0
        assert PhoneChange.objects.exists()


class TestSessions:
    def test_those_of_a_log_in_that_is_gone_go_and_others_stay(self):
        gone, here = cast.trainee(), cast.trainee("Lê Văn Bé", "0911222333")
        lost, kept = cast.client_of(gone), cast.client_of(here)
        actions.ask(person=gone.person, kind="delete", at=timezone.now() - timedelta(days=8))
        assert purging.purge(timezone.now())["sessions"] == 1
        assert not lost.session.exists(lost.cookies["sessionid"].value)
        assert kept.get("/tai-khoan/").status_code == 200

    def test_a_number_that_a_code_was_sent_to_is_not_kept_for_half_a_year(self):
        client = Client()
        client.post("/tai-khoan/dien-thoai/", {"phone": "0911222333"})
        assert "911222333" in json.dumps(Session.objects.get().get_decoded())
        assert purging.purge(timezone.now())["sessions"] == 0
        assert purging.purge(timezone.now() + timedelta(days=2))["sessions"] == 1


class TestTheCommand:
    def run(self, *said):
        out = StringIO()
        call_command("purge_personal_data", *said, stdout=out)
        return out.getvalue()

    @pytest.fixture
    def due(self):
        actions.ask(person=cast.person(), kind="delete", at=timezone.now() - timedelta(days=8))

    def test_it_says_how_much_there_is_and_deletes_nothing(self, due):
        assert json.loads(self.run("--dry-run", "--json"))["steps"]["requested"] == 1
        assert "Chưa xóa gì" in self.run("--dry-run")
        assert Person.objects.get().erased_at is None

    def test_it_deletes(self, due):
        assert json.loads(self.run("--json")) == {
            "dry_run": False,
            "steps": dict.fromkeys(purging.STEPS, 0) | {"requested": 1},
        }
        assert Person.objects.get().name == ERASED


class TestTheNight:
    def test_it_works_once_a_night(self):
        cast.person()
        night = LATER.replace(hour=19)  # two o'clock here
        assert purging.nightly(at=night.replace(hour=5)) == 0
        assert purging.nightly(at=night) == 1
        cast.person("Lê Văn Bé")
        assert purging.nightly(at=night + timedelta(minutes=1)) == 0
        assert purging.nightly(at=night + timedelta(days=1)) == 1
