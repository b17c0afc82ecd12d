"""Percents, numbers and letters as several formats write them."""

import re
from collections.abc import Sequence, Sized
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from string import ascii_lowercase
from typing import Any

from django.utils.translation import gettext as _

from quizzes.kinds import numbers

from .base import Draft, UnreadableError

MOST_DIGITS = 30
_WILD = re.compile(r"(?<!\\)\*")
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


def starred(rows: Sequence[dict[str, Any]], *, exact_case: bool = False) -> dict[str, Any]:
    """As Moodle writes them: * stands for any letters, \\* for the sign itself."""
    is_wild = any(_WILD.search(row["text"]) for row in rows)
    if is_wild and any(r"\*" in row["text"] for row in rows):
        raise UnreadableError(
            _(
                "Câu này có dấu * thay cho chữ bất kỳ, lại có dấu * thật (\\*), nên chưa nhập được. Hãy bỏ một trong hai."
            )
        )
    if is_wild:
        return short(rows, exact_case=exact_case)
    data = short([row | {"text": row["text"].replace(r"\*", "*")} for row in rows], exact_case=exact_case)
    return {name: value for name, value in data.items() if name != "wildcards"}


def any_of_several(choices: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Choices of which one is chosen: of several that are wholly right the first is the key, and the others earn as much."""
    first = next((row for row in choices if row["right"]), None)
    return [row | {"right": False, "weight": 100} if row["right"] and row is not first else row for row in choices]


def as_moodle_counts(draft: Draft) -> tuple[Draft, list[str]]:
    """The draft with what its percents and rows mean there, and what is told of it."""
    if draft.kind == "single":
        return draft, _told_of_several(draft)
    return _first_counts(draft) if draft.kind == "numeric" else _rounded_up(draft)


def _told_of_several(draft: Draft) -> list[str]:
    number = sum(row.get("weight", 100 if row["right"] else 0) == 100 for row in draft.data["choices"])
    said = _(
        "Câu này có %(n)s phương án được trọn điểm: chọn ý nào trong đó cũng đúng. Nếu phải chọn đủ các ý ấy, hãy cho mỗi ý một phần điểm, ví dụ 50 %%."
    )
    return [said % {"n": number}] if number > 1 else []


def _rounded_up(draft: Draft) -> tuple[Draft, list[str]]:
    """Three right ones of 33 % are meant to be all: equal shares, rounded by whoever wrote them."""
    rows = draft.data["choices"] if draft.kind == "multiple" else []
    right = [row["weight"] for row in rows if row["right"]]
    if not right or len(set(right)) > 1 or not 0 < abs(right[0] - 100 / len(right)) < 1 or right[0] != int(right[0]):
        return draft, []
    share = round(100 / len(right), 5)
    made = [row | {"weight": share} if row["right"] else row for row in rows]
    said = _("Phần điểm của các phương án đúng cộng lại không đủ 100 %, nên được chia đều.")
    return replace(draft, data=draft.data | {"choices": made}), [said]


def _first_counts(draft: Draft) -> tuple[Draft, list[str]]:
    """Numbers as Moodle judges them: the first row that holds counts; here the one that earns most, and a full one leads."""
    rows = draft.data["answers"]
    hidden = any(
        _worth(one) < _worth(more) and _touch(one, more) for at, one in enumerate(rows) for more in rows[at + 1 :]
    )
    said = _("Hai đáp số trùng nhau mà dòng trên ít điểm hơn; ở đây ai trả lời trúng cả hai được dòng nhiều điểm hơn.")
    full = next((row for row in rows if _worth(row) == 100 and row["value"] != "*"), None)
    if full and full is not rows[0]:
        draft = replace(draft, data=draft.data | {"answers": [full, *(row for row in rows if row is not full)]})
    return draft, [said] if hidden else []


def _worth(row: dict[str, Any]) -> int | float:
    weight: int | float = row.get("weight", 100)
    return weight


def _touch(one: dict[str, Any], other: dict[str, Any]) -> bool:
    if "*" in (one["value"], other["value"]):
        return True
    reach = Decimal(one.get("tolerance", 0)) + Decimal(other.get("tolerance", 0))
    return abs(Decimal(one["value"]) - Decimal(other["value"])) <= reach


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
    """A point is always that of decimals; "1,000" may be one or a thousand."""
    meant = numbers.readings(written) if "," in written else set()
    if len(meant) > 1:
        raise UnreadableError(
            _("“%(written)s” đọc được hai cách. Hãy bỏ dấu ngăn nghìn.") % {"written": written.strip()}
        )
    try:
        value = meant.pop() if meant else Decimal(written.strip())
    except InvalidOperation as error:
        raise UnreadableError(_("“%(written)s” không phải là số.") % {"written": written.strip()}) from error
    if not value.is_finite() or abs(value.adjusted()) > MOST_DIGITS:
        raise UnreadableError(_("“%(written)s” không phải là số.") % {"written": written.strip()})
    return value
