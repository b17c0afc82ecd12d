"""Whose number it is: asked once, of whoever proves a number that an officer wrote down."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import actions, sessions
from accounts.models import User
from lib import phones

from .journey import enter, next_address, to


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def whose_number(request: HttpRequest) -> HttpResponse:
    """With one wrong digit the account would open for a stranger, so nobody is in before they say whose it is."""
    user = sessions.proven(request)
    if user is None:
        return _from_the_start(request)
    answer = request.POST.get("answer")
    if answer in ("own", "other"):
        owner = _own(user) if answer == "own" else _somebody_else(user)
        sessions.forget_proven(request)
        return enter(request, owner, method="code") if owner else _from_the_start(request)
    context = {
        "person": user.person,
        "number": phones.readable(user.phone or ""),
        "next": next_address(request),
        "is_unanswered": request.method == "POST",
    }
    return render(request, "accounts/whose_number.html", context, status=422 if request.method == "POST" else 200)


def _from_the_start(request: HttpRequest) -> HttpResponse:
    if request.method == "POST" and not request.user.is_authenticated:  # a second tap may be in already
        said = _(
            "Chưa vào được: câu hỏi để quá 10 phút, hoặc đã trả lời ở trang khác. Tài khoản và kết quả học vẫn còn nguyên. Anh/Chị nhập lại số để nhận mã mới."
        )
        messages.warning(request, said)
    return to("account_request_login_code", request)


def _own(user: User) -> User | None:
    return user if actions.confirm_number(user=user, at=timezone.now()) else None


def _somebody_else(user: User) -> User | None:
    now = timezone.now()
    newcomer = actions.part_from_person(user=user, at=now)
    return newcomer if newcomer and actions.confirm_number(user=newcomer, at=now) else None
