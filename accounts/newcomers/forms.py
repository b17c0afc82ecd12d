from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.places import PlaceNameField, PlaceNameInput
from lib.lists import Columns, Sheet
from lib.lists import forms as lists
from provinces.models import Place, PlaceQuerySet

from .columns import LIST


class SheetForm(lists.SheetForm):
    begin = forms.IntegerField(label=_("Người đầu tiên ở dòng"), min_value=1, max_value=1_048_576)

    def __init__(self, data: Any, *, sheet: Sheet, columns: Columns, prefix: str) -> None:
        super().__init__(data, sheet=sheet, columns=columns, prefix=prefix, vocabulary=LIST)


class SettingForm(forms.Form):
    """What holds for the whole list."""

    place = PlaceNameField(
        label=_("Dòng không ghi xã thì lấy"),
        required=False,
        widget=PlaceNameInput(provinces=True),
        help_text=_("Để trống: dòng không ghi xã, và không đoán được từ tên đơn vị, thì chưa nhập."),
    )
    is_correcting = forms.BooleanField(
        label=_("Chỗ nào hồ sơ ghi khác thì sửa theo tệp"),
        required=False,
        help_text=_(
            "Không đánh dấu: tệp chỉ điền chỗ hồ sơ còn trống. Họ tên, nơi ở và số đăng nhập không sửa bằng tệp. Ô trống trong tệp không xóa gì."
        ),
    )

    def __init__(self, *args: Any, within: PlaceQuerySet | None, home: Place | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["place"]
        field.within, field.provinces, field.home = within, True, home


class AgreementForm(forms.Form):
    """What whoever imports answers for, where people are new."""

    how = forms.ChoiceField(
        label=_("Người mới trong danh sách đã đồng ý bằng cách nào"),
        choices=[
            ("paper", _("đã ký phiếu giấy, cơ quan tôi giữ phiếu")),
            ("officer", _("đã nghe đọc lời đồng ý và đồng ý trước mặt cán bộ")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Hãy chọn một cách. Im lặng không phải là đồng ý.")},
    )
    agreed = forms.BooleanField(
        label=_("Từng người mới trong danh sách đã đồng ý; ai không đồng ý thì tôi đã bỏ khỏi danh sách"),
        error_messages={
            "required": _("Chưa nhập, vì chưa đánh dấu vào ô này. Ai không đồng ý thì bỏ khỏi danh sách trước.")
        },
    )
