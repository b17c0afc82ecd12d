"""Two rows of people that are one: everything follows to one of them, and the other leads there."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.models import Person, PersonKind, User
from accounts.queries import is_or_was_colleague
from lib import text
from lib.refusals import Refusal
from lib.registries import hold_records, person_records

from .consents import follow_ledger

MERGED = "accounts.people_merged"
FOLLOWS = timedelta(minutes=10)  # what somebody was in the middle of, when the rows were joined


@transaction.atomic
def merge_people(
    *, person: Person, into: Person, by: User | None, reason: str, at: datetime, keeps_log_in_of: Person | None = None
) -> Person:
    """`person` becomes a further row of `into`, which takes over all records and what it does not say itself (year, number, subject).

    One log-in is left: the one that is on; of two that are, that of `keeps_log_in_of` (one of the two; without a choice that of
    `into`), and the other is switched off.
    Joining the same two again changes nothing. Raises Refusal without a reason, for one and the same, for oneself, for what was joined
    meanwhile otherwise, and where a colleague's log-in would be switched off.
    """
    reason = text.nfc(reason)[:200]
    if not text.is_seen(reason):
        raise Refusal(_("Chưa gộp, vì chưa có lý do. Hãy ghi vì sao biết là cùng một người rồi bấm lại."))
    if person.pk == into.pk:
        raise Refusal(_("Chưa gộp gì, vì hai bên là cùng một hồ sơ. Hãy chọn hồ sơ khác."))
    if by is not None and by.person_id in (person.pk, into.pk):
        raise Refusal(_("Chưa gộp gì, vì một trong hai hồ sơ là của chính anh/chị. Hãy nhờ một cán bộ khác gộp giúp."))
    person, into = _held(person, into)
    if person.merged_into_id == into.pk:
        return into
    if person.erased_at or into.erased_at:
        raise Refusal(_("Chưa gộp gì, vì dữ liệu của một trong hai người vừa được xóa. Hãy mở lại danh sách để xem."))
    if person.merged_into_id or into.merged_into_id:
        raise Refusal(
            _("Chưa gộp gì, vì một trong hai hồ sơ vừa được gộp vào một hồ sơ khác. Hãy mở lại danh sách để xem.")
        )
    _settle_log_ins(person, into, keeps_log_in_of or into)
    moved = _repoint(person, into)
    taken = _take_over(person, into)
    follow_ledger(into)
    person.merged_into, person.merged_at = into, at
    person.save(update_fields=["merged_into", "merged_at"])
    data = {"merged": person.pk, "reason": reason, "moved": moved, "fields": taken}
    log(instance=into, title=into.log_title, action=MERGED, user=by, data=data)
    return into


def _held(person: Person, into: Person) -> tuple[Person, Person]:
    """Locked until the transaction ends, as they stand now: first what others lock before a person, then the two by their keys."""
    keys = sorted([person.pk, into.pk])
    hold_records(keys)
    rows = {one.pk: one for one in Person.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")}
    return rows[person.pk], rows[into.pk]


def _settle_log_ins(person: Person, into: Person, keep: Person) -> None:
    """Of two the one that is not kept is switched off, and stays with the row that goes, so that its number is told and erased with the
    person. One alone is the registry's to move."""
    log_ins = {one.person_id: one for one in User.objects.filter(person__in=[person, into])}
    if len(log_ins) < 2:
        return
    kept, off = log_ins[keep.pk], log_ins[into.pk if keep.pk == person.pk else person.pk]
    if off.is_active and not kept.is_active:
        kept, off = off, kept
    if is_or_was_colleague(off) or off.roles.exists():
        raise Refusal(
            _(
                "Chưa gộp gì, vì số đăng nhập không giữ lại là của cán bộ. Hãy chọn giữ lại số ấy; cả hai số đều của cán bộ thì nhờ quản trị hệ thống."
            )
        )
    User.objects.filter(pk=off.pk).update(person=None, is_active=False)
    User.objects.filter(person=person).update(person=into)
    User.objects.filter(pk=off.pk).update(person=person)


def _repoint(person: Person, into: Person) -> dict[str, int]:
    moved = {name: records.repoint(person.pk, into.pk) for name, records in person_records}
    return {name: count for name, count in moved.items() if count}


def _take_over(person: Person, into: Person) -> list[str]:
    """What only the row that goes says. A subject and the work in it belong together."""
    wanted: dict[str, Any] = {
        "birth_year": into.birth_year or person.birth_year,
        "contact_phone": into.contact_phone or person.contact_phone,
    }
    if into.kind == person.kind == PersonKind.SUBJECT and into.subject is None:
        wanted |= {"subject": person.subject, "subject_role": person.subject_role}
    if into.kind == person.kind == PersonKind.OFFICIAL:
        wanted["official_level"] = into.official_level or person.official_level
    changed = [field for field, value in wanted.items() if getattr(into, field) != value]
    for field in changed:
        setattr(into, field, wanted[field])
    into.save(update_fields=changed)
    return changed


def follow_merged(*, at: datetime) -> int:
    """What somebody was sending while their rows were joined came to the row that went: it follows too."""
    moved = 0
    recent = Person.objects.filter(merged_at__gt=at - FOLLOWS, erased_at=None).exclude(merged_into=None).order_by("pk")
    for person in recent.select_related("merged_into"):
        with transaction.atomic():
            gone, into = _held(person, person.merged_into or person)
            if gone.merged_into_id == into.pk and not into.erased_at and (counts := _repoint(gone, into)):
                moved += sum(counts.values())
                follow_ledger(into)
    return moved
