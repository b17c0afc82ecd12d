"""The board as tables that match the screen."""

from collections.abc import Sequence

from django.utils.text import capfirst

from accounts.models import PersonKind
from lib import dates, sheets

from .covered import exports as covered
from .covered.queries import Reached
from .filtering import KINDS
from .minority.queries import Total
from .plan import exports as plans
from .plan.queries import Year
from .queries import Board, Row
from .states.queries import Concern

WIDE, NARROW = 44, 18
OF_MINORITY = [("Địa bàn", WIDE), ("Người dân tộc thiểu số", 26), ("Trong số người đã trả lời", 26)]
HIDDEN = "chưa hiện (dưới 5)"
HEAD = ["Số người", "Lượt ghi danh", "Học trong 30 ngày qua", "Hoàn thành", "Tỷ lệ hoàn thành (%)", "Đã cấp giấy"]


def tables(
    board: Board,
    year: Year | None = None,
    concerns: Sequence[Concern] = (),
    reached: Reached | None = None,
    minority: Total | None = None,
) -> list[sheets.Table]:
    """Places, courses, and places without anybody; those of a commune, which has no places below it, begin with its courses. Where all is
    on show, further ones of the year beside its plan, of who stays behind and of how far training has reached, and how many said that they belong to an ethnic minority, hidden as on the screen."""
    sides = [("Địa bàn", board.places), ("Khóa học", board.courses)]
    made = [_table(board, label, rows) for label, rows in (sides if board.places else reversed(sides))]
    without = ([capfirst(place.full_name)] for place in board.without)
    made.append(sheets.Table("Chưa có ai ghi danh", [("Nơi chưa có ai ghi danh", WIDE)], without, title=title(board)))
    if year:
        made.append(plans.of_year(year))
    if concerns:
        numbers = ([one.label, one.number] for one in concerns)
        made.append(sheets.Table("Cần quan tâm", [("Nội dung", WIDE), ("Số", NARROW)], numbers))
    if reached:
        made.append(sheets.Table("Bao phủ", covered.HEADS, [covered.cells(board.name, reached)]))
    if minority:
        made.append(sheets.Table("Dân tộc thiểu số", OF_MINORITY, [_of_minority(board.name, minority)]))
    return made


def _of_minority(name: str, total: Total) -> list[str | int]:
    if total.persons is None or total.answered is None:
        return [name, HIDDEN, HIDDEN]
    return [name, total.persons, total.answered]


def _table(board: Board, label: str, rows: Sequence[Row]) -> sheets.Table:
    lines = ([row.label, *_cells(row)] for row in (*rows, Row("Tổng cộng", board.total)))
    return sheets.Table(label, [(label, WIDE), *((head, NARROW) for head in HEAD)], lines, title=title(board))


def title(board: Board) -> str:
    return f"{shown(board)}, tính đến {dates.short(dates.local_day(board.counted_at))}"


def shown(board: Board) -> str:
    return ", ".join([board.name, *board.filters.words])


def file_name(board: Board) -> str:
    """Place, filters and day, so that several downloads can be told apart."""
    filters = board.filters
    names = (
        board.place and board.place.full_name,
        filters.course,
        filters.topic,
        filters.kind and KINDS[PersonKind(filters.kind)],
    )
    chosen = [str(name) for name in names if name]
    return " ".join(["tien do hoc tap", *chosen, f"{dates.local_day(board.counted_at):%Y-%m-%d}"])


def _cells(row: Row) -> list[int]:
    f = row.figures
    return [f.persons, f.enrolled, f.active, f.completed, f.completion_percent, f.certified]
