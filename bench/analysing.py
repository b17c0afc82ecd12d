"""The item analysis of a quiz that very many have taken."""

from typing import Any

from .measuring import load
from .pages import OK, warm_up
from .server import serving
from .table import Row
from .world import ask


def rows(data: dict[str, Any], *, count: int) -> list[Row]:
    """One editor asks for it three times."""
    taken = ask("data", task="attempts", count=count)
    with serving() as server:
        warm_up(server, data)
        bare = load(server, "get", OK, sessions=[None, None], count=500)
        seen = load(server, "get", taken["path"], sessions=[taken["editor"]], count=3)
    name = f"item analysis at {count:,} attempts"
    slowest = f"slowest {max(seen.waits):.1f} s"
    return [Row(name, seen.cost, "ms CPU", bare.cost, note=slowest)]
