"""Text messages to delegates, in letters that every phone shows and that cost one message each."""

from datetime import datetime

from django.conf import settings

from lib import dates, text
from messaging.actions import enqueue
from workshops.models import Registration, RegistrationSource, RegistrationState

LONGEST_TITLE = 60


def registered(registration: Registration, *, at: datetime) -> None:
    """To whoever registered on a phone: whether there is a seat. Who was put on a list by others is invited by the organiser."""
    if registration.source != RegistrationSource.SELF:
        return
    said = "da co cho" if registration.state == RegistrationState.HELD else "dang o danh sach du bi"
    _send(registration, said, f"registered-{registration.registered_at.timestamp():.0f}", at)


def offered(registration: Registration, *, at: datetime) -> None:
    if registration.is_muted:
        return
    until = registration.offered_until
    said = f"co cho trong, xin xac nhan truoc {dates.moment(until)}" if until else "co cho trong"
    _send(registration, said, f"offered-{at.timestamp():.0f}", at)


def _send(registration: Registration, said: str, key: str, at: datetime) -> None:
    phone = registration.person.contact_phone
    if not phone:
        return
    title = text.without_marks(registration.workshop.title)[:LONGEST_TITLE]
    address = f"{settings.BASE_URL}/tap-huan/ve/{registration.code}/"
    body = f"Hoc OCOP: lop {title}: anh/chi {said}. Ve cua anh/chi: {address}"
    enqueue(to=phone, body=body, purpose="workshop", at=at, dedupe_key=f"workshop-{registration.pk}-{key}")
