"""What did not come in, to be taken along: the file's own columns with the reason behind them."""

import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from django.utils.translation import gettext as _

from lib import sheets

from .columns import Columns, Vocabulary
from .reading import Sheet

WIDTH, WIDTH_OF_REASON = 18, 60
type Left = Mapping[
    int, Sequence[tuple[Sequence[str], int, str]]
]  # by the place of its sheet: cells, number of the row, why


class Read(Protocol):
    @property
    def key(self) -> str: ...
    @property
    def cells(self) -> Sequence[str]: ...
    @property
    def number(self) -> int: ...


class Untaken(Protocol):
    @property
    def line(self) -> Read: ...
    @property
    def why(self) -> str: ...


def workbook(rows: Iterable[Untaken], read: Sequence[tuple[Sheet, Columns]], vocabulary: Vocabulary) -> bytes:
    """Cells are written as letters: a number keeps its nought or its plus, and what looks like a formula is none."""
    output, left = io.BytesIO(), defaultdict(list)
    for one in rows:
        left[int(one.line.key.partition(":")[0])].append((one.line.cells, one.line.number, one.why))
    sheets.write_tables(output, _tables(left, read, vocabulary), moments=sheets.DAYS)
    return output.getvalue()


def _tables(left: Left, read: Sequence[tuple[Sheet, Columns]], vocabulary: Vocabulary) -> Sequence[sheets.Table]:
    made = []
    for at, (sheet, columns) in enumerate(read):
        if rows := left.get(at):
            heads = list(vocabulary.heads_of(sheet, columns))
            widths = [
                *((head, WIDTH) for head in heads),
                (_("Dòng trong tệp"), 8),
                (_("Vì sao chưa nhập"), WIDTH_OF_REASON),
            ]
            table = [[*[*cells, *[""] * len(heads)][: len(heads)], str(number), why] for cells, number, why in rows]
            made.append(sheets.Table(sheet.name or _("Chưa nhập"), widths, table))
    return made or [sheets.Table(_("Chưa nhập"), [(_("Vì sao chưa nhập"), WIDTH_OF_REASON)], [])]
