"""Certificates for a list of people who were at a workshop: all of it is written once, by whoever confirms it first."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from uuid import NAMESPACE_OID, UUID, uuid5

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts import actions as people
from accounts.models import ConsentText, Person, PersonKind, SubjectKind, User
from certificates import queries
from certificates.access import people_to_certify, places_to_certify
from certificates.by_hand import Plan, Planned
from certificates.models import Award, WorkshopEntry, WorkshopList
from certificates.models.workshops import SCANS, private_files
from courses import actions as courses
from lib import dates, text
from lib.refusals import Refusal


@dataclass(frozen=True)
class Workshop:
    """What is said of a list besides who was there."""

    award: Award
    began_on: date
    ended_on: date
    decision: str
    reason: str
    duration: str = ""  # as printed; "": what the course online takes
    scan_name: str = ""
    scan: bytes = b""


def issue_by_hand(
    *, token: str, workshop: Workshop, plan: Plan, consents: list[ConsentText], by: User, at: datetime
) -> tuple[WorkshopList, bool]:
    """Registers who is new, records that all were there, and leaves the certificates to what hears of finished courses.

    Returns the list, and whether this call wrote it: a second confirmation of one preview changes nothing.
    Raises Refusal without evidence or reason, when nobody on it can get one, and for people or places that are not this user's to
    certify.
    """
    if not text.is_seen(workshop.reason) or not (text.is_seen(workshop.decision) or workshop.scan):
        raise Refusal(_("Chưa cấp, vì chưa có lý do, hoặc chưa có văn bản hay bản quét làm căn cứ."))
    if not any(one.is_issued for one in plan.lines):
        raise Refusal(_("Chưa cấp, vì không ai trong danh sách cấp được. Hãy xem lý do ở từng dòng."))
    _refuse_elsewhere(plan, by)
    if not queries.certifying_by_hand().filter(pk=workshop.award.pk).exists():
        raise Refusal(_("Chưa cấp, vì khóa này nay không còn cấp giấy chứng nhận. Hãy chọn khóa khác."))
    try:
        with _kept(workshop) as scan, transaction.atomic():
            return _write(token, workshop, scan, plan, consents, by, at), True
    except IntegrityError:
        known = WorkshopList.objects.filter(token=token).first()
        if known is None:
            raise
        return known, False


def _refuse_elsewhere(plan: Plan, by: User) -> None:
    """The plan was made for this user: who moved away since, or a role that ended, is found here."""
    people = {one.person.pk for one in plan.known if one.person}
    places, wanted = places_to_certify(by), {one.place.pk for one in plan.new if one.place}
    are_places_ours = places is None or places.filter(pk__in=wanted).count() == len(wanted)
    if not are_places_ours or people_to_certify(by).filter(pk__in=people).count() != len(people):
        raise Refusal(_("Chưa cấp, vì trong danh sách có người ở ngoài địa bàn mà anh/chị được cấp giấy. Hãy xem lại."))


@contextmanager
def _kept(workshop: Workshop) -> Iterator[str]:
    """The name of the scan's file, which goes again where the list is not written."""
    files = private_files()
    name = files.save(f"{SCANS}/{workshop.scan_name}", ContentFile(workshop.scan)) if workshop.scan else ""
    try:
        yield name
    except BaseException:
        if name:
            files.delete(name)
        raise


def _write(
    token: str, workshop: Workshop, scan: str, plan: Plan, consents: list[ConsentText], by: User, at: datetime
) -> WorkshopList:
    """Whoever confirms the same preview meanwhile waits at the first row, and finds it taken."""
    made = WorkshopList.objects.create(
        token=token,
        award=workshop.award,
        began_on=workshop.began_on,
        ended_on=workshop.ended_on,
        duration=text.nfc(workshop.duration)[:40],
        decision=text.nfc(workshop.decision) or workshop.scan_name[:200],
        scan=scan,
        reason=text.nfc(workshop.reason)[:200],
        issued_by=by,
        issued_at=at,
    )
    occurred_at = min(dates.start_of_day(workshop.ended_on), at)
    reason = _("Danh sách cấp giấy %(pk)s: %(reason)s") % {"pk": made.pk, "reason": made.reason}
    # Counted here: a sheet with many blank rows has numbers of lines that no column holds.
    for place, one in enumerate((one for one in plan.lines if one.is_issued), start=1):
        person = one.person or _register(one, token, consents, by, at)
        # Before the course is finished: what is printed of it is read from here.
        enrolment = courses.record_attendance(
            person=person, course=workshop.award.course, by=by, reason=reason, occurred_at=occurred_at, at=at
        )
        WorkshopEntry.objects.create(list=made, enrolment=enrolment, position=place)
    log(instance=made, action="certificates.by_hand", user=by, data={"entries": made.entries.count()})
    return made


def _register(one: Planned, token: str, consents: list[ConsentText], by: User, at: datetime) -> Person:
    assert one.place is not None  # noqa: S101 (the plan found it)
    return people.register_for(
        form_token=_form_token(token, one.line.number),
        name=one.line.name,
        birth_year=int(one.line.born) if one.line.born else None,
        place=one.place,
        phone=one.phone,
        kind=PersonKind.SUBJECT,
        subject_name=one.line.unit,
        subject_kind=SubjectKind.told_by(one.line.unit),
        consents=consents,
        how="paper",
        by=by,
        at=at,
    )


def _form_token(token: str, number: int) -> UUID:
    return uuid5(NAMESPACE_OID, f"{token}:{number}")
