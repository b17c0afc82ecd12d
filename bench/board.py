"""The board on many enrolments."""

from typing import Any

from .measuring import load
from .pages import OK, warm_up
from .server import serving
from .table import Row
from .world import ask

PATH = "/quan-tri/tien-do/"


def rows(data: dict[str, Any], *, count: int, small: Row) -> list[Row]:
    """`small` is the row at 10,000 of the same run."""
    ask("data", task="enrolments", count=count)
    with serving() as server:
        warm_up(server, data)
        bare = load(server, "get", OK, sessions=[None, None], count=500)
        seen = load(server, "get", PATH, sessions=[data["manager"]], count=3)
    name = f"board page at {count:,} enrolments"
    growth = (seen.cost / bare.cost) / (small.ratio or 1)
    return [
        Row(name, seen.cost, "ms CPU", bare.cost, 40, 20, f"{seen.rate:.2f}/s"),
        Row(f"{name}, against 10,000 (±20 %)", growth * small.value, "ms CPU", small.value, 1.2, 1.0),
    ]
