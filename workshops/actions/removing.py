"""What the organiser does to a delegate's seat by hand; each leaves an entry in the log, by the badge's number."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.models import Person, User
from lib import text
from lib.refusals import Refusal
from provinces.models import Place
from workshops import queries
from workshops.importing.finding import level_then
from workshops.inviting import receiving
from workshops.models import NoticeKind, NoticeState, Registration, RegistrationSource, RegistrationState

from . import telling
from .registering import cancel, confirm, locked, refuse_over, refuse_without_consent, register, replace


@transaction.atomic
def remove(*, registration: Registration, why: str, by: User, at: datetime) -> bool:
    """Whether it changed anything. The delegate is told once, with the reason. Raises Refusal without a reason, and once the workshop is
    closed or cancelled."""
    why = text.nfc(why)[:200]
    if not text.is_seen(why):
        raise Refusal(_("Hãy ghi lý do: đại biểu sẽ đọc trong tin nhắn."))
    refuse_over(locked(registration.workshop))
    if not cancel(registration=registration, at=at):
        return False
    registration.refresh_from_db(fields=["state", "ended_at", "offered_until"])
    telling.removed(registration, why=why, by=by, at=at)
    _log(registration, "workshops.delegate_removed", by, reason=why)
    return True


@transaction.atomic
def note_told(*, registration: Registration, by: User, at: datetime) -> bool:
    """Whom no message told that the seat is gone was called, or told by the own unit. Whether there was anything to tell."""
    locked(registration.workshop)
    registration.refresh_from_db(fields=["state", "ended_at"])
    mine = registration.notices.filter(kind=NoticeKind.REMOVAL, about=receiving.about_removal(registration))
    changed = mine.exclude(state__in=(NoticeState.SENT, NoticeState.CALLED)).update(
        state=NoticeState.CALLED, asked_by=by, at=at, settled_at=at
    )
    if changed:
        _log(registration, "workshops.removal_told", by)
    return bool(changed)


@transaction.atomic
def give_seat(*, registration: Registration, by: User, at: datetime) -> Registration:
    """To whoever was offered one and said yes on the phone; to whoever waits or cancelled, where one is free: under the record that is left,
    where two were joined. Raises Refusal."""
    registration = queries.left_of(registration)
    if registration.state == RegistrationState.HELD:
        return registration
    refuse_without_consent(registration.person)
    if registration.state == RegistrationState.OFFERED:
        seated = confirm(registration=registration, at=at)
    else:
        seated = register(
            workshop=registration.workshop, person=registration.person, source=RegistrationSource.NOMINATED, at=at, by=by,
            quota=registration.quota,
        )  # fmt: skip
    if seated.state == RegistrationState.HELD:
        _log(seated, "workshops.seat_given", by)
    return seated


@transaction.atomic
def substitute(
    *,
    registration: Registration,
    person: Person,
    by: User,
    at: datetime,
    unit: str = "",
    post: str = "",
    place: Place | None = None,
) -> Registration:
    """As `replace`, by the organiser; `place`: where the other lived on the day of a workshop of before. Refuses also for somebody who does not agree to what is recorded. A second press changes nothing."""
    locked(registration.workshop)
    known = Registration.objects.filter(replaces=registration, person=person, state=RegistrationState.HELD).first()
    if known:
        return known
    refuse_without_consent(person)
    level = level_then(unit, queries.day_of(registration.workshop))
    made = replace(
        registration=registration, person=person, at=at, by=by, unit=unit, post=post, place=place, level=level
    )
    _log(made, "workshops.delegate_replaced", by, instead_of=registration.number)
    return made


def _log(registration: Registration, action: str, by: User, **data: object) -> None:
    workshop = registration.workshop
    said = {"number": registration.number} | data
    log(instance=workshop, title=workshop.title, action=action, user=by, data=said)
