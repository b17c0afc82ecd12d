"""What is frozen: one sentence, one table of all units with their plan, one chart, and the progress by unit and by course."""

from dataclasses import asdict, dataclass
from typing import Any

from django.utils.text import capfirst

from lib import dates
from lib.dates import grouped
from reports.minority.queries import Total
from reports.models import Figure
from reports.plan.queries import Plan
from reports.queries import Board, Row
from reports.rules import Figures

MOST_BARS = 12  # a slide's chart with more cannot be read from the last row
OF_YEAR = ["Số lớp", "Số lượt người", "Số người", "Chỉ tiêu số người", "Đạt (%)", "Số chủ thể"]
PERSONS = OF_YEAR.index("Số người")
OF_PROGRESS = [
    "Số người",
    "Lượt ghi danh",
    "Học trong 30 ngày qua",
    "Hoàn thành",
    "Tỷ lệ hoàn thành (%)",
    "Đã cấp giấy",
]

type Cell = int | None


@dataclass(frozen=True)
class Line:
    label: str
    cells: list[Cell]


@dataclass(frozen=True)
class Sheet:
    """`total` is the whole, which units do not always add up to: a person counts once in it."""

    title: str
    head: str
    columns: list[str]
    lines: list[Line]
    total: Line


@dataclass(frozen=True)
class Content:
    place: str
    sentence: str
    chart: list[Line]  # persons of the year, the most first
    units: Sheet
    sheets: list[Sheet]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def thawed(said: dict[str, Any]) -> Content:
    """As `Content.as_json` wrote it."""

    def line(one: dict[str, Any]) -> Line:
        return Line(**one)

    def sheet(one: dict[str, Any]) -> Sheet:
        return Sheet(one["title"], one["head"], one["columns"], [line(row) for row in one["lines"]], line(one["total"]))

    return Content(
        said["place"],
        said["sentence"],
        [line(one) for one in said["chart"]],
        sheet(said["units"]),
        [sheet(one) for one in said["sheets"]],
    )


def of(board: Board, plan: Plan, minority: Total | None = None) -> Content:
    lines = [Line(row.label, _of_year(row.goals)) for row in plan.rows]
    units = Sheet(f"Năm {plan.year}", "Địa bàn", OF_YEAR, lines, Line(plan.name, _of_year(plan.goals)))
    chart = [Line(line.label, [line.cells[PERSONS]]) for line in begun(ranked(lines))[:MOST_BARS]]
    sides = [("Theo địa bàn", "Địa bàn", board.places), ("Theo khóa học", "Khóa học", board.courses)]
    sheets = [_progress(title, head, rows, board) for title, head, rows in sides if rows]
    return Content(plan.name, _sentence(board, plan, minority), chart, units, sheets)


def ranked(lines: list[Line]) -> list[Line]:
    """Units of a year, those with the most people first."""
    return sorted(lines, key=lambda line: -(line.cells[PERSONS] or 0))


def begun(lines: list[Line]) -> list[Line]:
    """Units of a year in which anybody was trained or learnt."""
    return [line for line in lines if line.cells[PERSONS]]


def _of_year(goals: list[Any]) -> list[Cell]:
    by_figure = {goal.figure: goal for goal in goals}
    persons = by_figure[Figure.PERSONS]
    return [
        by_figure[Figure.CLASSES].value, by_figure[Figure.TIMES].value, persons.value, persons.target, persons.percent,
        by_figure[Figure.SUBJECTS].value,
    ]  # fmt: skip


def _progress(title: str, head: str, rows: list[Row], board: Board) -> Sheet:
    lines = [Line(row.label, _of_progress(row.figures)) for row in rows]
    return Sheet(
        f"Tiến độ học, {title.lower()}", head, OF_PROGRESS, lines, Line("Tổng cộng", _of_progress(board.total))
    )


def _of_progress(f: Figures) -> list[Cell]:
    return [f.persons, f.enrolled, f.active, f.completed, f.completion_percent, f.certified]


def _sentence(board: Board, plan: Plan, minority: Total | None) -> str:
    """What a report says first."""
    persons = next(goal for goal in plan.goals if goal.figure == Figure.PERSONS)
    day = dates.short(dates.local_day(board.counted_at))
    said = [
        f"Năm {plan.year}, tính đến {day}, {_in_a_sentence(plan.name)} có {grouped(persons.value)} người được tập huấn hoặc học trên hệ thống"
    ]
    if persons.target:
        said[0] += f", đạt {grouped(persons.percent or 0)}% chỉ tiêu {grouped(persons.target)} người"
    if plan.rows:
        below = [row for row in plan.rows if row.place != plan.place]  # without what is recorded in the province itself
        begun = sum(1 for row in below if row.achieved.persons)
        said.append(
            f"{grouped(begun)}/{grouped(len(below))} {'xã, phường' if plan.place else 'tỉnh, thành phố'} đã có người học"
        )
    if board.total.enrolled:
        said.append(f"từ trước đến nay {board.total.completion_percent}% lượt ghi danh đã học xong")
    if minority and minority.persons and minority.answered:
        said.append(
            f"trong {grouped(minority.answered)} người tự trả lời câu hỏi về dân tộc có {grouped(minority.persons)} người dân tộc thiểu số"
        )
    return capfirst("; ".join(said)) + "."


def _in_a_sentence(name: str) -> str:
    return name[0].lower() + name[1:]
