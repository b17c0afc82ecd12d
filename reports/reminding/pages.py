"""…/can-lien-he/nhan-tin/ in the admin: what everybody would be sent, the one press that sends it, and who was sent what."""

from collections.abc import Iterable, Iterator
from itertools import batched
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import staff_with
from accounts.models import User
from lib import phones, sheets
from lib.dates import local_day
from lib.refusals import Refusal
from messaging import actions as messaging
from messaging.models import Message
from messaging.wording import why
from provinces.models import Place
from reports import papers
from reports.calling.pages import asked
from reports.models import Reason
from reports.queries import name_of

from . import actions, choosing
from .access import TO_REMIND, is_on, may_remind, reminders_of, still_theirs
from .models import Reminder, ReminderState

A_PAGE = 100
A_PORTION = 500  # rows of a file that are looked up at once
HEADS = [("Lúc", 18), ("Địa bàn", 26), ("Họ và tên", 28), ("Lý do", 34), ("Điện thoại", 16), ("Số tin", 8), ("Tình trạng", 24), ("Lý do chưa gửi được", 28), ("Người gửi", 24)]  # fmt: skip


@csp_override(settings.SECURE_CSP)
@require_http_methods(["GET", "HEAD", "POST"])
@staff_with(TO_REMIND)
def remind(request: HttpRequest, user: User) -> HttpResponse:
    """Looked at first: each text as it leaves, who gets none and why, and what it costs."""
    place, now, refused = asked(request, user), timezone.now(), ""
    if request.method == "POST":
        refused = _("Hãy chọn một xã, phường hoặc một tỉnh trước khi gửi.")
        if place:
            try:
                seen = request.POST.get("seen", "")
                _say(request, actions.remind(place=place, by=user, at=now, seen=seen))
                return redirect(_address("reminding:log", place))
            except Refusal as refusal:
                refused = str(refusal)
    context: dict[str, Any] = {"place": place, "current": "calls", "is_on": is_on(), "refused": refused}
    if place and may_remind(user, place):
        left = messaging.bulk_left(now)
        found = choosing.sort_out(actions.lists_of(place, at=now), left=left, at=now)
        context |= {"found": found, "left": left, "reasons": found.reasons}
    return render(request, "reports/remind.html", context, status=422 if refused else 200)


def _say(request: HttpRequest, found: choosing.Sorted) -> None:
    count = len(found.to_tell)
    if not count:
        messages.info(request, _("Không có ai để nhắn lúc này: ai nhắn được thì đã nhắn rồi."))
        return
    said = ngettext(
        "Đang gửi cho %(n)s người; bảng dưới đây cho biết tin nào đã gửi.",
        "Đang gửi cho %(n)s người; bảng dưới đây cho biết tin nào đã gửi.",
        count,
    )
    messages.success(request, said % {"n": count})


def _address(name: str, place: Place | None) -> str:
    return f"{reverse(name)}?dia-ban={place.pk}" if place else reverse(name)


@csp_override(settings.SECURE_CSP)
@require_safe
@staff_with(TO_REMIND)
def log(request: HttpRequest, user: User) -> HttpResponse:
    place = asked(request, user)
    rows = _rows(place, user)
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("p"))
    counted = _counted(rows)
    context = {
        "place": place,
        "name": name_of(user, place),
        "page": page,
        "rows": list(_told(list(page), user)),
        "states": [(state.label, n) for state, n in counted.items()],
        "failed": counted.get(ReminderState.FAILED, 0),
        "is_on": is_on(),
        "current": "calls",
    }
    return render(request, "reports/reminders.html", context)


def _counted(rows: QuerySet[Reminder]) -> dict[ReminderState, int]:
    """How many there are of each state of which there are any."""
    found = dict(rows.order_by().values_list("state").annotate(n=Count("pk")))
    return {state: found[state] for state in ReminderState if state in found}


def _rows(place: Place | None, user: User) -> QuerySet[Reminder]:
    return reminders_of(place, user).select_related("list__place__parent", "person", "by__person")


def _told(rows: list[Reminder], user: User) -> Iterator[dict[str, Any]]:
    """With what the outbox knows of those that wait, which is newer than what was noted."""
    keys = [one.message_key for one in rows if one.state == ReminderState.WAITING]
    known = {one.dedupe_key: one for one in Message.objects.filter(dedupe_key__in=keys)}
    seen = still_theirs(user, rows)
    for one in rows:
        is_seen, message = one.person_id in seen, known.get(one.message_key)
        yield {
            "one": one,
            "name": one.person.name if is_seen else _("người không còn thuộc địa bàn"),
            "phone": phones.masked(one.person.contact_phone) if is_seen and one.person.contact_phone else "",
            "reason": Reason(one.reason).label,
            "state": _state(one, message),
            "error": why(one.error or (message.last_error if message else "")),
        }


def _state(one: Reminder, message: Message | None) -> str:
    if message and message.sent_at:
        return str(ReminderState.SENT.label)
    if message and message.failed_at:
        return str(ReminderState.FAILED.label)
    if message and message.attempts:
        return _("đang gửi lại")
    return one.get_state_display()


@require_safe
@staff_with(TO_REMIND)
def file(request: HttpRequest, user: User, kind: str) -> HttpResponse:
    """What the page of the same address shows, all of it."""
    place = asked(request, user)
    rows = _rows(place, user)
    counted = ((capfirst(str(state.label)), n) for state, n in _counted(rows).items())
    return papers.answer(
        request,
        kind,
        [
            sheets.Table("Đã nhắn", HEADS, _lines(rows.iterator(A_PORTION), user)),
            sheets.Table("Tình trạng", [("Tình trạng", 36), ("Số người", 12)], counted),
        ],
        name=f"da nhan {place.full_name if place else ''} {local_day(timezone.now()):%Y-%m-%d}",
        title=f"Đã nhắn: {name_of(user, place)}",
        back=reverse("reminding:log"),
    )


def _lines(rows: Iterable[Reminder], user: User) -> Iterator[tuple[Any, ...]]:
    """In portions: a list of any length takes the same memory, and no question names more ids than a database takes."""
    for portion in batched(rows, A_PORTION):
        yield from _portion(list(portion), user)


def _portion(rows: list[Reminder], user: User) -> Iterator[tuple[Any, ...]]:
    for told in _told(rows, user):
        one = told["one"]
        at = timezone.localtime(one.at).replace(tzinfo=None)
        by = one.by.get_full_name() if one.by else ""
        where = capfirst(str(one.list.place.full_name))
        yield at, where, told["name"], str(told["reason"]), told["phone"], one.parts, told["state"], told["error"], by


patterns = [
    path("can-lien-he/nhan-tin/", remind, name="remind"),
    path("can-lien-he/da-nhan/", log, name="log"),
    *papers.addresses("can-lien-he/da-nhan/", file, "file"),
]
