"""The report of a workshop of 500 delegates, against one of a tenth of them; and their badges and letters."""

from .table import Row
from .world import ask

DELEGATES = 500


def rows(*, count: int = DELEGATES) -> list[Row]:
    few, many = ask("reporting", count=count // 10), ask("reporting", count=count)
    name, note = f"report of {count:,} delegates", "against a tenth of them"
    return [
        Row(f"{name}: queries", many["queries"], "", few["queries"], 1, 1, note),
        Row(f"{name}: numbers gathered", many["gathering"], "s CPU", None, 1, 0.5),
        Row(f"{name}: DOCX", many["docx"], "s CPU", None, 10, 5),
        Row(f"{name}: PDF", many["pdf"], "s CPU", None, 15, 10),
        Row(f"badges of {count:,} delegates", many["badges"], "s CPU", None, 20, 12),
        Row(f"invitations to {count:,} delegates", many["invitations"], "s CPU", None, 60, 40),
    ]
