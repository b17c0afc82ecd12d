"""A site that buys no text messages lives from cards and PINs: the number was written down by an officer and no code proves it."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from accounts import actions
from accounts.models import User
from demo.models import PhoneMessage
from lib.refusals import Refusal
from tests import cast

pytestmark = pytest.mark.django_db
NUMBER, LOGIN, PIN_PAGE = "+84912000888", "/tai-khoan/dang-nhap/", "/tai-khoan/pin/"


@pytest.fixture
def person():
    user = actions.user_for_phone(phone=NUMBER, at=timezone.now())
    return cast.person("Trần Thị Số", user=user)


@pytest.fixture
def by_card(person):
    code = actions.issue_card(person=person, by=cast.staff("manager", cast.commune()), at=timezone.now())
    client = Client()
    client.post("/tai-khoan/phieu-ma/", {"code": code})
    return client


def log_in(pin=cast.PIN, number=NUMBER):
    client = Client()
    client.answer = client.post(LOGIN, {"login": number, "password": pin})
    return client


def is_in(client):
    return "_auth_user_id" in client.session


def test_whoever_came_by_a_card_sets_a_pin_that_logs_in_as_the_page_says(by_card, person):
    assert "Lần sau vào máy khác chỉ cần số điện thoại và mã này" in set_pin(by_card).text
    other = log_in()
    assert is_in(other)
    assert not PhoneMessage.objects.exists(), "no message is waited for"
    assert User.objects.get(person=person).phone_verified_at is None, (
        "a PIN says who somebody is, not whose the number is"
    )


def set_pin(client):
    return client.post(PIN_PAGE, {"pin": cast.PIN, "again": cast.PIN}, follow=True)


def test_the_page_shows_the_number_and_who_wrote_it_before_the_pin_is_set(by_card, person):
    page = by_card.get(PIN_PAGE).text
    assert "0912 000 888" in page
    assert "do cán bộ ghi" in page
    User.objects.filter(person=person).update(phone_verified_at=timezone.now())
    assert "do cán bộ ghi" not in by_card.get(PIN_PAGE).text


def test_a_wrong_pin_is_refused_as_everywhere(by_card):
    set_pin(by_card)
    wrong = log_in("975310")
    assert not is_in(wrong)
    assert "chưa khớp" in wrong.answer.text


def test_whoever_holds_the_number_and_has_no_pin_is_still_asked_whose_it_is(
    by_card, django_capture_on_commit_callbacks
):
    set_pin(by_card)
    holder = Client()
    with django_capture_on_commit_callbacks(execute=True):
        holder.post("/tai-khoan/dien-thoai/", {"phone": NUMBER})
    code = re.search(r"\d{6}", PhoneMessage.objects.latest("pk").body)[0]
    answer = holder.post("/tai-khoan/ma/", {"code": code, "action": "verify"})
    assert answer.url.startswith("/tai-khoan/cua-ai/")
    assert not is_in(holder)


def test_the_pin_goes_with_the_number_that_turns_out_to_be_a_stranger_s(by_card, person):
    set_pin(by_card)
    actions.part_from_person(user=User.objects.get(person=person), at=timezone.now())
    assert not is_in(log_in())


def give(person, number):
    officer = User.objects.get(is_staff=True)
    change = actions.request_phone_change(
        name=person.name, place=person.place, old_phone=NUMBER, new_phone=number, at=cast.NOW
    )
    actions.decide_phone_change(change=change, by=officer, is_confirmed=True, person=person, reason="gọi", at=cast.NOW)


def test_a_pin_does_not_come_along_to_a_number_that_an_officer_writes_down(by_card, person):
    set_pin(by_card)
    give(person, "+84987000222")
    assert not is_in(log_in(number="+84987000222"))


def test_whoever_is_being_put_out_leaves_no_pin_behind(by_card, person):
    """The form was sent before the officer gave the account another number, and is taken up after."""
    as_it_was = User.objects.get(person=person)
    give(person, "+84987000222")
    with pytest.raises(Refusal, match="vừa thay đổi"):
        actions.set_pin(user=as_it_was, pin=cast.PIN)
    assert not User.objects.get(person=person).has_pin
    assert not is_in(log_in(number="+84987000222"))
