"""Text messages to delegates, in letters that every phone shows and that cost one message each."""

from datetime import datetime

from lib import dates, sms
from messaging.actions import enqueue
from workshops.inviting.wording import SHORTEST_TITLE, link_of
from workshops.models import Registration, RegistrationSource, RegistrationState

SAYING = "Hoc OCOP: lop {title}: anh/chi {said}. Ve: {link}"


def registered(registration: Registration, *, at: datetime) -> None:
    """To whoever registered on a phone: whether there is a seat. Who was put on a list by others is invited by the organiser."""
    if registration.source != RegistrationSource.SELF:
        return
    said = "da dang ky xong" if registration.state == RegistrationState.HELD else "dang o danh sach du bi"
    _send(registration, said, f"registered-{registration.registered_at.timestamp():.0f}", at)


def offered(registration: Registration, *, at: datetime) -> None:
    if registration.is_muted:
        return
    until = registration.offered_until
    said = f"da toi luot du lop, xin xac nhan truoc {dates.moment(until)}" if until else "da toi luot du lop"
    _send(registration, said, f"offered-{at.timestamp():.0f}", at)


def _send(registration: Registration, said: str, key: str, at: datetime) -> None:
    phone = registration.person.contact_phone
    if not phone:
        return
    title = (sms.plain(registration.workshop.title), SHORTEST_TITLE)
    body = sms.fitted(SAYING, {"title": title}, said=said, link=link_of(registration))
    enqueue(to=phone, body=body, purpose="workshop", at=at, dedupe_key=f"workshop-{registration.pk}-{key}")
