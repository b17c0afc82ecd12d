import logging
import re
import traceback
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import DataError
from django.db.models import BigIntegerField, ProtectedError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware, re_accepts_gzip
from django.shortcuts import render
from django.utils import translation
from django.utils.csp import CSP
from django.utils.datastructures import MultiValueDictKeyError
from django.utils.translation import gettext as _
from wagtail.actions.copy_for_translation import ParentNotTranslatedError

from .errors import bad_request

logger = logging.getLogger(__name__)
ADMIN = "/quan-tri/"
BEYOND_ANY_ID = re.compile(r"/\d{11,}(/|$)")
BIGGEST = BigIntegerField.MAX_BIGINT  # what an id may be
NO_NUMBER = "expected a number but got"  # Django's words where a filter by id meets letters
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


class ProtectedRecords:
    """Deleting in the admin what records rest on is refused with a sentence, never with an error page; and so is translating a
    page whose parent has no translation."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not request.path.startswith(ADMIN):
            return None
        if isinstance(exception, ParentNotTranslatedError):
            messages.error(request, _("Chưa tạo bản dịch nào. Hãy dịch trang cha trước, rồi mới dịch trang này."))
            return HttpResponseRedirect(request.path)
        if not isinstance(exception, ProtectedError):
            return None
        kinds = sorted({str(one._meta.verbose_name_plural) for one in exception.protected_objects})
        messages.error(
            request,
            _(
                "Không xóa được, vì mục này còn dùng trong: %(kinds)s. Không có gì bị mất. Hãy bỏ mục này ở những chỗ đó trước rồi xóa; chỗ nào là kết quả học hay sổ sách thì phải giữ, nên mục này cũng giữ lại."
            )
            % {"kinds": ", ".join(kinds)},
        )
        return HttpResponseRedirect(ADMIN)


def _is_of_wagtail(exception: Exception) -> bool:
    """Whether it was Wagtail's own code that asked for what a form did not hold."""
    asking = [frame for frame, _line in traceback.walk_tb(exception.__traceback__)][-2:]
    return any(frame.f_globals.get("__name__", "").startswith("wagtail.") for frame in asking)


class OddAddressesOfTheAdmin:
    """What Wagtail's lists cannot read in a hand-made address (a number beyond any id, a day before the calendar, letters for a
    number) is not found instead of a failure; a form with letters for a number, or without what the page's script adds, is
    told that it could not be read. Only for addresses and forms that carry such a value; the same fault anywhere else is one
    of ours, and stays a failure that is logged as such."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not request.path.startswith(ADMIN):
            return None
        if request.method == "POST":
            return self._of_form(request, exception)
        return self._of_address(request, exception) if request.method in ("GET", "HEAD") else None

    def _of_form(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        values = [repr(value) for _name, sent in request.POST.lists() for value in sent]
        is_odd = NO_NUMBER in str(exception) and any(value in str(exception) for value in values)
        if not (is_odd or (isinstance(exception, MultiValueDictKeyError) and _is_of_wagtail(exception))):
            return None
        logger.warning("unreadable form at %s", request.path, extra={"status_code": 400})
        return bad_request(request, exception)

    def _of_address(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        is_unreadable = isinstance(exception, (OverflowError, DataError)) or NO_NUMBER in str(exception)
        if not is_unreadable:
            return None
        if not (request.META.get("QUERY_STRING") or BEYOND_ANY_ID.search(request.path)):
            logger.error("fault of the admin at %s", request.path, exc_info=exception)
            return None
        logger.warning("unreadable address %s", request.path, extra={"status_code": 404})
        return render(request, "wagtailadmin/404.html", status=404)


class PolicyOfTemplate:
    """The content security policy follows what is shown, not the path alone: public, preview or admin.

    A preview runs through the middleware as a request of its own (`is_dummy`), and its header is kept on the way out.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(request, "is_dummy", False):
            response._csp_config = PREVIEW_CSP  # type: ignore[attr-defined]
        elif request.path.startswith(ADMIN):
            response._csp_config = ADMIN_CSP  # type: ignore[attr-defined]
        return response
