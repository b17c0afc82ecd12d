"""Rows of pages: CPU per request as a multiple of the bare view's, and how often the database is asked."""

from collections.abc import Callable
from statistics import median
from typing import Any

from .measuring import Seen, load
from .server import Server, serving
from .table import Row
from .world import ask

ROUNDS = 5
SAVERS, SITTERS = 2, 6  # people in each round
TAKEN = ROUNDS * (SAVERS + 2 * SITTERS)  # people whose quizzes these rows use
OK = "/bench-ok/"

type Ask = Callable[[Server, int], Seen]


def _asks(data: dict[str, Any]) -> dict[str, tuple[Ask, float | None, float | None]]:
    """What is asked in each round, with its budget and aim; two phones at a time, because there are two workers."""
    reader, manager, takers = data["reader"], data["manager"], data["takers"]

    def page(path: str, session: str | None, count: int) -> Ask:
        return lambda server, _round: load(server, "get", path, sessions=[session, session], count=count)

    def save(server: Server, round_: int) -> Seen:
        return load(server, "save", data["start"], sessions=takers[SAVERS * round_ : SAVERS * (round_ + 1)], count=100)

    def quiz(way: str, skipped: int) -> Ask:
        def take(server: Server, round_: int) -> Seen:
            mine = takers[skipped + SITTERS * round_ : skipped + SITTERS * (round_ + 1)]
            seen = load(server, way, data["start"], sessions=mine)
            return Seen(1000 * seen.cpu / len(mine), len(mine) / seen.wall, seen.waits, seen.cpu, seen.wall)

        return take

    return {
        "lesson page, signed in": (page(data["lessons"][1], reader, 100), 6, 4.5),
        "lesson page, anonymous": (page(data["lessons"][0], None, 400), 1.5, 0.85),
        "course page, signed in": (page(data["course"], reader, 100), 7, 5),
        "save one answer": (save, 7, 5),
        "whole 10-question quiz, a page for each, 24 requests": (quiz("quiz", SAVERS * ROUNDS), 260, 200),
        "whole 10-question quiz, with the script, 15 requests": (
            quiz("sitting", (SAVERS + SITTERS) * ROUNDS),
            None,
            None,
        ),
        "board page at 10,000 enrolments": (page("/quan-tri/tien-do/", manager, 10), 40, 20),
    }


def costs(data: dict[str, Any]) -> tuple[list[Row], float]:
    """Rounds of everything, the reference right before each, as machines vary within a minute; the medians count. Also the
    reference's cost."""
    asks = _asks(data)
    ratios: dict[str, list[float]] = {name: [] for name in asks}
    seen: dict[str, list[Seen]] = {name: [] for name in asks}
    bare: list[Seen] = []
    with serving() as server:
        warm_up(server, data)
        for round_ in range(ROUNDS):
            for name, (asked, _budget, _aim) in asks.items():
                bare.append(load(server, "get", OK, sessions=[None, None], count=500))
                found = asked(server, round_)
                seen[name].append(found)
                ratios[name].append(found.cost / bare[-1].cost)
    reference = median(one.cost for one in bare)
    rows = [Row("reference: a bare view, gunicorn sync", reference, "ms CPU", note=_rate(bare))]
    rows += [
        Row(name, median(ratios[name]) * reference, "ms CPU", reference, budget, aim, _rate(seen[name]))
        for name, (_asked, budget, aim) in asks.items()
    ]
    return rows, reference


def _rate(seen: list[Seen]) -> str:
    return f"{median(one.rate for one in seen):,.0f}/s"


def warm_up(server: Server, data: dict[str, Any]) -> None:
    """Each page often enough that both workers have seen it."""
    for path, session in visits(data):
        load(server, "get", path, sessions=[session, session], count=6)


def visits(data: dict[str, Any]) -> list[tuple[str, str | None]]:
    reader = data["reader"]
    return [
        (OK, None), ("/", None), (data["lessons"][0], None), (data["lessons"][1], reader), (data["course"], reader),
        (data["quiz"], data["takers"][0]), ("/hoc/", reader), ("/khoa-hoc/", None), ("/quan-tri/tien-do/", data["manager"]),
    ]  # fmt: skip


def other_servers(data: dict[str, Any]) -> list[Row]:
    """The server of the Procfile: printed, not judged."""
    rows = []
    with serving("own") as server:
        warm_up(server, data)
        bare = load(server, "get", OK, sessions=[None, None], count=500)
        rows.append(Row("own server: a bare view", bare.cost, "ms CPU", note=_rate([bare])))
        for name, path, session in (
            ("lesson page, signed in", data["lessons"][1], data["reader"]),
            ("lesson page, anonymous", data["lessons"][0], None),
        ):
            seen = load(server, "get", path, sessions=[session, session], count=100)
            rows.append(Row(f"own server: {name}", seen.cost, "ms CPU", bare.cost, note=_rate([seen])))
    return rows


def queries(data: dict[str, Any]) -> list[Row]:
    counted = ask("counting", **data)
    budgets = {"lesson page, signed in": (4, 3), "lesson page, anonymous": (0, 0), "course page, signed in": (5, None)}
    return [Row(f"queries: {name}", count, "queries", None, *budgets.get(name, ())) for name, count in counted.items()]
