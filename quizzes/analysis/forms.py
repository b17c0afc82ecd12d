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


class SelectionForm(forms.Form):
    """Asked by address, so that a selection can be passed on."""

    attempts = forms.ChoiceField(label=gettext_lazy("Tính theo"), choices=ATTEMPTS, required=False)
    place = forms.ModelChoiceField(
        label=gettext_lazy("Tỉnh, thành phố"),
        queryset=Place.objects.current().provinces().order_by("search"),
        required=False,
        empty_label=gettext_lazy("cả nước"),
    )
    cohort = forms.ModelChoiceField(
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
        """`cohorts` of the course that a quiz is in; a question comes up in several, and is asked about for all of them. `within`: the
        places of whoever asks, who chooses none; None is the whole country."""
        super().__init__(*args, **kwargs)
        self.within = within
        if within is not None:
            del self.fields["place"]
        self.fields["cohort"].queryset = cohorts  # type: ignore[attr-defined]
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
