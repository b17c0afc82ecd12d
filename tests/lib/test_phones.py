import pytest
from django.core.exceptions import ValidationError

from lib import phones

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    "typed", ["0912345678", "0912 345 678", "0912.345.678", "+84 912 345 678", "84912345678", "+84(0)912345678"]
)
def test_a_number_is_understood_however_it_is_typed(typed):
    assert phones.to_e164(typed) == "+84912345678"


@pytest.mark.parametrize(
    "typed", ["", "abc", "091234567", "09123456789", "02903831234", "+1 202 555 0100", "1900 1234", "0" * 40]
)
def test_what_is_no_vietnamese_mobile_number_is_refused(typed):
    with pytest.raises(ValidationError, match="Số điện thoại chưa đúng"):
        phones.to_e164(typed)


def test_a_number_is_shown_as_people_write_it_and_masked_elsewhere():
    assert phones.readable("+84912345678") == "0912 345 678"
    assert phones.masked("+84912345678") == "09•• ••• 678"
