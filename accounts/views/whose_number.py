"""Whose number it is: asked once, of whoever proves a number that somebody else wrote down."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import actions, sessions
from accounts.models import User
from accounts.queries import has_staff_password
from lib import phones
from lib.refusals import Refusal

from .journey import enter, next_address, to

ANSWERS = ("own", "other")
LATER = "later"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def whose_number(request: HttpRequest) -> HttpResponse:
    """With one wrong digit the account would open for a stranger, so nobody is in before they say whose it is."""
    answer, proof = request.POST.get("answer", ""), request.POST.get("proof", "")
    if answer in ANSWERS and proof and (again := sessions.entry_again(request, f"{proof}{answer}")):
        return enter(request, again, method="code")
    if answer == LATER:
        sessions.forget_proven(request)
        return redirect("read", "")
    user = sessions.proven(request)
    if user is None:
        return _from_the_start(request)
    return _answered(request, user, answer) if answer in ANSWERS else _ask(request, user)


def _answered(request: HttpRequest, user: User, answer: str) -> HttpResponse:
    had_pin = user.has_pin
    try:
        owner = _owner(user, answer)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return _ask(request, user)
    if owner is None:
        return _from_the_start(request)
    if had_pin and not owner.has_pin and owner == user:
        messages.info(
            request,
            _(
                "Số này nay đã xác nhận, nên mã PIN đặt trước đây không dùng nữa. Anh/Chị muốn vào bằng mã PIN thì đặt mã mới ở mục Tài khoản."
            ),
        )
    sessions.keep_entry(request, f"{sessions.proof(request)}{answer}", owner)
    return enter(request, owner, method=sessions.proven_by(request))


def _owner(user: User, answer: str) -> User | None:
    """Whose log-in opens now; None when the question was answered elsewhere meanwhile."""
    now = timezone.now()
    if answer == "other":
        return actions.part_from_person(user=user, at=now)
    return user if actions.confirm_number(user=user, at=now) else None


def _ask(request: HttpRequest, user: User) -> HttpResponse:
    is_posted = request.method == "POST"
    context = {
        "holder": user,
        "is_colleagues": user.person is None or has_staff_password(user),
        "number": phones.readable(user.phone or ""),
        "next": next_address(request),
        "proof": sessions.proof(request),
        "is_unanswered": is_posted and request.POST.get("answer") not in ANSWERS,
    }
    return render(request, "accounts/whose_number.html", context, status=422 if is_posted else 200)


def _from_the_start(request: HttpRequest) -> HttpResponse:
    if (
        request.method == "POST" and not request.user.is_authenticated
    ):  # else another page has answered, and they are in
        said = _(
            "Chưa vào được: câu hỏi để quá 10 phút, đã trả lời ở trang khác, hoặc số này vừa được cán bộ đổi. Tài khoản và kết quả học vẫn còn nguyên. Anh/Chị nhập lại số để nhận mã mới."
        )
        messages.warning(request, said)
    return to("account_request_login_code", request)
