from urllib.parse import urlencode

from django import template
from django.urls import reverse

from provinces.models import Place
from reports.queries import Row

register = template.Library()


@register.simple_tag
def share(part: int, whole: int) -> str:
    """A width of 0..100 with a point, whatever the reader's language."""
    return f"{100 * part / whole:.1f}" if whole else "0"


@register.simple_tag
def enrolments_of(row: Row | None, place: Place | None, course: str) -> str:
    """The list of just those enrolments that a line counts, on the board of a place and perhaps of one course."""
    place = row.place if row and row.place else place
    chosen = {"place": place.pk if place else "", "course": (row.course if row else None) or course}
    return f"{reverse('enrolment:index')}?{urlencode({name: value for name, value in chosen.items() if value})}"
