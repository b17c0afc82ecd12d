"""An officer mistypes one digit: the account must not open for the stranger whose number that is."""

import re

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import ModelLogEntry

from accounts import actions
from accounts.models import User
from demo.models import PhoneMessage
from tests import cast

pytestmark = pytest.mark.django_db
START, CODE, WHOSE = "/tai-khoan/dien-thoai/", "/tai-khoan/ma/", "/tai-khoan/cua-ai/"
NUMBER = "+84912000888"


@pytest.fixture
def person():
    """Written down by an officer, with a number that nobody has proved yet."""
    user = actions.user_for_phone(phone=NUMBER, at=timezone.now())
    return cast.person("Trần Thị Số", user=user)


@pytest.fixture
def holder(person, django_capture_on_commit_callbacks):
    """Whoever holds that phone, after typing the right code."""
    client = Client()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(START, {"phone": NUMBER, "next": "/khoa-hoc/"})
    code = re.search(r"\d{6}", PhoneMessage.objects.latest("pk").body)[0]
    client.proof = {"code": code, "action": "verify", "next": "/khoa-hoc/"}
    client.answer = client.post(CODE, client.proof)
    return client


def is_in(client):
    return "_auth_user_id" in client.session


def test_nobody_is_in_before_they_say_whose_the_number_is(holder, person):
    assert holder.answer.url.startswith(WHOSE)
    assert not is_in(holder)
    page = holder.get(holder.answer.url).text
    assert "Trần Thị Số" in page
    assert "Xã Phan Ngọc Hiển, tỉnh Cà Mau" in page
    assert "1975" not in page


def test_the_person_says_so_once_and_goes_where_they_wanted_to(holder, person):
    assert holder.post(WHOSE, {"answer": "own", "next": "/khoa-hoc/"}).url == "/khoa-hoc/"
    assert is_in(holder)
    assert User.objects.get(person=person).phone_verified_at


def test_a_proved_number_is_not_asked_about(person, django_capture_on_commit_callbacks):
    User.objects.filter(person=person).update(phone_verified_at=cast.NOW)
    client = Client()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(START, {"phone": NUMBER})
    code = re.search(r"\d{6}", PhoneMessage.objects.latest("pk").body)[0]
    client.post(CODE, {"code": code, "action": "verify"})
    assert is_in(client)


def test_a_stranger_gets_an_account_of_their_own_and_the_person_loses_nothing_but_the_number(holder, person):
    holder.post(WHOSE, {"answer": "other"})
    stranger = User.objects.get(phone=NUMBER)
    assert holder.session["_auth_user_id"] == str(stranger.pk)
    assert stranger.person is None
    assert stranger.phone_verified_at
    assert "Trần Thị Số" not in holder.get("/tai-khoan/ho-so/", follow=True).text
    person.refresh_from_db()
    assert (person.user.phone, person.contact_phone) == (None, "")
    assert ModelLogEntry.objects.filter(action="accounts.number_not_theirs", object_id=person.pk).exists()
    officer = cast.client_of(cast.staff("manager", cast.commune()))
    page = officer.get(f"/quan-tri/person/inspect/{person.pk}/").text
    assert "Chưa có số đăng nhập" in page
    assert "cho biết mình không phải học viên này" in page


def test_neither_answer_is_asked_again(holder):
    answer = holder.post(WHOSE, {"answer": "maybe"})
    assert answer.status_code == 422
    assert "Hãy bấm một trong hai nút" in answer.text
    assert not is_in(holder)


def test_a_second_tap_on_the_code_leads_to_the_question_and_not_past_it(holder):
    assert holder.post(CODE, holder.proof).url.startswith(WHOSE)
    assert not is_in(holder)


def test_the_second_of_two_tabs_changes_nothing_any_more(holder, person):
    kept = holder.session["proven"]
    holder.post(WHOSE, {"answer": "other"})
    session = holder.session
    session["proven"] = kept
    session.save()
    assert holder.post(WHOSE, {"answer": "own"}).url.startswith(START)
    person.refresh_from_db()
    assert person.user.phone is None


def test_without_a_code_there_is_no_question(person):
    assert Client().get(WHOSE).url == START
    assert Client().post(WHOSE, {"answer": "own"}).url == START


def test_the_proof_is_over_after_ten_minutes(holder):
    session = holder.session
    session["proven"] = session["proven"] | {"at": session["proven"]["at"] - 601}
    session.save()
    assert holder.get(WHOSE).url == START
