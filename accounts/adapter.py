"""allauth speaks to the platform here: numbers, codes and what happens at log-in."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import RateLimited
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lib import codes

from . import actions, devices
from .access import first_stop
from .forms import PhoneField
from .models import User
from .sessions import CODE, forget_half_a_log_in, forget_proven, remember


class PhoneAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _(
            "Tài khoản này đã ngừng dùng. Những gì đã ghi vẫn được giữ. Muốn dùng lại, học viên hỏi cán bộ xã, cán bộ hỏi quản trị hệ thống."
        ),
        "incorrect_code": _("Mã chưa đúng. Hãy xem lại tin nhắn mới nhất và nhập đủ sáu số."),
        "phone_password_mismatch": _(
            "Số điện thoại và mã PIN (hoặc mật khẩu) chưa khớp. Hãy xem lại rồi nhập lần nữa; quên mã PIN thì nhận mã qua tin nhắn."
        ),
        "incorrect_password": _("Mã PIN hoặc mật khẩu chưa đúng. Hãy xem lại rồi nhập lần nữa."),
        "rate_limited": _(
            "Vừa có nhiều lần thử nên chưa làm tiếp được. Những gì đã lưu vẫn còn nguyên. Hãy đợi vài phút rồi thử lại."
        ),
        "number_rests": _(
            "Chưa vào được: số này hoặc mạng này vừa nhập sai nhiều lần, có thể do người khác. Tài khoản và kết quả học vẫn còn nguyên. Muốn vào ngay, anh/chị dùng mã qua tin nhắn hoặc phiếu mã, hoặc dùng máy đã từng đăng nhập (không phải máy dùng chung). Không thì đợi 15 phút; vẫn chưa được thì mai thử lại."
        ),
        "too_many_login_attempts": _(
            "Vừa nhập sai nhiều lần nên chưa vào được. Tài khoản và kết quả học vẫn còn nguyên. Hãy lấy mã mới, hoặc đợi vài phút rồi thử lại."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False  # one door for everybody: views.start

    def phone_form_field(self, **kwargs: Any) -> PhoneField:
        return PhoneField(**kwargs)

    def generate_phone_verification_code(self, *, user: Any, phone: str) -> str:
        """What allauth keeps in the session is a key and the code's HMAC; the code itself lives until it is sent."""
        self.request.plain_code = codes.random_digits(6)  # type: ignore[union-attr]
        return f"{codes.random_code(20)}:{codes.digest(CODE, self.request.plain_code)}"  # type: ignore[union-attr]

    def send_verification_code_sms(self, user: Any, phone: str, code: str, **kwargs: Any) -> None:
        """Every code passes here, the first one and those that are asked for again: counted, then sent."""
        request: Any = self.request
        devices.take_try(request, "request_login_code", phone)
        key = code.partition(":")[0]
        actions.send_code(phone=phone, key=key, code=request.plain_code, at=timezone.now())

    def get_user_by_phone(self, phone: str) -> User | None:
        return User.objects.filter(phone=phone).first()

    def get_phone(self, user: Any) -> tuple[str, bool] | None:
        return (user.phone, user.phone_verified_at is not None) if user.phone else None

    def set_phone(self, user: Any, phone: str, verified: bool) -> None:
        user.phone = phone
        user.phone_verified_at = timezone.now() if verified else None
        user.save(update_fields=["phone", "phone_verified_at"])

    def set_phone_verified(self, user: Any, phone: str) -> None:
        """allauth asks before it looks whether the account is in use: whoever is turned away has proved nothing."""
        if user.is_active and user.phone_verified_at is None:
            self.set_phone(user, phone, verified=True)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Counted before the PIN is compared; allauth gives the try back when it was right."""
        try:
            self._login_failed_rl_usage = devices.take_try(request, "login_failed", credentials.get("phone", ""))
        except RateLimited:
            raise self.validation_error("number_rests") from None

    def login(self, request: HttpRequest, user: Any) -> None:
        shared = request.session.pop("is_shared_device", False)
        forget_proven(request)  # of whoever used this device before
        forget_half_a_log_in(request, user)
        super().login(request, user)
        remember(request, user, is_shared=shared)

    def post_login(self, request: HttpRequest, user: Any, **flow: Any) -> HttpResponse:
        """Whoever has something to tell or to agree to first is asked at once, and then led to where they were going."""
        response: HttpResponse = super().post_login(request, user, **flow)
        return entered(request, user, response.headers["Location"])

    def get_login_stages(self) -> list[str]:
        ours = {"allauth.mfa.stages.AuthenticateStage": "accounts.factors.SecondStep"}
        return [ours.get(stage, stage) for stage in super().get_login_stages()]

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """The password alone: a second factor does not stand in for the first."""
        if not user.is_authenticated or not user.has_usable_password():
            return []
        return [{"id": "reauthenticate", "description": _("Mật khẩu"), "url": reverse("account_reauthenticate")}]

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        if request.user.is_authenticated and request.user.is_staff and not request.user.person_id:
            return reverse("wagtailadmin_home")
        return super().get_login_redirect_url(request)

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return reverse("read", args=[""])

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Only refusals are said; that somebody is now logged in is seen."""
        if message and level >= messages.WARNING:
            messages.add_message(request, level, message, extra_tags=extra_tags)


def entered(request: HttpRequest, user: User, otherwise: str) -> HttpResponse:
    """The answer to whoever has just come in, whichever way; the device is known from now on."""
    response = HttpResponseRedirect(first_stop(user, otherwise))
    devices.keep_known(request, response, user.phone)
    return response
