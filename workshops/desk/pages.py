"""The desk's pages for browsers without a script, and on connections that are not secure: check-in online, by name."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lib import limits
from lib.refusals import Refusal
from lib.typed import key_of
from workshops import access, parallel, queries
from workshops.models import HOLDING, Attendance, Desk, Registration, Scan, Session, Workshop

from . import namesakes, roster, taking
from .forms import CodeForm, NewcomerForm

COOKIE, ROOM = "desk", "desk-room"
type View = Callable[[HttpRequest, Desk], HttpResponse]
GET_OR_POST = ["GET", "HEAD", "POST"]


def at_a_desk(view: View) -> Callable[[HttpRequest], HttpResponse]:
    """Whoever opened a desk on this device; others are led to its door."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        try:
            desk = access.get_desk(request.COOKIES.get(COOKIE, ""), timezone.now())
        except Http404:
            return redirect("desk:door")
        response = view(request, desk)
        response["X-Robots-Tag"] = "noindex"
        response["Referrer-Policy"] = "same-origin"
        return response

    return guarded


@never_cache
@require_http_methods(GET_OR_POST)
@sensitive_post_parameters("code")
@sensitive_variables()
def door(request: HttpRequest) -> HttpResponse:
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        desk = _opened(request, form)
        if desk is not None:
            response = redirect("desk:desk")
            response.set_cookie(
                COOKIE, access.token_of(desk), path="/", httponly=True, secure=settings.HTTPS, samesite="Lax",
                max_age=max(int((desk.expires_at - timezone.now()).total_seconds()), 0),
            )  # fmt: skip
            return response
    elif request.method != "POST" and COOKIE in request.COOKIES and _is_here(request):
        return redirect("desk:desk")
    return render(request, "workshops/desk/door.html", {"form": form}, status=422 if form.errors else 200)


@sensitive_variables()
def _opened(request: HttpRequest, form: CodeForm) -> Desk | None:
    taken = limits.take(request, "open_desk")
    try:
        desk = access.open_desk(form.cleaned_data["code"], timezone.now())
    except Http404:
        form.add_error("code", _("Mã bàn chưa đúng, hoặc bàn này đã đóng. Hãy hỏi lại đơn vị tổ chức."))
        return None
    except access.NotYet as early:
        taken.rollback()
        form.add_error("code", str(early))
        return None
    taken.rollback()
    return desk


def _is_here(request: HttpRequest) -> bool:
    try:
        access.get_desk(request.COOKIES[COOKIE], timezone.now())
    except Http404:
        return False
    return True


@require_safe
@at_a_desk
def desk(request: HttpRequest, here: Desk) -> HttpResponse:
    turn = _turn(request, here, request.GET.get("buoi", ""))
    session, query = turn.session, request.GET.get("tim", "").strip()[:100]
    context: dict[str, Any] = {
        "desk": here, "workshop": here.workshop, "session": session, "chosen": turn.chosen, "q": query,
        "sessions": [(one, roster.called(one, is_parallel=bool(beside))) for one, beside in turn.sessions],
        "asked": turn.asked, "is_parallel": bool(session and parallel.beside(session)),
    }  # fmt: skip
    if session is not None:
        present, expected = queries.present_and_expected(session)
        found = roster.found(roster.known(here.workshop), query)
        context |= {
            "present": present, "expected": expected, **_last(request, here),
            "found": [(one, at, uuid4(), room) for one, at, room in _with_times(found, session)],
        }  # fmt: skip
    response = render(request, "workshops/desk/desk.html", context)
    if turn.room:
        response.set_cookie(ROOM, turn.room, path="/", httponly=True, secure=settings.HTTPS, samesite="Lax")
    return response


@dataclass(frozen=True)
class Turn:
    """To which session people are checked in, and how that is known."""

    sessions: list[tuple[Session, list[int]]]  # each with the keys of those beside it
    session: Session | None
    chosen: str  # its key, where somebody chose it by hand: else the next one has its turn by itself
    asked: list[Session]  # of which rooms the desk has to say in which it stands
    room: str  # the key of that one, which this browser remembers as long as it has its turn


def _turn(request: HttpRequest, here: Desk, chosen: str) -> Turn:
    those = roster.sessions(here.workshop)
    rooms = roster.rooms_now(those, timezone.now())
    wanted, known = key_of(chosen), key_of(request.COOKIES.get(ROOM, ""))
    is_asked = roster.is_asked(those, rooms)
    stands = wanted if is_asked and wanted in {one.pk for one in rooms} else known
    on_now = next((one for one in rooms if not is_asked or one.pk == stands), None)
    session = next((one for one in those if one.pk == wanted), on_now)
    return Turn(
        sessions=[(one, parallel.keys_beside(one, those)) for one in those],
        session=session,
        chosen=str(session.pk) if session and session != on_now else "",
        asked=[] if session else rooms,
        room=str(on_now.pk) if is_asked and on_now else "",
    )


