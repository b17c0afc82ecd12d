"""Small pieces that every template uses."""

from functools import cache
from typing import Any

from django import template
from django.conf import settings
from django.forms import BaseForm, BoundField
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from lib import dates, phones

register = template.Library()


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """A line icon from the sprite; decoration only, so give the button or link its own text."""
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', static("img/icons.svg"), name)


@register.simple_tag
def once(name: str, **facts: object) -> SafeString:
    """A template that depends on nothing but the language and a few facts, each true or not: drawn once, alike on every page."""
    draw = _drawn.__wrapped__ if settings.DEBUG else _drawn
    return draw(name, get_language(), **{fact: bool(holds) for fact, holds in facts.items()})


@cache
def _drawn(name: str, _language: str | None, **facts: bool) -> SafeString:
    return render_to_string(name, facts)


register.filter("phone", phones.readable)
register.filter("grouped", dates.grouped)
register.filter("signed", dates.signed)


@register.inclusion_tag("components/_form_errors.html")
def form_errors(*forms: BaseForm) -> dict[str, Any]:
    """Of all forms that are sent together, as one: what holds for the whole, and every field that is wrong, to go to."""
    return {
        "said": [error for form in forms for error in form.non_field_errors()],
        "wrong": [(_at(field), field.label) for form in forms for field in form.visible_fields() if field.errors],
        "question": next(filter(None, (getattr(form, "question", "") for form in forms)), ""),
    }


def _at(field: BoundField) -> str:
    return field.id_for_label or field[0].id_for_label  # a group of choices has no id of its own


@register.simple_tag
def absolute(path: str) -> str:
    """An address for others, who read it outside of this site."""
    return settings.BASE_URL + path


@register.simple_tag(takes_context=True)
def personal(context: template.Context, name: str) -> str:
    """A part that differs from reader to reader: a mark while a shared body is rendered, else the part itself."""
    if context.get("is_body"):
        return format_html("<!--personal:{}-->", name)
    return context.template.engine.get_template(f"components/_{name}.html").render(context)  # type: ignore[union-attr]
