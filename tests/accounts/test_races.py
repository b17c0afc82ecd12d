"""What happens in the same instant, proved on real connections, each with a control that the race does happen."""

import threading
from uuid import uuid4

import pytest
from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from django.conf import settings
from django.db import IntegrityError, transaction
from django.test import Client

from accounts import actions
from accounts.forms import doors
from accounts.models import Consent, OneTimeCard, Person, RoleAssignment, SentCode, Subject, User
from lib import codes
from lib.refusals import Refusal
from messaging.actions import BudgetSpent
from messaging.models import Message
from tests import cast
from tests.racing import at_once, overlapping, without_locks

START, CODE = "/tai-khoan/dien-thoai/", "/tai-khoan/ma/"
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest.fixture
def someone():
    officer = cast.staff("manager", cast.commune())
    return {
        "name": "Danh Sà Mây", "birth_year": 1961, "place": cast.commune(), "kind": "subject", "how": "paper",
        "subject_name": "Ba khía", "subject_kind": "household", "subject_role": "head", "consents": cast.texts(),
        "by": officer, "at": cast.NOW,
    }  # fmt: skip


@pytest.mark.parametrize("phone", ["", "+84912000111"])
def test_one_form_sent_many_times_at_once_makes_one_person(someone, phone):
    token = uuid4()
    results = at_once(*[lambda: actions.register_for(form_token=token, phone=phone, **someone).pk] * 6)
    assert len(set(results)) == 1, results
    assert Person.objects.count() == 1
    assert Consent.objects.count() == len(cast.texts())


def test_looking_first_would_not_be_enough(someone):
    """The control: two that both saw nobody both write."""
    fields = {name: someone[name] for name in ("name", "birth_year", "place", "kind")}
    meet = threading.Barrier(2)

    def careless():
        with transaction.atomic():
            assert not Person.objects.filter(search="danh sa may").exists()
            meet.wait(10)
            return Person.objects.create(**fields).pk

    assert len(set(at_once(careless, careless))) == 2
    assert Person.objects.count() == 2


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


def test_people_of_one_subject_who_sign_up_at_once_make_one_subject(someone):
    someone |= {"how": "paper"}
    names = ["Danh Sà Mây", "Danh Sà Lan", "Danh Sà Út"]
    at_once(
        *[
            lambda name=name: actions.register_for(form_token=uuid4(), phone="", **someone | {"name": name})
            for name in names
        ]
    )
    assert Person.objects.count() == len(names)
    assert Subject.objects.count() == 1


@pytest.fixture
def two_taps():
    """The last step of signing up, pressed twice."""
    user = User.objects.create(phone="+84912000111", date_joined=cast.NOW)
    return [lambda: cast.person("Danh Sà Mây", user=user).pk] * 2


def test_two_taps_sign_up_one_person(two_taps):
    first, second = overlapping(*two_taps)
    assert first == second
    assert Person.objects.count() == 1


def test_without_the_lock_two_taps_would_sign_up_two_people(two_taps, monkeypatch):
    """The control: both find a log-in without a person."""
    without_locks(monkeypatch)
    overlapping(*two_taps)
    assert Person.objects.count() == 2


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
    return Message.objects.filter(purpose="phone-change").count()


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
def taken_back_while_corrected():
    """A person takes the agreement back while an officer corrects the name; whether it is on record afterwards."""
    person, by = cast.person(), cast.staff("manager")
    running = person.consents.get(text__purpose="learning-record")
    fields = {"birth_year": None, "place": person.place, "kind": "official", "official_level": "commune", "reason": ""}
    nobody = {"subject_name": "", "subject_kind": "", "subject_role": ""}

    def happen():
        overlapping(
            lambda: actions.withdraw_consent(person=person, consent_id=running.pk, at=cast.NOW),
            lambda: actions.correct_person(
                person=person, name="Trần Thị Út Nhỏ", by=by, at=cast.NOW, **fields, **nobody
            ),
        )
        person.refresh_from_db()
        assert person.name == "Trần Thị Út Nhỏ"
        return person.has_consented

    return happen


def test_what_is_taken_back_while_an_officer_corrects_the_name_stays_taken_back(taken_back_while_corrected):
    assert taken_back_while_corrected() is False


def test_without_the_lock_the_officer_would_give_the_agreement_again(taken_back_while_corrected, monkeypatch):
    """The control: the whole person is written as it was read before."""
    without_locks(monkeypatch)
    assert taken_back_while_corrected() is True


@pytest.fixture
def colleague():
    """Without a role today: the one that there was ran out, and no job has looked since."""
    user = cast.staff("manager", cast.commune())
    user.roles.update(valid_from="2026-01-01", valid_until="2026-01-31")
    return user


def given(user, role="editor"):
    """A role for a log-in that each press reads anew, as each request does."""
    return lambda: actions.grant_role(user=User.objects.get(pk=user.pk), role=role, place=None, by=None, at=cast.NOW)


