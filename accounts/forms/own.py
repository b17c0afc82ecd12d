"""Input of people on their own pages. Each refusal says what is wrong and what to do."""

from datetime import date
from typing import Any

from allauth.account import forms as allauth_forms
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts import rules
from accounts.models import ConsentText, OfficialLevel, PersonKind, SubjectKind, SubjectRole
from accounts.sessions import CODE, remember
from lib import codes, phones, text
from provinces.models import Place

from .places import PlaceNameField


class PhoneField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        attrs = {"type": "tel", "inputmode": "tel", "autocomplete": "tel", "class": "big"}
        kwargs.setdefault("label", _("Số điện thoại"))
        kwargs.setdefault("widget", forms.TextInput(attrs=attrs))
        kwargs.setdefault("help_text", _("Gõ có dấu cách, dấu chấm hay +84 đều được."))
        kwargs.setdefault("error_messages", {"required": _("Hãy nhập số điện thoại của anh/chị.")})
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        return phones.to_e164(typed) if typed else ""


class WrittenNameField(forms.CharField):
    """A name without anything that cannot be seen, measured as it is stored and as it is searched for."""

    def to_python(self, value: Any) -> str:
        return text.name(super().to_python(value) or "")

    def validate(self, value: Any) -> None:
        super().validate(value)
        if self.max_length is not None and len(text.fold(value)) > self.max_length >= len(value):
            raise ValidationError(_("Tên này dài quá hoặc có ký tự lạ. Hãy gõ lại ngắn hơn, chỉ dùng chữ thường gặp."))


