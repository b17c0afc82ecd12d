"""What did not come in, to be taken along: the file's own columns with the reason behind them."""

import io
from collections.abc import Sequence

from django.utils.translation import gettext as _

from lib import sheets

from .deciding import Plan, Planned, Roster
from .forms import heads_of

WIDTH, WIDTH_OF_REASON = 18, 60


def workbook(plan: Plan, roster: Roster) -> bytes:
    """Cells are written as letters: a number keeps its nought or its plus, and what looks like a formula is none."""
    output = io.BytesIO()
    sheets.write_tables(output, _tables(plan, roster), moments=sheets.DAYS)
    return output.getvalue()


def _tables(plan: Plan, roster: Roster) -> Sequence[sheets.Table]:
    made = []
    for at, (sheet, columns) in enumerate(zip(roster.sheets, roster.columns, strict=True)):
        left = [one for one in plan.left if one.line.key.startswith(f"{at}:")]
        if left:
            heads = list(heads_of(sheet, columns))
            widths = [
                *((head, WIDTH) for head in heads),
                (_("Dòng trong tệp"), 8),
                (_("Vì sao chưa nhập"), WIDTH_OF_REASON),
            ]
            made.append(sheets.Table(sheet.name or _("Chưa nhập"), widths, [_row(one, len(heads)) for one in left]))
    return made or [sheets.Table(_("Chưa nhập"), [(_("Vì sao chưa nhập"), WIDTH_OF_REASON)], [])]


def _row(one: Planned, wide: int) -> list[str]:
    cells = [*one.line.cells, *[""] * wide][:wide]
    return [*cells, str(one.line.number), one.why]
