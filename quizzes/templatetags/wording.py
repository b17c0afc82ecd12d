"""The words of questions in templates: {{ words|words }}, {{ choice|line }}, {{ option|plain }}, {{ answers|lines }}."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from quizzes import wording

register = template.Library()
register.filter("words", wording.html)
register.filter("line", wording.line)
register.filter("plain", wording.plain)
register.filter("points", wording.points)


@register.filter
def lines(several: Iterable[str]) -> SafeString:
    return format_html_join("; ", "{}", ((wording.line(one),) for one in several))
