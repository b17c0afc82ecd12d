"""Lines of the board, joined by hand: a page has hundreds of numbers, and nothing is in them but digits, names that are
escaped, and addresses of ours."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lib import dates
from reports import filtering, rendering
from reports.queries import Board, Row

register = template.Library()
SHARE = ("", ' class="main"', "", "", "", "")  # the figure that tells most of a line
GAP = 60  # between an archipelago and its name, in the drawing's units


@register.simple_tag(takes_context=True)
def counted(context: Any, figure: str, state: str = "") -> SafeString:
    """A number of the whole board."""
    return _linked(getattr(context["board"].total, figure), _list_of(context), state)


@register.simple_tag(takes_context=True)
def enrolments(context: Any, state: str = "") -> str:
    """The list of the enrolments that the whole board counts."""
    return _address(_list_of(context), state)


@register.simple_tag(takes_context=True)
def lines(context: Any, rows: list[Row]) -> SafeString:
    """The rows of a table: the name leads one step down, the numbers to just those enrolments."""
    longest = max((row.figures.enrolled for row in rows), default=0)
    none = f'<tr><td colspan="7">{_("Chưa có ai ghi danh.")}</td></tr>'
    names = [escape(name) for name in _names()]
    return SafeString("".join(_line(context, row, longest, names) for row in rows) or none)


def _names() -> tuple[str, ...]:
    """Of the columns, in short: on a phone each figure stands behind its own, but for the share, of which the bar tells."""
    return _("Hoàn thành"), "", _("Ghi danh"), _("Số người"), _("30 ngày qua"), _("Cấp giấy")


@register.simple_tag(takes_context=True)
def without(context: Any) -> str:
    """How many places one level down have nobody, in the course that is chosen or in any."""
    board: Board = context["board"]
    n = len(board.without)
    if board.filters.topic or board.filters.kind:
        said = ngettext(
            "%(n)s nơi chưa có lượt ghi danh nào theo bộ lọc này",
            "%(n)s nơi chưa có lượt ghi danh nào theo bộ lọc này",
            n,
        )
    elif board.place and board.filters.course:
        said = ngettext(
            "%(n)s xã, phường chưa có ai ghi danh khóa này", "%(n)s xã, phường chưa có ai ghi danh khóa này", n
        )
    elif board.place:
        said = ngettext("%(n)s xã, phường chưa có ai ghi danh", "%(n)s xã, phường chưa có ai ghi danh", n)
    elif board.filters.course:
        said = ngettext(
            "%(n)s tỉnh, thành phố chưa có ai ghi danh khóa này",
            "%(n)s tỉnh, thành phố chưa có ai ghi danh khóa này",
            n,
        )
    else:
        said = ngettext("%(n)s tỉnh, thành phố chưa có ai ghi danh", "%(n)s tỉnh, thành phố chưa có ai ghi danh", n)
    return said % {"n": n}


@register.inclusion_tag("reports/_map.html", takes_context=True)
def choropleth(context: Any) -> dict[str, Any]:
    """The provinces by how much is completed. The way to one keeps the course that is chosen."""
    board: Board = context["board"]
    drawing, steps = rendering.drawing(), rendering.STEPS
    far, near = (drawing["archipelagos"][name] for name in ("hoangsa", "truongsa"))
    return {
        "board": board,
        "size": drawing["size"],
        "provinces": SafeString("".join(_province(context, shape) for shape in rendering.shapes(board))),
        "isles": [
            (_("Hoàng Sa"), (far[0] + far[2]) // 2, far[1] - GAP),
            (_("Trường Sa"), (near[0] + near[2]) // 2, near[1] - GAP),
        ],
        "ends": rendering.ends(board.places),
        "steps": [
            _("dưới %(upper)s%%") % {"upper": steps[0]},
            *(f"{low}–{high - 1}%" for low, high in pairwise(steps)),
            _("từ %(lower)s%%") % {"lower": steps[-1]},
        ],
    }


def _province(context: Any, shape: rendering.Shape) -> str:
    path = f'd="{shape.outline}"'
    if shape.row is None:
        said = escape(f"{capfirst(shape.name)}: {_('chưa có ai ghi danh')}") if shape.name else ""
        return f'<path class="empty" {path}>{f"<title>{said}</title>" if said else ""}</path>'
    numbers = shape.row.figures
    said = escape(
        _("%(place)s: hoàn thành %(percent)s%% (%(completed)s trên %(enrolled)s lượt)")
        % {
            "place": shape.row.label,
            "percent": numbers.completion_percent,
            "completed": dates.grouped(numbers.completed),
            "enrolled": dates.grouped(numbers.enrolled),
        }
    )
    drawn = f'<path class="step{shape.step}" {path}><title>{said}</title></path>'
    return f'<a href="{_down(context, shape.row)}" aria-label="{said}">{drawn}</a>' if shape.row.is_open else drawn


def _down(context: Any, row: Row) -> SafeString:
    """What was chosen besides, a year or filters, stays chosen."""
    query = {**context["chosen"], **filtering.at(row.place or context["board"].place)}
    return escape(filtering.address("", query | ({"khoa": row.course} if row.course else {})))


def _line(context: Any, row: Row, longest: int, names: Sequence[str]) -> str:
    """What the board is opened for comes first; on a phone its share stands beside the name."""
    numbers, listed = row.figures, _list_of(context, row)
    cells = (
        _linked(numbers.completed, listed, "completed"),
        f"{numbers.completion_percent}%",
        _linked(numbers.enrolled, listed),
        dates.grouped(numbers.persons),
        _linked(numbers.active, listed, "active"),
        _linked(numbers.certified, listed, "certified"),
    )
    label = f'<a href="{_down(context, row)}">{escape(row.label)}</a>' if row.is_open else escape(row.label)
    head = f'<th scope="row">{label}{_bar(row, longest)}</th>'
    named = zip(SHARE, names, cells, strict=True)
    return f"<tr>{head}{''.join(f'<td{main} data-label="{name}">{cell}</td>' for main, name, cell in named)}</tr>"


def _bar(row: Row, longest: int) -> str:
    """How many are enrolled, beside the longest row, and how many of them have finished. The numbers stand in the row."""
    parts = (("v2", row.figures.enrolled), ("v", row.figures.completed))
    rects = (f'<rect class="{name}" width="{100 * part / longest:.1f}%" height="100%"/>' for name, part in parts)
    return f'<svg class="hbar" aria-hidden="true">{"".join(rects)}</svg>'


def _linked(number: int, listed: str, state: str = "") -> SafeString:
    """A number that leads to the enrolments that it counts; to none there is nothing to lead."""
    shown = dates.grouped(number)
    return SafeString(f'<a href="{escape(_address(listed, state))}">{shown}</a>' if number else shown)


def _address(listed: str, state: str) -> str:
    return f"{listed}state={state}" if state else listed.rstrip("&?")


def _list_of(context: Any, row: Row | None = None) -> str:
    """Where the enrolments of a line, or of the whole board, are listed, open for one more condition."""
    board: Board = context["board"]
    place = (row.place if row else None) or board.place
    query = ({"place": place.pk} if place else {}) | board.filters.query_of_lists
    query |= {"course": row.course} if row and row.course else {}
    return f"{context['enrolments_address']}?{''.join(f'{name}={value}&' for name, value in query.items())}"