def _with_times(found: list[roster.Delegate], session: Session) -> list[tuple[roster.Delegate, Any, Session | None]]:
    """When each came to this session, or to the parallel one where the delegate is or goes instead, and which that is."""
    rooms = parallel.rooms(session.workshop)
    slot = rooms.slot_of(session)
    held = [one.held for one in found]
    there = Attendance.objects.filter(session__in=slot.keys, registration__in=held, taken_back_at=None)
    times = {
        (registration, room): at
        for registration, room, at in there.values_list("registration", "session", "occurred_at")
    }

    def where(held: Registration) -> Session | None:
        is_there = {one.pk for one in slot.sessions if (held.pk, one.pk) in times}
        if is_there:
            return next((one for one in slot.sessions if one.pk in is_there - {session.pk}), None)
        return rooms.chosen(held.pk, slot) if rooms.is_elsewhere(session, held.pk) else None

    rows = [(one, where(one.held)) for one in found]
    return [(one, times.get((one.held.pk, (room or session).pk)), room) for one, room in rows]


def _last(request: HttpRequest, here: Desk) -> dict[str, Any]:
    """What was just recorded at this desk, for the verdict, and of whom."""
    rows = Scan.objects.filter(desk=here, nonce=request.GET.get("luot", "")[:36])
    last = rows.select_related("session", "registration__person__user", "registration__place__parent").first()
    who = roster.delegate(last.registration, roster.typed_of(last.registration)) if last and last.registration else None
    return {"last": last, "who": who}


def _back(chosen: str, **more: str) -> HttpResponse:
    """`chosen`: the session that somebody chose by hand, if any."""
    return redirect(f"{reverse('desk:desk')}?{urlencode(({'buoi': chosen} if chosen else {}) | more)}")


@require_POST
@at_a_desk
def record(request: HttpRequest, here: Desk) -> HttpResponse:
    chosen = request.POST.get("buoi", "")
    said = {name: request.POST.get(name, "") for name in ("nonce", "session", "number", "kind")}
    if said["kind"] not in taking.OF_A_DELEGATE:
        said["kind"] = "scan"
    try:
        made = taking.take(here, said, timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return _back(chosen)
    return _back(chosen, luot=made.nonce)


def _named(here: Desk, number: str) -> roster.Delegate | None:
    held = roster.delegates(here.workshop).filter(number=key_of(number)).first()
    return roster.delegate(held, roster.typed_of(held)) if held else None


def _named_session(here: Desk, key: str) -> Session | None:
    """In which a form was opened: meanwhile the clock, or another page of this browser, may have gone on to another."""
    return next((one for one in roster.sessions(here.workshop) if one.pk == key_of(key)), None)


@require_http_methods(GET_OR_POST)
@at_a_desk
def newcomer(request: HttpRequest, here: Desk) -> HttpResponse:
    """Somebody on no list; with `thay`, a badge's number, in that delegate's stead."""
    said = request.POST if request.method == "POST" else request.GET
    instead = _named(here, said.get("thay", ""))
    turn = _turn(request, here, said.get("buoi", ""))
    session, chosen = (
        _named_session(here, request.POST["session"]) if "session" in request.POST else turn.session,
        turn.chosen,
    )
    if session is None:
        if "session" in request.POST:
            messages.error(request, _("Buổi này không thuộc lớp của bàn."))
        return redirect("desk:desk")  # which asks for its room first
    usual = _usual(instead.held, here.workshop) if instead and instead.place else None
    form = NewcomerForm(request.POST if request.method == "POST" else None, workshop=here.workshop, initial=usual)
    alike = namesakes.of(form.newcomer(), here.workshop) if form.is_valid() else []
    if key_of(request.POST.get("same", "")) in {one.held.number for one in alike}:
        return _taken(request, here, session, chosen)
    is_asked = bool(alike) and request.POST.get("distinct") != namesakes.key(alike)
    if form.is_valid() and not is_asked:
        told = {name: request.POST.get(name, "") for name in form.fields}
        told |= {
            "nonce": request.POST.get("nonce", ""),
            "session": str(session.pk),
            "kind": "instead" if instead else "new",
        }
        told |= {"number": str(instead.held.number) if instead else "0"}
        try:
            made = taking.take(here, told, timezone.now())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return _back(chosen, luot=made.nonce)
    context = {
        "desk": here, "form": form, "instead": instead, "chosen": chosen, "nonce": request.POST.get("nonce") or uuid4(),
        "is_taken": bool(instead and instead.held.state not in HOLDING),
        "session": session, "alike": alike if is_asked else [], "distinct": namesakes.key(alike),
    }  # fmt: skip
    return render(request, "workshops/desk/newcomer.html", context, status=422 if form.errors else 200)


def _taken(request: HttpRequest, here: Desk, session: Session, chosen: str) -> HttpResponse:
    """Who was about to be written down is on the list, and stands here."""
    said = {
        "kind": "take",
        "number": request.POST["same"],
        "session": str(session.pk),
        "nonce": request.POST.get("nonce", ""),
    }
    try:
        made = taking.take(here, said, timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return _back(chosen)
    return _back(chosen, luot=made.nonce)


def _usual(instead: Registration, workshop: Workshop) -> dict[str, str]:
    key = str(instead.place_id)
    if key in dict(roster.choices(workshop)):
        return {"place": key}
    return {"place": roster.ELSEWHERE, "elsewhere": instead.place.full_name}


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    response = redirect("desk:door")
    for name in (COOKIE, ROOM):
        response.delete_cookie(name, path="/")
    return response
