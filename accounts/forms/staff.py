"""Input of administrators about their colleagues, and of colleagues about themselves."""

from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput
from wagtail.users.forms import UserCreationForm, UserEditForm

from accounts.access import places_of_colleagues, roles_of
from accounts.models import COUNTRYWIDE, PROVINCEWIDE, Role, User
from accounts.queries import delegable_until
from accounts.rules import GIVEN_BY_MANAGERS
from lib import dates, phones, text
from lib.typed import TypedField
from provinces.models import Level

from .fields import EMPTY
from .places import PlaceNameField, PlaceNameInput
from .seen import SeenForm

NAME_HELP = {"display_name": _("Họ tên đầy đủ, có dấu. Sổ sách ghi tên này ở những việc người ấy làm.")}
WHOLE_PROVINCE = _("Vai trò này là của cả tỉnh: hãy gõ tên tỉnh, thành phố.")


class DisplayName:
    """A name that is there: blanks, also those that nobody sees, are none."""

    cleaned_data: dict[str, Any]

    def clean_display_name(self) -> str:
        name = text.nfc(self.cleaned_data["display_name"] or "")
        if not any(c.isalpha() for c in name):
            raise ValidationError(_("Hãy nhập họ và tên."))
        return name


class OwnNameForm(DisplayName, forms.ModelForm):
    class Meta:
        model = User
        fields = ["display_name"]
        help_texts = {"display_name": _("Họ tên đầy đủ, có dấu.")}

    def save(self, commit: bool = True) -> User:
        """The name alone: a password or an end of sessions that somebody else gave meanwhile would be written over."""
        user: User = super().save(commit=False)
        user.save(update_fields=["display_name"])
        return user


class StaffFields(DisplayName):
    """What a staff member has here: a name and a number; no e-mail address, first or last name."""

    fields: dict[str, forms.Field]

    def drop_foreign_fields(self) -> None:
        for name in ("email", "first_name", "last_name", "groups", "is_superuser"):
            self.fields.pop(name, None)
        for name in ("phone", "display_name"):
            self.fields[name].required = True

    def clean_phone(self) -> str:
        return phones.to_e164(self.cleaned_data["phone"] or "")


class RoleForm(forms.Form):
    """A role, where and for how long. What is not chosen is asked for: silence is no role in the whole country."""

    role = forms.ChoiceField(
        label=_("Vai trò"),
        choices=EMPTY + Role.choices,
        error_messages={"required": _("Hãy chọn vai trò.")},
    )
    scope = forms.ChoiceField(
        label=_("Phạm vi"),
        choices=[("place", _("Một địa bàn")), ("country", _("Cả nước"))],
        widget=forms.RadioSelect,
        help_text=_(
            "Người biên soạn và quản trị hệ thống làm việc cho cả nước; người soạn câu hỏi cho một tỉnh hoặc cả nước."
        ),
        error_messages={"required": _("Hãy chọn một địa bàn hay cả nước.")},
    )
    place_name = PlaceNameField(
        provinces=True,
        required=False,
        help_text=_("Tên xã, phường hoặc tên tỉnh, không cần dấu; rồi chọn trong những nơi hiện ra."),
        widget=PlaceNameInput(provinces=True),
    )
    valid_from = forms.DateField(
        label=_("Từ ngày"),
        initial=timezone.localdate,
        required=False,
        widget=AdminDateInput,
        help_text=_("Để trống: từ hôm nay."),
    )
    valid_until = forms.DateField(
        label=_("Đến hết ngày"),
        required=False,
        widget=AdminDateInput,
        help_text=_("Để trống: cho đến khi thôi vai trò."),
    )

    def clean_valid_from(self) -> date:
        day: date = self.cleaned_data["valid_from"] or timezone.localdate()
        if day < timezone.localdate():
            raise ValidationError(_("Ngày bắt đầu sớm nhất là hôm nay. Hãy chọn hôm nay hoặc một ngày sau."))
        return day

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        self._check_where(cleaned.get("role"), cleaned.get("scope"))
        first, last = cleaned.get("valid_from"), cleaned.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", _("Ngày cuối phải từ ngày bắt đầu trở đi."))
        return cleaned

    def _check_where(self, role: str | None, scope: str | None) -> None:
        if scope == "country":
            self.cleaned_data["place_name"] = None
        elif scope == "place" and role in COUNTRYWIDE:
            self.add_error("scope", _("Vai trò này là của cả nước: hãy chọn “Cả nước”."))
        elif scope == "place" and not self.cleaned_data.get("place_name") and "place_name" not in self.errors:
            self.add_error("place_name", _("Hãy gõ tên địa bàn."))
        elif scope == "place" and role in PROVINCEWIDE and self._is_within_a_province():
            self.add_error("place_name", WHOLE_PROVINCE)

    def _is_within_a_province(self) -> bool:
        place = self.cleaned_data.get("place_name")
        return place is not None and place.level != Level.PROVINCE


