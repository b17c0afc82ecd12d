"""Numbers as people type them here: 1.234,5 and 1,234.5 and 1 234,5 mean the same."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

_NUMBER = re.compile(r"([+-]?)(\d[\d.,\s]*|[.,]\d+)(?:[eE]([+-]?\d{1,2}))?")
_GROUPS = re.compile(r"[1-9]\d{0,2}(?P<mark>[.,\s])\d{3}(?:(?P=mark)\d{3})*")
LONGEST = 40


def split(typed: str) -> tuple[str, str]:
    """The number and what is written after it: "12,5 kg" → ("12,5", "kg"). ("", typed) when it begins with no number."""
    tidy = typed.strip().replace("\u2212", "-")
    found = _NUMBER.match(tidy)
    return (found.group().strip(), tidy[found.end() :].strip()) if found else ("", tidy)


def readings(typed: str) -> set[Decimal]:
    """Every number that may be meant: 1.500 is read as fifteen hundred and as one and a half. Empty for no number."""
    if len(typed) > LONGEST or not (found := _NUMBER.fullmatch(typed.strip().replace("\u2212", "-"))):
        return set()
    sign, digits, power = found.groups()
    tail = f"e{power}" if power else ""
    return {number for plain in _spellings(digits.strip()) if (number := _decimal(f"{sign}{plain}{tail}")) is not None}


def _spellings(digits: str) -> set[str]:
    """The digits with a point for decimals and no other marks, in each way of reading them."""
    found = set()
    if digits.count(".") + digits.count(",") <= 1 and not re.search(r"\s", digits):
        found.add(digits.replace(",", "."))
    whole, mark, rest = _at_last_mark(digits)
    if _GROUPS.fullmatch(digits):
        found.add(re.sub(r"[.,\s]", "", digits))
    if mark and rest.isdigit() and (grouped := _GROUPS.fullmatch(whole)) and grouped["mark"] != mark:
        found.add(re.sub(r"[.,\s]", "", whole) + "." + rest)
    return found


def _at_last_mark(digits: str) -> tuple[str, str, str]:
    place = max(digits.rfind("."), digits.rfind(","))
    return (digits, "", "") if place < 0 else (digits[:place], digits[place], digits[place + 1 :])


def _decimal(plain: str) -> Decimal | None:
    try:
        return Decimal(plain)
    except InvalidOperation:
        return None


class NumberField(forms.CharField):
    """A number that an author types, as the string of a decimal number ("3,50" → "3.5"). Refuses one with two readings."""

    default_error_messages = {
        "number": _("“%(typed)s” không phải là số. Ví dụ: 12,5."),
        "ambiguous": _("“%(typed)s” đọc được hai cách. Hãy bỏ dấu ngăn nghìn, ví dụ 1500 hoặc 1,5."),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "size": 8}))
        super().__init__(max_length=LONGEST, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return str(value).replace(".", ",") if value is not None else value

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value) or ""
        if not typed:
            return ""
        meant = readings(typed)
        if len(meant) != 1:
            raise forms.ValidationError(
                self.error_messages["ambiguous" if meant else "number"], params={"typed": typed}
            )
        return plain(meant.pop())


def plain(number: Decimal) -> str:
    """Without an exponent and needless zeros: 1E+3 → "1000", 3.50 → "3.5"."""
    digits = f"{number:f}"
    return digits.rstrip("0").rstrip(".") or "0" if "." in digits else digits
