"""…/tap-huan/tong-hop/ in the admin: what all workshops of a year come to, of the places that somebody looks after."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import home_of, staff_with
from accounts.models import User
from lib import limits
from lib.headings import heading
from lib.sheets import XLSX
from lib.typed import key_of
from provinces.models import Place
from workshops.access import TO_LOOK

from . import exports
from .counting import Totals, places_of, totals
from .forms import PeriodForm

ICON, A_PAGE = "table", 50


def _counted(user: User, form: PeriodForm, place: Place | None) -> Totals | None:
    """None where the form says no time: numbers of another one would be taken for those that were asked for."""
    return totals(user, place, form.period, timezone.now()) if form.is_valid() else None


def _place(request: HttpRequest, user: User) -> Place | None:
    """404 for a place that is not one's own, as if it did not exist."""
    value = request.GET.get("dia-ban", "")
    if not value:
        return home_of(user, TO_LOOK)
    found = places_of(user).select_related("parent").filter(pk=key_of(value)).first()
    if found is None:
        raise Http404
    return found


@require_safe
@staff_with(TO_LOOK)
def page(request: HttpRequest, user: User) -> HttpResponse:
    form, place = PeriodForm(request.GET), _place(request, user)
    return _page(request, user, form, place, _counted(user, form, place))


def _page(
    request: HttpRequest, user: User, form: PeriodForm, place: Place | None, found: Totals | None
) -> HttpResponse:
    kept = {name: value for name, value in form.data.items() if name in form.fields and value}
    above = [(reverse("workshops_admin:workshops"), _("Lớp tập huấn"))]
    if place and home_of(user, TO_LOOK) is None:
        above.append((_address(kept), _("Tổng hợp")))
    context: dict[str, Any] = {"form": form, "place": place, "found": found}
    if found is None:
        title = heading(_("Tổng hợp lớp tập huấn"), ICON, *above)
        return render(request, "workshops/admin/totals.html", context | title, status=422)
    said = kept | ({"dia-ban": str(place.pk)} if place else {})
    above += [(_address(kept | {"dia-ban": str(one.pk)}), capfirst(str(one))) for one in found.above]
    context |= {
        "period": exports.in_words(found.period),
        "kept": urlencode(kept),
        "query": urlencode(said),
        "classes": Paginator(found.classes, A_PAGE).get_page(request.GET.get("p")),
    }
    title = heading(_("Tổng hợp lớp tập huấn: %(place)s") % {"place": found.name}, ICON, *above)
    return render(request, "workshops/admin/totals.html", context | title)


def _address(query: dict[str, str]) -> str:
    return f"{reverse('workshops_totals:page')}?{urlencode(query)}"


@require_safe
@staff_with(TO_LOOK)
def xlsx(request: HttpRequest, user: User) -> HttpResponse:
    limits.take(request, "print_workshop")
    form, place = PeriodForm(request.GET), _place(request, user)
    found = _counted(user, form, place)
    if found is None:
        return _page(request, user, form, place, None)
    response = HttpResponse(exports.workbook(found), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{exports.file_name(found)}"'
    return response


PATTERNS = [path("", page, name="page"), path("xlsx/", xlsx, name="xlsx")]
