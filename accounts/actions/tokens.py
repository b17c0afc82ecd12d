"""Keys for other systems: given out once, looked up at each request, taken back."""

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from wagtail.log_actions import log

from accounts.models import ApiToken, User
from lib import codes
from lib.dates import local_day, short
from lib.refusals import Refusal
from provinces.models import Place

PURPOSE, SECRET = "accounts.api_token", "accounts.api_token.secret"
PREFIX = "ocop_"  # so that a secret that was left lying about is known for what it is
LENGTH = 32  # letters of 4.86 bits
LONGEST = timedelta(days=366)


@sensitive_variables("secret", "seed", "form_token")
@transaction.atomic
def issue_token(
    *,
    name: str,
    place: Place | None,
    with_subjects: bool,
    valid_until: date,
    by: User,
    at: datetime,
    form_token: UUID | None = None,
) -> tuple[ApiToken, str]:
    """The key and its secret, which is shown this once. The same form sent again (a double click, a page that is loaded anew) gives the
    key of the first time: nobody would have seen the secret of one of two.

    Raises Refusal for a day that is past or more than a year away. Whether `by` may give one out for the place, `access` says.
    """
    today = local_day(at)
    if not today <= valid_until <= today + LONGEST:
        said = _("Hạn dùng phải từ hôm nay đến %(last)s: hết hạn thì cấp khóa mới.")
        raise Refusal(said % {"last": short(today + LONGEST)})
    seed = f"{form_token or uuid4()} {by.pk} {place and place.pk} {with_subjects} {valid_until} {name}"
    secret = PREFIX + codes.code_of(SECRET, seed, LENGTH)
    asked = {"name": name, "place": place, "with_subjects": with_subjects, "valid_until": valid_until}
    token, is_new = ApiToken.objects.get_or_create(
        digest=codes.digest(PURPOSE, secret), defaults={**asked, "issued_by": by, "issued_at": at}
    )
    if is_new:
        log(instance=token, action="accounts.token_issued", user=by, data={"place": str(place or "")})
    elif token.is_over(today):
        raise Refusal(_("Chưa cấp: khóa của lần gửi này đã bị thu hồi. Hãy mở lại trang này rồi cấp khóa khác."))
    return token, secret


@sensitive_variables("secret")
def use_token(*, secret: str, at: datetime) -> ApiToken | None:
    """The key of a secret, if it still opens anything; None else. The day of its last use is written once a day."""
    found = ApiToken.objects.select_related("issued_by", "place__parent")
    token = found.filter(digest=codes.digest(PURPOSE, secret)).first()
    today = local_day(at)
    if token is None or token.is_over(today) or not token.issued_by.is_active:
        return None
    if token.used_on != today:
        ApiToken.objects.filter(pk=token.pk).update(used_on=today)
    return token


@transaction.atomic
def revoke_token(*, token: ApiToken, by: User, reason: str, at: datetime) -> bool:
    """From now on it opens nothing; False where that was so before."""
    open_ = ApiToken.objects.filter(pk=token.pk, revoked_at=None)
    if not open_.update(revoked_at=at, revoked_reason=reason):
        return False
    log(instance=token, action="accounts.token_revoked", user=by, data={"reason": reason})
    return True
