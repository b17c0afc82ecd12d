"""A learner's log-in switched off for a time: lost with a phone, used by somebody else, or no longer wanted."""

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.models import Person, User
from accounts.queries import is_or_was_colleague
from lib import text
from lib.refusals import Refusal


@transaction.atomic
def switch_log_in(*, person: Person, is_on: bool, by: User, reason: str) -> bool:
    """Switched off, it ends all sessions, and neither code nor PIN nor card lets in; what was learnt stays. Whether it changed.

    Raises Refusal without a reason, for oneself, for who has no log-in, and for a colleague's, which an administrator switches.
    """
    reason = text.nfc(reason)[:200]
    if not text.is_seen(reason):
        raise Refusal(_("Chưa ghi gì, vì chưa có lý do. Hãy ghi lý do rồi bấm lại."))
    if person.pk == by.person_id:
        raise Refusal(_("Chưa ghi gì, vì đây là tài khoản của chính anh/chị. Hãy nhờ một cán bộ khác."))
    user = User.objects.select_for_update().filter(person=person).first()
    if user is None:
        raise Refusal(_("Người này chưa có tài khoản đăng nhập nào, nên không có gì thay đổi."))
    if is_or_was_colleague(user) or user.roles.exists():
        raise Refusal(
            _("Chưa ghi gì, vì đây là tài khoản cán bộ. Hãy nhờ quản trị hệ thống làm việc này trong mục Cán bộ.")
        )
    if user.is_active == is_on:
        return False
    user.is_active = is_on
    user.save(update_fields=["is_active"])
    action = "accounts.log_in_switched_on" if is_on else "accounts.log_in_switched_off"
    log(instance=person, title=person.log_title, action=action, user=by, data={"reason": reason})
    return True
