"""What is typed at the door."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import rules as people
from accounts.forms import PhoneField
from accounts.forms.fields import WrittenNameField
from accounts.forms.places import PlaceNameField
from accounts.queries import current_consent_texts
from lib.typed import TypedField
from workshops import actions
from workshops.models import Workshop

from . import roster


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Mã bàn"),
        max_length=40,
        help_text=_("Mười chữ và số, do đơn vị tổ chức đưa. Chữ hoa, chữ thường hay dấu cách đều được."),
        widget=forms.TextInput(
            attrs={"class": "big", "autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={"required": _("Hãy gõ mã bàn.")},
    )


class NewcomerForm(forms.Form):
    """Ten seconds: a name, and the rest as far as it is known."""

    name = WrittenNameField(
        label=_("Họ và tên"),
        max_length=100,
        widget=forms.TextInput(attrs={"class": "big", "autocomplete": "off", "autocapitalize": "words"}),
        error_messages={"required": _("Hãy nhập họ và tên.")},
    )
    phone = PhoneField(required=False, label=_("Số điện thoại (nếu có)"), help_text="")
    unit = TypedField(label=_("Đơn vị, chủ thể (nếu có)"), max_length=150, required=False)
    place = forms.ChoiceField(label=_("Xã, phường"), error_messages={"required": _("Hãy chọn xã, phường.")})
    elsewhere = PlaceNameField(
        label=_("Xã, phường ở tỉnh khác"),
        required=False,
        max_length=150,
        help_text=_("Ghi tên xã rồi tên tỉnh sau dấu phẩy. Ví dụ: Bảo Nhai, Lào Cai."),
    )
    consent = forms.BooleanField(
        label=_("Đã ký phiếu đồng ý (bản giấy)"),
        error_messages={"required": _("Hãy mời anh/chị ấy đọc và ký phiếu đồng ý trước, rồi đánh dấu vào đây.")},
    )

    def __init__(self, *args: Any, workshop: Workshop, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {str(one.pk): one for one in roster.places(workshop)}
        field = self.fields["place"]
        field.choices = roster.choices(workshop)  # type: ignore[attr-defined]
        field.initial = roster.usual_place(workshop)
        self.fields["phone"].widget.attrs["autocomplete"] = "off"

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if not people.looks_like_a_name(name):
            raise ValidationError(_("Họ và tên chỉ gồm chữ, ví dụ Trần Thị Út."))
        return name

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        is_unsaid = said.get("place") == roster.ELSEWHERE and not said.get("elsewhere")
        if is_unsaid and "elsewhere" not in self.errors:
            self.add_error("elsewhere", _("Hãy ghi xã, phường và tỉnh."))
        return said

    def newcomer(self) -> actions.Newcomer:
        said = self.cleaned_data
        return actions.Newcomer(
            name=said["name"],
            phone=said["phone"],
            unit=said["unit"] or "",
            place=said["elsewhere"] if said["place"] == roster.ELSEWHERE else self.places[said["place"]],
            consents=tuple(one for one in current_consent_texts("vi") if one.is_required),
        )
