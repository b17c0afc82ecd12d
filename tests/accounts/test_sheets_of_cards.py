"""One-time cards of many people on sheets to cut, for those who get no messages."""

import re

import pytest
from django.test import Client

from accounts.models import OneTimeCard
from tests import cast

pytestmark = pytest.mark.django_db
PAGE = "/quan-tri/nguoi/phieu/"


@pytest.fixture
def officer():
    return cast.client_of(cast.staff("manager", cast.province()))


def codes(answer):
    return re.findall(r'small-card__code">(\w{5}-\w{5})<', answer.text)


def test_a_card_for_each_who_is_ticked_and_each_lets_its_person_in(officer):
    people = [cast.person(name) for name in ("Lê Văn Bé", "Trần Thị Út", "Cao Văn Ba")]
    answer = officer.post(PAGE, {"people": [one.pk for one in people[:2]]})
    assert len(codes(answer)) == OneTimeCard.objects.count() == 2
    shown = dict(zip(re.findall(r"<b>(.+?)</b>", answer.text), codes(answer), strict=False))
    browser = Client()
    browser.post("/tai-khoan/phieu-ma/", {"code": shown["Trần Thị Út"]})
    assert "Trần Thị Út" in browser.get("/tai-khoan/").text


def test_offered_are_those_without_a_number_in_the_own_place(officer):
    cast.trainee("Có Số Rồi"), cast.person("Chưa Có Số")
    elsewhere = cast.person("Ở Tỉnh Khác", cast.commune("Tả Phìn", "Lào Cai"))
    page = officer.get(PAGE).text
    assert ("Chưa Có Số" in page, "Có Số Rồi" in page, "Ở Tỉnh Khác" in page) == (True, False, False)
    assert officer.post(PAGE, {"people": [elsewhere.pk]}).status_code == 422
    assert not OneTimeCard.objects.exists()


def test_narrowed_to_a_commune(officer):
    cast.person("Ở Đây"), cast.person("Xã Bên", cast.commune("Tân Tiến"))
    page = officer.get(PAGE, {"place": "tan tien"}).text
    assert ("Xã Bên" in page, "Ở Đây" in page) == (True, False)


def test_nobody_ticked_and_too_many_are_said(officer, monkeypatch):
    people = [cast.person(f"Người {name}") for name in ("Một", "Hai", "Ba")]
    assert "Hãy chọn ít nhất một người" in officer.post(PAGE, {}).text
    monkeypatch.setattr("accounts.forms.cards.MOST", 2)
    answer = officer.post(PAGE, {"people": [one.pk for one in people]})
    assert "nhiều nhất 2 phiếu" in answer.text
    assert not OneTimeCard.objects.exists()
