"""What did not come in, to be taken along: the file's own columns with the reason behind them."""

from lib.lists import returning

from .columns import ROSTER
from .deciding import Plan, Roster


def workbook(plan: Plan, roster: Roster) -> bytes:
    left: dict[int, list[tuple[tuple[str, ...], int, str]]] = {}
    for one in plan.left:
        left.setdefault(int(one.line.key.partition(":")[0]), []).append((one.line.cells, one.line.number, one.why))
    return returning.workbook(left, list(zip(roster.sheets, roster.columns, strict=True)), ROSTER)