def ended(user, role):
    one = user.roles.get(role=role)
    return lambda: actions.end_role(assignment=one, by=None, reason="Nghỉ hưu", at=cast.NOW)


def rights(user):
    user.refresh_from_db()
    return user.is_staff, sorted(group.name for group in user.groups.all())


def test_of_two_presses_that_give_a_role_the_second_hears_that_it_is_held(colleague):
    _first, second = overlapping(given(colleague), given(colleague))
    assert isinstance(second, Refusal)
    assert colleague.roles.filter(role="editor").count() == 1


def test_without_the_lock_the_second_press_would_be_a_failure(colleague, monkeypatch):
    """The control: both find room, and the database refuses in its own words."""
    without_locks(monkeypatch)
    _first, second = overlapping(given(colleague), given(colleague))
    assert isinstance(second, IntegrityError)


@pytest.fixture
def two_roles_ended(colleague):
    """Two administrators take a role each."""
    given(colleague, "editor")()
    given(colleague, "organiser")()
    return [ended(colleague, role) for role in ("editor", "organiser")]


def test_who_loses_two_roles_at_once_is_staff_no_more(two_roles_ended, colleague):
    overlapping(*two_roles_ended)
    assert rights(colleague) == (False, [])


def test_without_the_lock_each_would_count_on_the_other_role(two_roles_ended, colleague, monkeypatch):
    """The control: both see the role that the other one takes."""
    without_locks(monkeypatch)
    overlapping(*two_roles_ended)
    assert rights(colleague)[0] is True


@pytest.fixture
def ended_as_it_begins(colleague):
    """The job gives a role on its first day, while an administrator takes it back."""
    actions.end_expired_roles(at=cast.NOW)
    RoleAssignment.objects.create(user=colleague, role="editor", valid_from=cast.NOW.date())
    return [ended(colleague, "editor"), lambda: actions.begin_due_roles(at=cast.NOW)]


def test_a_role_that_is_ended_as_it_begins_leaves_no_rights_behind(ended_as_it_begins, colleague):
    overlapping(*ended_as_it_begins)
    assert rights(colleague) == (False, [])


def test_without_the_lock_its_rights_would_stay(ended_as_it_begins, colleague, monkeypatch):
    """The control: the job has read the role before it was ended."""
    without_locks(monkeypatch)
    overlapping(*ended_as_it_begins)
    assert rights(colleague) == (True, ["editor"])


def test_a_role_that_is_given_as_the_last_one_is_ended_by_the_job_gives_its_rights(colleague):
    overlapping(given(colleague), lambda: actions.end_expired_roles(at=cast.NOW))
    assert rights(colleague) == (True, ["editor"])


def test_without_the_lock_the_job_would_close_the_admin_to_the_new_role(colleague, monkeypatch):
    """The control: the job does not see the role that is being given."""
    without_locks(monkeypatch)
    overlapping(given(colleague), lambda: actions.end_expired_roles(at=cast.NOW))
    assert rights(colleague)[0] is False


@pytest.fixture
def withdrawn_while_more_is_given():
    """The agreement to be on record is taken back in one tab, and another one given in the second."""
    person = cast.person()
    person.consents.filter(text__purpose="messages").delete()
    required = person.consents.get(text__purpose="learning-record")
    optional = [one for one in cast.texts() if one.purpose == "messages"]
    return person, [
        lambda: actions.withdraw_consent(person=person, consent_id=required.pk, at=cast.NOW),
        lambda: actions.give_consents(person=Person.objects.get(pk=person.pk), texts=optional, at=cast.NOW),
    ]


def test_what_is_taken_back_while_more_is_given_stays_taken_back(withdrawn_while_more_is_given):
    person, both = withdrawn_while_more_is_given
    overlapping(*both)
    person.refresh_from_db()
    assert person.has_consented is False


def test_without_the_lock_the_record_would_go_on_without_agreement(withdrawn_while_more_is_given, monkeypatch):
    """The control: who gives more still sees what is being taken back."""
    person, both = withdrawn_while_more_is_given
    without_locks(monkeypatch)
    overlapping(*both)
    person.refresh_from_db()
    assert person.has_consented is True


@pytest.fixture
def agreeing_again():
    person = cast.person()
    person.consents.all().delete()
    return [lambda: actions.give_consents(person=person, texts=cast.texts(), at=cast.NOW)] * 2


def test_two_taps_agree_once(agreeing_again):
    assert overlapping(*agreeing_again) == (None, None)
    assert Consent.objects.count() == len(cast.texts())


def test_without_the_lock_the_second_tap_would_be_a_failure(agreeing_again, monkeypatch):
    """The control: neither sees the row of the other."""
    without_locks(monkeypatch)
    assert isinstance(overlapping(*agreeing_again)[1], IntegrityError)


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
