"""A commune, a province or a unit fills the seats that were set apart for it, until the workshop begins; then the door decides."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import actions as people
from accounts.models import ConsentText, Person, User
from accounts.rosters.standing import standing
from lib.refusals import Refusal
from provinces.models import Place
from workshops import queries, rules
from workshops.importing.finding import level_then
from workshops.models import HOLDING, Quota, Registration, RegistrationSource, Session, Workshop

from .checking_in import is_present, locked_session, refuse_closed, sign_sheet
from .registering import cancel, locked, refuse_without_consent, register, replace


@dataclass(frozen=True, kw_only=True)
class Nominee:
    """Somebody who is in no record yet; the same form is the same person, however often it is sent."""

    form_token: UUID
    name: str
    place: Place
    phone: str
    consents: Sequence[ConsentText]
    how: str


@transaction.atomic
def nominate(
    *,
    quota: Quota,
    person: Person | Nominee,
    by: User,
    at: datetime,
    unit: str = "",
    post: str = "",
    instead_of: Registration | None = None,
    rooms: Collection[int] = (),
) -> Registration:
    """Somebody gets a seat of the quota, or the one of whoever does not come, with its rooms; a second press changes nothing. `rooms`: of
    parallel sessions those that were chosen.

    Raises Refusal where no seat is left (who is sent is not put on a waiting list), for a room that is full, for somebody who has one already or does not agree to
    what is recorded, and once the workshop has begun. Who was new is not written down then.
    """
    workshop = _before_it_begins(quota.workshop, at)
    if isinstance(person, Nominee):
        person = _written_down(person, unit, post, queries.day_of(workshop), by, at)
    known = Registration.objects.filter(workshop=workshop, person=person).first()
    is_seated = known is not None and known.state in HOLDING
    if (
        known
        and is_seated
        and known.quota_id == quota.pk
        and known.replaces_id == (instead_of.pk if instead_of else None)
    ):
        return known
    if is_seated:
        raise Refusal(_("%(person)s đã có chỗ trong lớp này rồi, không cần cử nữa.") % {"person": person})
    refuse_without_consent(person)
    if instead_of:
        return replace(registration=instead_of, person=person, at=at, by=by, unit=unit, post=post)
    if not queries.pool(workshop, Quota.objects.get(pk=quota.pk)).has_room:
        raise Refusal(_("Chỉ tiêu này đã đủ người. Muốn cử thêm thì rút bớt một người, hoặc đổi người đi thay."))
    return register(
        workshop=workshop, person=person, source=RegistrationSource.NOMINATED, at=at, by=by, quota=quota, unit=unit, post=post,
        rooms=rooms,
    )  # fmt: skip


@transaction.atomic
def add_delegate(
    *,
    workshop: Workshop,
    person: Person | Nominee,
    by: User,
    at: datetime,
    quota: Quota | None = None,
    unit: str = "",
    post: str = "",
    gender: str = "",
    place: Place | None = None,
    rooms: Collection[int] = (),
    signed: Session | None = None,
) -> Registration:
    """Whom the organiser writes down: a seat, or a turn in the waiting list where there is none. `place`: where somebody lived on the day of a
    workshop of before. `signed`: on an empty row of whose list somebody signed, who came unannounced and is recorded as there. Raises Refusal as `register` does, and for somebody who does not agree to what is recorded."""
    day = queries.day_of(workshop)
    if isinstance(person, Nominee):
        person = _written_down(person, unit, post, day, by, at)
    refuse_without_consent(person)
    source = RegistrationSource.NOMINATED
    if signed:
        locked(workshop)
        refuse_closed(locked_session(signed))
        source = RegistrationSource.WALK_IN
    made = register(
        workshop=workshop, person=person, source=source, at=at, by=by, quota=quota, unit=unit, post=post,
        gender=gender, place=place, rooms=rooms, level=level_then(unit, day),
    )  # fmt: skip
    if signed:
        sign_sheet(session=signed, registrations=[made], by=by, at=at)
        if not is_present(signed, made):
            raise Refusal(_("Chưa ghi, vì %(person)s đã có tên ở phòng khác cùng giờ.") % {"person": made.person})
    return made


@transaction.atomic
def withdraw(*, registration: Registration, at: datetime) -> bool:
    """Gives the seat back to its quota. Whether it changed anything. Raises Refusal once the workshop has begun."""
    _before_it_begins(registration.workshop, at)
    return cancel(registration=registration, at=at)


def _before_it_begins(workshop: Workshop, at: datetime) -> Workshop:
    workshop = locked(workshop)
    if rules.has_begun(queries.begins_at(workshop), at):
        raise Refusal(_("Lớp đã bắt đầu, nên danh sách giữ nguyên. Cần đổi người, anh/chị báo bàn điểm danh ở lớp."))
    return workshop


def _written_down(new: Nominee, unit: str, post: str, day: date | None, by: User, at: datetime) -> Person:
    return people.register_for(
        form_token=new.form_token, name=new.name, birth_year=None, place=new.place, phone=new.phone, consents=new.consents, how=new.how,
        by=by, at=at, **standing(unit, post, day),
    )  # fmt: skip
