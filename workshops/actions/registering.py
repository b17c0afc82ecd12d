"""Seats: promised, given back, offered to whoever waits, taken over by somebody else.

Everything that changes who has a seat locks the workshop's row first, so that the last seat goes to one person.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import Person, User
from lib import codes, text
from lib.refusals import Refusal
from provinces.models import Place
from workshops import queries, rules
from workshops.models import HOLDING, Quota, Registration, RegistrationSource, RegistrationState, Workshop

from . import telling

CODE_LENGTH = 10


@transaction.atomic
def register(
    *,
    workshop: Workshop,
    person: Person,
    source: str,
    at: datetime,
    by: User | None = None,
    quota: Quota | None = None,
    unit: str = "",
    post: str = "",
    note: str = "",
    answers: Mapping[str, Any] | None = None,
    place: Place | None = None,
) -> Registration:
    """A seat, or a place in the waiting list where there is none. A second call changes nothing; who cancelled joins anew, at the end. Whoever
    waits and is sent by others, or stands at the door, takes a free seat at once and keeps the turn else. `place`: where somebody lived on the
    day of a workshop that is over, as it was called then.

    A walk-in stands in the hall already and is never sent away. Raises Refusal outside the time of registration (for those who register
    themselves), of a workshop that is cancelled or over, and for somebody in whose stead another comes.
    """
    workshop = locked(workshop)
    _refuse_over(workshop)
    if source == RegistrationSource.SELF:
        _refuse_outside_of_time(workshop, at)
    known = Registration.objects.filter(workshop=workshop, person=person).first()
    is_waiting = known is not None and known.state == RegistrationState.WAITING
    if known and (known.state in HOLDING or (is_waiting and source == RegistrationSource.SELF)):
        return known
    if known and known.state == RegistrationState.REPLACED and source == RegistrationSource.SELF:
        raise Refusal(_("Đã có người đi thay anh/chị. Muốn đổi lại, anh/chị hỏi đơn vị tổ chức."))
    has_seat = source == RegistrationSource.WALK_IN or queries.pool(workshop, quota).has_room
    said = {
        "state": RegistrationState.HELD if has_seat else RegistrationState.WAITING,
        "waiting_since": None if has_seat else (known.waiting_since if known and is_waiting else at),
        "source": source,
        "quota": quota,
        "unit": text.nfc(unit)[:150] or (person.subject.name if person.subject else ""),
        "post": text.nfc(post)[:100],
        "note": text.nfc(note)[:200],
        "answers": dict(answers or {}),
        "recorded_by": by,
        "registered_at": at,
        "ended_at": None,
    } | _as_of_today(person)
    if place:
        said["place"] = place
    if known:
        for name, value in said.items():
            setattr(known, name, value)
        known.save()
        made = known
    else:
        made = Registration.objects.create(workshop=workshop, person=person, **_card(workshop), **said)
    telling.registered(made, at=at)
    return made


@transaction.atomic
def cancel(*, registration: Registration, at: datetime) -> bool:
    """Gives the seat back, which goes to whoever waits longest. Whether it changed anything."""
    workshop = locked(registration.workshop)
    changed = Registration.objects.filter(pk=registration.pk, state__in=(*HOLDING, RegistrationState.WAITING)).update(
        state=RegistrationState.CANCELLED, ended_at=at, offered_until=None
    )
    if changed:
        _promote(workshop, at)
    return bool(changed)


@transaction.atomic
def confirm(*, registration: Registration, at: datetime) -> Registration:
    """Takes an offered seat. Raises Refusal once the offer is over; a second call changes nothing."""
    locked(registration.workshop)
    registration.refresh_from_db()
    if registration.state == RegistrationState.HELD:
        return registration
    until = registration.offered_until
    if registration.state != RegistrationState.OFFERED or (until and until <= at):
        raise Refusal(_("Chỗ này không còn giữ cho anh/chị nữa. Anh/Chị đăng ký lại để vào danh sách dự bị."))
    registration.state, registration.offered_until = RegistrationState.HELD, None
    registration.save(update_fields=["state", "offered_until"])
    return registration


@transaction.atomic
def replace(
    *, registration: Registration, person: Person, at: datetime, by: User | None = None, unit: str = "", post: str = ""
) -> Registration:
    """“Đi thay”: somebody else comes on the same seat; both names stay. Raises Refusal where there is no seat to be taken over, or
    where the other has one already."""
    workshop = locked(registration.workshop)
    _refuse_over(workshop)
    registration.refresh_from_db()
    if registration.state not in HOLDING:
        raise Refusal(_("Đại biểu này không có chỗ để nhường."))
    other = Registration.objects.filter(workshop=workshop, person=person).first()
    if other and other.state in HOLDING:
        raise Refusal(_("Người đi thay đã có chỗ trong lớp này."))
    registration.state, registration.ended_at, registration.offered_until = RegistrationState.REPLACED, at, None
    registration.save(update_fields=["state", "ended_at", "offered_until"])
    said = {
        "state": RegistrationState.HELD,
        "waiting_since": None,
        "source": RegistrationSource.NOMINATED,
        "quota": registration.quota,
        "replaces": registration,
        "unit": text.nfc(unit)[:150] or registration.unit,
        "post": text.nfc(post)[:100],
        "recorded_by": by,
        "registered_at": at,
        "ended_at": None,
    } | _as_of_today(person)
    if other is None:
        return Registration.objects.create(workshop=workshop, person=person, **_card(workshop), **said)
    for name, value in said.items():
        setattr(other, name, value)
    other.save()
    return other


@transaction.atomic
def promote(*, workshop: Workshop, at: datetime) -> list[Registration]:
    """Offers free seats to those who wait, in their order; after a change of seats or quotas."""
    return _promote(locked(workshop), at)


def expire_offers(*, at: datetime) -> int:
    """A job: an offer that nobody took ends, and the seat is offered to the next."""
    late = Registration.objects.filter(state=RegistrationState.OFFERED, offered_until__lte=at)
    count = 0
    for workshop in Workshop.objects.filter(pk__in=late.values("workshop")):
        with transaction.atomic():
            held = locked(workshop)
            count += late.filter(workshop=held).update(
                state=RegistrationState.CANCELLED, ended_at=at, offered_until=None
            )
            _promote(held, at)
    return count


def locked(workshop: Workshop) -> Workshop:
    """Whoever changes who has a seat holds this row."""
    return Workshop.objects.select_for_update(of=("self",)).select_related("activity").get(pk=workshop.pk)


def _promote(workshop: Workshop, at: datetime) -> list[Registration]:
    if workshop.cancelled_at or workshop.closed_at:
        return []
    begins_at = queries.begins_at(workshop)
    offered = []
    waiting = Registration.objects.filter(workshop=workshop, state=RegistrationState.WAITING)
    for quota in [None, *workshop.quotas.all()]:
        free = queries.pool(workshop, quota).free
        turns = waiting.filter(quota=quota).order_by("waiting_since", "pk")
        for one in turns if free is None else turns[:free]:
            one.state = RegistrationState.OFFERED
            one.offered_until = rules.offer_ends(at, workshop.offer_hours, begins_at)
            one.save(update_fields=["state", "offered_until"])
            telling.offered(one, at=at)
            offered.append(one)
    return offered


def _as_of_today(person: Person) -> dict[str, Any]:
    return {
        "place": person.place,
        "person_kind": person.kind,
        "official_level": person.official_level,
        "subject": person.subject,
        "is_muted": Registration.objects.filter(person=person, is_muted=True).exists(),
    }


def _card(workshop: Workshop) -> dict[str, Any]:
    """A badge's number and a ticket's code; the workshop is locked, so no other takes the number."""
    last = Registration.objects.filter(workshop=workshop).aggregate(last=Max("number"))["last"] or 0
    return {"number": last + 1, "code": codes.random_code(CODE_LENGTH)}


def _refuse_over(workshop: Workshop) -> None:
    if workshop.cancelled_at:
        raise Refusal(_("Lớp này đã hủy, nên không nhận đăng ký nữa."))
    if workshop.closed_at:
        raise Refusal(_("Lớp này đã kết thúc, nên không nhận đăng ký nữa."))


def _refuse_outside_of_time(workshop: Workshop, at: datetime) -> None:
    found = rules.window(workshop.opens_at, workshop.closes_at, queries.begins_at(workshop), at)
    if found is rules.Window.NOT_YET:
        raise Refusal(_("Lớp này chưa bắt đầu nhận đăng ký."))
    if found is rules.Window.OVER:
        raise Refusal(_("Lớp này đã thôi nhận đăng ký. Anh/Chị hỏi đơn vị tổ chức nếu vẫn muốn tham dự."))
