"""The door as the organiser follows it: the counter, what made nobody present, and the list that was signed on paper."""

from collections import Counter
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import staff_with
from accounts.models import PersonKind, User
from lib.headings import heading
from lib.refusals import Refusal
from lib.typed import TypedField, key_of
from workshops import actions, parallel, queries
from workshops.access import TO_LOOK, TO_MANAGE, delegates_visible_to, workshops_visible_to
from workshops.models import (
    HOLDING,
    Attendance,
    Registration,
    Scan,
    ScanOutcome,
    Session,
    Workshop,
)

from . import roster, self_check

ICON = "calendar-alt"
A_PAGE = 50
AGAIN = 15  # seconds until the counter looks anew
GET_OR_POST = ["GET", "HEAD", "POST"]


def of(user: User, pk: int, permission: str) -> Workshop:
    return get_object_or_404(workshops_visible_to(user, permission), pk=pk)


def _session(user: User, pk: int, permission: str) -> Session:
    rows = Session.objects.select_related("workshop__activity", "workshop__place__parent")
    return get_object_or_404(rows.filter(workshop__in=workshops_visible_to(user, permission)), pk=pk)


def page(
    request: HttpRequest, name: str, title: str, workshop: Workshop, context: dict[str, Any], **more: Any
) -> HttpResponse:
    above = [
        (reverse("workshops_admin:workshops"), _("Lớp tập huấn")),
        (reverse("workshops_admin:workshop", args=[workshop.pk]), workshop.title),
    ]
    known = {"workshop": workshop} | context
    return render(request, f"workshops/desk/admin_{name}.html", known | heading(title, ICON, *above), **more)


