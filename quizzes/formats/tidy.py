"""Data of a question in the one form in which readers leave it, so that alike means equal.

Editors delete choices and write units and tolerances that say nothing; none of that makes another question.
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from quizzes.kinds import numbers
from quizzes.kinds.gap_text import MARKER
from quizzes.kinds.multiple import ALL, WEIGHTS

from .answers import letters, noted, percent
from .base import UnreadableError

type Data = dict[str, Any]


def tidy(kind: str, data: Data) -> Data:
    """What cannot be understood stays as it is."""
    try:
        return _KINDS[kind](data)
    except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation, UnreadableError):
        return data


def _lettered(rows: list[Data]) -> list[Data]:
    return [row | {"id": letter} for letter, row in zip(letters(rows), rows, strict=True)]


def _single(data: Data) -> Data:
    return {"choices": [_choice(row, _own_weight(row)) for row in _lettered(data["choices"])]} | _order(data)


def _multiple(data: Data) -> Data:
    """A weight counts only where weights decide, and there it is said of every choice."""
    credit = {"credit": data["credit"]} if data.get("credit") in (ALL, WEIGHTS) else {}
    by_weight = data.get("credit") == WEIGHTS
    rows = [_choice(row, {"weight": _weight(row)} if by_weight else {}) for row in _lettered(data["choices"])]
    return {"choices": rows} | credit | _order(data)


def _choice(row: Data, weight: Data) -> Data:
    said = {
        "id": row["id"],
        "text": row["text"],
        "right": bool(row.get("right")),
        "feedback": row.get("feedback") or "",
    }
    return said | weight


def _weight(row: Data) -> int | float:
    return percent(str(row.get("weight", 100 if row.get("right") else 0)))


def _own_weight(row: Data) -> Data:
    weight = _weight(row)
    return {} if weight == (100 if row.get("right") else 0) else {"weight": weight}


def _order(data: Data) -> Data:
    return {"shuffle": False} if data.get("shuffle") is False else {}


def _true_false(data: Data) -> Data:
    names = ("feedback_right", "feedback_wrong")
    return {"right": bool(data["right"])} | {name: data[name] for name in names if data.get(name)}


def _short(data: Data) -> Data:
    rows = [{"text": row["text"]} | _note(row) for row in data.get("noted", [])]
    plain = [*data.get("answers", []), *(row["text"] for row in rows if len(row) == 1)]
    flags = {name: True for name in ("exact_accents", "exact_case", "wildcards") if data.get(name)}
    kept = [row for row in rows if len(row) > 1]
    return {"answers": plain} | ({"noted": kept} if kept else {}) | flags


def _note(row: Data) -> Data:
    return noted(percent(str(row.get("weight", 100))), row.get("feedback") or "")


def _numeric(data: Data) -> Data:
    units = [{"name": unit["name"], "factor": _plain(unit["factor"])} for unit in data.get("units", [])]
    needed = {"unit_needed": True} if units and data.get("unit_needed") else {}
    return {"answers": [_number(row) for row in data["answers"]]} | ({"units": units} if units else {}) | needed


def _number(row: Data) -> Data:
    value = row["value"] if row["value"] == "*" else _plain(row["value"])
    tolerance = _plain(row.get("tolerance") or 0)
    return {"value": value} | ({} if tolerance == "0" else {"tolerance": tolerance}) | _note(row)


def _plain(number: Any) -> str:
    return numbers.plain(Decimal(str(number)))


def _together(data: Data) -> Data:
    return {"all_or_nothing": True} if data.get("all_or_nothing") else {}


def _matching(data: Data) -> Data:
    pairs = [
        {"id": row["id"]} | ({"text": row["text"]} if row.get("text") else {}) | {"match": row["match"]}
        for row in _lettered(data["pairs"])
    ]
    return {"pairs": pairs} | _order(data) | _together(data)


def _ordering(data: Data) -> Data:
    items = [{"id": row["id"], "text": row["text"]} for row in _lettered(data["items"])]
    return {"items": items} | _together(data)


def _gaps(data: Data) -> Data:
    """Gaps are numbered in the order of the text."""
    by_id = {gap["id"]: gap for gap in data["gaps"]}
    gaps = [_gap(place, by_id[key]) for place, key in enumerate(MARKER.findall(data["text"]), start=1)]
    places = iter(range(1, len(gaps) + 1))
    return {"text": re.sub(MARKER.pattern, lambda _found: f"[[{next(places)}]]", data["text"]), "gaps": gaps}


def _gap(place: int, gap: Data) -> Data:
    weight = gap.get("weight", 1)
    own = {"id": str(place), "kind": gap["kind"], "data": tidy(gap["kind"], gap["data"])}
    return own | ({"weight": weight} if weight > 1 else {})


def _essay(data: Data) -> Data:
    rubric = [
        {"id": row["id"], "text": row["text"], "points": _plain(row["points"])} for row in _lettered(data["rubric"])
    ]
    return {"rubric": rubric} | ({"sample": data["sample"]} if data.get("sample") else {})


_KINDS: Mapping[str, Callable[[Data], Data]] = {
    "single": _single,
    "multiple": _multiple,
    "truefalse": _true_false,
    "short": _short,
    "numeric": _numeric,
    "matching": _matching,
    "ordering": _ordering,
    "gaps": _gaps,
    "essay": _essay,
    "description": lambda data: {},
}
