"""Input about keys for other systems."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput

from accounts.access import places_of_colleagues
from accounts.models import ApiToken, User
from provinces.models import Place

from .places import PlaceNameField, PlaceNameInput


def _in_half_a_year() -> date:
    return timezone.localdate() + timedelta(days=182)


class TokenForm(forms.ModelForm):
    """Where a key opens: a place in which its giver keeps colleagues; the whole country for whoever does so everywhere.

    `form_token` is what makes one form one key, however often it is sent.
    """

    form_token = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput)
    place_name = PlaceNameField(
        provinces=True,
        required=False,
        help_text=_("Tên xã, phường hoặc tên tỉnh, không cần dấu; rồi chọn trong những nơi hiện ra."),
        widget=PlaceNameInput(provinces=True),
    )
    valid_until = forms.DateField(label=_("Dùng được đến hết ngày"), initial=_in_half_a_year, widget=AdminDateInput)

    field_order = ["name", "place_name", "with_subjects", "valid_until"]

    class Meta:
        model = ApiToken
        fields = ["name", "with_subjects"]
        error_messages = {"name": {"required": _("Hãy ghi khóa dùng cho hệ thống nào.")}}

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["place_name"]
        assert isinstance(field, PlaceNameField)  # noqa: S101 (for the type checker)
        field.within = places_of_colleagues(by)
        self.is_of_country = field.within is None
        if self.is_of_country:
            field.help_text = _("Tên xã, phường hoặc tên tỉnh, không cần dấu. Để trống: cả nước.")

    def clean_place_name(self) -> Place | None:
        place: Place | None = self.cleaned_data["place_name"]
        if place is None and not self.is_of_country:
            raise ValidationError(_("Hãy gõ tên địa bàn."))
        return place


class RevokeForm(forms.Form):
    reason = forms.CharField(
        label=_("Lý do"),
        max_length=200,
        help_text=_("Ví dụ: đổi nhà cung cấp, nghi lộ khóa."),
        error_messages={"required": _("Hãy ghi lý do.")},
    )
