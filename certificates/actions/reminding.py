"""Text messages before a certificate runs out."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import override

from certificates import queries, validity
from certificates.models import Award, Credential, CredentialStatus
from lib import dates, text
from messaging.actions import enqueue

AT_ONCE = 500  # messages a round of the job


def remind(*, at: datetime) -> int:
    """Job: one message 60, 30 and 7 days before the end, to whoever agreed to reminders and proved the number to be theirs.

    Exactly one each, however often this runs; after a pause only the newest that applies.
    """
    return sum(_remind(credential, at) for credential in to_remind(at)[:AT_ONCE])


def to_remind(at: datetime) -> QuerySet[Credential]:
    today = dates.local_day(at)
    due, renewable = Q(), Q()
    for days in validity.REMINDED:
        due |= Q(expires_on__lte=today + timedelta(days=days)) & (Q(reminded=None) | Q(reminded__gt=days))
    # In the query: those of a later window would fill round after round.
    for days in Award.objects.order_by().values_list("renewal_days", flat=True).distinct():
        renewable |= Q(award__renewal_days=days, expires_on__lte=validity.last_to_renew(days, today))
    running = queries.reachable().filter(
        due, renewable, status=CredentialStatus.VALID, expires_on__gte=today, award__is_active=True
    )
    return running.select_related("person__user").order_by("expires_on", "pk")


@transaction.atomic
def _remind(credential: Credential, at: datetime) -> bool:
    today = dates.local_day(at)
    last, phone = credential.expires_on, credential.person.user.phone
    days = validity.reminder_due(last, today) if last else None
    if last is None or days is None:
        return False
    unsaid = Credential.objects.filter(pk=credential.pk, status=CredentialStatus.VALID)
    if not unsaid.filter(Q(reminded=None) | Q(reminded__gt=days)).update(reminded=days):
        return False
    with override("vi"):
        address = settings.BASE_URL + reverse("certificates:mine")
    number = text.without_marks(credential.number)
    body = f"Hoc OCOP: giay chung nhan so {number} cua anh/chi co gia tri den het ngay {dates.short(last)}. Gia han tai {address}"
    key = f"certificate-ends-{credential.pk}-{days}"
    enqueue(to=phone or "", body=body, purpose="certificate-ends", at=at, dedupe_key=key)
    return True
