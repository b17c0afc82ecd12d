"""Fetching is authorising: the workshops that a reader may see, one's own registration, the ticket behind a code, and whose workshops and
delegates an officer plans and looks at."""

from datetime import datetime, timedelta

from django.core import signing
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from accounts.access import AnyUser, managed_places, person_of
from accounts.models import Person
from lib import codes, dates
from provinces.queries import units_of_today
from quizzes.models import QuestionBank

from . import parallel, queries
from .models import Desk, FollowUp, Quota, Registration, SeenBy, Workshop

TO_PLAN = "workshops.add_workshop"
TO_MANAGE = "workshops.change_workshop"
TO_LOOK = "workshops.view_workshop"
TO_NOMINATE = "workshops.add_registration"
TO_CALL = "workshops.change_followup"


def public() -> QuerySet[Workshop]:
    """Those that stand in the list: for everybody, and on offer, which a draft is not."""
    return Workshop.objects.filter(seen_by=SeenBy.EVERYBODY, activity__retired_at=None)


def admits(user: AnyUser, workshop: Workshop) -> bool:
    """Whether somebody who asks for this very workshop may see it: the invited, and who sends them. Whoever plans or follows it sees
    drafts as well."""
    is_offered = workshop.activity.retired_at is None
    if is_offered and workshop.seen_by != SeenBy.INVITED:
        return True
    person = person_of(user)
    is_invited = is_offered and person is not None and registration_of(person, workshop) is not None
    if is_invited or not user.is_staff:
        return is_invited
    follows = workshops_visible_to(user, TO_LOOK).filter(pk=workshop.pk).exists()
    return follows or (is_offered and quotas_visible_to(user).filter(workshop=workshop).exists())


def registration_of(person: Person, workshop: Workshop) -> Registration | None:
    return Registration.objects.filter(person=person, workshop=workshop).first()


def get_ticket(code: str) -> Registration:
    """Whoever has a ticket's code holds the ticket: delegates whom others sent have no account."""
    tickets = Registration.objects.select_related("person", "workshop__activity", "quota__place")
    found = tickets.filter(code=codes.tidy(code)[:16]).first()
    if found is None:
        raise Http404
    return queries.left_of(found, tickets)


def workshops_visible_to(user: AnyUser, permission: str) -> QuerySet[Workshop]:
    """Workshops held in the places in which a user may do this."""
    places = managed_places(user, permission)
    workshops = Workshop.objects.select_related("activity", "place__parent")
    return workshops if places is None else workshops.filter(place__in=places)


def delegates_visible_to(user: AnyUser, workshop: Workshop) -> QuerySet[Registration]:
    """All to whoever runs the workshop; to whoever merely looks, those of the own places."""
    delegates = Registration.objects.filter(workshop=workshop)
    if workshops_visible_to(user, TO_MANAGE).filter(pk=workshop.pk).exists():
        return delegates
    places = managed_places(user, TO_LOOK)
    return delegates if places is None else delegates.filter(place__in=places)


def registrations_of(person: Person, user: AnyUser) -> list[tuple[Registration, bool]]:
    """Of a person whom an officer may see: those that arose in the officer's places or are of a workshop held there, the latest first,
    with whether the officer may open the page of that workshop."""
    opened = workshops_visible_to(user, TO_LOOK)
    places = managed_places(user, TO_LOOK)
    rows = Registration.objects.filter(person=person).select_related("workshop__activity")
    if places is not None:
        rows = rows.filter(Q(place__in=places) | Q(workshop__in=opened))
    keys = set(opened.filter(pk__in=rows.values("workshop")).values_list("pk", flat=True))
    return [(one, one.workshop_id in keys) for one in rows.order_by("-registered_at", "-pk")]


