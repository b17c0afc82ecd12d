"""What a text message to a delegate says: plain letters, one message long where title and venue can be shortened to it."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.utils import timezone

from lib import sms
from workshops import queries
from workshops.models import NoticeKind, Registration, Workshop

SHORTEST = 20  # letters of a title or a venue that are kept whatever else is said
_SAYING = {
    NoticeKind.INVITATION: "Hoc OCOP: moi anh/chi du lop {title}, {when}, tai {venue}.{extra} Ve: {link}",
    NoticeKind.REMINDER: "Hoc OCOP: nhac anh/chi du lop {title}, {when}, tai {venue}.{extra} Ve: {link}",
    NoticeKind.CHANGE: "Hoc OCOP: lop {title} da doi: {when}, tai {venue}.{extra} Ve: {link}",
    NoticeKind.CANCELLATION: "Hoc OCOP: lop {title}, {when}, da huy: {venue}. Anh/chi khong can den.",
}


@dataclass(frozen=True)
class Facts:
    """Of a workshop, looked up once for all who are told."""

    title: str
    venue: str
    why: str
    starts: tuple[datetime, ...]

    @property
    def fingerprint(self) -> str:
        """What changes with time and place, and with nothing else."""
        said = "|".join([self.venue, *(one.isoformat() for one in self.starts)])
        return sha256(said.encode()).hexdigest()[:16]

    @property
    def when(self) -> str:
        if not self.starts:
            return "gio se bao sau"
        first = timezone.localtime(self.starts[0])
        said = f"{first:%H:%M} {first.day:02}/{first.month:02}/{first.year}"
        return said if len(self.starts) == 1 else f"{said} ({len(self.starts)} buoi)"


def facts_of(workshop: Workshop) -> Facts:
    starts = tuple(one.astimezone(timezone.get_default_timezone()) for one in queries.slots(workshop))
    return Facts(workshop.title, workshop.venue, workshop.cancelled_why, starts)


def body(kind: str, registration: Registration, facts: Facts, extra: str = "") -> str:
    """The title is shortened first, then the venue (of a cancellation the reason)."""
    title = sms.plain(facts.title)
    venue = sms.plain(facts.why if kind == NoticeKind.CANCELLATION else facts.venue).rstrip(".")
    said = {
        "when": facts.when,
        "extra": f" {sms.plain(extra).rstrip('.')}." if extra else "",
        "link": f"{settings.BASE_URL}/tap-huan/ve/{registration.code}/",
    }
    template = _SAYING[NoticeKind(kind)]
    room = sms.ONE - len(template.format(title="", venue="", **said))
    title = _short(title, max(room - len(venue), SHORTEST))
    venue = _short(venue, max(room - len(title), SHORTEST))
    return template.format(title=title, venue=venue, **said)


def _short(words: str, room: int) -> str:
    return words if len(words) <= room else words[: room - 2].rstrip(" ,.-") + ".."
