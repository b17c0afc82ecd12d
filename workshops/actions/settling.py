"""What desks reported and made nobody present: the organiser looks at it, and takes it as presence or leaves it. Whom a desk wrote down and who
was on the list already: the organiser says whether these are one or two."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.models import User
from accounts.queries import current_consent_texts
from lib.refusals import Refusal
from provinces.models import Place
from workshops import parallel, queries
from workshops.models import (
    HOLDING,
    SEATLESS,
    Attendance,
    CheckInWay,
    Registration,
    RegistrationSource,
    Scan,
    ScanOutcome,
    Workshop,
)

from .checking_in import (
    had_seat,
    is_present,
    locked_row,
    locked_session,
    locked_sessions,
    record,
    refuse_closed,
    walked_in,
)
from .newcomers import Newcomer, person_of
from .registering import cancel, locked, register, replace


@transaction.atomic
def settle(*, scan: Scan, accept: bool, by: User, at: datetime) -> bool:
    """Whether somebody is present by it now. What a scan kept of somebody who is on no list is forgotten then, and with it, of somebody from
    another province who was let in, that desks may know no more than they typed.

    Raises Refusal where that cannot be: nobody knows who it was, another came instead, the session is closed, or the workshop is over; and for
    one that was looked at, as nobody knows any more whether somebody else came instead of the delegate whom it names.
    """
    workshop = locked(scan.session.workshop)
    scan.refresh_from_db(fields=["newcomer", "registration", "looked_at"])
    has_come = accept and scan.outcome != ScanOutcome.PRESENT and _accepted(scan, workshop, by, at)
    Scan.objects.filter(pk=scan.pk, looked_at=None).update(looked_at=at, newcomer={}, registration=scan.registration)
    return has_come


def forget_scans(*, at: datetime) -> int:
    """A job: of workshops that were over long ago it clears what scans keep of people at whom nobody has looked; they count as looked at then."""
    is_long_ago = at - timedelta(days=settings.DOOR_NOTES_DAYS)
    over = Workshop.objects.annotate(ended=Max("sessions__ends_at")).filter(ended__lte=is_long_ago)
    kept = Scan.objects.exclude(newcomer={})
    count = 0
    for workshop in over.filter(pk__in=kept.values("session__workshop")):
        with transaction.atomic():
            locked(workshop)  # somebody may be looking at one of them
            mine = kept.filter(session__workshop=workshop)
            count += mine.update(newcomer={}, looked_at=Coalesce("looked_at", at))
    return count


@transaction.atomic
def tell_apart(*, scan: Scan, other: Registration) -> None:
    """Whom a desk wrote down is somebody else than that one: of this pair alone nobody is asked again."""
    locked(scan.session.workshop)
    scan.refresh_from_db(fields=["told_apart"])
    scan.told_apart = sorted({*scan.told_apart, other.pk})
    scan.save(update_fields=["told_apart"])


@transaction.atomic
def join(*, scan: Scan, other: Registration, by: User, at: datetime) -> Registration:
    """Whom a desk wrote down is the other, who was on the list: gives that one, who was wherever the first was. The row that was too many is
    off the list, with that as its reason, and what the desk typed is forgotten. Of one hour the later presence counts.

    Raises Refusal for a pair that was settled already, and where a session of the two is closed.
    """
    workshop = locked(scan.session.workshop)
    sessions = {one.pk: one for one in locked_sessions(workshop)}
    pairs = {(one.registration_id, another.pk) for one, another in queries.doubles(workshop)}
    if (scan.registration_id, other.pk) not in pairs:
        raise Refusal(_("Cặp này đã được xem rồi."))
    held = {pk: locked_row(pk) for pk in sorted(one.pk for one in (scan.registration, other) if one)}
    kept = held.pop(other.pk)
    (extra,) = held.values()
    if kept.state not in HOLDING:
        kept = walked_in(kept, workshop, at)
    why = _("là một người với thẻ %(number)s") % {"number": kept.number}
    for was in Attendance.objects.filter(registration=extra, taken_back_at=None).order_by("occurred_at"):
        session = sessions[was.session_id]
        refuse_closed(session)
        Attendance.objects.filter(pk=was.pk).update(taken_back_at=at, taken_back_why=why)
        slot = [session.pk, *parallel.beside(session)]
        own = Attendance.objects.filter(registration=kept, session__in=slot, taken_back_at=None)
        if not own.filter(Q(session=session) | Q(occurred_at__gt=was.occurred_at)).exists():
            record(
                kept, session, way=was.way, occurred_at=was.occurred_at, at=at, desk=was.desk, by=was.recorded_by
            )  # fmt: skip
    cancel(registration=extra, at=at)
    Scan.objects.filter(pk=scan.pk, looked_at=None).update(looked_at=at, newcomer={})
    said = {"number": extra.number, "reason": why}
    log(instance=workshop, title=workshop.title, action="workshops.delegate_removed", user=by, data=said)
    return kept


def _accepted(scan: Scan, workshop: Workshop, by: User, at: datetime) -> bool:
    refuse_closed(locked_session(scan.session))
    if scan.looked_at:
        if scan.registration and is_present(scan.session, scan.registration):
            return False
        raise Refusal(_("Lượt này đã có người xem rồi. Muốn ghi có mặt, hãy đánh dấu đại biểu trong danh sách ký tên."))
    held = _held(scan, workshop, at)
    if not had_seat(held, scan.session):
        raise Refusal(_("Đã có người đi thay đại biểu này. Muốn ghi có mặt, hãy đổi lại chỗ trước."))
    if is_present(scan.session, held):
        return False
    way = CheckInWay.SCAN if scan.desk_id else CheckInWay.SELF
    record(held, scan.session, way=way, occurred_at=scan.occurred_at, at=at, desk=scan.desk, by=by)
    return True


def _held(scan: Scan, workshop: Workshop, at: datetime) -> Registration:
    """Who is meant, with a seat where one can be given."""
    if scan.newcomer:
        scan.registration = _entered(scan, workshop, at)
    if scan.registration is None:
        raise Refusal(_("Không rõ mã này của ai. Hãy tìm đại biểu trong danh sách rồi ghi theo tên."))
    held = locked_row(scan.registration.pk)
    is_without = held.state in SEATLESS
    return walked_in(held, workshop, at) if is_without and not had_seat(held, scan.session) else held


def _entered(scan: Scan, workshop: Workshop, at: datetime) -> Registration:
    """Who stood at a desk when it was open and on no list, or came instead of the scan's delegate."""
    said = scan.newcomer
    newcomer = Newcomer(
        name=said["name"], phone=said["phone"], unit=said["unit"], place=Place.objects.get(pk=said["place"]),
        consents=tuple(one for one in current_consent_texts("vi") if one.is_required),
    )  # fmt: skip
    person, given = person_of(newcomer, workshop, UUID(scan.nonce), at), scan.registration
    if given is None:
        return register(workshop=workshop, person=person, source=RegistrationSource.WALK_IN, at=at, unit=newcomer.unit)
    if is_present(scan.session, given):
        raise Refusal(_("%(person)s đã điểm danh ở buổi này, nên không có chỗ để nhường.") % {"person": given.person})
    return replace(registration=given, person=person, at=at, unit=newcomer.unit)
