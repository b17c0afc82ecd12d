"""iCalendar (RFC 5545): one event a session, that calendars recognise when they get it again."""

from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from workshops import parallel
from workshops.models import HOLDING, Registration, Session
from workshops.showing import Shown

CALENDAR = "text/calendar; charset=utf-8"
LONGEST = 75  # octets of a line, without its end
ZONE = "Asia/Ho_Chi_Minh"
ZONE_LINES = (
    "BEGIN:VTIMEZONE", f"TZID:{ZONE}", "BEGIN:STANDARD", "DTSTART:19700101T000000", "TZOFFSETFROM:+0700",
    "TZOFFSETTO:+0700", "TZNAME:+07", "END:STANDARD", "END:VTIMEZONE",
)  # fmt: skip


def calendar(shown: Shown, *, now: datetime, ticket: Registration | None = None) -> str:
    """Of a workshop, or of a ticket for it: then the event leads there, and of parallel sessions only the own one stands in it. One event is
    the same in both, so that nobody has it twice."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Hoc OCOP//Tap huan//VI",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
    ]
    lines += ZONE_LINES
    for session in _sessions(shown, ticket):
        lines += _event(shown, session, now, ticket)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded(line)}\r\n" for line in lines)


def _sessions(shown: Shown, ticket: Registration | None) -> list[Session]:
    if ticket is None or not shown.choices or ticket.state not in HOLDING:
        return shown.sessions
    mine = parallel.rooms(shown.workshop, slots=shown.slots, of_one=ticket)
    return [one for one in shown.sessions if not mine.is_elsewhere(one, ticket.pk)]


def _event(shown: Shown, session: Session, now: datetime, ticket: Registration | None) -> Iterator[str]:
    workshop = shown.workshop
    is_off = workshop.cancelled_at or session.cancelled_at
    path = f"ve/{ticket.code}" if ticket else workshop.slug
    where = ", ".join(filter(None, [session.room, workshop.venue, workshop.place.full_name]))
    address = f"{settings.BASE_URL}/tap-huan/{path}/"
    yield "BEGIN:VEVENT"
    yield f"UID:workshop-session-{session.pk}@{urlsplit(settings.BASE_URL).hostname}"
    yield f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;TZID={ZONE}:{_local(session.starts_at)}"
    yield f"DTEND;TZID={ZONE}:{_local(session.ends_at)}"
    is_alone = len(shown.sessions) == 1
    yield f"SUMMARY:{escaped(shown.title if is_alone else f'{shown.title}: {session.name}')}"
    yield f"LOCATION:{escaped(where)}"
    yield f"DESCRIPTION:{escaped(f'{workshop.organiser}\n{address}')}"
    yield f"URL:{address}"
    yield f"STATUS:{'CANCELLED' if is_off else 'CONFIRMED'}"
    yield "END:VEVENT"


def _local(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y%m%dT%H%M%S}"


def escaped(text: str) -> str:
    """RFC 5545, 3.3.11."""
    for sign, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n"), ("\r", "\\n")):
        text = text.replace(sign, written)
    return text


def folded(line: str) -> str:
    """Lines of at most 75 octets, none of which cuts a letter in two (3.1); those that go on begin with a blank."""
    parts, part, size = [], "", 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > LONGEST:
            parts.append(part)
            part, size = " ", 1
        part, size = part + letter, size + octets
    return "\r\n".join([*parts, part])
