"""Input about where somebody lives from a day on."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .places import PlaceNameField
from .subjects import DAY_FORMATS, reason_field


class MoveForm(forms.Form):
    """Of somebody about oneself."""

    place = PlaceNameField(label=_("Nơi ở mới (xã, phường, đặc khu)"), max_length=150)
    moves_on = forms.DateField(
        label=_("Từ ngày"),
        input_formats=DAY_FORMATS,
        initial=timezone.localdate,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Hãy ghi ngày chuyển."),
            "invalid": _("Hãy ghi ngày theo dạng ngày/tháng/năm, ví dụ 05/12/2026."),
        },
    )


class WrittenMoveForm(MoveForm):
    reason = reason_field(
        label=_("Vì sao biết người ấy chuyển"),
        help_text=_("Ví dụ: người ấy báo, chuyển công tác theo quyết định. Ghi vào nhật ký."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].help_text = _(
            "Nơi nào trong cả nước cũng được. Từ ngày chuyển, cán bộ nơi mới theo dõi người này."
        )


class SwitchingForm(forms.Form):
    reason = reason_field(label=_("Lý do"), help_text=_("Ghi vào nhật ký. Người ấy không đọc được."))


class SwitchingOneForm(SwitchingForm):
    """Says itself what its button does, as it stood on the page: pressed twice, or by two officers, it does the same. Without it: off."""

    is_on = forms.BooleanField(required=False, widget=forms.HiddenInput)
