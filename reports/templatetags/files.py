"""Where a page is had as a file, with what it was narrowed to."""

from typing import Any

from django import template
from django.urls import reverse

from reports.papers import KINDS

register = template.Library()


@register.inclusion_tag("reports/_files.html", takes_context=True)
def files(context: Any, name: str) -> dict[str, str]:
    """`name` of the addresses that `reports.papers.addresses` made."""
    query = context["request"].GET.urlencode()
    return {kind: reverse(name, kwargs={"kind": kind}) + (f"?{query}" if query else "") for kind in KINDS}
