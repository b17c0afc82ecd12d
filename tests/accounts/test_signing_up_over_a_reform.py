"""Communes are merged while somebody signs up: the step of the place comes back, and what was typed is kept."""

import pytest

from accounts import actions
from provinces.models import Place
from tests import cast

pytestmark = pytest.mark.django_db
PLACE, LAST = "/tai-khoan/ho-so/noi-o/", "/tai-khoan/ho-so/dong-y/"
WORDS = "nay mang tên khác"
ROLE = {"subject_name": "Tôm khô Út", "subject_kind": "household", "subject_role": "head", "learning-record": "on"}


@pytest.fixture
def user():
    """Chose a place that became a former unit since."""
    user = actions.user_for_phone(phone="+84912345678", at=cast.NOW)
    former = Place.objects.former().get(name="Rạch Gốc", parent__name="Cà Mau")
    typed = {"name": "Trần Thị Út", "birth_year": 1980, "kind": "subject", "place": former.pk}
    actions.keep_draft(user=user, values=typed)
    return user


@pytest.mark.parametrize("address", ["/tai-khoan/ho-so/", LAST])
def test_whoever_comes_back_chooses_the_place_anew_from_what_became_of_it(user, address):
    answer = cast.client_of(user).get(f"{address}?next=/hoc/tim/", follow=True)
    assert answer.redirect_chain[-1][0] == f"{PLACE}?next=%2Fhoc%2Ftim%2F"
    assert WORDS in answer.text
    assert "Phan Ngọc Hiển" in answer.text


def test_what_was_typed_at_the_last_step_is_there_again(user):
    client = cast.client_of(user)
    assert WORDS in client.post(LAST, ROLE, follow=True).text
    client.post(PLACE, {"place": cast.commune().pk})
    page = client.get(LAST).text
    assert WORDS not in page
    assert all(typed in page for typed in ("Trần Thị Út", 'value="Tôm khô Út"'))
    client.post(LAST, ROLE)
    user.refresh_from_db()
    assert (user.person.name, user.person.place) == ("Trần Thị Út", cast.commune())
