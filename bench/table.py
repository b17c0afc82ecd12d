"""One row for each budget: what was measured, against what, and whether it is met."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """`value` is judged by itself, or as a multiple of `reference` where there is one. No budget: printed, not judged."""

    name: str
    value: float
    unit: str
    reference: float | None = None
    budget: float | None = None
    aim: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        return None if self.reference is None else self.value / self.reference

    @property
    def met(self) -> bool | None:
        judged = self.value if self.ratio is None else self.ratio
        return None if self.budget is None else judged <= self.budget

    def as_dict(self) -> dict[str, object]:
        return asdict(self) | {"ratio": self.ratio, "met": self.met}


HEAD = ("what", "value", "unit", "reference", "ratio", "at most", "then", "met", "note")
WIDTHS = (58, 10, 8, 10, 8, 8, 7, 6)


def _number(value: float | None) -> str:
    if value is None:
        return ""
    if value >= 10_000:
        return f"{value:,.0f}"
    return f"{value:.0f}" if value == int(value) else f"{value:.4g}"


def line(row: Row) -> str:
    met = {True: "yes", False: "NO", None: ""}[row.met]
    cells = [
        row.name,
        _number(row.value),
        row.unit,
        *map(_number, (row.reference, row.ratio, row.budget, row.aim)),
        met,
    ]
    return " ".join([*(cell.ljust(width) for cell, width in zip(cells, WIDTHS, strict=True)), row.note]).rstrip()


def head() -> str:
    titles = [title.ljust(width) for title, width in zip(HEAD, WIDTHS, strict=False)]
    return " ".join([*titles, HEAD[-1]])


def write(rows: list[Row], path: Path, **about: object) -> None:
    path.write_text(json.dumps(about | {"rows": [row.as_dict() for row in rows]}, indent=1) + "\n")
