"""Delegates check themselves in: a code on the wall that changes every half minute says that they are in the hall, the ticket who they are."""

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.rosters.matching import last_digits
from lib import codes, limits, qr
from lib.typed import key_of
from workshops import actions, parallel, queries, rules
from workshops.models import Attendance, Registration, ScanOutcome, Session

from . import roster

PURPOSE, WALL, GRANT = "self-check-in", "workshops.wall", "workshops.self"
TURN = 30  # seconds
STILL = 2  # turns before this one that count: somebody is typing
GRANTED = 300  # seconds for whoever scanned the code to say who they are
DIGITS = 6
ENDING = 4  # digits of a phone


def digits_of(session: Session, moment: datetime, turns_ago: int = 0) -> str:
    """From the secret of the installation, the session and the time: kept nowhere, and of no use for another session."""
    turn = int(moment.timestamp()) // TURN - turns_ago
    number = int(codes.digest(PURPOSE, f"{session.pk}:{turn}")[:15], 16)
    return f"{number % 10**DIGITS:0{DIGITS}}"


def is_shown(session: Session, digits: str, now: datetime) -> bool:
    return digits in {digits_of(session, now, ago) for ago in range(STILL + 1)} and _is_open(session, now)


def _is_open(session: Session, now: datetime) -> bool:
    is_held = session.cancelled_at is None and session.closed_at is None
    return is_held and rules.is_door_open(session.starts_at, session.ends_at, now)


def wall_of(session: Session) -> str:
    """The address of the projector's page, for whoever has it."""
    return reverse("desk:projector", args=[signing.dumps(session.pk, salt=WALL)])


