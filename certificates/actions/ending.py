"""What ends the validity of a certificate."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.models import User
from certificates import rendering
from certificates.models import Credential, CredentialStatus
from lib import text
from lib.refusals import Refusal


@transaction.atomic
def revoke(*, credential: Credential, reason: str, by: User | None, at: datetime) -> bool:
    """Ends a certificate's validity, with a reason that verifiers see, and the page that its holder showed; audited. A second call changes nothing."""
    reason = text.nfc(reason)[:200]
    if not text.is_seen(reason):
        raise Refusal(_("Chưa thu hồi, vì chưa có lý do. Hãy ghi lý do rồi bấm lại; người quét mã sẽ đọc được."))
    changed = Credential.objects.filter(pk=credential.pk, status=CredentialStatus.VALID).update(
        status=CredentialStatus.REVOKED, status_at=at, status_reason=reason, status_by=by, shown_since=None
    )
    if changed:
        transaction.on_commit(lambda: rendering.forget_preview(credential.code), robust=True)
        transaction.on_commit(lambda: rendering.forget_sealed([credential.code]))
        log(instance=credential, action="certificates.revoked", user=by, data={"reason": reason})
    return bool(changed)


@transaction.atomic
def revoke_reopened(*, enrolment_id: int, reason: str, by: User | None, at: datetime) -> bool:
    """The certificate of an enrolment that is unfinished again loses its validity; harmless when repeated or too late."""
    held = Credential.objects.filter(
        enrolment=enrolment_id, enrolment__completed_at=None, status=CredentialStatus.VALID
    )
    credential = held.first()
    return bool(credential and revoke(credential=credential, reason=reason, by=by, at=at))
