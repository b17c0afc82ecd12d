"""What the holder of a ticket sees and does. Its code is the key: who was sent by a commune has no account, and no log-in is asked."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lib import limits
from lib.refusals import Refusal
from workshops import access, actions, parallel, queries, rendering, rules, showing
from workshops.actions import telling
from workshops.forms import RoomsForm
from workshops.hall.doors import hall_doors
from workshops.models import HOLDING, Registration, RegistrationState, Session
from workshops.showing import Shown

type View = Callable[..., HttpResponse]


def of_a_ticket(view: View) -> View:
    """Nothing of it is kept on the way or found by robots, and codes cannot be tried by the thousand."""

    @wraps(view)
    def guarded(request: HttpRequest, code: str) -> HttpResponse:
        limits.take(request, "open_ticket")
        held = access.get_ticket(code)
        response = view(request, held, showing.of(held.workshop.slug))
        response["Cache-Control"] = "private, no-store"
        response["X-Robots-Tag"] = "noindex"
        response["Referrer-Policy"] = "same-origin"
        return response

    return guarded


@require_safe
@of_a_ticket
def ticket(request: HttpRequest, held: Registration, shown: Shown) -> HttpResponse:
    return render(request, "workshops/ticket.html", _context(held, shown))


def _context(held: Registration, shown: Shown) -> dict[str, Any]:
    now = timezone.now()
    outlook = showing.outlook(shown, now)
    has_seat, is_off = held.state == RegistrationState.HELD, outlook.is_cancelled or outlook.is_over
    return {
        "held": held,
        "shown": shown,
        "workshop": shown.workshop,
        "outlook": outlook,
        "has_seat": has_seat and not outlook.is_cancelled,
        "is_offer": _is_offered(held) and not is_off,
        "has_expired": held.state in (RegistrationState.OFFERED, RegistrationState.EXPIRED),  # past `is_offer`
        "rooms": _rooms(held, shown),
        "may_choose": outlook.is_open and held.state in HOLDING,
        "may_cancel": _may_cancel(held, shown) and not is_off,
        "may_return": held.state in (RegistrationState.CANCELLED, RegistrationState.EXPIRED) and outlook.is_open,
        "hears": telling.hears(held),
        "may_mute": bool(held.person.contact_phone)
        and held.state in (*HOLDING, RegistrationState.WAITING)
        and not is_off,
        "turn": queries.turn(held) if held.state == RegistrationState.WAITING and not is_off else None,
        "waits_for": _waits_for(held, shown),
        "qr": rendering.qr(held.code),
        "doors": hall_doors(held, shown) if has_seat and not outlook.is_cancelled else [],
        "is_door_open": any(
            not one.cancelled_at and not one.closed_at and rules.is_door_open(one.starts_at, one.ends_at, now)
            for one in shown.sessions
        ),
    }


def _waits_for(held: Registration, shown: Shown) -> str:
    """Why somebody waits, where there may be seats that are another's."""
    if held.quota:
        return _("Chỉ tiêu của %(whose)s đã đủ người, và ngoài chỉ tiêu cũng không còn chỗ.") % {
            "whose": held.quota.whose
        }
    if shown.has_quotas:
        return _("Chỗ cho người tự đăng ký đã hết; những chỗ khác dành riêng cho các đơn vị có chỉ tiêu.")
    return _("Lớp đã hết chỗ.")


def _rooms(held: Registration, shown: Shown) -> list[tuple[parallel.Slot, Session | None]]:
    """Of each slot of parallel sessions the own one, as far as it is known; of whoever has a seat."""
    if not shown.choices or held.state not in HOLDING:
        return []
    found = parallel.rooms(shown.workshop, slots=shown.slots, of_one=held)
    return [(slot, found.chosen(held.pk, slot)) for slot in found.parallel]


