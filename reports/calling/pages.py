"""The list of the week of a commune, on a phone, on paper and as a workbook; above communes, how far they are with theirs."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_POST, require_safe

from accounts.access import home_of, staff_with
from accounts.models import User
from lib import dates, sheets
from lib.refusals import Refusal
from lib.typed import key_of
from provinces.models import Level, Place
from reports import papers
from reports.models import CallList, Contact, Outcome, Reminder
from reports.queries import name_of
from reports.reminding.access import may_remind, wanting_none
from reports.reminding.models import REACHED

from . import access, actions, choosing, wording

HEADS = [("STT", 6), ("Họ và tên, chủ thể", 30), ("Lý do", 60), ("Việc nên làm", 40), ("Điện thoại", 16), ("Kết quả", 24)]  # fmt: skip
HEADS_OF_PLACES = [
    ("Địa bàn", 40),
    ("Còn phải liên hệ", 18),
    ("Trong danh sách", 16),
    ("Đã ghi kết quả", 16),
    ("Tỷ lệ (%)", 12),
    ("Đã gọi được, gặp hoặc giúp học", 24),
    ("Đã nhắn", 12),
]


@dataclass(frozen=True)
class Progress:
    """How far a commune, or the communes of a province, are with this week's lists."""

    place: Place
    listed: int
    done: int
    reached: int
    reminded: int = 0  # by message, which counts as no answer

    @property
    def remaining(self) -> int:
        """Whom nobody has tried to reach yet."""
        return self.listed - self.done

    @property
    def percent(self) -> int:
        """Of those listed whom somebody tried to reach, rounded down."""
        return 100 * self.done // self.listed if self.listed else 0


def asked(request: HttpRequest, user: User) -> Place | None:
    """The place of the address, else the one place of whoever asks; 404 for a place outside the scope, as if it did not exist."""
    value = request.GET.get("dia-ban", "")
    if not value:
        return home(user)
    communes = access.communes_visible_to(user)
    of_them = Q(pk__in=communes.values("pk")) | Q(level=Level.PROVINCE, pk__in=communes.values("parent"))
    found = Place.objects.current().filter(of_them, pk=key_of(value)).select_related("parent").first()
    if found is None:
        raise Http404
    return found


def home(user: User) -> Place | None:
    """None also for a role in a former unit: whom it led to is on the list of what it became."""
    home = home_of(user, access.TO_CALL)
    return home if home and home.is_current else None


@csp_override(settings.SECURE_CSP)
@require_safe
@staff_with(access.TO_CALL)
def week(request: HttpRequest, user: User) -> HttpResponse:
    place, now = asked(request, user), timezone.now()
    context: dict[str, Any] = {
        "place": place,
        "week": actions.week_of(now),
        "current": "calls",
        "limits": choosing.LIMITS,
    }
    if place and place.level == Level.COMMUNE:
        contacts = _contacts(place)
        context |= {
            "rows": _with_ways(list(_told(contacts, user)), user),
            "may_remind": may_remind(user, place),
            "done": sum(one.is_done for one in contacts),
            "above": place.parent if home(user) != place else None,
        }
        return render(request, "reports/calls.html", context)
    rows = progress(user, place)
    idle = [row.place for row in rows if not row.listed]
    context |= {
        "rows": rows,
        "waiting": rows[: len(rows) - len(idle)],
        "idle": idle,
        "is_drawn": len(idle) < len(rows) or are_drawn(),
        "name": name_of(user, place),
        "whole": name_of(user, None),
        "listed": sum(row.listed for row in rows),
        "done": sum(row.done for row in rows),
        "above": place and home_of(user, access.TO_CALL) is None,
        "may_remind": place is not None and may_remind(user, place),
    }
    return render(request, "reports/calls_of_places.html", context)


def _told(contacts: list[Contact], user: User) -> Iterator[wording.Told]:
    """In the words of this user, each with the reminder that was sent."""
    known = {(one.list_id, one.person_id): one for one in _reminders(contacts)}
    office = access.office_of(user, contacts[0].list.place) if contacts else ""
    stopped = wanting_none({one.person_id for one in contacts if one.person_id})
    for one in contacts:
        reminded, wants_none = known.get((one.list_id, one.person_id or 0)), one.person_id in stopped
        yield wording.told(one, by=user.get_full_name(), office=office, reminded=reminded, wants_none=wants_none)


def _with_ways(rows: list[wording.Told], user: User) -> list[wording.Told]:
    ways = access.Ways(user, [row.contact for row in rows])
    return [replace(row, address=ways.page_of(row.contact), helping=ways.help_of(row.contact)) for row in rows]


