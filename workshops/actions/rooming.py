"""Parallel sessions: a delegate chooses one, the organiser assigns some or all at once."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.models import User
from lib.refusals import Refusal
from workshops import parallel, queries, rules
from workshops.models import HOLDING, Assignment, Attendance, Registration, Session, Workshop

from . import telling
from .placing import place, put
from .registering import locked


@dataclass(frozen=True)
class Assigned:
    """What came of a form: how many places it changed, and whose it did not, by the reason."""

    changed: int
    refused: Mapping[str, Sequence[Registration]]


@transaction.atomic
def choose_rooms(*, registration: Registration, sessions: Collection[int], at: datetime) -> int:
    """A delegate's own choice; how many rooms it changes. Of slots that it does not name nothing changes.

    Raises Refusal where a room is full, for who has no seat, where the delegate was at another of the slot already, and once registration is
    over.
    """
    workshop = locked(registration.workshop)
    _refuse_over(workshop)
    _refuse_late(workshop, at)
    held = Registration.objects.select_for_update(of=("self",)).get(pk=registration.pk)
    if held.state not in HOLDING:
        raise Refusal(_("Chưa chọn phòng được, vì vé này không giữ chỗ trong lớp."))
    changed = place(workshop, held, sessions, at)
    telling.moved(workshop, [held.pk], at=at, by_themselves=True)
    return changed


@transaction.atomic
def assign_rooms(
    *, workshop: Workshop, wanted: Mapping[int, Mapping[int, int | None]], by: User, at: datetime
) -> Assigned:
    """What the organiser changes, as one change: who goes where by registration and slot (`Slot.key`), None for no room yet.

    Only what does not fit once all the rest is done is refused, so that two of full rooms change places. Slots and rooms that there are not
    change nothing. Raises Refusal for a workshop that is cancelled or closed.
    """
    workshop = locked(workshop)
    _refuse_over(workshop)
    held = Registration.objects.select_for_update(of=("self",)).filter(workshop=workshop, pk__in=wanted)
    people = {one.pk: one for one in held.select_related("person").order_by("pk")}
    found = parallel.rooms(workshop)
    asked = list(_asked(found, people, wanted))
    refused: dict[str, list[Registration]] = defaultdict(list)
    there = _present(found, people)
    moves = list[_Asked]()
    for one in sorted(asked, key=lambda one: one.held.number):
        if why := _why_not(one, there):
            refused[why].append(one.held)
        else:
            moves.append(one)
    fitting = rules.fitting([one.move for one in moves], parallel.seats(found.slots))
    for index, one in enumerate(moves):
        if index not in fitting and one.to:
            refused[_("“%(room)s” không đủ chỗ") % {"room": one.to.where}].append(one.held)
    done = [one for index, one in enumerate(moves) if index in fitting]
    put(((one.held.pk, one.slot, one.to) for one in done), at)
    if done:
        telling.moved(workshop, {one.held.pk for one in done}, at=at)
        said = {"count": len({one.held.pk for one in done})}
        log(instance=workshop, title=workshop.title, action="workshops.rooms_assigned", user=by, data=said)
    return Assigned(len(done), refused)


@dataclass(frozen=True)
class _Asked:
    held: Registration
    slot: parallel.Slot
    origin: Session | None
    to: Session | None

    @property
    def move(self) -> rules.Move:
        return rules.Move(*(one.pk if one else None for one in (self.origin, self.to)))


def _asked(
    found: parallel.Rooms, people: Mapping[int, Registration], wanted: Mapping[int, Mapping[int, int | None]]
) -> Iterator[_Asked]:
    """What would change something."""
    for slot in found.parallel:
        rooms: dict[int | None, Session | None] = {one.pk: one for one in slot.sessions} | {None: None}
        for pk, held in people.items():
            origin, key = found.chosen(pk, slot), wanted[pk].get(slot.key, 0)
            if key in rooms and rooms[key] != origin:
                yield _Asked(held, slot, origin, rooms[key])


def _present(found: parallel.Rooms, people: Mapping[int, Registration]) -> dict[tuple[int, int], Session]:
    """By registration and slot: where the delegate was already."""
    slot_of = {key: slot.key for slot in found.parallel for key in slot.keys}
    rows = Attendance.objects.filter(registration__in=people, session__in=slot_of, taken_back_at=None)
    return {(one.registration_id, slot_of[one.session_id]): one.session for one in rows.select_related("session")}


def _why_not(one: _Asked, there: Mapping[tuple[int, int], Session]) -> str:
    if one.held.state not in HOLDING:
        return _("không còn giữ chỗ trong lớp")
    if was := there.get((one.held.pk, one.slot.key)):
        return _("đã điểm danh ở “%(room)s”") % {"room": was.where}
    if one.to and one.to.closed_at:
        return _("“%(room)s” đã chốt điểm danh") % {"room": one.to.where}
    return ""


@transaction.atomic
def spread_rooms(*, workshop: Workshop, by: User, at: datetime) -> tuple[int, int]:
    """Everybody with a seat and without a room gets one, evenly; who has one keeps it. How many were placed, and for how many no seat is left."""
    workshop = locked(workshop)
    _refuse_over(workshop)
    everybody = Registration.objects.select_for_update(of=("self",)).filter(workshop=workshop, state__in=HOLDING)
    list(everybody.order_by("pk").values_list("pk", flat=True))  # a desk that takes one of them in meanwhile waits
    found, made = parallel.rooms(workshop), list[Assignment]()
    people = parallel.unassigned(workshop, found)
    left: set[int] = set()
    for slot in found.parallel:
        lacking = [pk for pk in people if found.chosen(pk, slot) is None]
        open_ones = [one for one in slot.sessions if one.closed_at is None]
        given = rules.spread(lacking, parallel.pools(open_ones))
        made += [Assignment(registration_id=pk, session_id=room, made_at=at) for pk, room in given.items()]
        left |= set(lacking) - given.keys()
    Assignment.objects.bulk_create(made)
    if made:
        telling.moved(workshop, {one.registration_id for one in made}, at=at)
        said = {"count": len({one.registration_id for one in made})}
        log(instance=workshop, title=workshop.title, action="workshops.rooms_spread", user=by, data=said)
    return len({one.registration_id for one in made}), len(left)


def _refuse_over(workshop: Workshop) -> None:
    if workshop.cancelled_at:
        raise Refusal(_("Lớp này đã hủy, nên không xếp phòng nữa."))
    if workshop.closed_at:
        raise Refusal(_("Lớp này đã chốt, nên không xếp phòng nữa."))


def _refuse_late(workshop: Workshop, at: datetime) -> None:
    found = rules.window(workshop.opens_at, workshop.closes_at, queries.begins_at(workshop), at)
    if found is not rules.Window.OPEN:
        raise Refusal(
            _("Đã hết hạn đăng ký, nên không đổi phòng trên vé được nữa. Cần đổi, anh/chị hỏi đơn vị tổ chức.")
        )
