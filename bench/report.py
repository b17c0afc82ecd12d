"""The report of a workshop of 500 delegates, against one of a tenth of them; and their badges and letters."""

from .table import Row
from .world import ask

DELEGATES = 500


def rows(*, count: int = DELEGATES) -> list[Row]:
    few, many = ask("reporting", count=count // 10), ask("reporting", count=count)
    name, note, same = f"report of {count:,} delegates", "against a tenth of them", "the same words and tables"
    return [
        Row(f"{name}: queries", many["queries"], "", few["queries"], 1, 1, note),
        Row(f"{name}: numbers gathered, against reading the rows", many["gathering"], "s CPU", many["reading"], 6, 4),
        Row(f"{name}: DOCX, against the bare library", many["docx"], "s CPU", many["bare_docx"], 4, 3, same),
        Row(f"{name}: PDF, against the bare library", many["pdf"], "s CPU", many["bare_pdf"], 3, 2, same),
        Row(f"badges of {count:,} delegates, against a line on each sheet", many["badges"], "s CPU", many["sheets"], 30, 20),
        Row(f"letters to {count:,} delegates, against a line on each page", many["invitations"], "s CPU", many["pages"], 40, 25),
    ]  # fmt: skip
