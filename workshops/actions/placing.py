"""Where a delegate sits in parallel sessions, as other actions write it behind their locks: the workshop's row, then the registration's.

A desk holds the session's row and then the registration's: who stands at the door is never sent away, so no seat is counted there (`come_in`).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from lib.refusals import Refusal
from workshops import parallel
from workshops.inviting import wording
from workshops.models import Assignment, Attendance, Registration, Session, Workshop

from . import telling


def place(workshop: Workshop, held: Registration, sessions: Collection[int], at: datetime) -> int:
    """Behind the locks of both. Raises Refusal for a room without a seat."""
    count = 0
    for slot in parallel.choices(workshop):
        wanted = next((one for one in slot.sessions if one.pk in sessions), None)
        if wanted is not None:
            count += _placed(held, slot, wanted, at)
    return count


def _placed(held: Registration, slot: parallel.Slot, wanted: Session, at: datetime) -> bool:
    mine = Assignment.objects.filter(registration=held, session__in=slot.keys)
    if mine.filter(session=wanted).exists():
        return False
    there = Attendance.objects.filter(registration=held, session__in=slot.keys, taken_back_at=None)
    if was := there.select_related("session").first():
        raise Refusal(_("Chưa đổi phòng, vì đại biểu đã điểm danh ở “%(room)s”.") % {"room": was.session.where})
    if wanted.closed_at:
        raise Refusal(_("“%(room)s” đã chốt điểm danh, nên không xếp thêm người.") % {"room": wanted.where})
    if not parallel.pools([wanted])[wanted.pk].has_room:
        raise Refusal(_("“%(room)s” vừa hết chỗ. Hãy chọn phòng khác.") % {"room": wanted.where})
    mine.delete()
    Assignment.objects.create(registration=held, session=wanted, made_at=at)
    return True


def put(moves: Iterable[tuple[int, parallel.Slot, Session | None]], at: datetime) -> None:
    """Registrations (keys) to rooms of slots, or out of them, where somebody has judged that they fit."""
    moved = list(moves)
    leaving: dict[int, set[int]] = defaultdict(set)  # registrations by session
    for registration, slot, _to in moved:
        for key in slot.keys:
            leaving[key].add(registration)
    for key, registrations in leaving.items():
        Assignment.objects.filter(session=key, registration__in=registrations).delete()
    Assignment.objects.bulk_create(
        Assignment(registration_id=registration, session=to, made_at=at) for registration, _slot, to in moved if to
    )


def place_list(workshop: Workshop, wanted: Mapping[int, Iterable[int]], at: datetime) -> None:
    """Sessions by registration, of a list that others sent: who finds the room full has none yet, and the organiser assigns."""
    slots = parallel.choices(workshop)
    pools = parallel.pools([one for slot in slots for one in slot.sessions])
    stays = set(
        Assignment.objects.filter(registration__in=wanted, session__in=pools).values_list("registration", "session")
    )
    made = []
    for registration, sessions in wanted.items():
        for slot in slots:
            room = next((key for key in slot.keys if key in set(sessions)), None)
            is_there = any((registration, key) in stays for key in slot.keys)
            if room is not None and pools[room].has_room and not is_there:
                pools[room] = pools[room].taking(1)
                made.append(Assignment(registration_id=registration, session_id=room, made_at=at))
    Assignment.objects.bulk_create(made)


def forget(registrations: Iterable[Registration]) -> None:
    """Before somebody gets a seat anew: what was chosen for the former one is over, but for where they were."""
    keys = [one.pk for one in registrations if one.pk]
    rows = Assignment.objects.filter(registration__in=keys)
    there = set(
        Attendance.objects.filter(registration__in=keys, taken_back_at=None).values_list("registration", "session")
    )
    rows.filter(
        pk__in=[
            pk
            for pk, *pair in rows.values_list("pk", "registration", "session")
            if tuple(pair) not in there
        ]
    ).delete()  # fmt: skip


def hand_over(given: Registration, taken: Registration) -> None:
    """Who comes on somebody's seat comes to the same rooms."""
    forget([taken])
    if not Assignment.objects.filter(registration=given).exists():
        return
    there = set(Assignment.objects.filter(registration=taken).values_list("session", flat=True))
    Assignment.objects.bulk_create(
        Assignment(registration=taken, session_id=one.session_id, at_door=one.at_door, made_at=one.made_at)
        for one in Assignment.objects.filter(registration=given)
        if one.session_id not in there
    )
    tidy(taken.workshop)


