"""Text messages to delegates, in letters that every phone shows and that cost one message each."""

from collections.abc import Iterable
from datetime import datetime

from accounts.models import Person, User
from lib import dates, sms
from messaging.actions import enqueue, reword
from workshops import parallel
from workshops.inviting import receiving, wording
from workshops.models import (
    LONGEST_EXTRA,
    NAMING_ROOMS,
    REACHED,
    Notice,
    NoticeKind,
    NoticeState,
    Registration,
    RegistrationSource,
    RegistrationState,
    Workshop,
)

LONGEST_ROOM = 40  # letters
SAYING = "Hoc OCOP: lop {title}: anh/chi {said}. Ve: {link}"


def registered(registration: Registration, *, at: datetime) -> None:
    """To whoever registered on a phone: whether there is a seat. Who was put on a list by others is invited by the organiser.
    Each of the two is said once a day: whoever registers and cancels in turn costs two messages, and sees the rest on the screen."""
    if registration.source != RegistrationSource.SELF:
        return
    rooms = parallel.rooms(registration.workshop, of_one=registration)
    know([registration], rooms, by_themselves=True)
    body = _body(registration, _registered(registration, rooms))
    _note(registration, NoticeKind.REPLY, receiving.about_reply(registration), body, at)


def _registered(registration: Registration, rooms: parallel.Rooms) -> str:
    said = "da dang ky xong" if registration.state == RegistrationState.HELD else "dang o danh sach du bi"
    room = wording.room_of(rooms, registration.pk)
    return f"{said}, {room[:LONGEST_ROOM].rstrip(' ,.-')}" if room else said


def know(people: Iterable[Registration], rooms: parallel.Rooms, *, by_themselves: bool = False) -> None:
    """Whoever chose a room or stands in it (`by_themselves`), or is sent a message that names it, is told of it no more."""
    changed = []
    for one in people:
        room = wording.room_of(rooms, one.pk)
        own = room if by_themselves else one.own_rooms
        if (one.told_rooms, one.own_rooms) != (room, own):
            one.told_rooms, one.own_rooms = room, own
            changed.append(one)
    Registration.objects.bulk_update(changed, ["told_rooms", "own_rooms"], batch_size=500)


def moved(workshop: Workshop, people: Iterable[int], *, at: datetime, by_themselves: bool = False) -> None:
    """After rooms of some registrations (keys) changed, behind the lock of the workshop: what still waits in the outbox names those of now.
    Who is told of them so, or chose them (`by_themselves`), knows them; the others are to be told."""
    rows = Registration.objects.filter(pk__in=people).select_related("person")
    held = {one.pk: one for one in rows}
    if not held:
        return
    facts = wording.facts_of(workshop)
    waiting = dict[str, tuple[Registration, str]]()
    for one in held.values():
        one.workshop = workshop
    told = Notice.objects.filter(registration__in=held, state=NoticeState.WAITING)
    for notice in told.filter(kind__in=(*NAMING_ROOMS, NoticeKind.REPLY)):
        one = held[notice.registration_id]
        is_of_a_seat = one.state == RegistrationState.HELD and is_current(notice, one, at)
        if notice.kind != NoticeKind.REPLY or is_of_a_seat:
            waiting[notice.message_key] = (one, body_of(notice, one, facts))
    done = reword({key: body for key, (_one, body) in waiting.items()}, at=at) if waiting else set()
    if facts.rooms:
        know(
            held.values() if by_themselves else {waiting[key][0] for key in done}, facts.rooms, by_themselves=by_themselves
        )  # fmt: skip


def offered(registration: Registration, *, at: datetime) -> None:
    """Whom no message reaches is called by the office, which sees it (`unreached`); so are those of `removed`."""
    body = _body(registration, _offered(registration))
    _note(registration, NoticeKind.OFFER, receiving.about_offer(registration), body, at)


def _offered(registration: Registration) -> str:
    until = registration.offered_until
    return f"da toi luot du lop, xin xac nhan truoc {dates.moment(until)}" if until else "da toi luot du lop"


def body_of(notice: Notice, registration: Registration, facts: wording.Facts) -> str:
    """What a notice says by what is true now."""
    if notice.kind == NoticeKind.REPLY and facts.rooms:
        return _body(registration, _registered(registration, facts.rooms))
    if notice.kind == NoticeKind.OFFER:
        return _body(registration, _offered(registration))
    if notice.kind == NoticeKind.REMOVAL:
        return _removed(registration, notice.extra)
    return wording.body(notice.kind, registration, facts, notice.extra)


def is_current(notice: Notice, registration: Registration, at: datetime) -> bool:
    """Whether it is about the seat, turn or offer of now; others are about the workshop."""
    if notice.kind == NoticeKind.REPLY:
        return notice.about == receiving.about_reply(registration)
    if notice.kind == NoticeKind.REMOVAL:
        return notice.about == receiving.about_removal(registration)
    until = registration.offered_until
    return notice.kind != NoticeKind.OFFER or (
        until is not None and until > at and notice.about == receiving.about_offer(registration)
    )


def removed(registration: Registration, *, why: str, by: User, at: datetime) -> None:
    """Who has no seat any more by somebody else's hand must not travel."""
    why = why[:LONGEST_EXTRA]
    about, body = receiving.about_removal(registration), _removed(registration, why)
    _note(registration, NoticeKind.REMOVAL, about, body, at, extra=why, asked_by=by)


def _removed(registration: Registration, why: str) -> str:
    """One message long where title and reason can be shortened to it."""
    said = "Hoc OCOP: don vi to chuc da huy dang ky cua anh/chi o lop {title}: {why}. Anh/chi khong can den."
    room = sms.ONE - len(said.format(title="", why=""))
    plain_why = sms.plain(why).rstrip(".")[: room - wording.SHORTEST_TITLE]
    title = sms.plain(registration.workshop.title)[: max(room - len(plain_why), wording.SHORTEST_TITLE)]
    return said.format(title=title, why=plain_why)


def hears(registration: Registration) -> bool:
    """Whether a message reaches the delegate: there is a number, and nobody switched messages off."""
    return bool(registration.person.contact_phone) and not registration.is_muted


def hears_of_turns(person: Person) -> bool:
    """As `hears`, of somebody who is on no list yet: messages that were switched off are so for all workshops."""
    return bool(person.contact_phone) and not Registration.objects.filter(person=person, is_muted=True).exists()


def _note(registration: Registration, kind: str, about: str, body: str, at: datetime, **more: object) -> None:
    """Said once, and noted also where it reaches nobody. Who switched messages off still gets the answer to the own registration."""
    state = NoticeState.WAITING if registration.person.contact_phone else NoticeState.NO_PHONE
    if registration.is_muted and kind != NoticeKind.REPLY:
        state = NoticeState.MUTED
    notice, is_new = Notice.objects.get_or_create(
        registration=registration, kind=kind, about=about, defaults={"state": state, "at": at} | more
    )
    if state != NoticeState.WAITING:
        return
    if not is_new and notice.state not in (*REACHED, NoticeState.FAILED):  # a number was found since
        notice.state, notice.at = state, at
        notice.save(update_fields=["state", "at"])
    phone, key = registration.person.contact_phone, notice.message_key
    if enqueue(to=phone, body=body, purpose="workshop", at=at, dedupe_key=key).body != body:
        reword({key: body}, at=at)  # who cancelled meanwhile chose another room


def _body(registration: Registration, said: str) -> str:
    title = (sms.plain(registration.workshop.title), wording.SHORTEST_TITLE)
    return sms.fitted(SAYING, {"title": title}, said=said, link=wording.link_of(registration))
