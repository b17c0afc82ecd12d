"""Codes, cards and numbers asked for or used in the same instant, proved on real connections, each with a control that the race does happen."""

import threading

import pytest
from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from django.conf import settings
from django.db import transaction
from django.test import Client

from accounts import actions
from accounts.forms import doors
from accounts.models import OneTimeCard, SentCode, User
from lib import codes
from lib.refusals import Refusal
from messaging.actions import BudgetSpent
from messaging.models import Message
from tests import cast
from tests.racing import at_once, overlapping, without_locks

START, CODE = "/tai-khoan/dien-thoai/", "/tai-khoan/ma/"
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def guesses(monkeypatch, count):
    """Posts so many codes at once in one session; returns how many of them were compared with the right one."""
    compared = []

    def matches(purpose, code, stored):
        compared.append(code)
        return codes.matches(purpose, code, stored)

    monkeypatch.setattr(doors, "codes", type("codes", (), {"matches": matches}))
    asking = Client()
    asking.post("/tai-khoan/dien-thoai/", {"phone": "0912345678"})
    key = asking.cookies[settings.SESSION_COOKIE_NAME].value

    def guess(number):
        def run():
            client = Client()
            client.cookies[settings.SESSION_COOKIE_NAME] = key
            return client.post("/tai-khoan/ma/", {"code": f"{number:06}x", "action": "verify"}).status_code

        return run

    answers = at_once(*[guess(number) for number in range(count)])
    assert all(isinstance(answer, int) and answer < 500 for answer in answers), answers
    return len(compared)


def test_fifty_guesses_at_once_are_five_guesses(monkeypatch):
    assert guesses(monkeypatch, 50) <= settings.ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS
    assert SentCode.objects.get().tries == settings.ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS


def test_a_count_in_the_session_alone_would_not_hold(monkeypatch):
    """The control: with allauth's own counter guesses that read the session together are all compared."""
    monkeypatch.setattr("accounts.actions.take_try", lambda **_: True)
    assert guesses(monkeypatch, 50) > settings.ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS


@pytest.fixture
def two_taps_for_a_code():
    """The number of an account, posted twice by one device."""
    cast.trainee(phone="0912345678")
    device = Client()
    device.get(START)

    def ask():
        client = Client()
        client.cookies.load({name: morsel.value for name, morsel in device.cookies.items()})
        client.post(START, {"phone": "0912345678"})
        return client.session[LOGIN_SESSION_KEY]["state"]

    return [ask] * 2


def test_two_taps_for_a_code_send_one_message(two_taps_for_a_code):
    first, second = overlapping(*two_taps_for_a_code)
    assert first == second, "both wait for the same code"
    assert Message.objects.count() == 1


def test_without_the_lock_two_taps_would_send_two_codes(two_taps_for_a_code, monkeypatch):
    """The control: both find that none was sent a moment ago."""
    without_locks(monkeypatch)
    first, second = overlapping(*two_taps_for_a_code)
    assert first != second
    assert Message.objects.count() == 2


@pytest.fixture
def two_taps_for_another_code():
    """ "Send it again", pressed twice on the page where the code is typed."""
    device = Client()
    device.post(START, {"phone": "0912345678"})
    session = device.cookies[settings.SESSION_COOKIE_NAME].value

    def ask():
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = session
        return client.post(CODE, {"action": "resend"}).status_code

    return [ask] * 2


def test_two_taps_for_another_code_send_one_message_more(two_taps_for_another_code):
    assert overlapping(*two_taps_for_another_code) == (302, 302)
    assert Message.objects.count() == 2


def test_without_the_claim_two_taps_for_another_code_would_send_two(two_taps_for_another_code, monkeypatch):
    """The control: both sessions still know the first code."""
    monkeypatch.setattr("accounts.actions.replace_code", lambda **_: True)
    overlapping(*two_taps_for_another_code)
    assert Message.objects.count() == 3


def send(number):
    return lambda: actions.send_code(phone="+84912345678", key=f"key-{number}", code="123456", at=cast.NOW)


def test_a_rush_for_codes_stays_within_the_daily_budget(settings):
    settings.SMS_DAILY_BUDGET = 7
    results = at_once(*[send(number) for number in range(20)])
    assert sum(isinstance(result, BudgetSpent) for result in results) == 13
    assert Message.objects.count() == 7


