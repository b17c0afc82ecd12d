"""Addresses of pages: in plain letters, and not those of the platform's routes, which come first."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms import SlugField
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import LocalePrefixPattern
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.admin.forms.pages import CopyForm, WagtailAdminPageForm

from lib.text import fold

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


class PlainSlugField(SlugField):
    """ "đường-ruột" → "duong-ruot": diacritics become a chain of %E1%BB when an address is copied into a message.

    Wagtail's script in the browser writes them (WAGTAIL_ALLOW_UNICODE_SLUGS), because without them it drops letters.
    """

    def __init__(self, *args: Any, allow_unicode: bool = False, **kwargs: Any) -> None:
        """Whatever the model allows: letters that do not fold are refused."""
        super().__init__(*args, allow_unicode=False, **kwargs)

    def to_python(self, value: Any) -> str:
        return fold(super().to_python(value) or "")


LAG = 12  # letters that the browser's script may be behind


def caught_up(slug: str, title: str) -> str:
    """The address as the browser's script would have written it a moment later; one that was cut on purpose is much shorter,
    or is shortened again on the page's next save."""
    whole = slugify(fold(title))[:255].strip("-")
    is_behind = whole.startswith(slug) and len(whole) - len(slug) <= LAG
    return whole if not slug or is_behind else slug


class AddressedForm(WagtailAdminPageForm):
    """A new page may be sent while its address lags behind the title that was just typed, or is not there yet."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None and "slug" in self.fields:
            self.fields["slug"].required = False

    def clean_slug(self) -> str:
        typed: str = self.cleaned_data["slug"]
        if self.instance.pk or not (title := self.cleaned_data.get("title")):
            return typed
        if not (slug := caught_up(typed, title)):
            raise ValidationError(self.fields["slug"].error_messages["required"], code="required")
        return slug


class PlainCopyForm(CopyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        usual = self.fields["new_slug"]
        self.fields["new_slug"] = PlainSlugField(initial=usual.initial, label=usual.label, widget=usual.widget)


class CopyBelowHomeForm(PlainCopyForm):
    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        refuse_reserved(cleaned.get("new_slug", ""), "new_slug")
        return cleaned
