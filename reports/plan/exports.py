"""The year as tables that match the screen."""

from collections.abc import Iterator
from typing import Any

from django.utils import timezone
from django.utils.text import capfirst

from lib import dates, sheets
from reports.models import Figure

from .queries import Plan, Year
from .rules import Achieved, Goal

WIDE, NARROW = 44, 16
HEADS = [("Nội dung", WIDE), ("Đạt", NARROW), ("Chỉ tiêu", NARROW), ("Tỷ lệ (%)", NARROW), ("Trong đó lớp ngoài hệ thống", NARROW)]  # fmt: skip


def of_year(found: Year) -> sheets.Table:
    """The figures of the whole, one a row."""
    return sheets.Table(f"Năm {found.year}", HEADS, _figures(found))


def _figures(found: Year) -> Iterator[list[Any]]:
    yield [f"{found.name}, năm {found.year}"]
    yield [f"Tính đến {timezone.localtime(found.counted_at):%H:%M %d/%m/%Y}"]
    for goal in found.goals:
        yield [capfirst(str(goal.label)), *_of(goal), goal.outside or None]
    done = found.achieved
    yield ["Nữ, trong số lượt dự lớp có ghi nam, nữ", women_of(done)]
    yield ["Số lượt dự lớp có ghi nam, nữ", done.known]


def women_of(done: Achieved) -> Any:
    return "dưới 5" if done.is_few_women else done.women


def _of(goal: Goal) -> list[int | None]:
    return [goal.value, goal.target, goal.percent]


def tables(found: Plan) -> list[sheets.Table]:
    """The whole, and where there are units below, each with its plan; beside the own target stands what those of the units add up to."""
    made = [of_year(found)]
    if found.rows:
        heads = [("Địa bàn", WIDE)]
        for figure in Figure:
            name = capfirst(str(figure.label))
            heads += [(name, NARROW), (f"Chỉ tiêu {figure.label}", NARROW), ("Tỷ lệ (%)", NARROW)]
        made.append(sheets.Table("Theo địa bàn", heads, _rows(found)))
    return made


def _rows(found: Plan) -> Iterator[list[Any]]:
    for row in found.rows:
        yield [row.label, *(cell for goal in row.goals for cell in _of(goal))]
    yield [found.name, *(cell for goal in found.goals for cell in _of(goal))]
    yield ["Cộng chỉ tiêu các nơi trên", *(cell for total in found.sums for cell in (None, total or None, None))]


def file_name(found: Year) -> str:
    where = found.place.full_name if found.place else ""
    return f"ke hoach nam {found.year} {where} {dates.local_day(found.counted_at):%Y-%m-%d}"