def come_in(held: Registration, session: Session, at: datetime) -> None:
    """Whoever stands at this door goes here from now on, and knows it. What was recorded of the slot's other sessions is taken back, with the reason.

    Raises Refusal where that session is closed.
    """
    others = parallel.beside(session)
    if not others:
        return
    there = Attendance.objects.filter(registration=held, session__in=others, taken_back_at=None)
    if shut := there.filter(session__closed_at__isnull=False).select_related("session").first():
        raise Refusal(
            _("Đại biểu đã có mặt ở “%(room)s”, và buổi ấy đã chốt điểm danh.") % {"room": shut.session.where}
        )
    before = parallel.rooms(session.workshop, of_one=held)
    knew = len(before.parallel) < 2 or held.told_rooms == wording.room_of(before, held.pk)  # those of other hours too
    why = _("sang %(room)s") % {"room": session.where}
    there.update(taken_back_at=at, taken_back_why=why[:200])
    Assignment.objects.filter(registration=held, session__in=others).delete()
    Assignment.objects.get_or_create(
        registration=held, session=session, defaults={"at_door": True, "made_at": at}
    )  # fmt: skip
    if knew:
        telling.know([held], parallel.rooms(session.workshop, slots=before.slots, of_one=held), by_themselves=True)


def tidy(workshop: Workshop) -> None:
    """After the plan or a seat changed: of each slot one session at most, where the delegate was or else what was chosen first; nothing of
    sessions that are alone at their hour."""
    slots = parallel.choices(workshop)
    rows = list(Assignment.objects.filter(session__workshop=workshop).order_by("pk"))
    keys = [key for slot in slots for key in slot.keys]
    there: dict[int, dict[int, Attendance]] = defaultdict(dict)
    for one in Attendance.objects.filter(session__in=keys, taken_back_at=None).order_by("pk"):
        there[one.registration_id].setdefault(one.session_id, one)
    kept: set[int] = set()
    new: list[Assignment] = []
    chosen: dict[int, list[Assignment]] = defaultdict(list)
    for row in rows:
        chosen[row.registration_id].append(row)
    for registration in sorted({*there, *chosen}):
        for slot in slots:
            mine = [row for row in chosen[registration] if row.session_id in slot.keys]
            was = [key for key in slot.keys if key in there[registration]]
            stays = next((row for row in mine if row.session_id in was), None if was else next(iter(mine), None))
            if stays:
                kept.add(stays.pk)
            elif was:
                at = there[registration][was[0]].recorded_at
                new.append(Assignment(registration_id=registration, session_id=was[0], at_door=True, made_at=at))
    Assignment.objects.filter(pk__in=[row.pk for row in rows if row.pk not in kept]).delete()
    Assignment.objects.bulk_create(new)


def refuse_crowded(workshop: Workshop) -> None:
    """Raises Refusal where a room would have fewer seats than were promised in it, and for two sessions in one room at one hour."""
    slots = parallel.of(workshop)
    for first, second in parallel.clashes(one for slot in slots for one in slot.sessions):
        said = {"first": first.name, "second": second.name, "room": first.room}
        if first.room:
            raise Refusal(
                _("“%(first)s” và “%(second)s” cùng ở %(room)s vào một giờ. Hãy đổi phòng hoặc đổi giờ.") % said
            )
        raise Refusal(_("“%(first)s” và “%(second)s” trùng giờ mà chưa ghi phòng. Hãy ghi phòng của từng buổi.") % said)
    for slot in slots:
        pools = parallel.pools(slot.sessions, as_promised=True) if slot.is_parallel else {}
        for one in slot.sessions:
            pool = pools.get(one.pk)
            if pool and pool.seats is not None and pool.taken > pool.seats:
                counts = {"room": one.where, "taken": pool.taken, "seats": pool.seats}
                raise Refusal(
                    _(
                        "“%(room)s” đã có %(taken)s người, nên không giảm xuống %(seats)s chỗ được. Hãy chuyển bớt người trước."
                    )
                    % counts
                )
