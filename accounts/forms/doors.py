"""Input at the ways in: number and code, PIN or password, card, lost number."""

from typing import Any

from allauth.account import forms as allauth_forms
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts import rules
from accounts.sessions import CODE, remember
from lib import codes

from .fields import PhoneField, SharedDeviceField, WrittenNameField
from .places import PlaceNameField, PlaceNameInput


class StartForm(forms.Form):
    phone = PhoneField()
    is_shared = SharedDeviceField()


CODE_LENGTH = 6


def digits(typed: str) -> str:
    return "".join(c for c in typed if c.isdigit())


class ConfirmCodeForm(allauth_forms.ConfirmLoginCodeForm):
    """`expected_code` is what the adapter put into the session: a key and the HMAC."""

    code = forms.CharField(
        label=_("Mã sáu số"),
        widget=forms.TextInput(
            attrs={
                "class": "big",
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
                "maxlength": "12",
                "autofocus": True,
            }
        ),
        error_messages={"required": _("Hãy nhập mã sáu số trong tin nhắn.")},
    )

    def clean_code(self) -> str:
        code = digits(self.cleaned_data["code"])
        if not codes.matches(CODE, code, (self.expected_code or "").partition(":")[2]):
            raise ValidationError(_("Mã chưa đúng. Hãy xem lại tin nhắn mới nhất và nhập đủ sáu số."))
        return code


class PasswordLoginForm(allauth_forms.LoginForm):
    password = forms.CharField(
        label=_("Mã PIN hoặc mật khẩu"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "class": "big"}),
        error_messages={"required": _("Hãy nhập mã PIN hoặc mật khẩu.")},
    )
    is_shared = SharedDeviceField()

    def _setup_password_field(self) -> None:
        """allauth drops the field when sign-up asks for no password; here a PIN or password is the point."""

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        """allauth sets one session length for everybody after logging in; here it depends on who it is, and on whose phone."""
        request.session["is_shared_device"] = self.cleaned_data["is_shared"]
        response = super().login(request, redirect_url=redirect_url)
        if request.user.is_authenticated:
            remember(request, request.user, is_shared=self.cleaned_data["is_shared"])
        return response


class CardForm(forms.Form):
    code = forms.CharField(
        label=_("Mã trên phiếu"),
        widget=forms.TextInput(
            attrs={"class": "big", "autocomplete": "off", "autocapitalize": "characters", "maxlength": "20"}
        ),
        help_text=_("Không phân biệt chữ hoa, chữ thường; có gạch ngang hay không đều được."),
        error_messages={"required": _("Hãy nhập mã in trên phiếu.")},
    )
    is_shared = SharedDeviceField()


class LostNumberForm(forms.Form):
    name = WrittenNameField(label=_("Họ và tên"), max_length=100, error_messages={"required": _("Hãy nhập họ và tên.")})
    place = PlaceNameField(
        label=_("Xã, phường"),
        max_length=100,
        widget=PlaceNameInput(),
        error_messages={"required": _("Hãy nhập tên xã, phường.")},
    )
    old_phone = PhoneField(
        label=_("Số điện thoại cũ"),
        required=False,
        help_text=_("Số đã dùng để học. Chưa từng ghi số nào thì để trống."),
    )
    new_phone = PhoneField(
        label=_("Số điện thoại mới"),
        help_text=_("Chúng tôi sẽ nhắn tin báo đến số này khi cán bộ trả lời yêu cầu."),
        error_messages={"required": _("Hãy nhập số điện thoại mới.")},
    )


class PinForm(forms.Form):
    pin = forms.CharField(
        label=_("Mã PIN mới, sáu số"),
        widget=forms.PasswordInput(
            attrs={"inputmode": "numeric", "autocomplete": "new-password", "maxlength": "6", "class": "big"}
        ),
        error_messages={"required": _("Hãy nhập sáu số.")},
    )
    again = forms.CharField(
        label=_("Nhập lại mã PIN mới"),
        widget=forms.PasswordInput(
            attrs={"inputmode": "numeric", "autocomplete": "new-password", "maxlength": "6", "class": "big"}
        ),
        error_messages={"required": _("Hãy nhập lại sáu số.")},
    )

    def __init__(self, *args: Any, birth_year: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.birth_year = birth_year

    def clean_pin(self) -> str:
        pin = self.cleaned_data["pin"]
        if reason := rules.weak_pin(pin, self.birth_year):
            raise ValidationError(PIN_REFUSALS[reason])
        return pin

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("pin") and cleaned.get("again") and cleaned["pin"] != cleaned["again"]:
            self.add_error("again", _("Chưa lưu mã PIN, vì hai lần nhập chưa giống nhau. Hãy nhập lại cả hai ô."))
        return cleaned


PIN_REFUSALS = {
    "not six digits": _("Mã PIN gồm đúng sáu chữ số."),
    "trivial": _("Mã này dễ đoán. Hãy chọn sáu số khác, tránh dãy liền nhau hay số lặp lại."),
    "birth year": _("Đừng dùng năm sinh trong mã PIN, vì người quen dễ đoán."),
}