class DelegatedRoleForm(RoleForm):
    """A role that a manager gives within the own place. The action asks again; here it is said at the field."""

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.held = roles_of(by)
        del self.fields["scope"]
        self.fields["role"] = forms.ChoiceField(
            label=self.fields["role"].label,
            choices=EMPTY + [one for one in Role.choices if one[0] in GIVEN_BY_MANAGERS],
            help_text=_(
                "Trong địa bàn của mình, anh/chị giao được: cán bộ theo dõi cho cấp dưới; đơn vị tổ chức cho cấp mình và cấp dưới; người soạn câu hỏi cho cả một tỉnh."
            ),
            error_messages={"required": _("Hãy chọn vai trò.")},
        )
        within = places_of_colleagues(by)
        self.fields["place_name"] = PlaceNameField(
            within=within,
            provinces=True,
            help_text=self.fields["place_name"].help_text,
            widget=PlaceNameInput(provinces=True),
            error_messages={"required": _("Hãy gõ tên địa bàn.")},
        )

    def _check_where(self, role: str | None, scope: str | None) -> None:
        """Where the own role ends some day, another's ends then at the latest, and does so if nothing is typed."""
        place = self.cleaned_data.get("place_name")
        if not role or place is None:
            return
        if role in PROVINCEWIDE and self._is_within_a_province():
            self.add_error("place_name", WHOLE_PROVINCE)
            return
        limit = delegable_until(self.held, role, place)
        if limit is None:
            self.add_error("place_name", _("Anh/Chị không giao được vai trò này ở nơi này, nên chưa giao gì."))
        elif limit != date.max and "valid_until" in self.cleaned_data:
            self._check_last_day(limit)

    def _check_last_day(self, limit: date) -> None:
        last = self.cleaned_data["valid_until"] or limit
        self.cleaned_data["valid_until"] = last
        if last > limit:
            said = _("Vai trò của anh/chị chỉ đến hết ngày %(day)s, nên không giao cho người khác lâu hơn được.")
            self.add_error("valid_until", said % {"day": dates.localised(limit)})


class EndRoleForm(forms.Form):
    reason = TypedField(
        label=_("Vì sao cho thôi vai trò"),
        max_length=200,
        help_text=_("Ghi lại cùng tên anh/chị và giờ này."),
        error_messages={"required": _("Hãy ghi lý do, để sau này người khác xem lại còn hiểu.")},
    )


class ExtendRoleForm(forms.Form):
    valid_until = forms.DateField(
        label=_("Đến hết ngày"),
        widget=AdminDateInput,
        error_messages={"required": _("Hãy ghi ngày cuối mới.")},
    )


class PlainPasswordInput(forms.TextInput):
    """For a password that is made for somebody else: seen while it is typed, so once is enough, and never sent back."""

    def format_value(self, value: Any) -> None:
        return None


FIRST_PASSWORD_HELP = _(
    "Ít nhất 12 ký tự, không toàn là số, không phải mật khẩu dễ đoán mà nhiều người hay đặt. Trang để anh/chị thấy chữ đang gõ; hãy chép lại để giao cho người này. Nếu ô khác còn chỗ chưa đúng, lần sau anh/chị phải gõ lại mật khẩu."
)


class FirstPassword:
    """Made by whoever makes the account, and handed over."""

    cleaned_data: dict[str, Any]

    def clean_password1(self) -> str:
        password: str = self.cleaned_data["password1"]
        validate_password(password)
        return password


class FirstPasswordField(forms.CharField):
    def __init__(self) -> None:
        attrs = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        super().__init__(
            label=_("Mật khẩu ban đầu"),
            strip=False,
            widget=PlainPasswordInput(attrs=attrs),
            help_text=FIRST_PASSWORD_HELP,
        )


class NewColleagueForm(FirstPassword, StaffFields, DelegatedRoleForm):
    """Somebody new whom a manager takes on, with the first role."""

    phone = forms.CharField(label=_("Số điện thoại"), max_length=30)
    display_name = forms.CharField(label=_("Họ và tên"), max_length=150, help_text=NAME_HELP["display_name"])
    password1 = FirstPasswordField()
    field_order = ["phone", "display_name", "role", "place_name", "valid_from", "valid_until", "password1"]


class StaffCreationForm(FirstPassword, StaffFields, UserCreationForm, RoleForm):
    """The password comes last, as it has to be typed again when another field is not right."""

    password1 = FirstPasswordField()
    field_order = ["phone", "display_name", "role", "scope", "place_name", "valid_from", "valid_until", "password1"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.drop_foreign_fields()
        del self.fields["password2"]
        self.fields["password1"].help_text = FIRST_PASSWORD_HELP  # Django's form has put its own there

    class Meta:
        model = User
        fields = ["phone", "display_name"]
        help_texts = NAME_HELP

    def clean(self) -> dict[str, Any]:
        super().clean()
        return RoleForm.clean(self)


class StaffEditForm(StaffFields, SeenForm, UserEditForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.number_before = self.instance.phone
        self.drop_foreign_fields()
        self.look_at({name: self.initial[name] for name in ("phone", "display_name", "is_active")})
        self.initial["phone"] = phones.readable(self.instance.phone or "")

    class Meta:
        model = User
        fields = ["phone", "display_name", "is_active"]
        help_texts = NAME_HELP
