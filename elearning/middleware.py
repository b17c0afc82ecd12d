from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db.models import BigIntegerField
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware, re_accepts_gzip
from django.shortcuts import render
from django.templatetags.static import static
from django.utils import translation
from django.utils.csp import CSP
from django.utils.functional import cached_property

ADMIN = "/quan-tri/"
WITHIN = 4_000  # bytes from the start of a page its style sheet is linked
BIGGEST = BigIntegerField.MAX_BIGINT  # what an id may be
# Wagtail's admin carries inline scripts and styles; it is for staff only and nothing foreign is loaded there either.
ADMIN_CSP = settings.SECURE_CSP | {
    "script-src": [CSP.SELF, CSP.UNSAFE_INLINE],
    "style-src": [CSP.SELF, CSP.UNSAFE_INLINE],
    "img-src": [CSP.SELF, "data:", "blob:"],
    "frame-src": [CSP.SELF],
    "frame-ancestors": [CSP.SELF],
}
# A preview is a page of the public site inside a frame of the admin: the strict policy, but for who may frame it.
PREVIEW_CSP = settings.SECURE_CSP | {"frame-ancestors": [CSP.SELF]}


def accepts_gzip(request: HttpRequest) -> bool:
    return bool(re_accepts_gzip.search(request.META.get("HTTP_ACCEPT_ENCODING", "")))


class CompressedPages(GZipMiddleware):
    """Pages a third of their size for whoever pays by the megabyte; files are left as they are.

    Django's middleware pads at random against guessing by size (BREACH), and form tokens are masked anew for each answer.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.streaming or not response.headers.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)


class StyleSheetAhead:
    """A browser asks for the style sheet that a page links when its headers are there, not when it has read the page: a tenth of a
    second on a slow phone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    @cached_property
    def address(self) -> str:
        """Empty where no files were collected: pages that need none (of what failed) are shown all the same."""
        try:
            return static("css/site.css")
        except ValueError:
            return ""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_page = not response.streaming and response.headers.get("Content-Type", "").startswith("text/html")
        if is_page and self.address and f'"{self.address}"'.encode() in response.content[:WITHIN]:
            response.headers.setdefault("Link", f"<{self.address}>; rel=preload; as=style")
        return response


class LanguageOfAddress:
    """The language comes from the address alone: no cookie and no Accept-Language is read, so that any cache may keep a page.

    In place of Django's LocaleMiddleware, which lets pages without a prefix vary by Accept-Language.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
        translation.activate(language)
        request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
        response = self.get_response(request)
        if not request.path.startswith(ADMIN):  # there everybody chooses it
            response.headers.setdefault("Content-Language", language)
        return response


class ReadableAddresses:
    """Two kinds of address are nobody's link, and a database would fail on them: with a NUL, or a number beyond any id."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "%00" in request.META.get("QUERY_STRING", "") or "\0" in request.path:
            return render(request, "404.html", status=404)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]) -> None:
        if any(isinstance(value, int) and value > BIGGEST for value in kwargs.values()):
            raise Http404


class PolicyOfTemplate:
    """The content security policy follows what is shown, not the path alone: public, preview or admin.

    A preview says so (`is_preview`). One of Wagtail's runs through the middleware as a request of its own, and its header is
    kept on the way out.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(request, "is_preview", False):
            response._csp_config = PREVIEW_CSP  # type: ignore[attr-defined]
        elif request.path.startswith(ADMIN) and not hasattr(response, "_csp_config"):
            response._csp_config = ADMIN_CSP  # type: ignore[attr-defined]
        return response