class StartForm(forms.Form):
    phone = PhoneField()
    is_shared = forms.BooleanField(
        label=_("Đây là máy dùng chung"), required=False, help_text=_("Tắt trình duyệt là tự đăng xuất.")
    )


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
        code = "".join(c for c in self.cleaned_data["code"] if c.isdigit())
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

    def _setup_password_field(self) -> None:
        """allauth drops the field when sign-up asks for no password; here a PIN or password is the point."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        user = getattr(self, "user", None)
        if user is not None and user.phone_verified_at is None:
            raise ValidationError(_("Số này chưa được xác nhận. Lần này hãy vào bằng mã qua tin nhắn hoặc phiếu mã."))
        return cleaned

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        """allauth sets one session length for everybody after logging in; here it depends on who it is."""
        response = super().login(request, redirect_url=redirect_url)
        if request.user.is_authenticated:
            remember(request, request.user, is_shared=False)
        return response


class NameForm(forms.Form):
    name = WrittenNameField(
        label=_("Họ và tên"),
        max_length=100,
        help_text=_("Viết có dấu, đúng như muốn in trên giấy chứng nhận."),
        widget=forms.TextInput(attrs={"autocomplete": "name", "class": "big"}),
        error_messages={"required": _("Hãy nhập họ và tên.")},
    )
    birth_year = forms.IntegerField(
        label=_("Năm sinh (không bắt buộc)"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "bday-year", "maxlength": "4"}),
        error_messages={"invalid": _("Năm sinh gồm bốn chữ số, ví dụ 1975.")},
    )
    kind = forms.ChoiceField(
        label=_("Anh/Chị là"),
        choices=[(PersonKind.SUBJECT, _("Người của chủ thể OCOP")), (PersonKind.OFFICIAL, _("Cán bộ"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Hãy chọn một trong hai.")},
    )

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if not rules.looks_like_a_name(name):
            raise ValidationError(_("Họ và tên chỉ gồm chữ, ví dụ Trần Thị Út."))
        return name

    def clean_birth_year(self) -> int | None:
        year = self.cleaned_data["birth_year"]
        if year is not None and not rules.is_adult_birth_year(year, date.today().year):
            raise ValidationError(_("Năm sinh chưa hợp lý. Người học cần đủ 16 tuổi."))
        return year


class PlaceForm(forms.Form):
    place = forms.ModelChoiceField(
        queryset=Place.objects.current().communes(),
        error_messages={
            "required": _("Hãy chọn một nơi trong danh sách."),
            "invalid_choice": _("Nơi này không còn trong danh mục. Hãy tìm lại."),
        },
    )


class SubjectForm(forms.Form):
    subject_name = WrittenNameField(
        label=_("Tên cơ sở, hợp tác xã, doanh nghiệp"),
        max_length=150,
        help_text=_("Gõ vài chữ: nếu đã có trong xã, tên sẽ hiện ra để chọn."),
        widget=forms.TextInput(attrs={"list": "chu-the", "autocomplete": "organization"}),
        error_messages={"required": _("Hãy ghi tên chủ thể. Nếu là hộ, ghi tên chủ hộ hoặc tên cơ sở.")},
    )
    subject_kind = forms.ChoiceField(
        label=_("Loại hình"), choices=SubjectKind, widget=forms.RadioSelect, initial=SubjectKind.HOUSEHOLD
    )
    subject_role = forms.ChoiceField(
        label=_("Anh/Chị ở đó là"),
        choices=SubjectRole,
        widget=forms.RadioSelect,
        error_messages={"required": _("Hãy chọn vai trò của anh/chị.")},
    )


class OfficialForm(forms.Form):
    official_level = forms.ChoiceField(
        label=_("Anh/Chị công tác ở"),
        choices=OfficialLevel,
        widget=forms.RadioSelect,
        error_messages={"required": _("Hãy chọn cấp công tác.")},
    )


class ConsentForm(forms.Form):
    """One tile for each text; nothing is ticked beforehand, and those that are `REQUIRED_CONSENTS` must be ticked."""

    without_it = _("Cần có sự đồng ý này mới lưu kết quả học và cấp giấy chứng nhận được.")

    def __init__(self, *args: Any, texts: list[ConsentText], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.texts = texts
        for consent_text in texts:
            is_required = consent_text.purpose in rules.REQUIRED_CONSENTS
            self.fields[consent_text.purpose] = forms.BooleanField(
                label=consent_text.body,
                required=is_required,
                help_text="" if is_required else _("Không bắt buộc."),
                error_messages={"required": self.without_it},
            )

    def given(self) -> list[ConsentText]:
        return [consent_text for consent_text in self.texts if self.cleaned_data.get(consent_text.purpose)]


class PinForm(forms.Form):
    pin = forms.CharField(
        label=_("Mã PIN mới, sáu số"),
        widget=forms.PasswordInput(
            attrs={"inputmode": "numeric", "autocomplete": "new-password", "maxlength": "6", "class": "big"}
        ),
        error_messages={"required": _("Hãy nhập sáu số.")},
    )
    again = forms.CharField(
        label=_("Nhập lại một lần nữa"),
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
            self.add_error("again", _("Hai lần nhập chưa giống nhau."))
        return cleaned


PIN_REFUSALS = {
    "not six digits": _("Mã PIN gồm đúng sáu chữ số."),
    "trivial": _("Mã này dễ đoán. Hãy chọn sáu số khác, tránh dãy liền nhau hay số lặp lại."),
    "birth year": _("Đừng dùng năm sinh trong mã PIN, vì người quen dễ đoán."),
}


class CardForm(forms.Form):
    code = forms.CharField(
        label=_("Mã trên phiếu"),
        widget=forms.TextInput(
            attrs={"class": "big", "autocomplete": "off", "autocapitalize": "characters", "maxlength": "20"}
        ),
        help_text=_("Không phân biệt chữ hoa, chữ thường; có gạch ngang hay không đều được."),
        error_messages={"required": _("Hãy nhập mã in trên phiếu.")},
    )
    is_shared = forms.BooleanField(
        label=_("Đây là máy dùng chung"), required=False, help_text=_("Tắt trình duyệt là tự đăng xuất.")
    )


class LostNumberForm(forms.Form):
    name = WrittenNameField(label=_("Họ và tên"), max_length=100, error_messages={"required": _("Hãy nhập họ và tên.")})
    place = PlaceNameField(
        label=_("Xã, phường"), max_length=100, error_messages={"required": _("Hãy nhập tên xã, phường.")}
    )
    old_phone = PhoneField(label=_("Số điện thoại cũ"), help_text=_("Số đã dùng để học."))
    new_phone = PhoneField(label=_("Số điện thoại mới"), help_text=_("Chúng tôi sẽ nhắn kết quả đến số này."))
