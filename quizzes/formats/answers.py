"""Percents, numbers and letters as several formats write them."""

import re
from collections.abc import Sequence, Sized
from decimal import Decimal, InvalidOperation
from string import ascii_lowercase
from typing import Any

from django.utils.translation import gettext as _

from quizzes.kinds import numbers

from .base import UnreadableError

MOST_DIGITS = 30
_RANGE = re.compile(r"(.+?)\.\.(.+)")


def letters(rows: Sized) -> str:
    """An id for each of several choices. Raises UnreadableError for more than there are letters."""
    if len(rows) > len(ascii_lowercase):
        raise UnreadableError(_("Câu này có %(n)s đáp án; nhiều nhất là 26.") % {"n": len(rows)})
    return ascii_lowercase[: len(rows)]


def percent(written: str) -> int | float:
    """ "33.33333" → 33.33333, "50" → 50."""
    try:
        value = float(written.strip().replace(",", "."))
    except ValueError as error:
        raise UnreadableError(_("Phần điểm “%(n)s” không phải là số.") % {"n": written.strip()}) from error
    if not -100 <= value <= 100:
        raise UnreadableError(_("Phần điểm %(n)s %% nằm ngoài −100 đến 100.") % {"n": written.strip()})
    return int(value) if value.is_integer() else value


def noted(weight: int | float, feedback: str) -> dict[str, Any]:
    """What an answer says beside its words: a weight other than all, and what is told."""
    return ({} if weight == 100 else {"weight": weight}) | ({"feedback": feedback} if feedback else {})


def short(rows: Sequence[dict[str, Any]], *, exact_case: bool = False) -> dict[str, Any]:
    """Data of a short answer from {"text", "weight", "feedback"}: plain ones apart from those with a note."""
    noted_rows = [row for row in rows if len(row) > 1]
    data: dict[str, Any] = {"answers": [row["text"] for row in rows if len(row) == 1], "exact_accents": True}
    data |= {"noted": noted_rows} if noted_rows else {}
    data |= {"exact_case": True} if exact_case else {}
    return data | ({"wildcards": True} if any("*" in row["text"] for row in rows) else {})


def decimal_row(written: str) -> dict[str, str]:
    """ "3.14:0.01", "3.13..3.15", "3.14" or "*" as value and tolerance."""
    plain = written.strip()
    if plain == "*":
        return {"value": "*"}
    if found := _RANGE.fullmatch(plain):
        low, high = decimal(found[1]), decimal(found[2])
        return spread((low + high) / 2, abs(high - low) / 2)
    value, _colon, tolerance = plain.partition(":")
    return spread(decimal(value), abs(decimal(tolerance)) if tolerance.strip() else Decimal(0))


def spread(value: Decimal, tolerance: Decimal) -> dict[str, str]:
    row = {"value": numbers.plain(value)}
    return row | ({"tolerance": numbers.plain(tolerance)} if tolerance else {})


def decimal(written: str) -> Decimal:
    try:
        value = Decimal(written.strip().replace(",", "."))
    except InvalidOperation as error:
        raise UnreadableError(_("“%(written)s” không phải là số.") % {"written": written.strip()}) from error
    if not value.is_finite() or abs(value.adjusted()) > MOST_DIGITS:
        raise UnreadableError(_("“%(written)s” không phải là số.") % {"written": written.strip()})
    return value
