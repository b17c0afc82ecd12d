"""A page about a certificate that its holder lets everybody see, and takes away again."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.models import Person
from certificates import rendering, rules
from certificates.models import Credential, CredentialStatus
from lib import dates
from lib.refusals import Refusal


@transaction.atomic
def show(*, credential: Credential, person: Person, at: datetime) -> bool:
    """Switches the page on; audited, because it is an agreement. A second call changes nothing.

    Raises Refusal for whoever is not the holder, and for a certificate that holds no more.
    """
    _refuse_others(credential, person)
    if credential.verdict(dates.local_day(at)) is not rules.Verdict.VALID:
        raise Refusal(
            _("Chưa bật, vì giấy này không còn hiệu lực. Anh/Chị vẫn xem được tình trạng của giấy ở trang kiểm tra.")
        )
    hidden = Credential.objects.filter(pk=credential.pk, shown_since=None, status=CredentialStatus.VALID)
    changed = hidden.update(shown_since=at)
    if changed:
        log(instance=credential, action="certificates.shown", user=person.user)
    return bool(changed)


@transaction.atomic
def hide(*, credential: Credential, person: Person, at: datetime) -> bool:
    """Takes the page and its picture away, whatever has become of the certificate; audited."""
    _refuse_others(credential, person)
    changed = Credential.objects.filter(pk=credential.pk, shown_since__isnull=False).update(shown_since=None)
    if changed:
        log(instance=credential, action="certificates.hidden", user=person.user, data={"at": at.isoformat()})
    transaction.on_commit(lambda: rendering.forget_preview(credential.code))
    return bool(changed)


def _refuse_others(credential: Credential, person: Person) -> None:
    if credential.person_id != person.pk:
        raise Refusal(_("Chỉ người được cấp giấy mới bật hoặc tắt được trang này."))
