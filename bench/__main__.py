"""`make bench`: every row. FULL=1 measures at full size (a million enrolments, a class of 300, 500 PDFs). ONLY=phone,board: some parts."""

import os
import platform
import time
from collections.abc import Callable, Iterator

from . import analysing, board, crowd, door, grid, memory, pages, paper, phone, report, roster, table
from .world import FOLDER, IS_POSTGRES, ask, prepare

FULL = os.environ.get("FULL") == "1"
CLASS, OVER = (300, 30) if FULL else (60, 10)
SMALL, LARGE = 10_000, 1_000_000
TAKEN = 100_000
BATCH = 500 if FULL else 60
MORE_TAKERS = 80


def parts() -> Iterator[tuple[str, Callable[[], list[table.Row]]]]:
    data = ask("data", task="people", count=2 * CLASS + MORE_TAKERS)
    ask("data", task="enrolments", count=SMALL)
    yield "pages", lambda: pages.costs(data)[0]
    yield "queries", lambda: pages.queries(data)
    yield "class", lambda: crowd.rows(data, size=CLASS, over=OVER)
    yield "paper", lambda: paper.rows(batch=BATCH)
    yield "roster", roster.rows
    yield "report", report.rows
    yield "door", door.rows
    yield "grid", grid.rows
    yield "memory", lambda: memory.rows(data)
    yield "phone", lambda: phone.rows(data)
    yield "servers", lambda: pages.other_servers(data)
    if FULL:
        yield "board", lambda: board.rows(data, count=LARGE, small=SMALL)
        yield "analysis", lambda: analysing.rows(data, count=TAKEN)


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 (a command's output)


def main() -> None:
    begun = time.perf_counter()
    FOLDER.mkdir(parents=True, exist_ok=True)
    only = set(filter(None, os.environ.get("ONLY", "").split(",")))
    database = "PostgreSQL" if IS_POSTGRES else "SQLite"
    say(f"» Preparing a scratch installation on {database} in {FOLDER}")
    prepare()
    rows: list[table.Row] = []
    say(table.head())
    for name, measure in parts():
        if only and name not in only:
            continue
        for row in measure():
            rows.append(row)
            say(table.line(row))
    missed = [row.name for row in rows if row.met is False]
    path = FOLDER.parent / ("bench-postgres.json" if IS_POSTGRES else "bench.json")
    table.write(rows, path, database=database, python=platform.python_version(), full=FULL)
    say(f"\n{len(rows)} rows in {time.perf_counter() - begun:.0f} s, written to {path}; budgets missed: {len(missed)}")
    if not FULL:
        say(
            "Smaller than the budgets ask: no 1,000,000 enrolments, class of 60, batch of 60. All of it: make bench FULL=1"
        )


if __name__ == "__main__":
    main()