def quotas_visible_to(user: AnyUser) -> QuerySet[Quota]:
    """Whose seats a user fills: those set apart for the own places, wherever the workshop is held, and all of a workshop that is the
    user's to run. The quota of a province is no commune's."""
    quotas = Quota.objects.select_related("workshop__activity", "workshop__place__parent", "place__parent")
    places = managed_places(user, TO_NOMINATE)
    if places is None:
        return quotas
    own = Q(place__in=places, workshop__activity__retired_at=None)
    return quotas.filter(own | Q(workshop__in=workshops_visible_to(user, TO_MANAGE)))


def nominees_of(quota: Quota) -> QuerySet[Registration]:
    """All who were ever on its seats, for whoever fills them: also whom the organiser put there from elsewhere."""
    rows = Registration.objects.filter(quota=quota)
    return rows.select_related("workshop__activity", "person", "place__parent", "replaces__person")


def follow_ups_visible_to(user: AnyUser, permission: str) -> QuerySet[FollowUp]:
    """Calls that count, to people whose present place is one in which a user may do this."""
    calls = queries.calls_that_count().select_related(
        "registration__person__place__parent", "registration__workshop__activity"
    )
    places = managed_places(user, permission)
    return calls if places is None else calls.filter(registration__person__place__in=places)


def banks_for(workshop: Workshop) -> QuerySet[QuestionBank]:
    """Whose questions may be asked in its hall: those of the country, those that are open to every province, and those of its own one or
    shared with it."""
    former = workshop.place.province.pk
    province = units_of_today({former})[former].province
    of_it = Q(owner_place=province) | Q(readers=province) | Q(writers=province)
    mine = QuestionBank.objects.filter(of_it)
    return QuestionBank.objects.filter(Q(owner_place=None) | Q(is_open=True) | Q(pk__in=mine.values("pk")))


def hall_key(workshop: Workshop) -> str:
    """What a screen in the hall adds to its address where only the invited may see a workshop: whoever sits there has been let in."""
    return codes.digest("workshops.hall", workshop.slug)[:8]


DESK_SALT = "workshops.desk"
# What each report asks for; put together once, as every row is asked for by its key.
OF_A_DESK = ("name", "made_at", "ended_at", "expires_at", "shut_at", "workshop__closed_at", "workshop__cancelled_at")
OF_REPORTS = Desk.objects.select_related("workshop").only(*OF_A_DESK).order_by()
LATE = timedelta(days=7)  # for what a device recorded in a hall without a network


class NotYet(Exception):  # noqa: N818 (it says when)
    """A desk was opened with its own code before it may be."""

    def __init__(self, opens_at: datetime) -> None:
        super().__init__()
        self.opens_at = opens_at

    def __str__(self) -> str:
        return _("Bàn này mở được từ %(at)s.") % {"at": dates.moment(self.opens_at)}


@sensitive_variables()
def open_desk(code: str, at: datetime) -> Desk:
    """The desk that somebody opens with its code, while it holds. Raises NotYet for one that was made long ahead, as its code opens a list."""
    desks = Desk.objects.select_related("workshop__activity", "workshop__place__parent")
    found = desks.filter(code_hash=codes.digest("desk", codes.tidy(code)[:32])).first()
    if found is None or not is_manned(found, at):
        raise Http404
    if at < (opens_at := queries.opens_from(found, parallel.of(found.workshop))):
        raise NotYet(opens_at)
    return found


def is_manned(desk: Desk, at: datetime) -> bool:
    """Whether people may still be checked in at it."""
    workshop = desk.workshop
    is_held = workshop.closed_at is None and workshop.cancelled_at is None
    return is_held and desk.ended_at is None and at < desk.expires_at


def token_of(desk: Desk) -> str:
    return signing.dumps(desk.pk, salt=DESK_SALT)


def get_desk(token: str, at: datetime, *, is_late: bool = False) -> Desk:
    """The desk whose code a device gave before; with `is_late` also for a week after its end, to give in what it still has."""
    try:
        pk = signing.loads(token, salt=DESK_SALT)
    except signing.BadSignature:
        raise Http404 from None
    found = next(iter(OF_REPORTS.filter(pk=pk)), None)
    if found is None or not (is_manned(found, at) or (is_late and at < found.expires_at + LATE)):
        raise Http404
    return found
