from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminDateInput

from courses.models import Cohort
from provinces.models import Place, PlaceQuerySet

from .selection import Selection

ATTEMPTS = [("first", gettext_lazy("lượt đầu của mỗi người")), ("all", gettext_lazy("mọi lượt"))]


class CohortField(forms.ModelChoiceField):
    has_several_courses = False

    def label_from_instance(self, obj: Cohort) -> str:  # type: ignore[override]
        """With its course where there are several: names are told apart within one."""
        return f"{obj.course}: {obj}" if self.has_several_courses else str(obj)


class SelectionForm(forms.Form):
    """Asked by address, so that a selection can be passed on."""

    attempts = forms.ChoiceField(label=gettext_lazy("Tính theo"), choices=ATTEMPTS, required=False)
    place = forms.ModelChoiceField(
        label=gettext_lazy("Tỉnh, thành phố"),
        queryset=Place.objects.current().provinces().order_by("search"),
        required=False,
        empty_label=gettext_lazy("cả nước"),
    )
    cohort = CohortField(
        label=gettext_lazy("Nhóm học"),
        queryset=Cohort.objects.none(),
        required=False,
        empty_label=gettext_lazy("mọi người"),
    )
    since = forms.DateField(label=gettext_lazy("Nộp từ ngày"), required=False, widget=AdminDateInput)
    until = forms.DateField(label=gettext_lazy("đến hết ngày"), required=False, widget=AdminDateInput)

    def __init__(
        self, *args: Any, cohorts: QuerySet[Cohort], within: PlaceQuerySet | None = None, **kwargs: Any
    ) -> None:
        """`cohorts` of the courses in which a quiz or a question was asked. `within`: the places of whoever asks, who chooses none; None
        is the whole country."""
        super().__init__(*args, **kwargs)
        self.within = within
        if within is not None:
            del self.fields["place"]
        chosen: Any = self.fields["cohort"]
        chosen.queryset = cohorts.select_related("course")
        chosen.has_several_courses = len({cohort.course_id for cohort in cohorts}) > 1
        if not cohorts:
            del self.fields["cohort"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("Ngày cuối đang đứng trước ngày đầu. Hãy chọn lại một trong hai ngày."))
        return cleaned

    def selection(self) -> Selection:
        """What could not be read is left out; the form says so."""
        read = self.cleaned_data if self.is_bound and (self.is_valid() or self.cleaned_data) else {}
        return Selection(
            only_first=read.get("attempts") != "all",
            place=read.get("place"),
            within=self.within,
            cohort=read.get("cohort"),
            since=read.get("since"),
            until=read.get("until") if "until" not in self.errors else None,
        )
