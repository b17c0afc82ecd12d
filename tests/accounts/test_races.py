"""What happens to people and their agreements in the same instant, proved on real connections, each with a control that the race does happen."""

import threading
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from accounts import actions
from accounts.models import Consent, Person, Subject, User
from tests import cast
from tests.racing import at_once, overlapping, without_locks

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
