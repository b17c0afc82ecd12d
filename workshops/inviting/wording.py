"""What a text message to a delegate says: plain letters, one message long where title and venue can be shortened to it."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.utils import timezone

from lib import sms
from workshops import parallel
from workshops.models import NoticeKind, Registration, Workshop

# Letters that are kept whatever else is said: who knows the hall finds the workshop.
SHORTEST_TITLE, SHORTEST_VENUE = 14, 24
NO_ROOM_YET = "bao sau"
_SAYING = {
    NoticeKind.INVITATION: "Hoc OCOP: moi anh/chi du lop {title}, {when}, tai {venue}.{extra} Ve: {link}",
    NoticeKind.REMINDER: "Hoc OCOP: nhac anh/chi du lop {title}, {when}, tai {venue}.{extra} Ve: {link}",
    NoticeKind.CHANGE: "Hoc OCOP: lop {title} co thay doi: {when}, tai {venue}.{extra} Ve: {link}",
    NoticeKind.ROOM: "Hoc OCOP: lop {title}, {when}: phong cua anh/chi: {venue}.{extra} Ve: {link}",
    NoticeKind.CANCELLATION: "Hoc OCOP: lop {title}, {when}, da huy: {venue}. Anh/chi khong can den.",
}


@dataclass(frozen=True)
class Facts:
    """Of a workshop, looked up once for all who are told."""

    title: str
    venue: str
    why: str
    starts: tuple[datetime, ...]
    place: str = ""  # where the venue is
    rooms: parallel.Rooms | None = None  # whose parallel sessions each registration's are

    @property
    def where(self) -> str:
        """The hall, with its commune where its name does not say it."""
        venue = sms.plain(self.venue).rstrip(".")
        place = sms.plain(self.place)
        return venue if not place or place.casefold() in venue.casefold() else f"{venue}, {place}"

    @property
    def fingerprint(self) -> str:
        """What changes with time and place, and with nothing else."""
        halls = [one.where for slot in self.rooms.parallel for one in slot.sessions] if self.rooms else []
        return hashed([self.venue, *(one.isoformat() for one in self.starts), *halls])

    def fingerprint_for(self, registration: Registration) -> str:
        """The same of one delegate, whom another room concerns."""
        room = self.room_of(registration)
        return hashed([self.fingerprint, room]) if room else self.fingerprint

    def room_of(self, registration: Registration) -> str:
        return room_of(self.rooms, registration.pk) if self.rooms else ""

    @property
    def when(self) -> str:
        if not self.starts:
            return "gio se bao sau"
        first = timezone.localtime(self.starts[0])
        said = f"{first:%H:%M} {first.day:02}/{first.month:02}/{first.year}"
        count = len(self.starts)
        return said if count == 1 else f"{said} ({count} buoi)"


def room_of(rooms: parallel.Rooms, registration: int) -> str:
    """The own rooms of parallel sessions as messages say them; "" for none."""
    return sms.plain(rooms.said(registration))


def hashed(said: list[str]) -> str:
    return sha256("|".join(said).encode()).hexdigest()[:16]


def facts_of(workshop: Workshop) -> Facts:
    rooms = parallel.rooms(workshop)
    starts = tuple(slot.begins_at.astimezone(timezone.get_default_timezone()) for slot in rooms.slots)
    return Facts(workshop.title, workshop.venue, workshop.cancelled_why, starts, str(workshop.place), rooms)


def body(kind: str, registration: Registration, facts: Facts, extra: str = "") -> str:
    """The title is shortened first, then the commune is left out, then the venue behind the own room is shortened (of a cancellation the
    reason). Where the room is what is told, its name is kept whole."""
    said = {
        "when": facts.when,
        "extra": f" {sms.plain(extra).rstrip('.')}." if extra else "",
        "link": link_of(registration),
    }
    own, least_venue = facts.room_of(registration), SHORTEST_VENUE
    room = f"{own}, " if own else ""
    venues = [f"{room}{facts.where}", room + sms.plain(facts.venue).rstrip(".")]
    if kind == NoticeKind.ROOM:
        venues, least_venue = [venues[-1] if own else NO_ROOM_YET], max(SHORTEST_VENUE, len(f"{own}, .."))
    if kind == NoticeKind.CANCELLATION:
        venues = [sms.plain(facts.why).rstrip(".")]
    template, title = _SAYING[NoticeKind(kind)], (sms.plain(facts.title), SHORTEST_TITLE)
    bodies = [sms.fitted(template, {"title": title, "venue": (one, len(one))}, **said) for one in venues]
    least = sms.fitted(template, {"title": title, "venue": (venues[-1], least_venue)}, **said)
    return next((one for one in bodies if sms.parts(one) == 1), least)


def link_of(registration: Registration) -> str:
    return f"{settings.BASE_URL}/tap-huan/ve/{registration.code}/"
