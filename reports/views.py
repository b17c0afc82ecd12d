"""The board, for managers, organisers and administrators; and the same as a file."""

from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from accounts.access import AnyUser, home_of
from accounts.models import User
from courses.models import Course, Topic
from lib import dates
from lib.typed import key_of

from . import actions, exports, filtering, papers, queries
from .asking import place_asked
from .covered import pages as coverage
from .covered import queries as covered
from .minority import queries as minority
from .plan import pages as plans
from .plan import queries as years
from .saving import views as saved
from .states import queries as states
from .trends.forms import Period, quarter_of


@dataclass(frozen=True)
class Asked:
    board: queries.Board
    topics: list[Topic]  # to choose from
    unread: list[str]  # what was asked for and is not there, in sentences
    year: years.Year | None
    concerns: list[states.Concern]
    reached: covered.Reached | None
    minority: minority.Total | None


def _ask(request: HttpRequest) -> Asked:
    """The board of the address; and of everything together the year beside its plan, and who stays behind. 404 for a place outside the
    scope, as if it did not exist."""
    user = request.user
    if not (isinstance(user, User) and user.has_perm(queries.PERMISSION)):
        raise PermissionDenied
    place, courses = place_asked(request, user), queries.courses_to_show()
    topics = filtering.topics_of(courses)
    filters, unread = filtering.read(request.GET.dict(), _course(request, courses), topics)
    year, now = plans.year_asked(request), timezone.now()
    actions.bring_up_to_date(at=now)
    shown = queries.board(user, place, filters=filters, now=now, of_history=courses)
    if filters:
        return Asked(shown, topics, unread, None, [], None, None)
    of_year = years.of_year(user, place, year, scope=shown.scope, now=now)
    reached = covered.reached(place, shown.scope)
    concerns, total = states.concerns(shown.scope, place), minority.total(place, shown.scope)
    return Asked(shown, topics, unread, of_year, concerns, reached, total)


def _course(request: HttpRequest, courses: list[Course]) -> Course | None:
    value = request.GET.get("khoa", "")
    found = next((one for one in courses if one.pk == key_of(value)), None)
    if value and found is None:
        raise Http404
    return found


@csp_override(settings.SECURE_CSP)
@never_cache
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    asked = _ask(request)
    shown, year = asked.board, asked.year
    this_year = dates.local_day(shown.counted_at).year
    chosen: filtering.Query = {"nam": year.year} if year and year.year != this_year else shown.filters.query
    context = {
        "board": shown,
        "chosen": chosen,
        "topics": asked.topics,
        "kinds": filtering.KINDS,
        "unread": asked.unread,
        "without_filters": filtering.address(reverse("reports:board"), filtering.at(shown.place)),
        "comparisons": _comparisons(request.user, shown),
        "saved": saved.to_open(request.user),
        "concerns": asked.concerns,
        "has_concerns": any(one.number for one in asked.concerns),
        "reached": asked.reached,
        "minority": asked.minority,
        "without": coverage.without(request.user, shown.place),
        "plan": year,
        "plan_query": plans.query_of(year) if year else "",
        "years": plans.years_offered(year.year, year.with_figures) if year else [],
        "courses": shown.of_history,
        "enrolments_address": reverse("enrolment:index"),
        "ways_up": _ways_up(request.user, shown, chosen),
        "current": "board",
    }
    return render(request, "reports/board.html", context)


def _comparisons(user: AnyUser, shown: queries.Board) -> list[tuple[str, str]]:
    """The same place and filters, this quarter and this year each beside the one before; and another place beside this one, for whoever
    has several."""
    today = dates.local_day(shown.counted_at)
    quarter, year = quarter_of(today), Period(today.replace(month=1, day=1), 12)
    query, path = filtering.at(shown.place) | shown.filters.query | {"nam": today.year}, reverse("trends:page")
    said = [
        (str(quarter), filtering.address(path, query | {"quy": quarter.number})),
        (str(year), filtering.address(path, query)),
    ]
    made = [(_("%(now)s với kỳ trước") % {"now": capfirst(words)}, address) for words, address in said]
    if shown.places or shown.parents:
        made.append((_("Với nơi khác"), f"{filtering.address(path, query)}#so-sanh"))
    return made


def _ways_up(user: AnyUser, shown: queries.Board, chosen: filtering.Query) -> list[dict[str, str]]:
    """What lies above the place on show, from the top; filters, or the year, stay chosen."""
    if shown.place is None:
        return []
    above = [(capfirst(str(place)), chosen | {"dia-ban": place.pk}) for place in shown.parents]
    if home_of(user, queries.PERMISSION) is None:  # else the board without a place is the one at home
        above.insert(0, (queries.name_of(user, None), chosen))
    address = reverse("reports:board")
    return [{"label": label, "url": filtering.address(address, query)} for label, query in above]


@never_cache
@require_safe
def board_file(request: HttpRequest, kind: str) -> HttpResponse:
    asked = _ask(request)
    tables = exports.tables(asked.board, asked.year, asked.concerns, asked.reached, asked.minority)
    name, title = exports.file_name(asked.board), exports.shown(asked.board)
    return papers.answer(request, kind, tables, name=name, title=title, back=reverse("reports:board"))
