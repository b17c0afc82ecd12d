from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lib.typed import TypedField

from .models import Activity, Enrolment
from .queries import takeable


class ReopenForm(forms.Form):
    """Which completed activity of an enrolment is taken back, and why."""

    activity = forms.ModelChoiceField(
        Activity.objects.none(),
        label=_("Bài phải học lại"),
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Hãy chọn bài phải học lại.")),
    )
    reason = TypedField(
        label=_("Lý do"),
        max_length=200,
        help_text=_("Học viên và người kiểm tra giấy chứng nhận đều đọc được lý do này: đừng ghi điều riêng tư."),
        error_messages={"required": _("Hãy ghi lý do mở lại.")},
    )

    def __init__(self, *args: Any, enrolment: Enrolment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["activity"].queryset = takeable(enrolment)  # type: ignore[attr-defined]
