from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from courses.choosing import name_with_state, standing
from courses.models import Course
from lib.typed import TypedField

from .models import Award


class RevokeForm(forms.Form):
    reason = TypedField(
        label=_("Lý do"),
        max_length=200,
        help_text=_("Ai có mã cũng đọc được: đừng ghi điều riêng tư."),
        error_messages={
            "required": _("Chưa thu hồi, vì chưa có lý do. Hãy ghi lý do rồi bấm lại; người quét mã sẽ đọc được.")
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
