"""Log-ins by another issuer (OpenID Connect): whom its statement means, and what a learner linked."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.models import LinkedIdentity, User
from accounts.queries import is_or_was_colleague
from lib.refusals import Refusal

from .logins import user_for_phone
from .people import keep_draft


class NumberTaken(Exception):  # noqa: N818 (an answer, not a fault)
    """The number's log-in is linked with somebody else of the same issuer."""


@dataclass(frozen=True)
class Statement:
    """What is read of all that an issuer says, and nothing else.

    `digests`: what it calls the person, as HMAC under today's key and those of before; `phone`: verified, as E.164, else "".
    """

    issuer: str
    digests: tuple[str, ...]
    phone: str = ""
    name: str = ""
    birth_year: int | None = None


def holder_of(statement: Statement) -> User | None:
    """Whose log-in is linked with whom the issuer means."""
    found = LinkedIdentity.objects.filter(issuer=statement.issuer, sub_digest__in=statement.digests)
    link = found.select_related("user").first()
    if link is None:
        return None
    LinkedIdentity.objects.filter(pk=link.pk).exclude(sub_digest=statement.digests[0]).update(
        sub_digest=statement.digests[0]
    )
    return link.user


@transaction.atomic
def user_of_statement(*, statement: Statement, at: datetime) -> User | None:
    """The log-in of the verified number, made now if there is none, with name and year to begin with; None without a number.

    Raises NumberTaken where that log-in is linked with somebody else of the same issuer: numbers pass from hand to hand.
    """
    if not statement.phone:
        return None
    user = user_for_phone(phone=statement.phone, at=at)
    if user.identities.filter(issuer=statement.issuer).exists():
        raise NumberTaken
    is_new = user.person_id is None and not is_or_was_colleague(user) and not user.profile_draft.get("name")
    if is_new and statement.name:
        keep_draft(user=user, values={"name": statement.name, "birth_year": statement.birth_year})
    return user


@transaction.atomic
def link_identity(*, user: User, issuer: str, digest: str, at: datetime) -> bool:
    """From now on whom the issuer calls so comes in here; False when that was so already.

    Raises Refusal where it opens somebody else's log-in, where this one is linked with somebody else of that issuer, and where it was given
    another number or key since `user` was read: who was let out by that must not leave a way in behind.
    """
    as_it_was = User.objects.filter(pk=user.pk, phone=user.phone, password=user.password)
    held = as_it_was.select_for_update(of=("self",)).select_related("person").first()
    if held is None:
        raise Refusal(
            _(
                "Chưa nối, vì số điện thoại hoặc mã của tài khoản này vừa thay đổi. Kết quả học vẫn còn nguyên. Anh/Chị đăng nhập lại rồi nối."
            )
        )
    user = held
    linked = LinkedIdentity.objects.filter(user=user, issuer=issuer).first()
    if linked and linked.sub_digest != digest:
        raise Refusal(
            _(
                "Chưa nối, vì tài khoản này đang nối với một người khác ở đó. Muốn thay thì gỡ trước, rồi nối lại. Kết quả học vẫn còn nguyên."
            )
        )
    link, is_new = LinkedIdentity.objects.get_or_create(
        sub_digest=digest, defaults={"user": user, "issuer": issuer, "linked_at": at}
    )
    if link.user_id != user.pk:
        raise Refusal(
            _(
                "Chưa nối, vì tài khoản ấy đã nối với một học viên khác ở đây. Không có gì thay đổi. Nếu học viên ấy cũng là anh/chị, hãy nhờ cán bộ xã gộp hai hồ sơ."
            )
        )
    if is_new:
        _log("accounts.identity_linked", user)
    return is_new


@transaction.atomic
def unlink_identity(*, user: User, issuer: str) -> bool:
    """Whether there was a link to take away."""
    gone, _kinds = LinkedIdentity.objects.filter(user=user, issuer=issuer).delete()
    if gone:
        _log("accounts.identity_unlinked", user)
    return bool(gone)


def _log(action: str, user: User) -> None:
    if user.person:
        log(instance=user.person, title=user.person.log_title, action=action, user=user)
