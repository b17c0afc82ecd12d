"""Delegates of a list get their seats: all of it in one transaction, and the same list again changes nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import batched

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts import actions as people
from accounts.models import ConsentText, Person, User
from accounts.rosters.standing import standing
from lib import dates, phones
from lib.refusals import Refusal
from workshops import queries
from workshops.importing.deciding import Plan, Planned, Roster, Scope, Verdict
from workshops.importing.finding import level_then
from workshops.importing.planning import plan
from workshops.models import Registration, RegistrationSource, RegistrationState, Workshop

from .registering import AT_ONCE, locked, register_list
from .wanting import Wanted


@dataclass(frozen=True)
class Imported:
    new: int = 0  # persons who were written down
    seats: int = 0
    waiting: int = 0
    plan: Plan | None = None

    @property
    def has_changed(self) -> bool:
        return bool(self.seats or self.waiting)


@transaction.atomic
def import_roster(
    *,
    workshop: Workshop,
    roster: Roster,
    scope: Scope,
    seen: str | None,
    consents: Iterable[ConsentText],
    by: User | None,
    at: datetime,
) -> Imported:
    """Registers who is new as a person, and gives everybody whom the plan lets in a seat or a turn.

    The plan is made anew behind the workshop's lock: of two confirmations the second finds nothing to do. Raises Refusal where it is
    no more the one that was looked at (`seen`; None: nobody looked), and for a workshop that is cancelled or over.
    """
    workshop = locked(workshop)
    planned = plan(roster, workshop=workshop, scope=scope, this_year=dates.local_day(at).year)
    if not planned.written:
        return Imported(plan=planned)
    if seen is not None and seen != planned.fingerprint:
        raise Refusal(
            _("Chưa nhập: hồ sơ hoặc danh sách lớp vừa thay đổi từ lúc anh/chị xem. Hãy xem lại rồi bấm lần nữa.")
        )
    day = queries.day_of(workshop)
    new = [one for one in planned.written if one.person is None]
    listed = people.register_list(
        people=[_listed(one, day) for one in new], consents=consents, how="paper", by=by, at=at
    )
    persons = dict(zip((one.line.key for one in new), listed, strict=True))
    wanted = [_wanted(one, one.person or persons[one.line.key], day) for one in planned.written]
    _note_genders(workshop, planned.of(Verdict.ALREADY))
    entered = register_list(workshop=workshop, wanted=wanted, source=RegistrationSource.IMPORT, at=at, by=by)
    waiting = sum(one.state == RegistrationState.WAITING for one in entered)
    done = Imported(len(new), len(entered) - waiting, waiting, planned)
    log(
        instance=workshop,
        action="workshops.roster_imported",
        user=by,
        title=workshop.title,
        data={"new": done.new, "seats": done.seats, "waiting": waiting, "left": len(planned.left)},
    )
    return done


def _note_genders(workshop: Workshop, there: Iterable[Planned]) -> None:
    """Of those who were on the workshop's list without it, as who registers alone is not asked."""
    said = {one.person.pk: one.line.gender for one in there if one.person and one.line.gender}
    for gender in set(said.values()):
        people = [pk for pk, theirs in said.items() if theirs == gender]
        for some in batched(people, AT_ONCE):
            Registration.objects.filter(workshop=workshop, gender="", person__in=some).update(gender=gender)


def _note(one: Planned) -> str:
    """A second number has no field of its own."""
    others = ", ".join(map(phones.readable, one.line.phones[1:]))
    return "; ".join(
        filter(None, [one.line.note, _("điện thoại khác: %(numbers)s") % {"numbers": others} if others else ""])
    )


def _wanted(one: Planned, person: Person, day: date | None) -> Wanted:
    said = one.line
    return Wanted(
        person=person,
        quota=one.quota,
        unit=said.unit,
        post=said.post,
        note=_note(one),
        gender=said.gender,
        place=one.then,
        level=level_then(said.unit, day),
        rooms=one.rooms,
    )


def _listed(one: Planned, day: date | None) -> people.Listed:
    assert one.place is not None  # noqa: S101 (the plan found it)
    assert one.token is not None  # noqa: S101 (who is new has one)
    return people.Listed(
        form_token=one.token,
        name=one.line.name,
        birth_year=int(one.line.born) if one.line.born else None,
        place=one.place,
        phone=one.phone,
        **standing(one.line.unit, one.line.post, day),
    )
