"""Text messages to delegates, in letters that every phone shows and that cost one message each."""

from datetime import datetime

from lib import dates, sms
from lib.dates import local_day
from messaging.actions import enqueue
from workshops import parallel
from workshops.inviting.wording import SHORTEST_TITLE, link_of
from workshops.models import Registration, RegistrationSource, RegistrationState

LONGEST_ROOM = 40  # letters
SAYING = "Hoc OCOP: lop {title}: anh/chi {said}. Ve: {link}"


def registered(registration: Registration, *, at: datetime) -> None:
    """To whoever registered on a phone: whether there is a seat. Who was put on a list by others is invited by the organiser.
    Each of the two is said once a day: whoever registers and cancels in turn costs two messages, and sees the rest on the screen."""
    if registration.source != RegistrationSource.SELF:
        return
    said = "da dang ky xong" if registration.state == RegistrationState.HELD else "dang o danh sach du bi"
    if room := sms.plain(parallel.rooms(registration.workshop, of_one=registration).said(registration.pk)):
        said += f", {room[:LONGEST_ROOM].rstrip(' ,.-')}"
    _send(registration, said, f"registered-{local_day(at)}-{registration.state}", at)


def offered(registration: Registration, *, at: datetime) -> None:
    if registration.is_muted:
        return
    until = registration.offered_until
    said = f"da toi luot du lop, xin xac nhan truoc {dates.moment(until)}" if until else "da toi luot du lop"
    _send(registration, said, f"offered-{at.timestamp():.0f}", at)


def removed(registration: Registration, *, why: str, at: datetime) -> None:
    """Who has no seat any more by somebody else's hand must not travel; one message long where title and reason can be shortened to it."""
    if not hears(registration):
        return
    said = "Hoc OCOP: don vi to chuc da huy dang ky cua anh/chi o lop {title}: {why}. Anh/chi khong can den."
    room = sms.ONE - len(said.format(title="", why=""))
    plain_why = sms.plain(why).rstrip(".")[: room - SHORTEST_TITLE]
    title = sms.plain(registration.workshop.title)[: max(room - len(plain_why), SHORTEST_TITLE)]
    body = said.format(title=title, why=plain_why)
    key = f"workshop-{registration.pk}-removed-{at.timestamp():.0f}"
    enqueue(to=registration.person.contact_phone, body=body, purpose="workshop", at=at, dedupe_key=key)


def hears(registration: Registration) -> bool:
    """Whether a message reaches the delegate: there is a number, and nobody switched messages off."""
    return bool(registration.person.contact_phone) and not registration.is_muted


def _send(registration: Registration, said: str, key: str, at: datetime) -> None:
    phone = registration.person.contact_phone
    if not phone:
        return
    title = (sms.plain(registration.workshop.title), SHORTEST_TITLE)
    body = sms.fitted(SAYING, {"title": title}, said=said, link=link_of(registration))
    enqueue(to=phone, body=body, purpose="workshop", at=at, dedupe_key=f"workshop-{registration.pk}-{key}")
