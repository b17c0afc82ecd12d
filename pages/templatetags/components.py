"""Small pieces that every template uses."""

from functools import cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from lib import dates, phones

register = template.Library()


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """A line icon from the sprite; decoration only, so give the button or link its own text."""
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', static("img/icons.svg"), name)


register.filter("phone", phones.readable)
register.filter("masked_phone", phones.masked)
register.filter("grouped", dates.grouped)


@register.simple_tag(takes_context=True)
def personal(context: template.Context, name: str) -> str:
    """A part that differs from reader to reader: a mark while a shared body is rendered, else the part itself."""
    if context.get("is_body"):
        return format_html("<!--personal:{}-->", name)
    return context.template.engine.get_template(f"components/_{name}.html").render(context)  # type: ignore[union-attr]
