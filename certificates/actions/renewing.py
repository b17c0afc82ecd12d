"""The holder of a certificate takes the course's tests once more, before it runs out or for a newer day, and gets one of that day
(docs/decisions/0017-renewal.md)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Person
from certificates import queries, validity
from certificates.models import Award, Credential, CredentialStatus
from courses import actions as courses
from courses.models import Enrolment, Renewal
from lib import dates
from lib.refusals import Refusal

from .issuing import counter_of
from .reissuing import replace
from .turns import in_turn

RENEWED = gettext_lazy("gia hạn")


def begin_renewal(*, credential: Credential, person: Person, at: datetime) -> Renewal:
    """Opens the course's tests to the holder once more; the certificate stays what it is until the new one is there.

    Raises Refusal before the window of one that has an end, for one that is not valid any more, for a course that earns none or is closed, and
    for a newer day alone where something of the course is held on a day.
    """
    today = dates.local_day(at)
    enrolment, award = credential.enrolment, credential.award
    is_own = credential.person_id == person.pk == enrolment.person_id
    if not is_own or credential.status != CredentialStatus.VALID or not award.is_active:
        raise Refusal(_("Giấy này không gia hạn được. Kết quả học vẫn được giữ; cần hỏi thêm, hãy liên hệ đơn vị cấp."))
    if not validity.is_renewable(credential.expires_on, award.renewal_days, today):
        raise Refusal(_("Chưa đến lúc gia hạn. Giấy vẫn còn hiệu lực; trang này sẽ nhắc anh/chị khi gần hết hạn."))
    if credential.expires_on is None and queries.held_on_a_day().filter(course=enrolment.course_id).exists():
        raise Refusal(
            _(
                "Khóa này có buổi học hẹn ngày nên không làm lại để lấy giấy mang ngày mới được. Giấy này vẫn còn nguyên."
            )
        )
    return courses.begin_renewal(enrolment=enrolment, at=at)


@transaction.atomic
def renew(*, enrolment_id: int, at: datetime) -> Credential | None:
    """The certificate of a finished renewal in the place of the one before: exactly one, however often this is called.

    None where no renewal was finished, or nothing valid is left to take the place of: a revocation bars it.
    """
    enrolments = Enrolment.objects.select_related("course")
    enrolment = enrolments.select_for_update(of=("self",), no_key=True).get(pk=enrolment_id)
    old = Credential.objects.filter(enrolment=enrolment, status=CredentialStatus.VALID).first()
    award = Award.objects.filter(course=enrolment.course_id, is_active=True).select_related("issuer").first()
    renewal = queries.renewals_to_honour().filter(enrolment=enrolment).order_by("-completed_at").first()
    if old is None or award is None or renewal is None:
        return None
    expires_on = validity.last_day(dates.local_day(at), award.validity_months)
    counter = counter_of(award.issuer, at)
    return replace(
        old,
        enrolment,
        counter,
        reason=str(RENEWED),
        by=None,
        at=at,
        award=award,
        renewal=renewal,
        expires_on=expires_on,
    )


def renew_missing(*, at: datetime) -> int:
    """Job: what a crash between the last test and the signal left out."""
    waiting = queries.renewals_to_honour().values_list("enrolment", flat=True)
    return in_turn("renewed", waiting, lambda pk: renew(enrolment_id=pk, at=at))
