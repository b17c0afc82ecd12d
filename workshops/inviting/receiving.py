"""Who is told something, who was told already, and who cannot be."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet

from lib import dates
from workshops import parallel
from workshops.models import (
    HOLDING,
    REACHED,
    Notice,
    NoticeKind,
    Registration,
    RegistrationState,
    Workshop,
)

from .wording import Facts, hashed, room_of

EXPECTED = (*HOLDING, RegistrationState.WAITING)
RECEIVING = {
    NoticeKind.INVITATION: (RegistrationState.HELD,),
    NoticeKind.REMINDER: (RegistrationState.HELD,),
    NoticeKind.CHANGE: EXPECTED,
    NoticeKind.ROOM: (RegistrationState.HELD,),
    NoticeKind.CANCELLATION: EXPECTED,
    NoticeKind.REPLY: (RegistrationState.HELD, RegistrationState.WAITING),
    NoticeKind.OFFER: (RegistrationState.OFFERED,),
    NoticeKind.REMOVAL: (RegistrationState.CANCELLED,),
}


@dataclass
class Receivers:
    """`notices`: what was noted before, by registration; a try that reached nobody is made again."""

    to_tell: list[Registration] = field(default_factory=list)
    told: list[Registration] = field(default_factory=list)
    no_phone: list[Registration] = field(default_factory=list)
    muted: list[Registration] = field(default_factory=list)
    notices: dict[int, Notice] = field(default_factory=dict)


def of_kind(workshop: Workshop, kind: str) -> QuerySet[Registration]:
    rows = Registration.objects.filter(workshop=workshop, state__in=RECEIVING[NoticeKind(kind)])
    return rows.select_related("person").order_by("number")


def about(kind: str, registration: Registration, workshop: Workshop, facts: Facts, at: datetime) -> str:
    """What a repeat is recognised by. Who gave a seat back and gets one anew is invited anew."""
    if kind == NoticeKind.INVITATION:
        return f"{registration.registered_at.timestamp():.0f}"
    if kind == NoticeKind.REMINDER:
        return dates.local_day(at).isoformat()
    if kind == NoticeKind.CHANGE:
        return facts.fingerprint_for(registration)
    if kind == NoticeKind.ROOM:
        return hashed([facts.room_of(registration)])
    return f"{workshop.cancelled_at.timestamp():.0f}" if workshop.cancelled_at else ""


def about_reply(registration: Registration) -> str:
    """Each of seat and turn is said once a day."""
    return f"{dates.local_day(registration.registered_at)}-{registration.state}"


def about_offer(registration: Registration) -> str:
    """Until when, and since when the delegate is on the list: near the beginning every offer ends with it."""
    until = registration.offered_until
    return f"{until.timestamp():.0f}-{registration.registered_at.timestamp():.0f}" if until else ""


def about_removal(registration: Registration) -> str:
    return f"{registration.ended_at.timestamp():.0f}" if registration.ended_at else ""


def sort_out(
    workshop: Workshop, kind: str, facts: Facts, at: datetime, only: Collection[int] | None = None
) -> Receivers:
    """Whoever switched messages off is still told that a workshop is cancelled. Of a room are told those who have one and know of another or of
    none, however they were told."""
    found, rows = Receivers(), of_kind(workshop, kind)
    known = {
        (one.registration_id, one.about): one
        for one in Notice.objects.filter(registration__workshop=workshop, kind=kind)
    }
    for one in rows if only is None else rows.filter(pk__in=only):
        if kind == NoticeKind.ROOM and not facts.room_of(one):
            continue
        notice = known.get((one.pk, about(kind, one, workshop, facts, at)))
        if notice:
            found.notices[one.pk] = notice
        knows_room = one.told_rooms == facts.room_of(one)
        if knows_room if kind == NoticeKind.ROOM else notice and notice.state in REACHED:
            found.told.append(one)
        elif one.is_muted and kind != NoticeKind.CANCELLATION:
            found.muted.append(one)
        elif not one.person.contact_phone:
            found.no_phone.append(one)
        else:
            found.to_tell.append(one)
    return found


@dataclass(frozen=True)
class Untold:
    """How many have a room that they do not know: whom a message reaches, and whom it does not."""

    by_message: int = 0
    otherwise: int = 0


def untold(workshop: Workshop, rooms: parallel.Rooms) -> Untold:
    if not rooms.parallel:
        return Untold()
    held = Registration.objects.filter(workshop=workshop, state__in=RECEIVING[NoticeKind.ROOM])
    rows = held.values_list("pk", "told_rooms", "person__contact_phone", "is_muted")
    reached = [
        bool(phone) and not is_muted
        for pk, told, phone, is_muted in rows
        if (own := room_of(rooms, pk)) and own != told
    ]  # fmt: skip
    return Untold(sum(reached), len(reached) - sum(reached))
