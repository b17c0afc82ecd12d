"""Somebody is half-way through signing up when an officer writes their number down for another: nothing typed is lost."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from accounts import actions
from accounts.models import Person, User
from demo.models import PhoneMessage
from tests import cast

from .test_officers_register_people import REGISTER, form

pytestmark = [pytest.mark.django_db, pytest.mark.once]
NUMBER = "+84912000888"
START, CODE, WHOSE = "/tai-khoan/dien-thoai/", "/tai-khoan/ma/", "/tai-khoan/cua-ai/"
NAME, PLACE = "/tai-khoan/ho-so/ten/", "/tai-khoan/ho-so/noi-o/"
SAID = "Những gì anh/chị đã ghi vẫn còn"


@pytest.fixture
def by_code(django_capture_on_commit_callbacks):
    def come():
        client = Client()
        with django_capture_on_commit_callbacks(execute=True):
            client.post(START, {"phone": NUMBER})
        code = re.search(r"\d{6}", PhoneMessage.objects.latest("pk").body)[0]
        client.post(CODE, {"code": code, "action": "verify"})
        return client

    return come


@pytest.fixture
def stranger(by_code):
    """Name and commune are given, the agreement is not."""
    client = by_code()
    client.post(NAME, {"name": "Lê Thị Lạ", "birth_year": "1980", "kind": "subject"})
    client.post(PLACE, {"place": cast.commune().pk})
    return client


def written_down():
    cast.client_of(cast.staff("manager", cast.commune())).post(REGISTER, form(phone=NUMBER))
    return Person.objects.get(name="Danh Sà Mây")


def given():
    """To somebody who asked for it with one wrong digit."""
    person, officer = cast.trainee("Danh Sà Mây", "0912000777").person, cast.staff("manager", cast.commune())
    change = actions.request_phone_change(
        name=person.name, place=person.place, old_phone="+84912000777", new_phone=NUMBER, at=cast.NOW
    )
    actions.decide_phone_change(change=change, by=officer, is_confirmed=True, person=person, reason="gọi", at=cast.NOW)
    return person


@pytest.mark.parametrize("officer_writes", [written_down, given])
def test_the_stranger_reads_what_happened_and_goes_on_where_they_were(stranger, by_code, officer_writes):
    person = officer_writes()
    assert stranger.get(PLACE).status_code == 302, "out, as the number is asked about"
    back = by_code()
    assert SAID in back.get(WHOSE).text
    page = back.post(WHOSE, {"answer": "other"}, follow=True).client.get("/tai-khoan/ho-so/", follow=True)
    assert page.redirect_chain[-1][0].startswith("/tai-khoan/ho-so/dong-y/")
    assert "Lê Thị Lạ" in page.text
    assert User.objects.get(person=person).profile_draft == {}


@pytest.mark.parametrize("officer_writes", [written_down, given])
def test_whoever_is_that_person_needs_no_draft_any_more(stranger, by_code, officer_writes):
    person = officer_writes()
    back = by_code()
    back.post(WHOSE, {"answer": "own"})
    user = User.objects.get(person=person)
    assert (back.session["_auth_user_id"], user.profile_draft) == (str(user.pk), {})


def test_the_person_who_comes_in_by_a_card_meanwhile_does_not_read_it(stranger):
    person = written_down()
    code = actions.issue_card(person=person, by=User.objects.get(is_staff=True), at=timezone.now())
    client = Client()
    client.post("/tai-khoan/phieu-ma/", {"code": code})
    for address in (NAME, PLACE):
        answer = client.get(address, follow=True)
        assert answer.status_code == 200
        assert "Lê Thị Lạ" not in answer.text
        client.post(address, {"name": "Danh Sà Mây", "kind": "subject", "place": cast.commune().pk})
    assert User.objects.get(person=person).profile_draft["name"] == "Lê Thị Lạ"


def test_without_a_draft_nothing_is_said_of_one(by_code):
    written_down()
    assert SAID not in by_code().get(WHOSE).text
