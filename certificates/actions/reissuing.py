"""One certificate takes the place of another: after a correction, or because the course was gone through once more."""

from datetime import datetime

from django.db import transaction
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import log

from accounts.models import User
from certificates import rendering
from certificates.models import Award, Counter, Credential, CredentialStatus
from courses.models import Enrolment, Renewal
from lib import text
from lib.refusals import Refusal

from .issuing import counter_of, write

# What a corrected paper says as before: only who holds it, the number and the day are today's.
KEPT = ("course_kind", "course", "course_en", "duration", "period", "period_short", "result", "expires_on")
OF_THE_PERSON = ("name", "who_line", "address_line")


class ReissueReason(TextChoices):
    NAME = "name", gettext_lazy("sửa họ tên")
    FACTS = "facts", gettext_lazy("sửa thông tin khác in trên giấy")
    LOST = "lost", gettext_lazy("mất hoặc hỏng bản đã ký, đóng dấu")
    OTHER = "other", gettext_lazy("lý do khác")


@transaction.atomic
def reissue(*, credential: Credential, why: str, words: str, by: User, at: datetime) -> tuple[Credential, bool]:
    """A certificate of the same course, dates and result with a new number, for the person as written down today; audited.

    Returns it, and whether this call made it: who presses twice, or a moment after a colleague, gets the one that is there.
    Raises Refusal for an own certificate, one that was revoked, a correction without anything to correct, and where words are
    missing.
    """
    if credential.person_id == by.person_id:
        raise Refusal(_("Chưa cấp lại, vì đây là giấy của chính anh/chị. Hãy nhờ một cán bộ khác cấp lại giúp."))
    if credential.person.erased_at:
        raise Refusal(
            _("Chưa cấp lại: người này đã xóa dữ liệu, nên không còn tên để in. Giấy đã cấp vẫn còn hiệu lực.")
        )
    reason = _in_words(why, words)
    # Whoever reopens the course, issues or reissues meanwhile waits, and then finds the new one.
    enrolment = Enrolment.objects.select_for_update(no_key=True).get(pk=credential.enrolment_id)
    old = Credential.objects.select_related("award", "issuer", "replaced_by", "renewal").get(pk=credential.pk)
    if old.replaced_by:
        return _newest(old), False
    if old.status != CredentialStatus.VALID or enrolment.completed_at is None:
        raise Refusal(_("Chưa cấp lại, vì giấy này đã bị thu hồi. Kết quả học vẫn được giữ."))
    kept = {key: old.evidence[key] for key in KEPT if key in old.evidence}
    new = replace(old, enrolment, counter_of(old.issuer, at), reason=reason, by=by, at=at, kept=kept)
    is_correction = why in (ReissueReason.NAME, ReissueReason.FACTS)
    if is_correction and all(new.evidence[key] == old.evidence[key] for key in OF_THE_PERSON):
        raise Refusal(
            _(
                "Chưa cấp lại: giấy đang ghi đúng như hồ sơ học viên. Cần sửa tên hay thông tin thì nhờ cán bộ xã hoặc tỉnh sửa ở trang học viên trước, rồi cấp lại."
            )
        )
    log(
        instance=old,
        action="certificates.reissued",
        user=by,
        data={"reason": reason, "into": new.number, "why": why},
    )
    return new, True


def replace(
    old: Credential,
    enrolment: Enrolment,
    counter: Counter,
    *,
    reason: str,
    by: User | None,
    at: datetime,
    kept: dict[str, str] | None = None,
    award: Award | None = None,
    renewal: Renewal | None = None,
    **fields: object,
) -> Credential:
    """The caller holds the enrolment and the counter. First the old one gives its place up, as the database wants: one valid
    certificate an enrolment at every moment."""
    valid = Credential.objects.filter(pk=old.pk, status=CredentialStatus.VALID)
    if not valid.update(
        status=CredentialStatus.REPLACED, status_at=at, status_reason=reason, status_by=by
    ):  # only somebody who does not hold the enrolment
        raise Refusal(_("Giấy này vừa được cấp lại hoặc thu hồi. Hãy mở lại trang để xem."))
    transaction.on_commit(lambda: rendering.forget_sealed([old.code]))
    enrolment.person_id = old.person_id  # of two people who were merged, the enrolment may be left with the other
    new = write(
        enrolment,
        award or old.award,
        counter,
        at=at,
        expires_on=fields.get("expires_on", old.expires_on),  # type: ignore[arg-type]
        renewal=renewal or old.renewal,
        pinned=None if award else old,
        kept=kept,
    )
    Credential.objects.filter(pk=old.pk).update(replaced_by=new)
    return new


def _in_words(why: str, words: str) -> str:
    words = text.nfc(words)
    if why not in ReissueReason.values or (why == ReissueReason.OTHER and not words):
        raise Refusal(_("Chưa cấp lại, vì chưa có lý do. Hãy chọn lý do; chọn “lý do khác” thì ghi rõ rồi bấm lại."))
    label = str(ReissueReason(why).label)
    return (words if why == ReissueReason.OTHER else ": ".join(filter(None, [label, words])))[:200]


def _newest(credential: Credential) -> Credential:
    while credential.replaced_by:
        credential = credential.replaced_by
    return credential
