"""Addresses that pages below the home page cannot have, because routes of the platform come first."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import LocalePrefixPattern
from django.utils.translation import gettext as _
from wagtail.admin.forms.pages import CopyForm

_FIRST = re.compile(r"\^?/?([\w\-]+)/")


@cache
def reserved() -> frozenset[str]:
    """First parts of the paths of all routes, of files, and the languages' prefixes."""
    files = (settings.STATIC_URL, settings.MEDIA_URL)
    return frozenset({*_first_parts(get_resolver().url_patterns), *(url.strip("/").split("/")[0] for url in files)})


def _first_parts(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[str]:
    for route in patterns:
        if isinstance(route.pattern, LocalePrefixPattern):
            yield from (code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE)
            yield from _first_parts(route.url_patterns)  # type: ignore[union-attr]
        elif found := _FIRST.match(str(route.pattern)):
            yield found[1]
        elif isinstance(route, URLResolver) and not str(route.pattern):
            yield from _first_parts(route.url_patterns)


def sentence(slug: str) -> str:
    return _("Địa chỉ “%(slug)s” đã dành cho một chức năng của nền tảng. Hãy chọn địa chỉ khác.") % {"slug": slug}


def refuse_reserved(slug: str, field: str) -> None:
    if slug in reserved():
        raise ValidationError({field: sentence(slug)})


class CopyBelowHomeForm(CopyForm):
    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        refuse_reserved(cleaned.get("new_slug", ""), "new_slug")
        return cleaned