@require_http_methods(["GET", "HEAD", "POST"])
@of_a_ticket
def rooms(request: HttpRequest, held: Registration, shown: Shown) -> HttpResponse:
    """Which of the rooms at one hour: chosen, and changed while registration is open."""
    mine = _rooms(held, shown)
    if not mine or not showing.outlook(shown, timezone.now()).is_open:
        messages.warning(request, _("Vé này không đổi phòng được nữa. Cần đổi, anh/chị hỏi đơn vị tổ chức."))
        return redirect("workshops:ticket", code=held.code)
    form, own = RoomsForm(request.POST if request.method == "POST" else None), [one.pk for _slot, one in mine if one]
    form.offer_rooms(shown.choices, parallel.seats(shown.choices), mine=own)
    if form.is_valid():
        try:
            changed = actions.choose_rooms(registration=held, sessions=form.rooms(), at=timezone.now())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            form.offer_rooms(shown.choices, parallel.seats(shown.choices), mine=own)
        else:
            if changed:
                messages.success(request, _("Đã ghi phòng của anh/chị."))
            elif form.rooms():
                messages.success(request, _("Phòng của anh/chị giữ nguyên."))
            else:
                messages.warning(request, _("Các phòng đã hết chỗ, nên chưa ghi phòng nào."))
            return redirect("workshops:ticket", code=held.code)
    context = {"held": held, "shown": shown, "workshop": shown.workshop, "form": form}
    return render(request, "workshops/rooms.html", context, status=422 if form.errors else 200)


def _is_offered(held: Registration) -> bool:
    until = held.offered_until
    return held.state == RegistrationState.OFFERED and until is not None and until > timezone.now()


def _may_cancel(held: Registration, shown: Shown) -> bool:
    is_open = held.state in (*HOLDING, RegistrationState.WAITING)
    return is_open and not rules.has_begun(shown.begins_at, timezone.now())


@require_http_methods(["GET", "HEAD", "POST"])
@of_a_ticket
def cancel(request: HttpRequest, held: Registration, shown: Shown) -> HttpResponse:
    """Asks once more, and gives the seat to whoever waits longest."""
    if held.state == RegistrationState.CANCELLED:
        messages.info(request, _("Vé này đã hủy rồi."))
        return redirect("workshops:ticket", code=held.code)
    if not _may_cancel(held, shown):
        messages.warning(request, _("Vé này không hủy được nữa. Cần đổi, anh/chị hỏi đơn vị tổ chức."))
        return redirect("workshops:ticket", code=held.code)
    if request.method != "POST":
        return render(request, "workshops/cancel.html", {"held": held, "shown": shown, "workshop": shown.workshop})
    try:
        actions.cancel(registration=held, at=timezone.now())
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Đã hủy. Cảm ơn anh/chị đã báo, để người khác có chỗ."))
    return redirect("workshops:ticket", code=held.code)


@require_POST
@of_a_ticket
def confirm(request: HttpRequest, held: Registration, shown: Shown) -> HttpResponse:
    try:
        actions.confirm(registration=held, at=timezone.now())
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Đã nhận chỗ. Hẹn gặp anh/chị ở lớp."))
    return redirect("workshops:ticket", code=held.code)


@require_POST
@of_a_ticket
def mute(request: HttpRequest, held: Registration, shown: Shown) -> HttpResponse:
    """Says how it is to be, so that a second tap changes nothing."""
    is_muted = request.POST.get("muted") == "1"
    actions.mute(registration=held, is_muted=is_muted)
    if is_muted:
        messages.success(request, _("Đã tắt tin nhắn về lớp tập huấn. Lớp bị hủy thì chúng tôi vẫn báo."))
    else:
        messages.success(request, _("Đã bật tin nhắn về lớp tập huấn."))
    return redirect("workshops:ticket", code=held.code)


@require_safe
@of_a_ticket
def calendar(request: HttpRequest, held: Registration, shown: Shown) -> HttpResponse:
    if not shown.sessions:
        raise Http404
    text = rendering.calendar(shown, now=timezone.now(), ticket=held)
    return _file(text.encode(), rendering.CALENDAR, "lop-tap-huan.ics")


@require_safe
@of_a_ticket
def printed(request: HttpRequest, held: Registration, shown: Shown) -> HttpResponse:
    return _drawn(request, held, partial(rendering.ticket, held, shown), "application/pdf", f"ve-{held.number}.pdf")


@require_safe
@of_a_ticket
def picture(request: HttpRequest, held: Registration, shown: Shown) -> HttpResponse:
    return _drawn(request, held, partial(rendering.ticket_picture, held, shown), "image/png", f"ve-{held.number}.png")


def _drawn(request: HttpRequest, held: Registration, draw: Callable[[], bytes], kind: str, name: str) -> HttpResponse:
    if held.state != RegistrationState.HELD:
        raise Http404
    limits.take(request, "print_workshop")
    try:
        return _file(draw(), kind, name)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
        return redirect("workshops:ticket", code=held.code)


def _file(data: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=kind)
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response
