"""What desks reported and made nobody present: the organiser looks at it, and takes it as presence or leaves it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.queries import current_consent_texts
from lib.refusals import Refusal
from provinces.models import Place
from workshops.models import (
    CheckInWay,
    Registration,
    RegistrationSource,
    RegistrationState,
    Scan,
    ScanOutcome,
    Workshop,
)

from .checking_in import (
    had_seat,
    is_present,
    locked_row,
    locked_session,
    record,
    refuse_closed,
    walked_in,
)
from .newcomers import Newcomer, person_of
from .registering import locked, register, replace


@transaction.atomic
def settle(*, scan: Scan, accept: bool, by: User, at: datetime) -> bool:
    """Whether somebody is present by it now. What a scan kept of somebody who is on no list is forgotten then, and with it, of somebody from
    another province who was let in, that desks may know no more than they typed.

    Raises Refusal where that cannot be: nobody knows who it was, another came instead, the session is closed, or the workshop is over.
    """
    workshop = locked(scan.session.workshop)
    scan.refresh_from_db(fields=["newcomer", "registration", "looked_at"])
    has_come = accept and scan.outcome != ScanOutcome.PRESENT and _accepted(scan, workshop, by, at)
    Scan.objects.filter(pk=scan.pk, looked_at=None).update(looked_at=at, newcomer={}, registration=scan.registration)
    return has_come


def _accepted(scan: Scan, workshop: Workshop, by: User, at: datetime) -> bool:
    refuse_closed(locked_session(scan.session))
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
    is_without = held.state in (RegistrationState.WAITING, RegistrationState.CANCELLED)
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
