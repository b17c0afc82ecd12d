"""Taking a second factor away from somebody who lost it."""

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.models import User
from lib import codes
from lib.refusals import Refusal


@transaction.atomic
def reset_second_factor(*, user: User, by: User | None, reason: str) -> None:
    """Takes app, passkeys and recovery codes away and ends every session of theirs: the lost phone may be in other hands.

    Raises Refusal for one's own, which is taken off on one's own page with the password, and where there is none.
    """
    if by is not None and by.pk == user.pk:
        raise Refusal(
            _(
                "Đây là tài khoản của chính anh/chị, nên chưa gỡ gì. Anh/Chị tự gỡ trong mục Tài khoản, hoặc nhờ một quản trị hệ thống khác."
            )
        )
    held = User.objects.select_for_update().get(pk=user.pk)
    if not Authenticator.objects.filter(user=held).delete()[0]:
        raise Refusal(_("Tài khoản này không có bước thứ hai, nên không có gì thay đổi."))
    end_sessions(user=held)
    log(instance=held, action="accounts.second_factor_reset", user=by, data={"reason": reason})


def end_sessions(*, user: User) -> None:
    """All of an account: each is bound to the password and to this mark."""
    user.session_mark = codes.random_code(12)
    user.save(update_fields=["session_mark"])
