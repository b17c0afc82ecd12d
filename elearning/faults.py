"""What would end in an error page is answered with a sentence where it is nobody's mistake, or only that of the address."""

import logging
import re
import traceback
from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import DataError, OperationalError
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers
from django.utils.datastructures import MultiValueDictKeyError
from django.utils.translation import gettext as _
from wagtail.actions.copy_for_translation import ParentNotTranslatedError

from accounts.access import is_read

from .errors import bad_request, met_another
from .middleware import ADMIN

logger = logging.getLogger(__name__)
BEYOND_ANY_ID = re.compile(r"/\d{11,}(/|$)")
BEYOND_ANY_VALUE = re.compile(r"\s*(-?\d{19,}|0\d{3}-\d\d?-\d\d?|9999-\d\d?-\d\d?)\s*")
OUT_OF_RANGE = (OverflowError, DataError)
NO_NUMBER = "expected a number but got"  # Django's words where a filter by id meets letters
NOT_THERE = (MultiValueDictKeyError, ObjectDoesNotExist)
WAITED_IN_VAIN = {"40001", "40P01", "55P03"}  # SQLSTATE: not serializable, deadlock, lock not available
LOCKED = "database is locked"  # SQLite has words only, and does not translate them
TAKEN = {"unique", "unique_together"}


class AtTheSameMoment:
    """Two people write the same at the same moment, and the database lets one of them through. The other reads so, and may
    send it again; the browser's way back still has what was typed.

    In Wagtail's admin the second of two that make the same page is refused by the page's own checks instead, after the form
    was found good: its address is taken.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if _has_waited_in_vain(exception):  # looking may count the board's figures, or end an attempt that is over
            logger.warning("met another writer at %s", request.path, extra={"status_code": 503})
            return met_another(request, status=503)
        if request.method == "POST" and request.path.startswith(ADMIN) and _is_taken(exception):
            logger.warning("met another of the same name at %s", request.path, extra={"status_code": 409})
            return met_another(request, status=409)
        return None


def _has_waited_in_vain(exception: Exception) -> bool:
    if not isinstance(exception, OperationalError):
        return False
    return getattr(exception.__cause__, "sqlstate", "") in WAITED_IN_VAIN or LOCKED in str(exception)


def _is_taken(exception: Exception) -> bool:
    """Two of the same, refused where there is no form to say so: by a constraint, or by Wagtail for an address."""
    if not isinstance(exception, ValidationError):
        return False
    errors = getattr(exception, "error_dict", {})
    return "slug" in errors or any(error.code in TAKEN for some in errors.values() for error in some)


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


def _is_of_wagtail(request: HttpRequest, exception: Exception) -> bool:
    """Whether a view of Wagtail's own asked Django for what a form did not hold, or for a row that is not there."""
    view = getattr(request.resolver_match, "func", None)
    asking = [frame.f_globals.get("__name__", "") for frame, _line in traceback.walk_tb(exception.__traceback__)]
    asked_last = next((name for name in reversed(asking) if not name.startswith("django.")), "")
    return asked_last.startswith("wagtail.") and getattr(view, "__module__", "").startswith("wagtail.")


def _is_about(values: list[str], exception: Exception) -> bool:
    """Whether one of these values is what the database could not read: letters for a number, a number beyond any, a day before
    the calendar."""
    if NO_NUMBER in str(exception):
        return any(repr(value) in str(exception) for value in values)
    return isinstance(exception, OUT_OF_RANGE) and any(map(BEYOND_ANY_VALUE.fullmatch, values))


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
        posted, asked = (
            [value for _name, some in data.lists() for value in some] for data in (request.POST, request.GET)
        )
        sent = [*filter(None, posted), *asked]  # nearly every form sends an empty field, which is nobody's mistake
        if not _is_about(sent, exception) and not (
            isinstance(exception, NOT_THERE) and _is_of_wagtail(request, exception)
        ):
            return None
        logger.warning("unreadable form at %s", request.path, extra={"status_code": 400})
        return bad_request(request, exception)

    def _of_address(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        asked = [value for _name, some in request.GET.lists() for value in some]
        is_beyond = isinstance(exception, OUT_OF_RANGE) and BEYOND_ANY_ID.search(request.path)
        if not is_beyond and not _is_about(asked, exception):
            return None
        logger.warning("unreadable address %s", request.path, exc_info=exception, extra={"status_code": 404})
        return render(request, "wagtailadmin/404.html", status=404)


class ByButtonAlone:
    """An address that only a form sends to, opened from a history or a link, says so instead of showing nothing; scripts need
    no words."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if isinstance(answer, HttpResponseNotAllowed) and request.method == "GET" and is_read(request):
            said = {"is_in_admin": request.path.startswith(ADMIN)}
            answer.content = render_to_string("405.html", said, request).encode()
            add_never_cache_headers(answer)  # the page names whoever is logged in
        return answer
