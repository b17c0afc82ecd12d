"""Delegates of a list get their seats: all of it in one transaction, and the same list again changes nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts import actions as people
from accounts.models import ConsentText, Person, User
from lib import dates, phones
from lib.refusals import Refusal
from workshops.importing.finding import standing
from workshops.importing.planning import Plan, Planned, Roster, Scope, plan
from workshops.models import RegistrationSource, RegistrationState, Workshop

from .registering import locked, register


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
    given, new, waiting = list(consents), 0, 0
    for one in planned.written:
        person = one.person or _register(one, given, by, at)
        new += one.person is None
        made = register(
            workshop=workshop, person=person, source=RegistrationSource.IMPORT, at=at, by=by, quota=one.quota, unit=one.line.unit, post=one.line.post,
            note=_note(one), place=one.then,
        )  # fmt: skip
        waiting += made.state == RegistrationState.WAITING
    done = Imported(new, len(planned.written) - waiting, waiting, planned)
    log(
        instance=workshop,
        action="workshops.roster_imported",
        user=by,
        title=workshop.title,
        data={"new": new, "seats": done.seats, "waiting": waiting, "left": len(planned.left)},
    )
    return done


def _note(one: Planned) -> str:
    """A second number has no field of its own."""
    others = ", ".join(map(phones.readable, one.line.phones[1:]))
    return "; ".join(
        filter(None, [one.line.note, _("điện thoại khác: %(numbers)s") % {"numbers": others} if others else ""])
    )


def _register(one: Planned, consents: list[ConsentText], by: User | None, at: datetime) -> Person:
    assert one.place is not None  # noqa: S101 (the plan found it)
    assert one.token is not None  # noqa: S101 (who is new has one)
    return people.register_for(
        form_token=one.token,
        name=one.line.name,
        birth_year=int(one.line.born) if one.line.born else None,
        place=one.place,
        phone=one.phone,
        **standing(one.line.unit, one.line.post),
        consents=consents,
        how="paper",
        by=by,
        at=at,
    )
