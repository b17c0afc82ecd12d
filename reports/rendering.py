"""The map of the provinces: how much is completed in each, as one picture whose provinces are links. The table beside it says the same."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from .queries import Board, Row

OUTLINES = Path(__file__).parent / "data" / "provinces.json"  # by script/maintain/make_map.py
STEPS = (40, 55, 70)  # per cent of enrolments that are completed: where a darker colour begins


@dataclass(frozen=True)
class Shape:
    """A province: its outline, the row of the board that it shows, or that its place is in the user's scope but has nobody yet."""

    outline: str
    row: Row | None
    name: str = ""

    @property
    def step(self) -> int | None:
        return step_of(self.row) if self.row else None


@cache
def drawing() -> dict[str, Any]:
    """`size` (width, height), `provinces` (path by code), `archipelagos` (left, top, right, bottom by name), all in one unit."""
    return json.loads(OUTLINES.read_text(encoding="utf-8"))


def step_of(row: Row) -> int:
    """0..3, the darker the more is completed."""
    return sum(row.figures.completion_percent >= step for step in STEPS)


def shapes(board: Board) -> list[Shape]:
    """All provinces, also those that are not the user's to see: a country is drawn whole."""
    rows = {row.place.code: row for row in board.places if row.place}
    without = {place.code: str(place) for place in board.without}
    return [Shape(outline, rows.get(code), without.get(code, "")) for code, outline in drawing()["provinces"].items()]


def ends(rows: Iterable[Row]) -> tuple[Row, Row] | None:
    """Where the greatest and the least part is completed; None where there is nothing to compare."""
    rows = [row for row in rows if row.figures.enrolled]
    sorted_ = sorted(rows, key=lambda row: (row.figures.completed / row.figures.enrolled, row.figures.enrolled))
    return (sorted_[-1], sorted_[0]) if len(sorted_) > 1 else None
