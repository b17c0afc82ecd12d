"""Check-in at a workshop of 500: two desks, a report for each delegate, against the bare view in the same run."""

from statistics import median

from .measuring import Seen, load, percentile
from .server import Server, serving
from .table import Row
from .world import ask

ROSTER, DESKS, ROUNDS = 500, 2, 5
EACH = ROSTER // DESKS // ROUNDS  # delegates of a desk in a round
OK, SENT = "/bench-ok/", "/diem-danh/gui.json"


def rows() -> list[Row]:
    opened = ask("opening", count=ROSTER, desks=DESKS)
    with serving() as server:
        load(server, "get", OK, sessions=[None, None], count=20)
        bare, taken = zip(*(_round(server, opened, one) for one in range(ROUNDS)), strict=True)
    return [*_rows(list(bare), list(taken))]


def _round(server: Server, opened: dict[str, object], number: int) -> tuple[Seen, Seen]:
    """The reference right before, as machines vary within a minute."""
    desks: list[str] = opened["desks"]  # type: ignore[assignment]
    firsts = [1 + EACH * (number * DESKS + at) for at in range(DESKS)]
    told: list[str | None] = [
        f"{token}|{opened['session']}|{first}" for token, first in zip(desks, firsts, strict=True)
    ]
    bare = load(server, "get", OK, sessions=[None] * DESKS, count=250)
    return bare, load(server, "check_in", SENT, sessions=told, count=EACH)


def _rows(bare: list[Seen], taken: list[Seen]) -> list[Row]:
    name = f"check-in, one of {ROSTER}"
    reference = median(one.cost for one in bare)
    ratio = median(one.cost / other.cost for one, other in zip(taken, bare, strict=True))
    slow, slow_bare = (percentile([wait for one in seen for wait in one.waits], 0.95) for seen in (taken, bare))
    rate, rate_bare = (median(one.rate for one in seen) for seen in (taken, bare))
    note = f"{rate:,.0f}/s of {rate_bare:,.0f}/s"
    return [
        Row(name, ratio * reference, "ms CPU", reference, 7, 5, note),
        Row(f"{name}: p95 against that of the bare view", slow, "ms", slow_bare, 10, 8, note),
        Row(f"{name}: requests of the bare view for one", rate_bare / rate, "times", note=note),
    ]
