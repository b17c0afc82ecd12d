"""What is typed: the field for text, and the keys of rows that addresses and forms name."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from . import text

LONGEST_KEY = 18  # digits; 19 may be beyond a BigAutoField, and `int` refuses thousands of them
EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)


def is_thinkable(day: date | datetime) -> None:
    """A slip of the keyboard in the year is a day as well, which nobody means."""
    asked = day.date() if isinstance(day, datetime) else day
    if not EARLIEST <= asked <= LATEST:
        raise ValidationError(_("Ngày này không đúng. Hãy xem lại năm."))


class TypedField(forms.CharField):
    """Text as it is stored: Word's soft line break and its like come with a paste, and no workbook takes them.

    With `lines` the line ends stay, as one \\n each, whatever the browser sends. What cannot be seen, such as blanks without width alone,
    is nothing.
    """

    def __init__(self, *, lines: bool = False, **kwargs: Any) -> None:
        self.lines = lines
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str | None:
        words = super().to_python(value) or ""
        stored = text.nfc_lines(words) if self.lines else text.nfc(words)
        return stored if text.is_seen(stored) else self.empty_value


def key_of(value: Any) -> int:
    """The key that an address or a form names; for what cannot be one 0, which no row has."""
    digits = str(value)
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) <= LONGEST_KEY else 0
