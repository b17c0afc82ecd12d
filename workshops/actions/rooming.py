"""Parallel sessions: a delegate chooses one, the organiser assigns one by one or all at once."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.models import User
from lib.refusals import Refusal
from workshops import parallel, queries, rules
from workshops.models import HOLDING, Assignment, Registration, Workshop

from .placing import place
from .registering import locked


@transaction.atomic
def choose_rooms(*, registration: Registration, sessions: Collection[int], at: datetime, by: User | None = None) -> int:
    """A delegate's own choice, or (`by`) that of the organiser; how many rooms it changes. Of slots that it does not name nothing changes.

    Raises Refusal where a room is full, for who has no seat, and where the delegate was at another of the slot already; for a delegate also
    once registration is over.
    """
    workshop = locked(registration.workshop)
    _refuse_over(workshop)
    if by is None:
        _refuse_late(workshop, at)
    held = Registration.objects.select_for_update(of=("self",)).get(pk=registration.pk)
    if held.state not in HOLDING:
        raise Refusal(_("Chưa chọn phòng được, vì vé này không giữ chỗ trong lớp."))
    return place(workshop, held, sessions, at)


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
