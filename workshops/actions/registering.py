"""Seats: promised, given back, offered to whoever waits, taken over by somebody else.

Everything that changes who has a seat locks the workshop's row first, so that the last seat goes to one person.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import batched
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import Person, User
from lib import codes, generation
from lib.refusals import Refusal
from provinces.models import Place
from workshops import queries, rules
from workshops.models import HOLDING, Quota, Registration, RegistrationSource, RegistrationState, Workshop

from . import placing, telling
from .wanting import Wanted, details

CODE_LENGTH = 10
AT_ONCE = 5_000  # values of a query
ENTERED = (
    "state", "waiting_since", "source", "quota", "unit", "post", "note", "answers", "recorded_by", "registered_at", "ended_at", "place",
    "person_kind", "official_level", "subject", "gender", "is_muted", "told_rooms", "own_rooms",
)  # fmt: skip


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
    gender: str = "",
    answers: Mapping[str, Any] | None = None,
    place: Place | None = None,
    level: str = "",
    rooms: Collection[int] = (),
) -> Registration:
    """A seat of the quota, else one outside quotas (`rules.seat_from`), else a place in the waiting list. A second call changes nothing; who
    cancelled joins anew, at the end; what was said before stays where nothing new is (`details`). Whoever waits and is sent by others, or stands at the door, takes a free seat at once and keeps the turn else. `place`: where somebody lived on the
    day of a workshop that is over, as it was called then; `level`: of an official's office, where it is not that of the records.

    `rooms`: of parallel sessions those that were chosen; who waits has none until there is a seat.

    A walk-in stands in the hall already and is never sent away. Raises Refusal outside the time of registration (for those who register
    themselves), of a workshop that is cancelled or over, for a room that is full, and for somebody who registers alone while another comes
    instead.
    """
    workshop = locked(workshop)
    refuse_over(workshop)
    if source == RegistrationSource.SELF:
        _refuse_outside_of_time(workshop, at)
    known = Registration.objects.filter(workshop=workshop, person=person).select_related("place").first()
    is_waiting = known is not None and known.state == RegistrationState.WAITING
    if known and (known.state in HOLDING or (is_waiting and source == RegistrationSource.SELF)):
        return known
    if known and known.state == RegistrationState.REPLACED and source == RegistrationSource.SELF:
        raise Refusal(_("Đã có người đi thay anh/chị. Muốn đổi lại, anh/chị hỏi đơn vị tổ chức."))
    pools, own = queries.pools(workshop), quota.pk if quota else None
    free = rules.seat_from(pools, own)
    is_seated, key = bool(free) or source == RegistrationSource.WALK_IN, free[0] if free else own
    wanted = Wanted(
        person=person, quota=quota, unit=unit, post=post, note=note, gender=gender, answers=dict(answers or {}), place=place, level=level
    )  # fmt: skip
    made = known or Registration(workshop=workshop, person=person, **_card(_last_number(workshop) + 1))
    stand_alone(made)
    placing.forget([made])
    _enter(made, wanted, key, has_seat=is_seated, source=source, by=by, at=at)
    made.is_muted = bool(_muted([person]))
    made.save()
    if is_seated and rooms:
        placing.place(workshop, made, rooms, at)
    telling.registered(made, at=at)
    if is_seated and key is None:
        _tell_pages(pools[None], pools[None].taking(1))
    return made


@transaction.atomic
def register_list(
    *, workshop: Workshop, wanted: Sequence[Wanted], source: str, at: datetime, by: User | None
) -> list[Registration]:
    """As `register` for each of a list that others sent, in its order, and in as many queries for thousands as for a few. Nobody of it is
    written to: the organiser invites them."""
    workshop = locked(workshop)
    refuse_over(workshop)
    known = {one.person_id: one for one in Registration.objects.filter(workshop=workshop).select_related("place")}
    stood_for = {one.replaces_id for one in known.values()}
    muted, pools, last = _muted(one.person for one in wanted), queries.pools(workshop), _last_number(workshop)
    before = pools[None]
    rooms: dict[int, Collection[int]] = {}
    new: list[Registration] = []
    again: list[Registration] = []
    for one in wanted:
        made, key = known.get(one.person.pk), one.quota.pk if one.quota else None
        if made and made.state in HOLDING:
            continue
        if made is None:
            last += 1
            made = known[one.person.pk] = Registration(workshop=workshop, person=one.person, **_card(last))
        (again if made.pk else new).append(made)
        if made.replaces_id or made.pk in stood_for:
            stand_alone(made)
        free = rules.seat_from(pools, key)
        if free:
            key = free[0]
            pools[key] = pools[key].taking(1)
        _enter(made, one, key, has_seat=bool(free), source=source, by=by, at=at)
        made.is_muted = one.person.pk in muted
        if free and one.rooms:
            rooms[one.person.pk] = one.rooms
    placing.forget(again)
    Registration.objects.bulk_create(new)
    Registration.objects.bulk_update(again, ENTERED, batch_size=500)
    if rooms:
        placing.place_list(workshop, {known[person].pk: some for person, some in rooms.items()}, at)
    _tell_pages(before, pools[None])
    return [known[one.person.pk] for one in wanted]


def _enter(
    made: Registration,
    wanted: Wanted,
    quota_id: int | None,
    *,
    has_seat: bool,
    source: str,
    by: User | None,
    at: datetime,
) -> None:
    """Whoever waits keeps the turn. `quota_id`: whose seat it is, or for which somebody waits."""
    is_waiting = made.state == RegistrationState.WAITING
    said = {
        "state": RegistrationState.HELD if has_seat else RegistrationState.WAITING,
        "waiting_since": None if has_seat else (made.waiting_since if is_waiting else at),
        "source": source,
        "quota_id": quota_id,
        "recorded_by": by,
        "registered_at": at,
        "ended_at": None,
        "told_rooms": "",
        "own_rooms": "",
    } | details(made, wanted, source)
    for name, value in said.items():
        setattr(made, name, value)


def stand_alone(one: Registration) -> None:
    """Before somebody gets a seat or a turn anew: whoever came in that one's stead comes in the stead of the one before, if there was one.

    So those who are pointed at (`replaces`) have always given their seat up, to one person each. Whoever is left with nobody in the stead has
    cancelled.
    """
    if one.pk is None:
        return
    before = Registration.objects.filter(replaced_by=one.pk).values_list("pk", flat=True).first()
    Registration.objects.filter(pk=one.pk).update(replaces=None)
    is_handed_on = Registration.objects.filter(replaces=one.pk).update(replaces=before)
    if before and not is_handed_on:
        Registration.objects.filter(pk=before, state=RegistrationState.REPLACED).update(
            state=RegistrationState.CANCELLED
        )
    one.replaces = None


@transaction.atomic
def cancel(*, registration: Registration, at: datetime) -> bool:
    """Gives the seat back, which goes to whoever waits longest. Whether it changed anything. Raises Refusal for a workshop that is closed: its
    list stands as it was."""
    workshop = locked(registration.workshop)
    if workshop.closed_at:
        raise Refusal(_("Lớp này đã kết thúc, nên danh sách giữ nguyên."))
    mine = Registration.objects.filter(pk=registration.pk)
    freed = mine.filter(state__in=HOLDING, quota=None).count()
    changed = mine.filter(state__in=(*HOLDING, RegistrationState.WAITING)).update(
        state=RegistrationState.CANCELLED, ended_at=at, offered_until=None
    )
    if changed:
        _promote(workshop, at, freed=freed)
    return bool(changed)


@transaction.atomic
def confirm(*, registration: Registration, at: datetime) -> Registration:
    """Takes an offered seat. Raises Refusal once the offer is over, and of a workshop that is cancelled or closed; a second call changes
    nothing."""
    refuse_over(locked(registration.workshop))
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
    *,
    registration: Registration,
    person: Person,
    at: datetime,
    by: User | None = None,
    unit: str = "",
    post: str = "",
    place: Place | None = None,
    level: str = "",
) -> Registration:
    """“Đi thay”: somebody else comes on the same seat; both names stay. `place` and `level` as of `register`. Raises Refusal where there is no seat to be taken over, or
    where the other has one already. What is not said of the other stays as it was said before."""
    workshop = locked(registration.workshop)
    refuse_over(workshop)
    registration.refresh_from_db()
    if registration.state not in HOLDING:
        raise Refusal(
            _(
                "Đại biểu này không giữ chỗ trong lớp, nên không ai đi thay được. Hãy ghi người vừa đến bằng “Bổ sung tại chỗ”."
            )
        )
    other = Registration.objects.filter(workshop=workshop, person=person).select_related("place").first()
    if other and other.state in HOLDING:
        raise Refusal(_("Người này đã có chỗ trong lớp, nên không đi thay được. Hãy chọn người khác."))
    made = other or Registration(workshop=workshop, person=person, **_card(_last_number(workshop) + 1))
    stand_alone(made)
    registration.refresh_from_db(fields=["replaces"])
    registration.state, registration.ended_at, registration.offered_until = RegistrationState.REPLACED, at, None
    registration.save(update_fields=["state", "ended_at", "offered_until"])
    # Who was replaced before and got a seat again: whoever came instead then is on the list for themselves now.
    Registration.objects.filter(replaces=registration).exclude(person=person).update(replaces=None)
    wanted = Wanted(person=person, unit=unit, post=post, place=place, level=level)
    said = {
        "state": RegistrationState.HELD,
        "waiting_since": None,
        "source": RegistrationSource.NOMINATED,
        "quota": registration.quota,
        "replaces": registration,
        "recorded_by": by,
        "registered_at": at,
        "ended_at": None,
        "told_rooms": "",
        "own_rooms": "",
    } | details(made, wanted, RegistrationSource.NOMINATED)
    for name, value in said.items():
        setattr(made, name, value)
    made.is_muted = bool(_muted([person]))
    made.save()
    placing.hand_over(registration, made)
    return made


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
            freed = late.filter(workshop=held, quota=None).count()
            count += late.filter(workshop=held).update(state=RegistrationState.EXPIRED, ended_at=at, offered_until=None)
            _promote(held, at, freed=freed)
    return count


def locked(workshop: Workshop) -> Workshop:
    """Whoever changes who has a seat holds this row."""
    return Workshop.objects.select_for_update(of=("self",)).select_related("activity").get(pk=workshop.pk)


def _promote(workshop: Workshop, at: datetime, *, freed: int = 0) -> list[Registration]:
    """Once it has begun nobody is called any more: whoever waits and comes is let in at the door. `freed`: seats outside quotas that were
    given back just now."""
    begins_at = queries.begins_at(workshop)
    if workshop.cancelled_at or workshop.closed_at or rules.has_begun(begins_at, at):
        return []
    offered = []
    waiting = Registration.objects.filter(workshop=workshop, state=RegistrationState.WAITING)
    pools = queries.pools(workshop)
    before = pools[None].taking(freed)
    for one in waiting.select_related("person", "workshop__activity").order_by("waiting_since", "pk"):
        chosen = rules.seat_from(pools, one.quota_id)
        if not chosen:
            continue
        pools[chosen[0]] = pools[chosen[0]].taking(1)
        one.quota_id = chosen[0]
        one.state = RegistrationState.OFFERED
        one.offered_until = rules.offer_ends(at, workshop.offer_hours, begins_at)
        one.save(update_fields=["state", "offered_until", "quota"])
        telling.offered(one, at=at)
        offered.append(one)
    _tell_pages(before, pools[None])
    return offered


def _tell_pages(before: rules.Pool, after: rules.Pool) -> None:
    """Pages that are kept say whether there is a seat for everybody, not how many: they are made anew when that changes."""
    if before.has_room != after.has_room:
        generation.bump()


def _muted(people: Iterable[Person]) -> set[int]:
    """Those who switched messages about workshops off."""
    rows = Registration.objects.filter(is_muted=True).order_by()
    keys = (person.pk for person in people)
    return {
        pk for some in batched(keys, AT_ONCE) for pk in rows.filter(person__in=some).values_list("person", flat=True)
    }


def _last_number(workshop: Workshop) -> int:
    """The workshop is locked, so no other takes the next one."""
    return Registration.objects.filter(workshop=workshop).aggregate(last=Max("number"))["last"] or 0


def _card(number: int) -> dict[str, Any]:
    """A badge's number and a ticket's code."""
    return {"number": number, "code": codes.random_code(CODE_LENGTH)}


def refuse_over(workshop: Workshop) -> None:
    if workshop.cancelled_at:
        raise Refusal(_("Lớp này đã hủy, nên không nhận đăng ký nữa."))
    if workshop.closed_at:
        raise Refusal(_("Lớp này đã kết thúc, nên không nhận đăng ký nữa."))


def refuse_without_consent(person: Person) -> None:
    """Whom others write onto a list, as an imported list does: who took the agreement back, or never gave it, is not recorded."""
    if not person.has_consented:
        raise Refusal(
            _(
                "%(person)s chưa đồng ý cho ghi kết quả học, hoặc đã rút lại, nên chưa ghi vào lớp được. Người ấy muốn dự thì đăng nhập, đồng ý lại rồi đăng ký; hoặc cử người khác."
            )
            % {"person": person}
        )


def _refuse_outside_of_time(workshop: Workshop, at: datetime) -> None:
    found = rules.window(workshop.opens_at, workshop.closes_at, queries.begins_at(workshop), at)
    if found is rules.Window.NOT_YET:
        raise Refusal(_("Lớp này chưa bắt đầu nhận đăng ký."))
    if found is rules.Window.OVER:
        raise Refusal(_("Lớp này đã hết hạn đăng ký. Nếu vẫn muốn dự, anh/chị hỏi đơn vị tổ chức."))
