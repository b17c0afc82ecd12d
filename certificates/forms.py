from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from courses.choosing import name_with_state, standing
from courses.models import Course
from lib.typed import TypedField

from .models import NUMBER_LENGTH, Award


class PaperForm(forms.Form):
    """What stands on a paper whose code cannot be read."""

    number = TypedField(
        label=_("Số giấy chứng nhận"),
        max_length=NUMBER_LENGTH,
        help_text=_("Chép như trên giấy, ví dụ 0041/GCN-VPĐP"),
        error_messages={"required": _("Anh/Chị chưa gõ số giấy. Hãy chép số in sau chữ “Số:” trên giấy.")},
    )
    name = TypedField(
        label=_("Họ và tên trên giấy"),
        max_length=200,
        help_text=_("Không có dấu cũng được"),
        error_messages={"required": _("Anh/Chị chưa gõ họ và tên. Hãy chép tên người được cấp trên giấy.")},
    )


class HolderForm(forms.Form):
    """What a paper tells of its holder and the check page does not: whoever has the paper may compare it."""

    birth_year = forms.IntegerField(
        label=_("Năm sinh trên giấy"),
        required=False,
        min_value=1900,
        max_value=2100,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"),
            _("Năm sinh gồm bốn chữ số, ví dụ 1975. Hãy sửa lại rồi bấm “Đối chiếu”."),
        ),
    )
    unit = TypedField(
        label=_("Đơn vị trên giấy"), required=False, max_length=200, help_text=_("Không có dấu cũng được")
    )

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if not self.errors and not typed.get("birth_year") and not typed.get("unit"):
            raise forms.ValidationError(_("Chưa có gì để đối chiếu. Hãy gõ năm sinh hoặc đơn vị in trên giấy."))
        return typed


class RevokeForm(forms.Form):
    reason = TypedField(
        label=_("Lý do"),
        max_length=200,
        help_text=_("Ai có mã cũng đọc được: đừng ghi điều riêng tư."),
        error_messages={
            "required": _("Chưa thu hồi, vì chưa có lý do. Hãy ghi lý do rồi bấm lại; người quét mã sẽ đọc được.")
        },
    )


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("Tệp cần kiểm tra"),
        help_text=_("Tệp PDF, ảnh PNG hoặc SVG, tệp .jwt hay .json; nhiều nhất 5 MB. Chúng tôi không lưu tệp này."),
        error_messages={
            "required": _("Anh/Chị chưa chọn tệp. Hãy chọn tệp giấy chứng nhận rồi bấm “Kiểm tra”."),
            "empty": _("Tệp này trống. Hãy chọn tệp khác rồi bấm “Kiểm tra”."),
            "invalid": _("Tệp chưa gửi lên được. Hãy chọn lại rồi bấm “Kiểm tra”."),
        },
    )


class AwardForm(WagtailAdminModelForm):
    """A course has one award; it may be written before the course opens."""

    class Meta:
        model = Award
        fields = ["course", "issuer", "design", "course_kind", "duration", "is_active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["course"]
        field.disabled = (
            bool(self.instance.pk) and self.instance.credentials.exists()
        )  # issued papers are of this course
        field.queryset = standing(Course.objects.filter(Q(award=None) | Q(award=self.instance.pk)))
        field.label_from_instance = name_with_state