@require_safe
@staff_with(TO_LOOK)
def counter(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Per session all who are there; by unit those whom the reader may see."""
    workshop = of(user, pk, TO_LOOK)
    mine, rooms = delegates_visible_to(user, workshop), parallel.rooms(workshop)
    lacking = parallel.unassigned(workshop, rooms)
    rows = []
    for session in roster.sessions(workshop):
        present, expected = queries.present_and_expected(session)
        there = Attendance.objects.filter(session=session, taken_back_at=None, registration__in=mine)
        rows.append({
            "session": session, "present": present, "expected": expected,
            "units": _units(mine.filter(assignments__session=session) if rooms.slot_of(session).is_parallel else mine, there),
            "unassigned": sum(rooms.is_unassigned(session, pk) for pk in lacking), "wall": self_check.wall_of(session),
        })  # fmt: skip
    open_ones = queries.to_look_at(workshop).count() + len(queries.doubles(workshop))
    may_change = workshops_visible_to(user, TO_MANAGE).filter(pk=pk).exists()
    context = {"rows": rows, "again": AGAIN, "now": timezone.now(), "open": open_ones, "may_change": may_change}
    return page(request, "counter", _("Số người có mặt"), workshop, context)


def _units(mine: Any, there: Any) -> list[tuple[str, int, int]]:
    """(unit of an official or commune of a producer, who is there, who is expected), the largest first: a household counts with its
    commune, as each of them is a unit of one."""
    expected = Counter(map(_group, mine.filter(state__in=HOLDING).select_related("place__parent")))
    present = Counter(_group(one.registration) for one in there.select_related("registration__place__parent"))
    names = sorted(expected | present, key=lambda name: (-expected[name], name))
    return [(name, present[name], max(expected[name], present[name])) for name in names]


def _group(one: Registration) -> str:
    if one.person_kind == PersonKind.OFFICIAL:
        return one.unit or _("(không ghi đơn vị)")
    return _("Chủ thể %(place)s") % {"place": one.place}


@require_http_methods(GET_OR_POST)
@staff_with(TO_MANAGE)
def conflicts(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """What desks reported and made nobody present, to be taken as presence or left; who came from another province; and who may have been
    written down twice."""
    workshop = of(user, pk, TO_MANAGE)
    every = Scan.objects.filter(session__workshop=workshop)
    if request.method == "POST":
        return _settled(request, user, every, workshop)
    joined = ("session", "desk", "registration__person", "registration__place__parent")
    seen = every.exclude(looked_at=None).exclude(outcome=ScanOutcome.PRESENT)
    open_ones = queries.to_look_at(workshop).select_related(*joined).order_by("-occurred_at", "-pk")
    page_of = Paginator(open_ones, A_PAGE).get_page(request.GET.get("p"))
    context = {
        "page": page_of,
        "open": [(one, _may_be_taken(one)) for one in page_of],
        "doubles": queries.doubles(workshop),
        "days": settings.DOOR_NOTES_DAYS,
        "seen": seen.select_related(*joined).order_by("-looked_at", "-occurred_at")[:50],
    }
    return page(request, "conflicts", _("Lượt điểm danh cần xem lại"), workshop, context)


def _may_be_taken(one: Scan) -> bool:
    """Whether somebody may be made present by it."""
    if one.outcome == ScanOutcome.PRESENT:
        return False
    is_meant = one.registration_id and one.outcome not in (ScanOutcome.AGAIN, ScanOutcome.REPLACED)
    return bool(one.newcomer or is_meant)


def _settled(request: HttpRequest, user: User, every: Any, workshop: Workshop) -> HttpResponse:
    one = get_object_or_404(every, pk=key_of(request.POST.get("scan", "")))
    if "other" in request.POST:
        return _paired(request, user, one, workshop)
    try:
        is_there = actions.settle(scan=one, accept=request.POST.get("as") == "present", by=user, at=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Đã ghi có mặt.") if is_there else _("Đã đánh dấu là đã xem."))
    return redirect("workshops_desk:conflicts", workshop.pk)


def _paired(request: HttpRequest, user: User, one: Scan, workshop: Workshop) -> HttpResponse:
    """Whether whom a desk wrote down and one of the list are one person or two."""
    rows = Registration.objects.filter(workshop=workshop)
    other = get_object_or_404(rows, pk=key_of(request.POST["other"]))
    if request.POST.get("as") == "two":
        actions.tell_apart(scan=one, other=other)
        messages.success(request, _("Đã ghi nhận là hai người khác nhau."))
        return redirect("workshops_desk:conflicts", workshop.pk)
    try:
        kept = actions.join(scan=one, other=other, by=user, at=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        said = {
            "person": kept.person,
            "kept": kept.number,
            "extra": one.registration.number if one.registration else "",
        }
        messages.success(
            request,
            _("%(person)s có mặt theo thẻ %(kept)s. Thẻ %(extra)s đã bỏ khỏi danh sách: hãy thu lại thẻ ấy.") % said,
        )
    return redirect("workshops_desk:conflicts", workshop.pk)


class BackForm(forms.Form):
    why = TypedField(
        label=gettext_lazy("Lý do bỏ"), max_length=200,
        error_messages={"required": gettext_lazy("Hãy ghi lý do bỏ lượt điểm danh này.")},
    )  # fmt: skip


@require_http_methods(GET_OR_POST)
@staff_with(TO_MANAGE)
def sheet(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Who signed on paper, by tick boxes: what is recorded already is not sent again, and taken back one by one with a reason."""
    session = _session(user, pk, TO_MANAGE)
    rows = list(roster.delegates(session.workshop).exclude(state="waiting"))
    if request.method == "POST":
        ticked = {key_of(one) for one in request.POST.getlist("there")}
        try:
            count = actions.sign_sheet(
                session=session, registrations=[one for one in rows if one.pk in ticked], by=user, at=timezone.now()
            )
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Đã ghi thêm %(count)s người có mặt theo danh sách ký tên.") % {"count": count})
            present = Attendance.objects.filter(session=session, taken_back_at=None).values_list(
                "registration", flat=True
            )
            if left := ", ".join(f"{one.number}. {one.person.name}" for one in rows if one.pk in ticked - {*present}):
                said = _("Chưa ghi, vì đã có tên ở phòng khác cùng giờ hoặc không còn giữ chỗ: %(names)s.")
                messages.warning(request, said % {"names": left})
        return redirect("workshops_desk:sheet", session.pk)
    there = {
        one.registration_id: one
        for one in Attendance.objects.filter(session=session, taken_back_at=None).select_related("desk")
    }
    rooms = parallel.rooms(session.workshop)
    mine = [
        one
        for one in rows
        if one.pk in there or (rooms.is_expected(session, one.pk) and actions.may_sign(one, session))
    ]
    apart = [one for one in rows if rooms.is_unassigned(session, one.pk) and actions.may_sign(one, session)]
    context = {
        "session": session,
        "groups": [(False, [(one, there.get(one.pk)) for one in mine]), (True, [(one, None) for one in apart])],
        "sessions": roster.sessions(session.workshop),
        "present": len(there),
        "may_add": not (session.closed_at or session.cancelled_at) and session.starts_at <= timezone.now(),
    }
    return page(request, "sheet", _("Điểm danh theo danh sách ký tên"), session.workshop, context)


@require_http_methods(GET_OR_POST)
@staff_with(TO_MANAGE)
def back(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    rows = Attendance.objects.select_related("session__workshop__activity", "registration__person")
    one = get_object_or_404(rows.filter(session__workshop__in=workshops_visible_to(user, TO_MANAGE)), pk=pk)
    if one.taken_back_at:  # the button was pressed twice, or a colleague was quicker
        messages.info(request, _("Lượt điểm danh của %(person)s đã bỏ rồi.") % {"person": one.registration.person})
        return redirect("workshops_desk:sheet", one.session_id)
    form = BackForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.take_back(attendance=one, why=form.cleaned_data["why"], by=user, at=timezone.now())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Đã bỏ lượt điểm danh của %(person)s.") % {"person": one.registration.person})
            return redirect("workshops_desk:sheet", one.session_id)
    context = {"one": one, "form": form}
    status = 422 if form.errors else 200
    return page(request, "back", _("Bỏ lượt điểm danh"), one.session.workshop, context, status=status)


@require_safe
@staff_with(TO_MANAGE)
def sheets(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """To the list of the session that is on, or was last; of several at one hour that of the first."""
    those = roster.sessions(of(user, pk, TO_MANAGE))
    session = next(iter(roster.rooms_now(those, timezone.now())), None)
    return redirect("workshops_desk:sheet", session.pk) if session else redirect("workshops_admin:workshop", pk)


PATTERNS = [
    path("<int:pk>/co-mat/", counter, name="counter"),
    path("<int:pk>/xem-lai/", conflicts, name="conflicts"),
    path("<int:pk>/ky-ten/", sheets, name="sheets"),
    path("buoi/<int:pk>/", sheet, name="sheet"),
    path("luot/<int:pk>/bo/", back, name="back"),
]
