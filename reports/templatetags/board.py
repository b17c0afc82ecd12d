from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.html import format_html

from lib import dates
from provinces.models import Place
from reports.queries import Row

register = template.Library()


@register.simple_tag
def share(part: int, whole: int) -> str:
    """A width of 0..100 with a point, whatever the reader's language."""
    return f"{100 * part / whole:.1f}" if whole else "0"


@register.simple_tag(takes_context=True)
def counted(context: Any, figure: str, state: str = "", row: Row | None = None) -> str:
    """A number of a line, or of the whole board, that leads to just those enrolments; to none there is nothing to lead."""
    number: int = getattr(row.figures if row else context["board"].total, figure)
    if not number or not context["user"].has_perm("courses.view_enrolment"):
        return dates.grouped(number)
    return format_html('<a href="{}">{}</a>', enrolments(context, state, row), dates.grouped(number))


@register.simple_tag(takes_context=True)
def enrolments(context: Any, state: str = "", row: Row | None = None) -> str:
    """The list of the enrolments that a line counts, on the board of a place and perhaps of one course."""
    place: Place | None = (row.place if row else None) or context["board"].place
    course = (row.course if row else None) or context["course"]
    chosen = {"place": place.pk if place else "", "course": course, "state": state}
    return f"{reverse('enrolment:index')}?{urlencode({name: value for name, value in chosen.items() if value})}"
