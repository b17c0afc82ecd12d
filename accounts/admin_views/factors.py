"""A colleague's own second factor: allauth's views in the admin's frame. What adds to it, takes from it or shows codes asks for
the password again (allauth's reauthentication)."""

from typing import TYPE_CHECKING, Any

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY as METHODS
from allauth.account.internal.flows.login import record_authentication
from allauth.account.views import ReauthenticateView
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.views import IndexView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView

from accounts import actions
from accounts.queries import has_second_factor
from lib.qr import picture

if TYPE_CHECKING:
    from django.views.generic.base import ContextMixin as Page
else:
    Page = object

GROUP = 4  # letters of a secret that are read at once


class OwnPage(Page):
    """A page about it, in the admin's frame."""

    title: Any = ""

    def frame(self) -> dict[str, Any]:
        crumbs = [
            {"url": reverse("wagtailadmin_account"), "label": _("Tài khoản của tôi")},
            {"url": reverse("mfa_index"), "label": _("Xác minh hai bước")},
        ]
        if self.title:
            crumbs.append({"url": "", "label": str(self.title)})
        return {"header_title": crumbs[-1]["label"], "breadcrumbs_items": crumbs, "header_icon": "lock"}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | self.frame()

    def form_invalid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        response.status_code = 422
        return response


class Overview(OwnPage, IndexView):
    template_name = "accounts/admin/factors/overview.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        spare = context["authenticators"].get(Authenticator.Type.RECOVERY_CODES)
        used = spare.instance.data.get("used_mask", 0).bit_count() if spare else 0
        return context | {
            "app": context["authenticators"].get(Authenticator.Type.TOTP),
            "keys": context["authenticators"].get(Authenticator.Type.WEBAUTHN, []),
            "spare": spare,
            "codes_left": app_settings.RECOVERY_CODE_COUNT - used,
            "is_set_up": has_second_factor(self.request.user),
            "is_required": settings.STAFF_SECOND_FACTOR == "required",
        }


def _changed(request: HttpRequest, *, used: str = "") -> None:
    """Other sessions of the account end, as they began under what was before. This one goes on: whoever set a factor up has
    `used` it, whoever took the last one off has none any more."""
    user: Any = request.user
    if used:
        record_authentication(request, user, method="mfa", type=used)
    elif not has_second_factor(user):
        kept = [record for record in request.session[METHODS] if record.get("method") != "mfa"]
        request.session[METHODS] = kept
    actions.end_sessions(user=user)
    update_session_auth_hash(request, user)


class SetUpApp(OwnPage, ActivateTOTPView):
    template_name = "accounts/admin/factors/app.html"
    title = gettext_lazy("Ứng dụng xác thực")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Past allauth's own, which draws the code with a library of its own."""
        context = FormView.get_context_data(self, **kwargs)
        secret = context["form"].secret
        address = get_adapter().build_totp_url(self.request.user, secret)
        groups = " ".join(secret[at : at + GROUP] for at in range(0, len(secret), GROUP))
        drawn = {"address": address, "qr": picture(address, scale=4), "secret": groups}
        return context | self.frame() | drawn

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        _changed(self.request, used="totp")
        messages.success(
            self.request, _("Đã bật ứng dụng xác thực. Từ lần đăng nhập tới, trang hỏi thêm mã trong ứng dụng.")
        )
        return answer


class DropApp(OwnPage, DeactivateTOTPView):
    template_name = "accounts/admin/factors/drop.html"
    title = gettext_lazy("Bỏ ứng dụng xác thực")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"is_last": _is_last(self.authenticator)}

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        _changed(self.request)
        messages.success(self.request, _("Đã bỏ ứng dụng xác thực."))
        return answer


class AddKey(OwnPage, AddWebAuthnView):
    template_name = "accounts/admin/factors/key.html"
    title = gettext_lazy("Thêm khóa truy cập")

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        _changed(self.request, used="webauthn")
        messages.success(self.request, _("Đã thêm khóa truy cập."))
        return answer


class DropKey(OwnPage, RemoveWebAuthnView):
    template_name = "accounts/admin/factors/drop.html"
    title = gettext_lazy("Bỏ khóa truy cập")
    success_url = reverse_lazy("mfa_index")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"is_last": _is_last(self.object), "key": self.object}

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        _changed(self.request)
        messages.success(self.request, _("Đã bỏ khóa truy cập."))
        return answer


def _is_last(authenticator: Authenticator) -> bool:
    others = Authenticator.objects.filter(user=authenticator.user_id).exclude(pk=authenticator.pk)
    return not others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists()


class RecoveryCodes(OwnPage, ViewRecoveryCodesView):
    """Shows them once."""

    template_name = "accounts/admin/factors/codes.html"
    title = gettext_lazy("Mã dự phòng")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            answer: HttpResponse = super().get(request, *args, **kwargs)
        except InvalidToken:
            messages.error(request, get_adapter().error_messages["unreadable"])
            return redirect("mfa_index")
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"day": timezone.localdate()}


class NewCodes(OwnPage, GenerateRecoveryCodesView):
    template_name = "accounts/admin/factors/new_codes.html"
    title = gettext_lazy("Tạo mã dự phòng mới")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Past allauth's own, which reads the old codes to count them."""
        return FormView.get_context_data(self, **kwargs) | self.frame()


class PasswordAgain(OwnPage, ReauthenticateView):
    template_name = "accounts/admin/factors/password.html"
    title = gettext_lazy("Nhập lại mật khẩu")
