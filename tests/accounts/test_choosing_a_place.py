"""Of too many places that fit, the first are offered, and it is said that there are more and what narrows them."""

import pytest
from django.test import Client

from accounts import actions
from accounts.forms.places import PlaceNameField
from provinces.queries import MOST
from tests import cast

pytestmark = pytest.mark.django_db
STEP, TYPED = "/tai-khoan/ho-so/noi-o/", "/tai-khoan/noi-o/tim/"
MORE = "gõ thêm tên tỉnh hoặc huyện cũ"


@pytest.fixture
def newcomer():
    return cast.client_of(actions.user_for_phone(phone="+84912345678", at=cast.NOW))


def said(page):
    return page.partition("data-places-count>")[2].partition("</p>")[0]


@pytest.mark.parametrize("query", ["phường 1", "an phu", "tp hcm"])
def test_too_many_are_not_counted_but_said_to_be_many(newcomer, query):
    page = newcomer.post(STEP, {"q": query, "search": "1"}).text
    assert page.count('name="place"') == MOST
    assert MORE in said(page)
    assert "nơi khớp" in said(page)
    assert "20" not in said(page)


def test_few_are_counted_and_none_is_told_what_to_do(newcomer):
    assert said(newcomer.post(STEP, {"q": "rach goc", "search": "1"}).text) == "1 nơi khớp"
    assert "0 nơi khớp. Thử gõ" in said(newcomer.post(STEP, {"q": "khong co dau", "search": "1"}).text)


def test_what_the_script_asks_says_so_too():
    many = Client().get(TYPED, {"q": "an phu"}).json()
    assert (len(many["places"]), many["has_more"]) == (MOST, True)
    few = Client().get(TYPED, {"q": "an phu tp hcm"}).json()
    assert (0 < len(few["places"]) < MOST, few["has_more"]) == (True, False)


@pytest.mark.parametrize("typed", ["TP.HCM", "tp hcm", "Thành phố Hồ Chí Minh"])
def test_where_a_province_may_be_named_its_usual_short_form_names_it(typed):
    assert PlaceNameField(provinces=True).clean(typed) == cast.province("Hồ Chí Minh")
