"""Input of staff in the admin: people whom they register or correct, and their own colleagues."""

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput
from wagtail.users.forms import UserCreationForm, UserEditForm

from accounts.models import COUNTRYWIDE, OfficialLevel, Person, PersonKind, Role, SubjectKind, SubjectRole, User
from lib import phones, text
from provinces.models import Place

from .fields import WrittenNameField
from .own import ConsentForm, NameForm
from .places import PlaceNameField

EMPTY = [("", _("(chọn)"))]


class PersonForm(NameForm):
    """A person as an officer writes it down. What does not belong to the kind is dropped, not refused."""

    subject_name = WrittenNameField(label=_("Tên chủ thể"), max_length=150, required=False)
    subject_kind = forms.ChoiceField(label=_("Loại hình"), choices=EMPTY + SubjectKind.choices, required=False)
    subject_role = forms.ChoiceField(label=_("Vai trò"), choices=EMPTY + SubjectRole.choices, required=False)
    official_level = forms.ChoiceField(label=_("Cấp công tác"), choices=EMPTY + OfficialLevel.choices, required=False)

    field_order = ["name", "birth_year", "place", "kind"]
    of_subject = ("subject_name", "subject_kind", "subject_role")
    of_official = ("official_level",)

    def __init__(self, *args: Any, within: QuerySet[Place] | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"] = PlaceNameField(within=within, label=_("Xã, phường, đặc khu"), max_length=150)
        self.fields["kind"].label = _("Người này là")
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        asked = self.of_subject if cleaned.get("kind") == PersonKind.SUBJECT else self.of_official
        for name in self.of_subject + self.of_official:
            if name not in asked:
                cleaned[name] = ""
            elif not cleaned.get(name) and cleaned.get("kind"):
                self.add_error(name, _("Hãy ghi mục này, vì anh/chị đã chọn ở trên người này thuộc nhóm nào."))
        return cleaned

    def for_everybody(self) -> list[forms.BoundField]:
        """What is asked whatever the kind, up to the kind itself."""
        return [self[name] for name in self.field_order]

    def by_kind(self) -> list[tuple[PersonKind, Any, list[forms.BoundField]]]:
        """What each kind is asked for, under a legend that says for whom."""
        return [
            (PersonKind.SUBJECT, _("Nếu là người của chủ thể OCOP"), [self[name] for name in self.of_subject]),
            (PersonKind.OFFICIAL, _("Nếu là cán bộ"), [self[name] for name in self.of_official]),
        ]

    def for_the_record(self) -> list[forms.BoundField]:
        asked = (*self.field_order, *self.of_subject, *self.of_official)
        return [field for field in self.visible_fields() if field.name not in asked]


class RegistrationForm(ConsentForm, PersonForm):
    """Somebody who cannot sign up alone; agreement was given on paper or aloud, and the officer answers for that.

    `form_token` is what makes one form one person, however often it is sent.
    """

    without_it = _("Không có sự đồng ý này thì không đăng ký giúp được.")

    form_token = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput)
    phone = forms.CharField(
        label=_("Số điện thoại (nếu có)"),
        required=False,
        help_text=_("Người này đăng nhập được bằng số ấy. Số đã có người dùng thì chỉ ghi để liên hệ."),
    )
    how = forms.ChoiceField(
        label=_("Đồng ý bằng cách nào"),
        choices=[
            ("paper", _("đã ký phiếu giấy, tôi giữ phiếu")),
            ("officer", _("đã nghe đọc và đồng ý trước mặt tôi")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Hãy chọn một cách. Im lặng không phải là đồng ý.")},
    )

    def clean_phone(self) -> str:
        typed = self.cleaned_data["phone"].strip()
        return phones.to_e164(typed) if typed else ""


class CorrectionForm(PersonForm):
    reason = forms.CharField(
        label=_("Vì sao sửa, đối chiếu với giấy tờ nào"),
        max_length=200,
        help_text=_("Ghi vào nhật ký. Đừng chép số giấy tờ vào đây."),
        error_messages={"required": _("Hãy ghi lý do, để sau này còn hiểu.")},
    )

    @staticmethod
    def initial_of(person: Person) -> dict[str, Any]:
        return {
            "name": person.name,
            "birth_year": person.birth_year,
            "place": capfirst(person.place.full_name),
            "kind": person.kind,
            "subject_name": person.subject.name if person.subject else "",
            "subject_kind": person.subject.kind if person.subject else "",
            "subject_role": person.subject_role,
            "official_level": person.official_level,
        }


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
        help_text=_("Người biên soạn và quản trị hệ thống làm việc cho cả nước."),
        error_messages={"required": _("Hãy chọn một địa bàn hay cả nước.")},
    )
    place_name = PlaceNameField(
        provinces=True, required=False, help_text=_("Tên xã, phường hoặc tên tỉnh, không cần dấu.")
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


class EndRoleForm(forms.Form):
    reason = forms.CharField(
        label=_("Vì sao cho thôi vai trò"),
        max_length=200,
        help_text=_("Ghi lại cùng tên anh/chị và giờ này."),
        error_messages={"required": _("Hãy ghi lý do, để sau này còn hiểu.")},
    )


class StaffCreationForm(StaffFields, UserCreationForm, RoleForm):
    field_order = ["phone", "display_name", "password1", "password2"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.drop_foreign_fields()

    class Meta:
        model = User
        fields = ["phone", "display_name"]

    def clean(self) -> dict[str, Any]:
        super().clean()
        return RoleForm.clean(self)


class StaffEditForm(StaffFields, UserEditForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.drop_foreign_fields()
        self.initial["phone"] = phones.readable(self.instance.phone or "")

    class Meta:
        model = User
        fields = ["phone", "display_name", "is_active"]
