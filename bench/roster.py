"""A list of delegates, and one of people: read against the bare library that reads the same cells, looked at, and imported."""

from .table import Row
from .world import ask

ROWS = 5_000


def rows(*, count: int = ROWS) -> list[Row]:
    bare, read = ask("importing", task="bare", count=count), ask("importing", task="read", count=count)
    few, many = ask("importing", task="roster", count=count // 10), ask("importing", task="roster", count=count)
    name = f"list of {count:,} delegates"
    return [
        Row(f"{name}: read, against python-calamine alone", read["seconds"], "s CPU", bare["seconds"], 40, 20),
        Row(f"{name}: read, peak memory", read["peak"], "MB"),
        *_imported(name, few, many),
        *_imported(
            f"list of {count:,} people", *(ask("importing", task="people", count=n) for n in (count // 10, count))
        ),
    ]


def _imported(name: str, few: dict[str, float], many: dict[str, float]) -> list[Row]:
    return [
        Row(
            f"{name}: verdicts on all rows", many["looking"], "s CPU", few["looking"], 15, 11, "against a tenth of them"
        ),
        Row(f"{name}: queries for them", many["queries"], "", few["queries"], 2, 1.5, "against a tenth of them"),
        Row(f"{name}: written", many["writing"], "s CPU", few["writing"], 15, 11, "against a tenth of them"),
        Row(f"{name}: queries to write them", many["writes"], "", few["writes"], 2, 1.5, "against a tenth of them"),
    ]
