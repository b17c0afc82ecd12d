"""Workbooks and certificates, timed inside processes of their own (warm), against the bare library doing the same."""

from .table import Row
from .world import ask

LINES = 100_000


def rows(*, batch: int, lines: int = LINES) -> list[Row]:
    return [*_workbook(lines), *_listing(lines), *_certificate(), *_batch(batch)]


def _workbook(lines: int) -> list[Row]:
    few = ask("printing", task="workbook", count=lines // 10)
    ours, bare = ask("printing", task="workbook", count=lines), ask("printing", task="bare workbook", count=lines)
    name = f"XLSX of {lines:,} rows"
    return [
        Row(name, ours["seconds"], "s CPU", bare["seconds"], 3, 1.5),
        Row(f"{name}: peak memory against a tenth of them (flat)", ours["peak"], "MB", few["peak"], 1.2, 1.1),
    ]


def _listing(lines: int) -> list[Row]:
    few = ask("printing", task="listing", count=lines // 10)
    ours, bare = ask("printing", task="listing", count=lines), ask("printing", task="bare listing", count=lines)
    name = f"XLSX of a list of {lines:,} people, read from the database"
    return [
        Row(name, ours["seconds"], "s CPU", bare["seconds"], 3, 2),
        Row("the same: peak memory against a tenth of them (flat)", ours["peak"], "MB", few["peak"], 1.2, 1.1),
    ]


def _certificate() -> list[Row]:
    both = ask("printing", task="certificate", count=12)
    seal = ask("printing", task="seal", count=12)
    return [
        Row("one certificate PDF against a line of text", 1000 * both["ours"], "ms CPU", 1000 * both["line"], 9, 6),
        Row("a seal on it, ECDSA P-256", 1000 * seal["ecdsa"], "ms CPU", 1000 * both["line"]),
        Row("a seal on it, RSA-2048", 1000 * seal["rsa"], "ms CPU", 1000 * both["line"]),
    ]


def _batch(count: int) -> list[Row]:
    one, two = (
        ask("printing", task="batch", count=count, workers=1),
        ask("printing", task="batch", count=count, workers=2),
    )
    return [
        Row(f"batch of {count} PDFs: wall, two processes against one", two["wall"], "s", one["wall"], 0.6, 0.55),
        Row(f"batch of {count} PDFs: CPU, two processes against one", two["cpu"], "s CPU", one["cpu"], 1.1, 1.0),
        Row("the same: peak memory of whoever gives out", two["own"], "MB"),
        Row("the same: peak memory of a process that draws, what it shares counted too", two["drawing"], "MB"),
    ]
