"""Who is expected at the door, as a desk may know it: no more of a phone number than its last digits, of a ticket's code no more than a mark."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from lib import codes, phones, text
from provinces.models import Place
from workshops import parallel, rules
from workshops.models import Attendance, Registration, RegistrationSource, Scan, ScanOutcome, Session, Workshop

DIGITS, MARK = 3, 24  # last ones of a number; letters of a hash
FOUND = 30
PREFIX = "/ve/"
ELSEWHERE = "other"  # in place of the key of a commune


def delegates(workshop: Workshop) -> QuerySet[Registration]:
    rows = Registration.objects.filter(workshop=workshop)
    return rows.select_related("person__user", "place__parent", "replaces__person").order_by("number")


def number_of(one: Registration) -> str:
    """As stored; "" for none."""
    user = getattr(one.person, "user", None)
    return one.person.contact_phone or (user.phone if user else "") or ""


@dataclass(frozen=True)
class Delegate:
    """Somebody as a desk may know them: who is known from another province and was let in at the door as no more than was typed there, until
    the organiser has looked, since a name and a number can be tried out."""

    held: Registration
    name: str
    unit: str
    place: str
    phone: str


def delegate(held: Registration, typed: Mapping[str, Any] | None) -> Delegate:
    """`typed`: what the desk wrote down, where it may know no more."""
    if not typed:
        return Delegate(held, held.person.name, held.unit, str(held.place), number_of(held))
    return Delegate(held, typed["name"], typed["unit"], "", typed["phone"])


def known(workshop: Workshop) -> list[Delegate]:
    """All of a workshop, as its desks may know them."""
    unseen = unseen_of(workshop)
    return [delegate(one, unseen.get(one.pk)) for one in delegates(workshop)]


def unseen_of(workshop: Workshop) -> dict[int, dict[str, Any]]:
    """By registration: what a desk typed of those of whom it may know no more."""
    rows = _unseen().filter(session__workshop=workshop).values_list("registration", "newcomer")
    return {pk: typed for pk, typed in rows if pk is not None}


def typed_of(held: Registration) -> dict[str, Any]:
    """The same for one; nothing where the desk may know the records."""
    is_of_the_door = held.source == RegistrationSource.WALK_IN or held.replaces_id is not None
    found = _unseen().filter(registration=held).values_list("newcomer", flat=True).first() if is_of_the_door else None
    return found or {}


def _unseen() -> QuerySet[Scan]:
    return Scan.objects.filter(outcome=ScanOutcome.PRESENT, looked_at=None).exclude(newcomer={})


def row_of(one: Delegate, rooms: parallel.Rooms) -> dict[str, Any]:
    """`rooms`: keys of the parallel sessions to which the delegate goes."""
    held = one.held
    return {
        "number": held.number,
        "name": one.name,
        "unit": one.unit,
        "place": one.place,
        "digits": one.phone[-DIGITS:],
        "mark": mark_of(held.code),
        "state": held.state,
        "instead": held.replaces.person.name if held.replaces else "",
        "rooms": [str(key) for key in sorted(rooms.assigned.get(held.pk, ()))],
    }


def mark_of(code: str) -> str:
    return sha256(code.encode()).hexdigest()[:MARK]


def presence(workshop: Workshop) -> dict[str, dict[str, str]]:
    """By the key of each session: when each badge's delegate came."""
    rows = Attendance.objects.filter(session__workshop=workshop, taken_back_at=None)
    found: dict[str, dict[str, str]] = {}
    for session, number, moment in rows.values_list("session", "registration__number", "occurred_at"):
        found.setdefault(str(session), {})[str(number)] = f"{timezone.localtime(moment):%H:%M}"
    return found


def code_in(scanned: str) -> str:
    """Of a ticket's address, or what was typed of it."""
    _before, _mark, after = scanned.rpartition(PREFIX)
    return codes.tidy(after.split("/")[0])[:32]


def found(rows: Iterable[Delegate], query: str) -> list[Delegate]:
    """By name, unit or place without diacritics, the badge's number, a phone's last digits (no more of a longer number, so that nobody
    finds out the rest by trying), or the ticket's code."""
    words, code, digits = text.fold(query).split(), code_in(query), phones.last_digits(query)[-DIGITS:]
    if not words:
        return []

    def fits(one: Delegate) -> bool:
        folded = text.fold(f"{one.name} {one.unit} {one.place}")
        is_named = all(f" {word}" in f" {folded}" for word in words)
        is_meant = query.strip() == str(one.held.number) or code == one.held.code
        return is_named or is_meant or (bool(digits) and one.phone.endswith(digits))

    return [one for one in rows if fits(one)][:FOUND]


def sessions(workshop: Workshop) -> list[Session]:
    return list(workshop.sessions.filter(cancelled_at=None))


def session_now(those: list[Session], now: datetime) -> Session | None:
    """The last whose door is open and that has begun or soon does; else the next one, or the last."""
    begun = [
        one
        for one in those
        if rules.is_door_open(one.starts_at, one.ends_at, now) and one.starts_at - rules.SOON <= now
    ]
    coming = [one for one in those if one.starts_at > now]
    return next(iter([*begun[::-1], *coming, *those[::-1]]), None)


def rooms_now(those: list[Session], now: datetime) -> list[Session]:
    """Where a desk may stand now: in the session that is on, or in one of those beside it whose door is not shut yet."""
    on_now = session_now(those, now)
    slot = next((one.sessions for one in parallel.slots(those) if on_now in one.sessions), ())
    return [one for one in slot if now <= one.ends_at + rules.AFTER] or list(slot)


def is_asked(those: list[Session], rooms: list[Session]) -> bool:
    """Whether a desk has to say in which room it stands."""
    return len(rooms) > 1 or any(parallel.keys_beside(one, those) for one in rooms)


def called(session: Session, *, is_parallel: bool) -> str:
    """Of parallel sessions the room comes first: a phone's list cuts what stands behind."""
    if not session.room:
        return session.timed
    return f"{session.room} · {session.timed}" if is_parallel else f"{session.timed} ({session.room})"


def places(workshop: Workshop) -> list[Place]:
    """Where somebody at the door is likely to be from: communes of the province, and that of the workshop as it is called."""
    here = workshop.place
    found = list(Place.objects.current().filter(parent=here.province).select_related("parent").order_by("search"))
    return found if here in found or here.parent_id is None else [here, *found]


def choices(workshop: Workshop) -> list[tuple[str, str]]:
    """As they are chosen from; nothing is chosen beforehand where the workshop is a whole province's."""
    open_ = [] if workshop.place.parent_id else [("", _("(chọn)"))]
    return [*open_, *((str(one.pk), str(one)) for one in places(workshop)), (ELSEWHERE, _("tỉnh khác (ghi ở ô dưới)"))]


def usual_place(workshop: Workshop) -> str:
    return str(workshop.place_id) if workshop.place.parent_id else ""
