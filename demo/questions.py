"""Questions as demo/content/*/questions.yaml writes them, in the data of their kinds."""

from collections.abc import Callable
from string import ascii_lowercase
from typing import Any

from lib import text
from quizzes.kinds import gap_text, numeric
from quizzes.kinds.base import Data


def data_of(row: dict[str, Any]) -> Data:
    return _DATA[row["kind"]](row)


def _choices(row: dict[str, Any]) -> Data:
    choices = [
        {"text": choice["text"], "right": bool(choice["right"]), "feedback": choice.get("feedback", "")}
        for choice in row["choices"]
    ]
    return {"choices": _lettered(choices)}


def _lettered(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"id": letter} | row for letter, row in zip(ascii_lowercase, rows, strict=False)]


def _number(row: dict[str, Any]) -> Data:
    units = [numeric.read_unit(line) for line in row.get("units", [])]
    return {"answers": [{"value": row["answer"]}]} | ({"units": units} if units else {})


def _gaps(row: dict[str, Any]) -> Data:
    words, gaps = gap_text.read(row["written"])
    return {"text": words, "gaps": gaps}


def _essay(row: dict[str, Any]) -> Data:
    criteria = [{"text": criterion["text"], "points": str(criterion["points"])} for criterion in row["rubric"]]
    return {"rubric": _lettered(criteria), "sample": row["sample"]}


_DATA: dict[str, Callable[[dict[str, Any]], Data]] = {
    "single": _choices,
    "multiple": _choices,
    "truefalse": lambda row: {"right": row["answer"]},
    "short": lambda row: {"answers": [text.nfc(answer) for answer in row["answers"]]},
    "numeric": _number,
    "matching": lambda row: {"pairs": _lettered(row["pairs"])},
    "ordering": lambda row: {"items": _lettered([{"text": item} for item in row["items"]])},
    "gaps": _gaps,
    "essay": _essay,
}
