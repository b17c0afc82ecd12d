"""Vietnamese mobile numbers: typed in many ways, stored as E.164."""

import re

import phonenumbers
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Numbers of eleven digits that got ten in 2018: what stands in a list of before is called so today.
_SINCE_2018 = {
    "120": "70", "121": "79", "122": "77", "126": "76", "128": "78", "123": "83", "124": "84", "125": "85", "127": "81", "129": "82",
    "162": "32", "163": "33", "164": "34", "165": "35", "166": "36", "167": "37", "168": "38", "169": "39", "186": "56", "188": "58", "199": "59",
}  # fmt: skip
_BETWEEN = r"[\s.\-()]*"
_NUMBERS = re.compile(rf"(?<!\d)(?:\+?84|0)?{_BETWEEN}[1-9](?:{_BETWEEN}\d){{8,9}}(?!\d)")


def in_cell(text: str) -> list[str]:
    """Numbers in a cell as lists have them: without the nought that Excel takes off, two in one cell, with eleven digits as before 2018.

    Nothing where something of it is no number of a Vietnamese mobile: half of what somebody wrote is not taken for all of it.
    """
    found = []
    for piece in re.split(r"[/;,\n&|]|\bhoặc\b|\bvà\b", text):
        written = _NUMBERS.findall(piece)
        rest = _NUMBERS.sub("", piece)
        if sum(map(str.isdigit, rest)):
            return []
        found += [_called_today("".join(filter(str.isdigit, one))) for one in written]
    try:
        return list(dict.fromkeys(map(to_e164, found)))
    except ValidationError:
        return []


def _called_today(digits: str) -> str:
    number = digits.removeprefix("84") if len(digits) > 10 else digits
    number = number.removeprefix("0")
    if len(number) == 10 and number[:3] in _SINCE_2018:
        number = _SINCE_2018[number[:3]] + number[3:]
    return f"0{number}"


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


def local(e164: str) -> str:
    """ "+84912345678" → "0912345678", as it is dialled and as lists have it; "" stays."""
    return f"0{e164.removeprefix('+84')}" if e164 else ""


def readable(e164: str) -> str:
    """ "+84912345678" → "0912 345 678"."""
    number = local(e164)
    return f"{number[:4]} {number[4:7]} {number[7:]}".strip()


def masked(e164: str) -> str:
    """ "+84912345678" → "09•• ••• 678": enough to recognise one's own number, too little to call."""
    number = local(e164)
    return f"{number[:2]}•• ••• {number[-3:]}"


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
