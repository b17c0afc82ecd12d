"""Months as bars, drawn by the server: a picture with its words, whose table says the same."""

from datetime import date

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from lib import dates

register = template.Library()
WIDTH, HEIGHT, GAP = 240, 70, 3


@register.filter
def month(day: date) -> str:
    """5/2026"""
    return f"{day.month}/{day.year}"


@register.filter
def signed(number: int) -> str:
    """+12, −3 with the minus sign of print; 0 as it is."""
    return ("+" if number > 0 else "−" if number < 0 else "") + dates.grouped(abs(number))


@register.simple_tag
def bars(label: str, months: list[tuple[date, int]], *, top: int = 0) -> SafeString:
    """One bar a month, the last in the darker colour. `top` is what the whole height stands for, where several are compared."""
    top = top or max((number for _month, number in months), default=0) or 1
    step = WIDTH / len(months)
    rects = []
    for index, (_day, number) in enumerate(months):
        height = max(round(HEIGHT * number / top, 1), 1) if number else 0
        kind = ' class="now"' if index == len(months) - 1 else ""
        rects.append(
            f'<rect{kind} x="{index * step:.1f}" y="{HEIGHT - height:.1f}" width="{step - GAP:.1f}" height="{height:.1f}"/>'
        )
    said = escape(summary(label, months))
    line = f'<path class="base" d="M0 {HEIGHT}H{WIDTH}"/>'
    picture = f'<svg role="img" aria-label="{said}" viewBox="0 0 {WIDTH} {HEIGHT + 1}">{"".join(rects)}{line}</svg>'
    return SafeString(picture)


def summary(label: str, months: list[tuple[date, int]]) -> str:
    """The picture in one sentence."""
    most = max(months, key=lambda one: one[1])
    said = {
        "label": label,
        "first": month(months[0][0]),
        "last": month(months[-1][0]),
        "most": dates.grouped(most[1]),
        "when": month(most[0]),
        "end": dates.grouped(months[-1][1]),
    }
    if not most[1]:
        return _("%(label)s, từ tháng %(first)s đến %(last)s: chưa có.") % said
    return (
        _("%(label)s, từ tháng %(first)s đến %(last)s: nhiều nhất %(most)s (tháng %(when)s), tháng cuối %(end)s.")
        % said
    )
