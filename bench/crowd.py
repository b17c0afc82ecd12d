"""A class that arrives at one quiz within half a minute: no error, and nobody waits much longer than one person alone."""

from typing import Any

from .measuring import LoadError, load, percentile
from .server import serving
from .table import Row

ALONE = 4  # quizzes of one person after another
SKIPPED = 40  # people whose quizzes other rows have used


def rows(data: dict[str, Any], *, size: int, over: int) -> list[Row]:
    takers = data["takers"][SKIPPED:]
    name = f"class of {size} on one quiz, arrivals over {over} s"
    with serving() as server:
        load(server, "quiz", data["start"], sessions=takers[:2])
        waits = [
            wait
            for taker in takers[2 : 2 + ALONE]
            for wait in load(server, "quiz", data["start"], sessions=[taker]).waits
        ]
        alone = percentile(waits, 0.95)
        try:
            seen = load(server, "quiz", data["start"], sessions=takers[2 + ALONE :][:size], over=over)
        except LoadError as error:
            return [Row(f"{name}: errors", 1, "errors", budget=0, note=str(error))]
    return [
        Row(f"{name}: errors", 0, "errors", budget=0, aim=0),
        Row(
            f"{name}: p95 against one alone",
            percentile(seen.waits, 0.95),
            "ms",
            alone,
            10,
            5,
            f"{size / seen.wall:.1f} quizzes/s",
        ),
    ]
