"""A class that arrives at one quiz, within half a minute and all at once: no error, and what it costs beside what nobody could
do more cheaply on the same server: a view that does nothing, and one that writes a row."""

from collections.abc import Callable
from typing import Any

from .measuring import LoadError, Seen, load, percentile
from .pages import TAKEN
from .server import Server, serving
from .table import Row

ALONE = 4  # quizzes of one person after another
ANSWERS = 10  # of a quiz


def rows(data: dict[str, Any], *, size: int, over: int) -> list[Row]:
    takers = data["takers"][TAKEN:]
    arriving, sitting = takers[: 2 + ALONE + size], takers[2 + ALONE + size :]
    with serving() as server:
        return [
            *_arriving(server, data["start"], arriving, size, over),
            *_at_once(server, data["start"], sitting[:size]),
        ]


def _arriving(server: Server, start: str, takers: list[str | None], size: int, over: int) -> list[Row]:
    """As the page's script takes a quiz: start, the forms of all questions, an autosave for each, hand-in."""
    name = f"class of {size} on one quiz, arrivals over {over} s"
    load(server, "sitting", start, sessions=takers[:2])
    alone = [load(server, "sitting", start, sessions=[taker]).waits for taker in takers[2 : 2 + ALONE]]
    one = percentile([wait for waits in alone for wait in waits], 0.95)

    def seen(class_: Seen) -> list[Row]:
        p95, rate = percentile(class_.waits, 0.95), f"{size / class_.wall:.1f} quizzes/s"
        return [Row(f"{name}: p95 against one alone", p95, "ms", one, 10, 5, rate)]

    return _without_errors(name, lambda: load(server, "sitting", start, sessions=takers[2 + ALONE :], over=over), seen)


def _at_once(server: Server, start: str, takers: list[str | None]) -> list[Row]:
    """The same; as many phones ask for the bare views, as often as the class saves."""
    name = f"class of {len(takers)} at once"
    nobody: list[str | None] = [None] * len(takers)
    bare = {path: load(server, "get", f"/bench-{path}/", sessions=nobody, count=ANSWERS) for path in ("ok", "insert")}

    def seen(class_: Seen) -> list[Row]:
        p95, answers = percentile(class_.waits, 0.95), len(takers) * ANSWERS / class_.wall
        note = f"{answers:.0f} answers/s of {class_.rate:.0f} requests/s"
        return [
            Row(f"{name}: p95 of a request against {words}", p95, "ms", percentile(bare[path].waits, 0.95), note=note)
            for path, words in (("ok", "the bare view"), ("insert", "a bare insert"))
        ] + [
            Row(
                f"{name}: requests of the {words} for one of the class",
                bare[path].rate / class_.rate,
                "times",
                note=note,
            )
            for path, words in (("ok", "bare view"), ("insert", "bare insert"))
        ]

    return _without_errors(name, lambda: load(server, "sitting", start, sessions=takers), seen)


def _without_errors(name: str, measure: Callable[[], Seen], rows_of: Callable[[Seen], list[Row]]) -> list[Row]:
    """ "database is locked" would be one of them: the server answers it with 500."""
    try:
        class_ = measure()
    except LoadError as error:
        return [Row(f"{name}: errors", 1, "errors", budget=0, note=str(error))]
    return [Row(f"{name}: errors", 0, "errors", budget=0, aim=0), *rows_of(class_)]