def test_counting_the_messages_first_would_overspend(settings):
    """The control: two that both saw room for one more both send."""
    meet = threading.Barrier(2)

    def careless():
        with transaction.atomic():
            is_room = Message.objects.count() < 1
            meet.wait(10)
            if is_room:
                Message.objects.create(to="+84912345678", purpose="login-code", created_at=cast.NOW, due_at=cast.NOW)

    at_once(careless, careless)
    assert Message.objects.count() == 2


def test_a_card_logs_in_once_however_often_it_is_used_at_once():
    code = actions.issue_card(person=cast.person(), by=cast.staff("manager"), at=cast.NOW)
    results = at_once(*[lambda: actions.use_card(code=code, at=cast.NOW).pk] * 6)
    assert sum(isinstance(result, int) for result in results) == 1, results


def test_looking_at_the_card_first_would_let_both_in():
    """The control: two that both saw an unused card both claim it."""
    actions.issue_card(person=cast.person(), by=cast.staff("manager"), at=cast.NOW)
    meet = threading.Barrier(2)

    def careless():
        card = OneTimeCard.objects.get(used_at=None)
        meet.wait(10)
        return OneTimeCard.objects.filter(pk=card.pk).update(used_at=cast.NOW)

    assert at_once(careless, careless) == [1, 1]


def test_the_same_new_number_asked_for_at_once_is_one_request():
    fields = {"name": "Út", "place": cast.commune(), "old_phone": "+84912000111", "new_phone": "+84912000222"}
    results = at_once(*[lambda: actions.request_phone_change(**fields, at=cast.NOW).pk] * 6)
    assert len(set(results)) == 1, results


@pytest.fixture
def two_officers():
    """One confirms what the other refuses."""
    person = cast.trainee(phone="0912000111").person
    change = actions.request_phone_change(
        name=person.name, place=person.place, old_phone="+84912000111", new_phone="+84912000222", at=cast.NOW
    )
    said = {"change": change, "by": cast.staff("manager"), "person": person, "reason": "gọi lại", "at": cast.NOW}
    return [lambda it=it: actions.decide_phone_change(is_confirmed=it, **said) for it in (True, False)]


def told():
    """To the new number; the one before is told once whatever happens."""
    return Message.objects.filter(purpose="phone-change", to="+84912000222").count()


def test_of_two_officers_who_decide_at_once_the_second_hears_that_it_is_decided(two_officers):
    _first, second = overlapping(*two_officers)
    assert isinstance(second, Refusal)
    assert told() == 1


def test_without_the_lock_the_number_would_change_and_the_person_be_told_that_it_did_not(two_officers, monkeypatch):
    """The control: both find an open request."""
    without_locks(monkeypatch)
    overlapping(*two_officers)
    assert User.objects.filter(phone="+84912000222").exists()
    assert told() == 2


@pytest.fixture
def two_requests_of_one_person():
    """Two officers confirm, each the one on the own screen."""
    person, by = cast.trainee(phone="0912000111").person, cast.staff("manager")
    fields = {"name": person.name, "place": person.place, "new_phone": "+84912000222", "at": cast.NOW}
    changes = [actions.request_phone_change(old_phone=old, **fields) for old in ("", "+84912000111")]
    said = {"by": by, "person": person, "is_confirmed": True, "reason": "gọi lại", "at": cast.NOW}
    return [lambda one=one: actions.decide_phone_change(change=one, **said) for one in reversed(changes)]


def test_of_two_requests_of_one_person_that_are_confirmed_at_once_one_is_told(two_requests_of_one_person):
    _first, second = overlapping(*two_requests_of_one_person)
    assert isinstance(second, Refusal)
    assert told() == 1


def test_without_the_lock_the_person_would_be_told_twice(two_requests_of_one_person, monkeypatch):
    """The control: both find their request open."""
    without_locks(monkeypatch)
    overlapping(*two_requests_of_one_person)
    assert told() == 2


@pytest.fixture
def two_presses_for_a_card():
    person, by = cast.person(), cast.staff("manager")
    return [lambda: actions.issue_card(person=person, by=by, at=cast.NOW)] * 2


def usable():
    return OneTimeCard.objects.filter(expires_at__gt=cast.NOW).count()


def test_of_two_cards_printed_at_once_one_works(two_presses_for_a_card):
    overlapping(*two_presses_for_a_card)
    assert usable() == 1


def test_without_the_lock_both_cards_would_work(two_presses_for_a_card, monkeypatch):
    """The control: neither sees the card of the other."""
    without_locks(monkeypatch)
    overlapping(*two_presses_for_a_card)
    assert usable() == 2
