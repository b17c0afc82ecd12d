"""Whom no message tells what cannot wait: that a seat is kept for some hours, or that there is none any more. The office calls them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.queries import numbers_of
from messaging.models import Message
from workshops import rules
from workshops.models import (
    REACHED,
    Notice,
    NoticeKind,
    NoticeState,
    Registration,
    RegistrationState,
    Session,
    Workshop,
)

from .receiving import about_offer, about_removal

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Unreached:
    """`phone`: the number on record, "" for none; `why` no message does it. Without an offer it is the seat that was taken away."""

    held: Registration
    phone: str
    why: "StrOrPromise"

    @property
    def is_offer(self) -> bool:
        return self.held.state == RegistrationState.OFFERED


def of(workshop: Workshop, now: datetime) -> list[Unreached]:
    return by_workshop([workshop.pk], now).get(workshop.pk, [])


def by_workshop(workshops: "Iterable[int] | QuerySet[Any]", now: datetime) -> dict[int, list[Unreached]]:
    """By workshop (key): offers first, the first to end before the others. Until it begins; of one that was cancelled all are told otherwise.
    What a provider refused just now counts, noted or not. A record that was joined to another is told under that one, where there may be a
    seat; who was erased can be told nothing. Four queries for any number of workshops."""
    removed = Notice.objects.filter(registration=OuterRef("pk"), kind=NoticeKind.REMOVAL)
    is_meant = Q(state=RegistrationState.OFFERED) | Q(Exists(removed), state=RegistrationState.CANCELLED)
    rows = Registration.objects.filter(is_meant, workshop__in=workshops, workshop__cancelled_at=None)
    rows = rows.filter(person__merged_into=None, person__erased_at=None)
    meant = list(rows.select_related("person__user").order_by("offered_until", "number"))
    begins = _begins({one.workshop_id for one in meant})
    meant = [one for one in meant if not rules.has_begun(begins.get(one.workshop_id), now)]
    notices = _notices(meant)
    refused = _refused(notices.values())
    found = defaultdict[int, list[Unreached]](list)
    for one in sorted(meant, key=lambda one: one.state != RegistrationState.OFFERED):
        is_offer = one.state == RegistrationState.OFFERED
        kind, about = (NoticeKind.OFFER, about_offer(one)) if is_offer else (NoticeKind.REMOVAL, about_removal(one))
        notice = notices.get((one.pk, kind, about))
        if notice is None and not is_offer:  # the own cancellation, of somebody who was removed before
            continue
        state = NoticeState(notice.state) if notice else NoticeState.FAILED
        is_refused = notice is not None and notice.message_key in refused
        if state in REACHED and not is_refused:
            continue
        why = NoticeState.FAILED.label if is_refused else state.label
        phone = one.person.contact_phone or min(numbers_of(one.person), default="")
        found[one.workshop_id].append(Unreached(one, phone, why))
    return dict(found)


def _begins(workshops: set[int]) -> dict[int, datetime]:
    held = Session.objects.filter(workshop__in=workshops, cancelled_at=None).order_by("-starts_at")
    return dict(held.values_list("workshop", "starts_at")) if workshops else {}


def _notices(meant: list[Registration]) -> dict[tuple[int, str, str], Notice]:
    if not meant:
        return {}
    rows = Notice.objects.filter(registration__in=meant, kind__in=(NoticeKind.OFFER, NoticeKind.REMOVAL))
    return {(one.registration_id, one.kind, one.about): one for one in rows}


def _refused(notices: Iterable[Notice]) -> set[str]:
    """Keys of messages."""
    keys = [one.message_key for one in notices if one.state == NoticeState.WAITING]
    gone = Message.objects.filter(dedupe_key__in=keys, failed_at__isnull=False) if keys else Message.objects.none()
    return {key for key in gone.values_list("dedupe_key", flat=True) if key}
