"""The first page of the admin: whom to call now, workshops that are on or begin soon, and seats that wait for names."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, Min, OuterRef, Q
from wagtail.admin.ui.components import Component

from accounts.models import User
from workshops.access import TO_LOOK, TO_MANAGE, quotas_visible_to, workshops_visible_to
from workshops.inviting import unreached
from workshops.models import HOLDING, Attendance, Quota, Registration, Session, Workshop

SOON = timedelta(days=14)
MOST = 8


@dataclass(frozen=True)
class Coming:
    workshop: Workshop
    begins_at: datetime
    has_begun: bool
    seats: int
    present: int


def coming(user: User, now: datetime) -> list[Coming]:
    """Held in the places of whoever looks, the next first: three queries for any number of them."""
    on = Session.objects.filter(workshop=OuterRef("pk"), cancelled_at=None, ends_at__gte=now, starts_at__lt=now + SOON)
    mine = workshops_visible_to(user, TO_LOOK).filter(Exists(on), cancelled_at=None, closed_at=None)
    dated = mine.annotate(begins_at=Min("sessions__starts_at", filter=Q(sessions__cancelled_at=None)))
    found = list(dated.order_by("begins_at", "pk")[:MOST])
    keys = [one.pk for one in found]
    held = Registration.objects.filter(workshop__in=keys, state__in=HOLDING).order_by()
    seats = dict(held.values_list("workshop").annotate(n=Count("pk")))
    there = Attendance.objects.filter(session__workshop__in=keys, session__cancelled_at=None, taken_back_at=None)
    present = dict(there.order_by().values_list("session__workshop").annotate(n=Count("registration", distinct=True)))
    return [
        Coming(one, one.begins_at, one.begins_at <= now, seats.get(one.pk, 0), present.get(one.pk, 0)) for one in found
    ]


def to_call(user: User, now: datetime) -> list[tuple[Workshop, int]]:
    """Of workshops that somebody runs: how many are to be called at once; five queries for any number of them."""
    mine = workshops_visible_to(user, TO_MANAGE).filter(cancelled_at=None, closed_at=None)
    found = unreached.by_workshop(mine.order_by().values("pk"), now)
    named = mine.filter(pk__in=found).order_by("pk") if found else []
    return [(one, len(found[one.pk])) for one in named]


def open_quotas(user: User, now: datetime) -> list[Quota]:
    """With seats left, of workshops that have not begun; whoever runs a workshop fills them from its own page."""
    rows = quotas_visible_to(user).exclude(workshop__in=workshops_visible_to(user, TO_MANAGE)).filter(
        workshop__cancelled_at=None, workshop__closed_at=None
    )  # fmt: skip
    dated = rows.annotate(
        taken=Count("registrations", filter=Q(registrations__state__in=HOLDING), distinct=True),
        begins=Min("workshop__sessions__starts_at", filter=Q(workshop__sessions__cancelled_at=None)),
    )
    return list(dated.filter(begins__gt=now, taken__lt=F("seats")).order_by("begins", "pk")[:MOST])


class WorkshopsPanel(Component):
    name = "workshops"
    order = 40
    template_name = "workshops/admin/home_panel.html"

    def __init__(self, calls: list[tuple[Workshop, int]], rows: list[Coming], quotas: list[Quota]) -> None:
        self.calls, self.rows, self.quotas = calls, rows, quotas

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {"calls": self.calls, "rows": self.rows, "quotas": self.quotas}


def panel_for(user: User, now: datetime) -> WorkshopsPanel | None:
    rows, quotas = (coming(user, now) if user.has_perm(TO_LOOK) else []), open_quotas(user, now)
    calls = to_call(user, now) if user.has_perm(TO_MANAGE) else []
    return WorkshopsPanel(calls, rows, quotas) if calls or rows or quotas else None
