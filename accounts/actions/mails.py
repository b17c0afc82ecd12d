"""A colleague's own address for mail: typed, confirmed by the link that was sent there, taken off again."""

from datetime import datetime

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from accounts.models import MailAddress, User
from lib import codes
from lib.refusals import Refusal
from messaging import mailing

SALT = "accounts.mail"
LASTS = 3 * 24 * 3600  # seconds that the link in a mail opens something


@sensitive_variables()
def ask_mail(*, user: User, address: str, at: datetime) -> MailAddress:
    """Sends a link to the address, which counts from the moment when the link is followed.

    Raises Refusal for what is no address, where no mail leaves at all, and if the server did not take it.
    """
    address = address.strip()
    if not settings.MAIL_IS_ON:
        raise Refusal(
            _("Hệ thống chưa gửi được thư, vì người vận hành chưa khai báo máy chủ thư. Hãy nhờ quản trị hệ thống.")
        )
    if len(address) > 254 or not mailing.is_address(address):
        raise Refusal(_("Địa chỉ thư điện tử chưa đúng. Hãy nhập dạng ten@coquan.gov.vn."))
    found, _made = MailAddress.objects.update_or_create(user=user, defaults={"wanted": address, "asked_at": at})
    token = signing.dumps([user.pk, codes.digest(SALT, address)], salt=SALT)  # no address: logs of servers keep links
    link = settings.BASE_URL + reverse("accounts_admin:confirm_mail", args=[token])
    body = _(
        "Kính gửi anh/chị,\n\nĐịa chỉ này vừa được ghi ở Học OCOP để nhận báo cáo. Nếu đúng là anh/chị ghi, hãy mở đường dẫn dưới đây trong ba ngày rồi bấm Xác nhận (cần đăng nhập):\n%(link)s\n\nNếu không phải, anh/chị bỏ qua thư này; chúng tôi không gửi thêm thư nào."
    )
    try:
        mailing.send(
            to=address,
            subject=_("Học OCOP: xác nhận địa chỉ thư điện tử"),
            body=body % {"link": link},
            key=f"confirm-{user.pk}-{at.timestamp():.0f}",
        )
    except (mailing.MailError, mailing.MailUnsure) as error:
        raise Refusal(
            _("Chưa gửi được thư xác nhận (%(why)s). Hãy xem lại địa chỉ, hoặc thử lại sau.") % {"why": error}
        ) from None
    return found


@transaction.atomic
def confirm_mail(*, user: User, token: str, at: datetime) -> str:
    """The address that counts from now on. Raises Refusal for a link of another account, an old one, or one that a later one replaced."""
    row = MailAddress.objects.select_for_update().filter(user=user).first()
    address = wanted_of(user, token)
    if row and address and address == row.wanted:
        row.address, row.wanted, row.confirmed_at = address, "", at
        row.save()
    elif not (row and address and address == row.address):  # else it was pressed twice
        raise Refusal(_("Đường dẫn này không dùng được nữa. Hãy ghi lại địa chỉ để nhận thư xác nhận mới."))
    return address


def wanted_of(user: User, token: str) -> str | None:
    """Which of this account's addresses a link means, if it still opens something."""
    try:
        pk, digest = signing.loads(token, salt=SALT, max_age=LASTS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    row = MailAddress.objects.filter(user=user).first() if pk == user.pk else None
    known = (row.wanted, row.address) if row else ()
    return next((one for one in known if one and codes.matches(SALT, one, digest)), None)


def drop_mail(*, user: User) -> None:
    MailAddress.objects.filter(user=user).delete()
