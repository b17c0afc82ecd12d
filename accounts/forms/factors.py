"""Input about the second factor: allauth's forms, with our words, each code for one use, and no failure at odd keys."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account.forms import ReauthenticateForm
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm
from cryptography.fernet import InvalidToken
from django import forms
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from lib import codes
from lib.typed import TypedField

from .doors import digits

PERIOD = 30  # seconds that an app shows a code
LONGEST_KEY = 20_000  # characters; the largest that browsers send are a tenth of it
CODE_ATTRS = {"class": "big", "inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": "12"}


def use_once(user: Any, code: str) -> None:
    """allauth keeps a used code for one period, and with a tolerance it would hold for longer. Raises ValidationError for one
    that was used."""
    kept = PERIOD * (2 * settings.MFA_TOTP_TOLERANCE + 1)
    if not cache.add("second-factor:" + codes.digest("second-factor", f"{user.pk}:{digits(code)}"), 1, kept):
        raise get_adapter().validation_error("incorrect_code")


@contextmanager
def plain_words() -> Iterator[None]:
    """allauth's limit is worded for codes by message; what no key of today opens is told as well."""
    try:
        yield
    except ValidationError as error:
        if error.code in ("too_many_login_attempts", "rate_limited"):
            raise get_adapter().validation_error("too_many_codes") from error
        raise
    except InvalidToken:
        raise get_adapter().validation_error("unreadable") from None


@contextmanager
def readable_key() -> Iterator[None]:
    """fido2 trusts that a browser sends what it should, and fails in many ways at anything else: none of it is a key."""
    try:
        with plain_words():
            yield
    except ValidationError:
        raise
    except Exception as error:
        raise get_adapter().validation_error("incorrect_key") from error


class KeyField(forms.JSONField):
    """What a browser says of a passkey."""

    def __init__(self) -> None:
        unread = get_adapter().error_messages["incorrect_key"]
        super().__init__(widget=forms.HiddenInput, error_messages={"required": unread, "invalid": unread})

    def to_python(self, value: Any) -> Any:
        """Of what Python refuses to read (numbers of thousands of digits, lists in lists in lists) Django knows only a part."""
        if isinstance(value, str) and len(value) > LONGEST_KEY:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        try:
            return super().to_python(value)
        except (ValueError, RecursionError) as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error

    def bound_data(self, data: Any, initial: Any) -> None:
        """Not sent back: a question is answered once."""


class CodeForm(AuthenticateForm):
    """The six digits of an app, or one of the recovery codes."""

    code = forms.CharField(
        label=_("Mã sáu số"),
        widget=forms.TextInput(attrs=CODE_ATTRS | {"autofocus": True}),
        error_messages={"required": _("Hãy nhập mã trong ứng dụng, hoặc một mã dự phòng.")},
    )

    def clean_code(self) -> str:
        with plain_words():
            code: str = super().clean_code()
        if self.authenticator.type == Authenticator.Type.TOTP:
            use_once(self.user, code)
        return code


class KeyForm(AuthenticateWebAuthnForm):
    credential = KeyField()

    def clean_credential(self) -> Authenticator:
        with readable_key():
            authenticator: Authenticator = super().clean_credential()
        return authenticator


class AppForm(ActivateTOTPForm):
    code = forms.CharField(
        label=_("Mã sáu số trong ứng dụng"),
        widget=forms.TextInput(attrs=CODE_ATTRS),
        error_messages={"required": _("Hãy nhập mã sáu số mà ứng dụng đang hiện.")},
    )

    def clean_code(self) -> str:
        try:
            with plain_words():
                code: str = super().clean_code()
        except ValidationError as error:
            if error.code == "incorrect_code":  # most often that of a code scanned before the page was loaded again
                raise get_adapter().validation_error("unmatched_code") from error
            raise
        use_once(self.user, code)
        return code


class NewKeyForm(AddWebAuthnForm):
    name = TypedField(
        label=_("Tên của khóa"),
        required=False,
        max_length=40,
        help_text=_("Để sau này nhận ra, ví dụ “Máy tính ở xã” hoặc “Điện thoại của tôi”."),
    )
    credential = KeyField()

    def clean(self) -> dict[str, Any]:
        with readable_key():
            cleaned: dict[str, Any] = super().clean()
        return cleaned


class PasswordAgainForm(ReauthenticateForm):
    password = forms.CharField(
        label=_("Mật khẩu"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
        error_messages={"required": _("Hãy nhập mật khẩu của anh/chị.")},
    )


class ResetForm(forms.Form):
    """Why an administrator takes a colleague's second factor away."""

    reason = TypedField(
        label=_("Vì sao gỡ bước thứ hai"),
        max_length=200,
        help_text=_("Ví dụ: mất điện thoại, đã gọi lại hỏi đúng người. Ghi lại cùng tên anh/chị và giờ này."),
        error_messages={"required": _("Hãy ghi lý do, để sau này người khác xem lại còn hiểu.")},
    )
