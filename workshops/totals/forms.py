"""Which time is asked about: a year, or from one day to another."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from lib.typed import EARLIEST, LATEST
from workshops.planning.fields import DayField

from .counting import Period


def year_of(year: int) -> Period:
    return Period(date(year, 1, 1), date(year, 12, 31))


class PeriodForm(forms.Form):
    """Days of one's own go before the year; nothing said is this year."""

    nam = forms.IntegerField(
        label=_("Năm"),
        required=False,
        min_value=EARLIEST.year,
        max_value=LATEST.year,
        widget=forms.TextInput(attrs={"size": 6, "inputmode": "numeric"}),  # keeps what was typed, whatever it is
    )
    tu = DayField(label=_("hoặc từ ngày"), required=False, is_past=True)
    den = DayField(label=_("đến hết ngày"), required=False, is_past=True)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("tu"), cleaned.get("den")
        if not self.errors and first and last and first > last:
            raise ValidationError(_g("Ngày đầu phải trước ngày cuối."))
        return cleaned

    @property
    def period(self) -> Period:
        """Of a form that is valid."""
        said = self.cleaned_data
        year = said.get("nam")
        if said.get("tu") or said.get("den"):
            return Period(said.get("tu") or EARLIEST, said.get("den") or LATEST)
        return year_of(year or timezone.localdate().year)
