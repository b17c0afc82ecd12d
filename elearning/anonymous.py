"""Pages that say the same to everybody, answered before the rest of the middleware runs.

Most of a lesson's readers are not logged in, and what they get is known once it was made. A page is kept as it left the
whole stack, with all its headers, in the memory of a worker, until `lib.generation` changes: then the next reader gets a
fresh one, whichever worker answers. Only a view that says so (`is_anonymous_page`) is kept; nothing that sets a cookie.
"""

from collections import OrderedDict
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse

from lib import generation
from pages.display import variant_of

from .middleware import accepts_gzip

type Key = tuple[str | bool, ...]
type Page = tuple[bytes, list[tuple[str, str]]]

KEPT = 500  # pages; about 10 kB each
READING = ("GET", "HEAD")
# Whoever has one of these is, or was just told, something of their own.
PERSONAL_COOKIES = (settings.SESSION_COOKIE_NAME, "messages")


class Kept:
    """Pages of one generation and day, the most recently read."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self.moment: generation.Moment | None = None
        self.pages: OrderedDict[Key, Page] = OrderedDict()

    def of_now(self) -> OrderedDict[Key, Page]:
        """Emptied when something was published, at midnight, because pages may show what holds today, and when one says what holds no more."""
        now = generation.moment()
        if now != self.moment:
            self.pages, self.moment = OrderedDict(), now
        return self.pages


kept = Kept()


class AnonymousPages:
    """The first middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = key_of(request)
        if key is None:
            return self.get_response(request)
        pages = kept.of_now()
        if page := pages.get(key):
            pages.move_to_end(key)
            return _again(page)
        response = self.get_response(request)
        if response.status_code == 200 and getattr(response, "is_anonymous_page", False) and not response.cookies:
            # Into the pages of the moment before the view ran: what was published meanwhile has made them stale.
            pages[key] = (response.content, list(response.headers.items()))
            if len(pages) > KEPT:
                pages.popitem(last=False)
        return response


def key_of(request: HttpRequest) -> Key | None:
    """All that an anonymous page depends on; the path carries the language. None: this request is never served from here."""
    if request.method not in READING or request.META.get("QUERY_STRING") or getattr(request, "is_dummy", False):
        return None
    if any(name in request.COOKIES for name in PERSONAL_COOKIES):
        return None
    try:
        host = request.get_host()
    except DisallowedHost:
        return None
    return (host, request.is_secure(), request.path, *variant_of(request), accepts_gzip(request))


def _again(page: Page) -> HttpResponse:
    content, headers = page
    response = HttpResponse(content)
    for name, value in headers:
        response.headers[name] = value
    return response
