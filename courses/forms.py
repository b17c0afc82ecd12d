from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput

from accounts.access import home_of, managed_places
from accounts.forms.places import PlaceNameField
from accounts.models import User
from lib.typed import TypedField

from .access import TO_CHANGE_COHORTS, TO_OPEN_COHORTS
from .models import Activity, Cohort, Course, Enrolment
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


class PeopleField(forms.ModelMultipleChoiceField):
    """Enrolments to tick, with a box that ticks all of them."""

    def __init__(self, *, gone: Any, **kwargs: Any) -> None:
        ticks = forms.CheckboxSelectMultiple(
            attrs={"class": "choices", "data-action": "w-bulk#toggle", "data-w-bulk-target": "item"}
        )
        said = {"required": _("Hãy chọn ít nhất một người."), "invalid_choice": gone, "invalid_pk_value": gone}
        super().__init__(
            label=_("Học viên"), queryset=Enrolment.objects.none(), widget=ticks, error_messages=said, **kwargs
        )

    def label_from_instance(self, obj: Enrolment) -> str:  # type: ignore[override]
        return f"{obj.person}, {obj.place}"


class JoiningForm(forms.Form):
    enrolments = PeopleField(gone=_("Có người không còn ở đây. Hãy tìm và chọn lại."))

    def __init__(self, *args: Any, among: QuerySet[Enrolment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["enrolments"].queryset = among  # type: ignore[attr-defined]


class CohortForm(forms.ModelForm):
    """The course is chosen once: who is in the cohort is enrolled in it."""

    name = TypedField(
        label=_("Tên nhóm"),
        max_length=120,
        help_text=_(
            "Để nhận ra ngay, ví dụ: Nhóm chiều 11/12/2023 ở Cà Mau. Cán bộ nơi học viên ghi danh cũng đọc được tên này."
        ),
    )
    organised_by = TypedField(label=_("Đơn vị tổ chức"), max_length=200, required=False)
    field_order = ["course", "name", "starts_on", "ends_on", "place", "organised_by"]

    class Meta:
        model = Cohort
        fields = ["course", "name", "starts_on", "ends_on", "organised_by"]
        widgets = {"starts_on": AdminDateInput, "ends_on": AdminDateInput}
        help_texts = {"ends_on": _("Chưa định ngày kết thúc thì để trống.")}

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_new = self.instance.pk is None
        within = managed_places(user, TO_OPEN_COHORTS if is_new else TO_CHANGE_COHORTS)
        self.fields["place"] = PlaceNameField(
            within=within,
            provinces=True,
            required=within is not None,
            error_messages={"required": _("Hãy ghi địa bàn của nhóm.")},
            initial=self._written_place(user),
            help_text=_("Tỉnh, hoặc xã, phường. Cán bộ của nơi này và của cấp trên thấy nhóm.")
            if within is not None
            else _(
                "Tỉnh, hoặc xã, phường. Cán bộ của nơi này và của cấp trên thấy nhóm; để trống là nhóm của cả nước."
            ),
        )
        if is_new:
            self.fields["course"].queryset = Course.objects.offered()  # type: ignore[attr-defined]
        else:
            del self.fields["course"]
        self.order_fields(self.field_order)

    def _written_place(self, user: User) -> str:
        place = home_of(user, TO_OPEN_COHORTS) if self.instance.pk is None else self.instance.place
        return place.full_name if place else ""

    def arguments(self) -> dict[str, Any]:
        """For `actions.open_cohort` and `change_cohort`."""
        return dict(self.cleaned_data)
