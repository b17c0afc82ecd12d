"""Who holds this phone? Before everything is taken along or deleted, somebody proves again that the account is theirs: families share
phones, which are remembered for half a year. By PIN or password, by a code to the number of log-in, or by a card where there is none."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from accounts import actions, devices, helping
from accounts.access import person_required
from accounts.models import OneTimeCard, User
from lib import codes, limits
from lib.refusals import Refusal

type View = Callable[..., HttpResponse]
PROVEN, SENT = "rights_proven_at", "rights_code"
SECONDS = 600
CODE = "rights-code"


def _now() -> int:
    return int(timezone.now().timestamp())


def is_proven(request: HttpRequest) -> bool:
    return 0 <= _now() - request.session.get(PROVEN, 0) <= SECONDS


def keep(request: HttpRequest) -> None:
    request.session[PROVEN] = _now()
    request.session.pop(SENT, None)


def forget(request: HttpRequest) -> None:
    request.session.pop(PROVEN, None)


def proof_required(view: View) -> View:
    """Leads to the question, and back to where somebody was going. While an officer helps, the account is in two people's hands: a card
    that the helper printed would prove nothing."""

    @person_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if helping.of(request):
            messages.warning(
                request,
                _(
                    "Đang được cán bộ giúp nên chưa làm việc này ở đây. Hãy làm trên máy của mình, hoặc nhờ cán bộ ghi yêu cầu."
                ),
            )
            return HttpResponseRedirect(reverse("accounts_data"))
        if not is_proven(request):
            return HttpResponseRedirect(f"{reverse('accounts_data_prove')}?{urlencode({'next': request.path})}")
        return view(request, *args, **kwargs)

    return guarded


@sensitive_variables("secret")
def by_secret(request: HttpRequest, user: User, secret: str) -> None:
    """PIN or password. Raises Refusal for a wrong one and RateLimited after too many, as at log-in."""
    tried = devices.take_try(request, "login_failed", user.phone or f"#{user.pk}")
    if not secret or not user.check_password(secret):
        raise Refusal(_("Mã PIN hoặc mật khẩu chưa đúng. Hãy xem lại rồi nhập lần nữa."))
    tried.rollback()
    keep(request)


@sensitive_variables("code")
def send(request: HttpRequest, user: User) -> None:
    """Raises BudgetSpent and RateLimited, as the codes of log-in do: they count together."""
    key, code, phone = codes.random_code(20), codes.random_digits(6), str(user.phone)
    devices.take_try(request, "request_login_code", phone)
    actions.send_code(phone=phone, key=key, code=code, at=timezone.now())
    request.session[SENT] = {
        "key": key,
        "digest": codes.digest(CODE, code),
        "phone": codes.digest(CODE, phone),
        "at": _now(),
    }


def _sent(request: HttpRequest) -> dict[str, Any] | None:
    """What is kept of the code that was sent last, while it holds."""
    sent: dict[str, Any] | None = request.session.get(SENT)
    return sent if sent and _now() - sent["at"] <= SECONDS else None


def is_sent(request: HttpRequest) -> bool:
    return _sent(request) is not None


@sensitive_variables("code")
def by_code(request: HttpRequest, user: User, code: str) -> None:
    """Raises Refusal. Tries are counted before they are compared; of another number than it went to, a code is none."""
    sent = _sent(request)
    is_theirs = sent and codes.matches(CODE, str(user.phone), sent["phone"])
    if (
        not sent
        or not is_theirs
        or not actions.take_try(key=sent["key"])
        or not codes.matches(CODE, code, sent["digest"])
    ):
        raise Refusal(_("Mã chưa đúng hoặc đã hết hạn. Hãy xem lại tin nhắn mới nhất, hoặc nhận mã mới."))
    keep(request)


@sensitive_variables("code")
def by_card(request: HttpRequest, user: User, code: str) -> None:
    """A card of this very person, which is used up by it. Raises Refusal."""
    tried = limits.take(request, "use_card")
    digest = codes.digest(actions.logins.CARD, codes.tidy(code))
    if not OneTimeCard.objects.filter(code_digest=digest, person=user.person_id).exists():
        raise Refusal(_("Mã trên phiếu chưa đúng, hoặc là phiếu của người khác. Hãy xem lại từng chữ."))
    actions.use_card(code=code, at=timezone.now())
    tried.rollback()
    keep(request)