@never_cache
@require_safe
def projector(request: HttpRequest, token: str) -> HttpResponse:
    try:
        pk = signing.loads(token, salt=WALL)
    except signing.BadSignature:
        raise Http404 from None
    session = get_object_or_404(Session.objects.select_related("workshop__activity"), pk=pk)
    now = timezone.now()
    digits = digits_of(session, now)
    there = reverse("desk:self", args=[session.pk, digits])
    present, expected = queries.present_and_expected(session)
    context = {
        "session": session, "workshop": session.workshop, "is_open": _is_open(session, now), "digits": digits,
        "qr": qr.picture(settings.BASE_URL + there), "address": f"{settings.BASE_URL}{reverse('desk:self_typed')}",
        "again": TURN - int(now.timestamp()) % TURN + 1, "present": present, "expected": expected,
    }  # fmt: skip
    response = render(request, "workshops/desk/projector.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


class WhoForm(forms.Form):
    """`grant` stands for the digits of whoever scanned them."""

    grant = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    digits = forms.CharField(
        required=False,
        max_length=12,
        label=gettext_lazy("Sáu số trên màn hình"),
        widget=forms.TextInput(attrs={"class": "big", "inputmode": "numeric", "autocomplete": "off"}),
    )
    ticket = forms.CharField(
        required=False,
        max_length=200,
        label=gettext_lazy("Mã vé"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    number = forms.CharField(
        required=False,
        max_length=6,
        label=gettext_lazy("Số thẻ"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    ending = forms.CharField(
        required=False,
        max_length=6,
        label=gettext_lazy("Bốn số cuối điện thoại đã đăng ký"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


@never_cache
@require_safe
def check_in(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Where the code on the wall leads to."""
    limits.take(request, "read_wall")
    session = get_object_or_404(Session.objects.select_related("workshop__activity"), pk=pk)
    if not is_shown(session, code, timezone.now()):
        return redirect(f"{reverse('desk:self_typed')}?cu=1")
    form = WhoForm(initial={"grant": _grant(session, timezone.now())})
    return _asked(request, form, session)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def typed(request: HttpRequest) -> HttpResponse:
    """With `ve`, a ticket's code, from the ticket's own page."""
    if request.method != "POST":
        form = WhoForm(initial={"ticket": roster.code_in(request.GET.get("ve", ""))})
        return _asked(request, form, None, is_old="cu" in request.GET)
    limits.take(request, "read_wall")  # else six digits could be tried out from home
    form = WhoForm(request.POST)
    form.full_clean()
    now = timezone.now()
    session = _session(form.cleaned_data, now)
    if session is None:
        form.add_error("digits", _("Sáu số này đã đổi hoặc chưa đúng. Hãy nhìn lên màn hình và gõ lại."))
        return _asked(request, form, None, status=422)
    if _is_nobody_named(form):
        form.add_error("number", _("Hãy ghi số thẻ, in trên thẻ đại biểu và trên vé."))
        form.add_error("ending", _("Hãy ghi bốn số cuối điện thoại."))
        return _asked(request, form, session, status=422)
    held = _held(request, form, session)
    if held is None:
        form.add_error(
            None, _("Chưa tìm thấy anh/chị trong danh sách lớp này. Hãy kiểm tra lại, hoặc đến bàn điểm danh.")
        )
        return _asked(request, form, session, status=422)
    outcome = actions.check_in_self(registration=held, session=session, at=now)
    is_there = outcome in (ScanOutcome.PRESENT, ScanOutcome.AGAIN)
    room = parallel.elsewhere(session, held) if outcome == ScanOutcome.ROOM else None
    context = {"held": held, "session": session, "is_there": is_there, "why": ScanOutcome(outcome).label, "at": now}
    context |= {"room": room, "is_in_room": room is not None and _is_present(held, room)}
    # Whoever said a number and four digits is not led to the ticket.
    context["is_by_ticket"] = not form.cleaned_data.get("number", "").strip()
    return render(request, "workshops/desk/self_done.html", context)


def _is_nobody_named(form: WhoForm) -> bool:
    return not any(form.cleaned_data.get(name, "").strip() for name in ("number", "ending", "ticket"))


def _is_present(held: Registration, session: Session) -> bool:
    return Attendance.objects.filter(registration=held, session=session, taken_back_at=None).exists()


def _asked(
    request: HttpRequest, form: WhoForm, session: Session | None, *, is_old: bool = False, status: int = 200
) -> HttpResponse:
    context = {
        "form": form, "session": session, "is_old": is_old, "has_grant": bool(form["grant"].value()),
        "is_by_ticket": bool(form["ticket"].value()) and not form.non_field_errors(),
    }  # fmt: skip
    response = render(request, "workshops/desk/self.html", context, status=status)
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "same-origin"
    return response


def _grant(session: Session, now: datetime) -> str:
    return signing.dumps([session.pk, int(now.timestamp())], salt=GRANT)


def _granted(grant: str, now: datetime) -> int:
    """The key of the session whose code was scanned not long ago; 0 for none."""
    try:
        pk, since = signing.loads(grant, salt=GRANT)
    except signing.BadSignature:
        return 0
    return int(pk) if now.timestamp() - since <= GRANTED else 0


def _session(said: dict[str, Any], now: datetime) -> Session | None:
    """Which session's code was scanned or typed."""
    sessions = Session.objects.select_related("workshop__activity").filter(cancelled_at=None, closed_at=None)
    digits = "".join(one for one in said.get("digits", "") if one.isdecimal())
    if not digits:
        return sessions.filter(pk=_granted(said.get("grant", ""), now)).first()
    near = sessions.filter(starts_at__lte=now + rules.BEFORE, ends_at__gte=now - rules.AFTER)
    return next((one for one in near if is_shown(one, digits, now)), None)


def _held(request: HttpRequest, form: WhoForm, session: Session) -> Registration | None:
    """By the badge's number with the end of the phone's, which few in the hall know of another, or by the ticket. Whoever typed a number means
    it, also where somebody else's ticket was filled in."""
    said = form.cleaned_data
    rows = roster.delegates(session.workshop)
    code = roster.code_in(said.get("ticket", ""))
    if code and not said.get("number", "").strip():
        ticket = rows.filter(code=code).first()
        return ticket and queries.left_of(ticket, rows)
    number, ending = key_of(said.get("number", "")), codes.tidy(said.get("ending", ""))
    if not number:  # nobody's badge: all who leave it blank would share one count
        return None
    taken = limits.take(request, "check_in_self", key=f"{session.workshop_id}-{number}")
    badge = rows.filter(number=number).first()
    held = badge and queries.left_of(badge, rows)
    is_own = held is not None and len(ending) == ENDING and ending in last_digits(held.person, ENDING)
    if is_own:
        taken.rollback()
    return held if is_own else None
