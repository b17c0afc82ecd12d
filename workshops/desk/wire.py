"""What a phone at the desk asks with its own script. It brings its desk's token along by itself, no cookie does: no other page can ask in its name."""

import json
import logging
import traceback
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from hashlib import sha256
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from lib import limits
from lib.refusals import Refusal
from workshops import access, parallel, rules
from workshops.models import Desk, ScanOutcome

from . import roster, taking

type View = Callable[[HttpRequest, dict[str, Any]], JsonResponse]
AT_ONCE = 50  # reports of one message
MOST = 64 * 1024  # bytes of one message: twice what so many reports need
logger = logging.getLogger(__name__)


def by_script(view: View) -> Callable[[HttpRequest], JsonResponse]:
    @csrf_exempt
    @never_cache
    @require_POST
    @wraps(view)
    @sensitive_variables()  # a message brings the desk's code, or people's names and numbers
    def guarded(request: HttpRequest) -> JsonResponse:
        if len(request.body) > MOST:
            return JsonResponse({"why": _("Máy gửi lên nội dung quá dài.")}, status=413)
        try:
            said = json.loads(request.body)
        except (ValueError, RecursionError):
            said = None
        if not isinstance(said, dict):
            return JsonResponse({"why": _("Máy gửi lên nội dung không đọc được.")}, status=400)
        return view(request, said)

    return guarded


@by_script
@sensitive_variables()
def opened(request: HttpRequest, said: dict[str, Any]) -> JsonResponse:
    """{token, workshop, desk, until, sessions, places, …roster} for the desk's code. The device seals it before it keeps it."""
    now, taken = timezone.now(), limits.take(request, "open_desk")
    try:
        desk = access.open_desk(str(said.get("code", "")), now)
    except Http404:
        return JsonResponse(
            {"why": _("Mã bàn chưa đúng, hoặc bàn này đã đóng. Hãy hỏi lại đơn vị tổ chức.")}, status=404
        )
    except access.NotYet as early:
        taken.rollback()
        return JsonResponse({"why": str(early)}, status=409)
    taken.rollback()
    told = {
        "token": access.token_of(desk),
        "workshop": desk.workshop.title,
        "desk": desk.name,
        "lasts": (desk.expires_at - now).total_seconds(),
        "places": [{"key": key, "name": name} for key, name in roster.choices(desk.workshop)],
        "place": roster.usual_place(desk.workshop),
    }
    return JsonResponse(told | _roster(desk, now))


def _sessions(desk: Desk, now: datetime) -> list[dict[str, Any]]:
    """In seconds from now: when each has its turn (`on`), begins, and shuts its door (`to`). `beside`: the parallel ones."""
    those = roster.sessions(desk.workshop)
    beside = {
        key: [str(other) for other in slot.keys if other != key] for slot in parallel.slots(those) for key in slot.keys
    }
    return [
        {
            "key": str(one.pk),
            "name": roster.called(one, is_parallel=bool(beside[one.pk])),
            "where": one.where,
            "beside": beside[one.pk],
            "on": (one.starts_at - rules.SOON - now).total_seconds(),
            "begins": (one.starts_at - now).total_seconds(),
            "to": (one.ends_at + rules.AFTER - now).total_seconds(),
        }
        for one in those
    ]


def _roster(desk: Desk, now: datetime) -> dict[str, Any]:
    rooms = parallel.rooms(desk.workshop)
    rows = [roster.row_of(one, rooms) for one in roster.known(desk.workshop)]
    version = sha256(json.dumps(rows).encode()).hexdigest()[:16]
    there = roster.presence(desk.workshop)
    return {"version": version, "rows": rows, "present": there, "sessions": _sessions(desk, now)}


@by_script
def received(request: HttpRequest, said: dict[str, Any]) -> JsonResponse:
    """{outcomes: [{nonce, outcome, number, name, why}], ended}, and for whoever names a `version` of the list {version, present, sessions, rows
    where they changed}. Each report is written by itself, so that a
    message that breaks off leaves what was done; the same again is answered alike."""
    now, items = timezone.now(), said.get("items")
    try:
        desk = access.get_desk(request.headers.get("X-Desk", ""), now, is_late=True)
    except Http404:
        return JsonResponse({"why": _("Bàn này đã đóng.")}, status=404)
    several = [one for one in items if isinstance(one, dict)][:AT_ONCE] if isinstance(items, list) else []
    outcomes = [_outcome(desk, one) for one in several]
    is_manned = access.is_manned(desk, now)
    told: dict[str, Any] = {"outcomes": outcomes, "ended": not is_manned}
    if is_manned and "version" in said:
        fresh = _roster(desk, now)
        if fresh["version"] == said.get("version"):
            del fresh["rows"]
        told |= fresh
    return JsonResponse(told)


def _outcome(desk: Desk, said: dict[str, Any]) -> dict[str, Any]:
    """One report must never stop those behind it in the phone's queue: what fails is set aside there, for the organiser. A desk that is over
    is told no name, and of what comes to one that is shut nothing but that."""
    known, now = {"nonce": str(said.get("nonce", ""))}, timezone.now()
    try:
        made = taking.take(desk, said, now)
    except Refusal as refusal:
        return known | {"outcome": "refused", "why": str(refusal)}
    except (OperationalError, InterfaceError):
        return known | {"outcome": "later"}  # the database was busy
    except Exception as error:
        where = "".join(
            traceback.format_tb(error.__traceback__)[-2:]
        )  # without what the error says, which may name people
        logger.error("desk %s: a report failed: %s\n%s", desk.pk, type(error).__name__, where)
        return known | {
            "outcome": "refused",
            "why": _("Máy chủ chưa ghi được lượt này. Hãy báo đơn vị tổ chức ghi theo tên."),
        }
    why = str(ScanOutcome(made.outcome).label)
    told = known | {"outcome": made.outcome, "why": why, "number": None, "name": ""}
    held = made.registration if access.is_manned(desk, now) else None
    if held is None:
        return told
    return told | {"number": held.number, "name": roster.typed_of(held).get("name") or held.person.name}