def _reminders(contacts: list[Contact]) -> QuerySet[Reminder]:
    return Reminder.objects.filter(list__in={one.list_id for one in contacts}, state__in=REACHED)


def _contacts(place: Place) -> list[Contact]:
    listed = actions.drawn(place=place, at=timezone.now())
    contacts = access.standing(Contact.objects.filter(list=listed))
    return list(contacts.select_related("list__place__parent", "person", "subject", "course", "by"))


def progress(user: User, province: Place | None) -> list[Progress]:
    """By commune of a province, else by province: where most are left to call comes first, and last where nobody is on this week's list."""
    communes = access.communes_visible_to(user)
    if province:
        communes = communes.filter(parent=province)
    by = "list__place" if province else "list__place__parent"
    this_week = Contact.objects.filter(list__week=actions.week_of(timezone.now()), list__place__in=communes)
    counted = access.standing(this_week).order_by()
    sums = counted.values_list(by).annotate(
        n=Count("pk"),
        done=Count("pk", filter=~Q(outcome=Outcome.TO_CALL)),
        reached=Count("pk", filter=Q(outcome__in=choosing.SPOKEN_TO)),
    )
    found = {pk: numbers for pk, *numbers in sums}
    places = communes if province else Place.objects.filter(pk__in=communes.values("parent"))
    told = dict(_reminded(counted).values_list(by).annotate(n=Count("pk")))
    rows = [
        Progress(place, *[*found.get(place.pk, (0, 0, 0)), told.get(place.pk, 0)])
        for place in places.order_by("search")
    ]
    return sorted(rows, key=lambda row: (not row.listed, -row.remaining))


def _reminded(contacts: QuerySet[Contact]) -> QuerySet[Contact]:
    sent = Reminder.objects.filter(list=OuterRef("list"), person=OuterRef("person"), state__in=REACHED)
    return contacts.filter(Exists(sent))


@require_POST
@staff_with(access.TO_CALL)
def record(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine = access.standing(access.contacts_visible_to(user).filter(pk=pk))
    contact = get_object_or_404(mine.select_related("list", "person", "subject"))
    outcome, seen = request.POST.get("outcome", ""), request.POST.get("seen", Outcome.TO_CALL)
    try:
        saved = actions.record(contact=contact, outcome=outcome, by=user, at=timezone.now(), seen=seen)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        said = {"name": str(contact), "outcome": saved.get_outcome_display()}
        messages.success(request, _("Đã ghi: %(name)s, %(outcome)s.") % said)
    return redirect(f"{reverse('calling:week')}?dia-ban={contact.list.place_id}#n{contact.pk}")


@require_safe
@staff_with(access.TO_CALL)
def file(request: HttpRequest, user: User, kind: str) -> HttpResponse:
    """What the page of the same address shows."""
    place, day = asked(request, user), actions.week_of(timezone.now())
    title = f"Cần liên hệ tuần này: {name_of(user, place)}, tuần từ {dates.short(day)}"
    if place and place.level == Level.COMMUNE:
        table = sheets.Table("Cần liên hệ", HEADS, _lines(user, place), title=title)
    else:
        rows = (
            (capfirst(str(row.place)), row.remaining, row.listed, row.done, row.percent, row.reached, row.reminded)
            for row in progress(user, place)
        )
        table = sheets.Table("Cần liên hệ", HEADS_OF_PLACES, rows, title=title)
    where = place.full_name if place else ""
    return papers.answer(
        request,
        kind,
        [table],
        name=f"can lien he {where} tuan {day:%Y-%m-%d}",
        title=title,
        back=reverse("calling:week"),
    )


def _lines(user: User, place: Place) -> Iterator[tuple[Any, ...]]:
    for one in _told(_contacts(place), user):
        outcome = ", ".join(filter(None, (one.contact.get_outcome_display(), one.reminded)))
        yield one.contact.position, one.name, one.reason, one.action, one.phone, outcome


def of_this_week(user: User) -> Progress | None:
    """For the first page of the admin: of whoever has one commune."""
    place = home(user)
    if place is None or place.level != Level.COMMUNE:
        return None
    contacts = _contacts(place)
    reached = sum(one.outcome in choosing.SPOKEN_TO for one in contacts)
    return Progress(place, len(contacts), sum(one.is_done for one in contacts), reached)


def are_drawn() -> bool:
    """Whether there are lists of this week: the job makes them in its first minutes."""
    return CallList.objects.filter(week=actions.week_of(timezone.now())).exists()


patterns = [
    path("can-lien-he/", week, name="week"),
    *papers.addresses("can-lien-he/", file, "file"),
    path("can-lien-he/<int:pk>/", record, name="record"),
]
