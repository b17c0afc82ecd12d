from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.views.decorators.cache import never_cache
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from accounts.access import AnyUser, home_of
from courses.models import Course
from lib import dates
from lib.sheets import XLSX
from lib.typed import key_of
from provinces.models import Place

from . import actions, exports, queries
from .covered import pages as coverage
from .covered import queries as covered
from .plan import pages as plans
from .plan import queries as years
from .states import queries as states


def _ask(
    request: HttpRequest,
) -> tuple[queries.Board, years.Year | None, list[states.Concern], covered.Reached | None]:
    """The board of the address; and of all courses together the year beside its plan, and who stays behind. 404 for a place outside the
    scope, as if it did not exist."""
    if not request.user.has_perm(queries.PERMISSION):
        raise PermissionDenied
    place = _chosen(request, "dia-ban", queries.visible_places(request.user).select_related("parent"))
    place = place or home_of(request.user, queries.PERMISSION)
    course = _chosen(request, "khoa", Course.objects.with_history())
    year, now = plans.year_asked(request), timezone.now()
    actions.bring_up_to_date(at=now)
    shown = queries.board(request.user, place, course=course, now=now)
    if course:
        return shown, None, [], None
    of_year = years.of_year(request.user, place, year, scope=shown.scope, now=now)
    return shown, of_year, states.concerns(shown.scope, place), covered.reached(place, shown.scope)


def _chosen[T: (Place, Course)](request: HttpRequest, name: str, rows: QuerySet[T]) -> T | None:
    value = request.GET.get(name, "")
    if not value:
        return None
    found = rows.filter(pk=key_of(value)).first()
    if found is None:
        raise Http404
    return found


@csp_override(settings.SECURE_CSP)
@never_cache
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    shown, year, concerns, reached = _ask(request)
    this_year = dates.local_day(shown.counted_at).year
    chosen = {"nam": year.year} if year and year.year != this_year else {}
    context = {
        "board": shown,
        "chosen": chosen,
        "concerns": concerns,
        "has_concerns": any(one.number for one in concerns),
        "reached": reached,
        "without": coverage.without(request.user, shown.place),
        "plan": year,
        "plan_query": plans.query_of(year) if year else "",
        "years": plans.years_offered(year.year) if year else [],
        "courses": shown.of_history,
        "enrolments_address": reverse("enrolment:index"),
        "ways_up": _ways_up(request.user, shown, chosen),
        "current": "board",
    }
    return render(request, "reports/board.html", context)


def _ways_up(user: AnyUser, shown: queries.Board, chosen: dict[str, int]) -> list[dict[str, str]]:
    """What lies above the place on show, from the top; the course, or the year, stays chosen."""
    if shown.place is None:
        return []
    chosen |= {"khoa": shown.course.pk} if shown.course else {}
    above = [(capfirst(str(place)), chosen | {"dia-ban": place.pk}) for place in shown.parents]
    if home_of(user, queries.PERMISSION) is None:  # else the board without a place is the one at home
        above.insert(0, (queries.name_of(user, None), chosen))
    address = reverse("reports:board")
    return [{"label": label, "url": f"{address}?{urlencode(query)}" if query else address} for label, query in above]


@never_cache
@require_safe
def board_xlsx(request: HttpRequest) -> HttpResponse:
    shown, year, concerns, reached = _ask(request)
    response = HttpResponse(exports.workbook(shown, year, concerns, reached), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{exports.file_name(shown)}"'
    return response
