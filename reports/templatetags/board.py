"""Lines of the board, joined by hand: a page has hundreds of numbers, and nothing is in them but digits, names that are
escaped, and addresses of ours."""

from typing import Any

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString

from lib import dates
from reports.queries import Board, Row

register = template.Library()


@register.simple_tag(takes_context=True)
def counted(context: Any, figure: str, state: str = "") -> SafeString:
    """A number of the whole board."""
    return _linked(getattr(context["board"].total, figure), _list_of(context), state)


@register.simple_tag(takes_context=True)
def enrolments(context: Any, state: str = "") -> str:
    """The list of the enrolments that the whole board counts."""
    return _address(_list_of(context), state)


@register.simple_tag(takes_context=True)
def line(context: Any, row: Row) -> SafeString:
    """A row of a table: its name leads one step down, its numbers to just those enrolments."""
    numbers, listed = row.figures, _list_of(context, row)
    down = escape(f"?{_query(context['board'], row, ('dia-ban', 'khoa'))}".rstrip("&"))
    cells = (
        dates.grouped(numbers.persons),
        _linked(numbers.enrolled, listed),
        _linked(numbers.active, listed, "active"),
        _linked(numbers.completed, listed, "completed"),
        f"{numbers.completion_percent}%",
        _linked(numbers.certified, listed, "certified"),
    )
    name = f'<th scope="row"><a href="{down}">{escape(row.label)}</a></th>'
    return SafeString(f"<tr>{name}{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>")


@register.simple_tag
def bar(row: Row, largest: int) -> SafeString:
    """A bar of the chart; widths of 0..100 with a point, whatever the reader's language."""
    enrolled, completed = row.figures.enrolled, row.figures.completed
    parts = (("enrolled", enrolled), ("completed", completed))
    rects = (f'<rect class="{name}" width="{100 * part / largest:.1f}" height="6"/>' for name, part in parts)
    drawn = f'<svg viewBox="0 0 100 6" preserveAspectRatio="none">{"".join(rects)}</svg>'
    said = f"{dates.grouped(completed)}/{dates.grouped(enrolled)}"
    return SafeString(f'<div class="board__bar"><span>{escape(row.label)}</span>{drawn}<span>{said}</span></div>')


def _linked(number: int, listed: str, state: str = "") -> SafeString:
    """A number that leads to the enrolments that it counts; to none there is nothing to lead."""
    shown = dates.grouped(number)
    return SafeString(f'<a href="{escape(_address(listed, state))}">{shown}</a>' if number else shown)


def _address(listed: str, state: str) -> str:
    return f"{listed}state={state}" if state else listed.rstrip("&?")


def _list_of(context: Any, row: Row | None = None) -> str:
    """Where the enrolments of a line, or of the whole board, are listed, open for one more condition."""
    return f"{context['list']}?{_query(context['board'], row, ('place', 'course'))}"


def _query(board: Board, row: Row | None, names: tuple[str, str]) -> str:
    """Place and course of a line, else those of the board."""
    place = (row.place if row else None) or board.place
    course = (row.course if row else None) or (board.course and board.course.pk)
    values = zip(names, (place and place.pk, course), strict=True)
    return "".join(f"{name}={value}&" for name, value in values if value)
