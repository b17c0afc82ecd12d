"""Where a reader finds the same thing in another language."""

from dataclasses import dataclass, field

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, ResolverMatch, reverse
from django.utils.translation import get_language, override
from wagtail.models import Page

from pages.models import HomePage

from .models import CataloguePage
from .reading import shelf

# Routes behind which pages stand: their paths differ from language to language.
_OF_PAGES = {"read", "wagtail_serve"}


@dataclass(frozen=True)
class Switch:
    """The way to another language: the same page there, or that language's home when there is none."""

    code: str
    name: str
    address: str


@dataclass
class Languages:
    switches: list[Switch] = field(default_factory=list)
    alternates: dict[str, str] = field(default_factory=dict)  # language → full address, this one included; for robots


def homes() -> dict[str, str]:
    """language → address of its home page. A language without one is not offered."""
    return shelf.remember("homes", lambda: _addresses(HomePage.objects.live().public().select_related("locale")))


def catalogue_address() -> str:
    """The catalogue in the reader's language, else the home page."""
    language = get_language() or "vi"
    found = shelf.remember(
        "catalogues", lambda: _addresses(CataloguePage.objects.live().public().select_related("locale"))
    )
    return found.get(language) or homes().get(language) or "/"


def languages_of(request: HttpRequest | None, page: object = None) -> Languages:
    """`page` is the page being shown, if it is one; other views have the same path under each language's prefix."""
    if request is None:
        return Languages()
    own = get_language() or "vi"
    same = _of_page(page) if isinstance(page, Page) else _of_route(request)
    names = dict(settings.LANGUAGES)
    switches = [
        Switch(code, str(names[code]), same.get(code, home))
        for code, home in homes().items()
        if code != own and code in names
    ]
    alternates = {code: settings.BASE_URL + address for code, address in same.items()} if len(same) > 1 else {}
    return Languages(switches, alternates)


def _of_page(page: Page) -> dict[str, str]:
    def find() -> dict[str, str]:
        pages = Page.objects.live().public().filter(translation_key=page.translation_key)
        return _addresses(pages.select_related("locale"))

    return shelf.remember(("translations", page.translation_key), find)


def _of_route(request: HttpRequest) -> dict[str, str]:
    match = request.resolver_match
    if match is None or match.url_name in _OF_PAGES:
        return {}
    there = request.get_full_path() if request.method in ("GET", "HEAD") else request.path
    own, (_path, *query) = get_language() or "vi", there.partition("?")
    try:
        return {code: there if code == own else "".join([_address(match, code), *query]) for code in homes()}
    except NoReverseMatch:  # a route without a name, whose page is one of those for what went wrong
        return {}


def _address(match: ResolverMatch, code: str) -> str:
    """Django's `translate_url` for a request: what was found once is not looked up again by its path."""
    with override(code):
        return reverse(match.view_name, args=match.args, kwargs=match.kwargs)


def _addresses(pages: object) -> dict[str, str]:
    return {page.locale.language_code: page.get_url() or "" for page in pages}  # type: ignore[attr-defined]
