"""Vietnamese mobile numbers: typed in many ways, stored as E.164."""

import phonenumbers
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


def to_e164(text: str) -> str:
    """ "0912 345 678", "84912345678", "+84.912.345.678" → "+84912345678".

    Raises ValidationError for anything that is not a Vietnamese mobile number: no code is sent abroad or to a landline.
    """
    refusal = ValidationError(
        _("Số điện thoại chưa đúng. Hãy nhập số di động Việt Nam gồm 10 chữ số, ví dụ 0912 345 678."),
        code="invalid_phone",
    )
    digits = "".join(c for c in text if c.isdigit())
    if len(digits) > 15:
        raise refusal
    if digits.startswith("84") and len(digits) == 11:
        digits = "0" + digits[2:]
    try:
        number = phonenumbers.parse(digits, "VN")
    except phonenumbers.NumberParseException as error:
        raise refusal from error
    mobile = phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE
    if number.country_code != 84 or not mobile or not phonenumbers.is_valid_number(number):
        raise refusal
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def is_stored(text: str) -> bool:
    """Whether a text is a number as `to_e164` leaves it."""
    return len(text) == 12 and text.startswith("+84") and text[1:].isdigit()


def readable(e164: str) -> str:
    """ "+84912345678" → "0912 345 678"."""
    local = "0" + e164.removeprefix("+84")
    return f"{local[:4]} {local[4:7]} {local[7:]}".strip()


def masked(e164: str) -> str:
    """ "+84912345678" → "09•• ••• 678": enough to recognise one's own number, too little to call."""
    local = "0" + e164.removeprefix("+84")
    return f"{local[:2]}•• ••• {local[-3:]}"


def last_digits(query: str) -> str:
    """What a stored number ends with, of a query that is nothing but a number or at least three last digits of one; or "".

    "0912 345 678" and "84912345678" → "912345678"; "678" → "678".
    """
    digits = "".join(c for c in query if c.isascii() and c.isdigit())
    if len(digits) < 3 or not set(query) <= set("0123456789+-. ()"):
        return ""
    if len(digits) == 11:
        return digits.removeprefix("84")
    return digits.removeprefix("0") if len(digits) == 10 else digits
