"""A year of birth in two digits is asked for in four; only a year in full is judged."""

import pytest

from accounts import actions
from tests import cast

pytestmark = pytest.mark.django_db
STEP = "/tai-khoan/ho-so/ten/"
FOUR, AGE = "Năm sinh cần đủ bốn chữ số, ví dụ 1985.", "học viên phải đủ 16 tuổi"


@pytest.fixture
def newcomer():
    return cast.client_of(actions.user_for_phone(phone="+84912345678", at=cast.NOW))


@pytest.mark.parametrize(
    ("typed", "said", "unsaid"), [("85", FOUR, AGE), ("1.9", FOUR, AGE), ("-85", FOUR, AGE), ("2024", AGE, FOUR)]
)
def test_what_is_wrong_with_the_year_is_what_is_said(newcomer, typed, said, unsaid):
    page = newcomer.post(STEP, {"name": "Trần Thị Út", "kind": "subject", "birth_year": typed}).text
    assert said in page
    assert unsaid not in page


@pytest.mark.parametrize("typed", ["1985", ""])
def test_four_digits_or_none_are_taken(newcomer, typed):
    assert newcomer.post(STEP, {"name": "Trần Thị Út", "kind": "subject", "birth_year": typed}).status_code == 302
