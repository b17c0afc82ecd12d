"""Where a page can be saved as it is narrowed, and where one that was saved leads."""

from typing import Any

from django import template

from reports.models import SavedView
from reports.saving import views

register = template.Library()


@register.inclusion_tag("reports/_save.html", takes_context=True)
def save_this_view(context: Any) -> dict[str, Any]:
    return {"way": views.way_to_save(context["request"])}


@register.filter
def address(view: SavedView) -> str:
    return views.address_of(view)


@register.filter
def page_of(view: SavedView) -> Any:
    return views.PAGES[view.page].label
