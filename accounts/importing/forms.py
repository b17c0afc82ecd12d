from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.places import PlaceNameField, PlaceNameInput
from provinces.models import Place, PlaceQuerySet


class SettingForm(forms.Form):
    """What holds for the whole list."""

    place = PlaceNameField(
        label=_("Dòng không ghi xã thì lấy"),
        required=False,
        widget=PlaceNameInput(),
        help_text=_("Để trống: dòng không ghi xã thì chưa nhập."),
    )
    is_filling = forms.BooleanField(
        label=_("Chỉ điền chỗ còn trống: chỗ nào sổ đã ghi thì giữ như trong sổ"),
        required=False,
        help_text=_("Không đánh dấu: chỗ nào tệp ghi khác thì lấy theo tệp. Ô trống trong tệp không xóa gì trong sổ."),
    )

    def __init__(self, *args: Any, within: PlaceQuerySet | None, home: Place | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["place"]
        field.within, field.home = within, home
