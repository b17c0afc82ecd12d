"""Fields that rows of several kinds have."""

import re
from datetime import date, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput

from lib.typed import is_thinkable

from .rows import Row

_DAY_AND_MONTH = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})")
_CLOCK = re.compile(r"^(\d{1,2})\s*(?:[:hg.]|gio|giờ)\s*(\d{2})?$", re.IGNORECASE)


class ClockField(forms.TimeField):
    """A time as it is written here: 13:30, 13h30, 13g30, 8h."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TimeInput(format="%H:%M", attrs={"size": 6, "autocomplete": "off", "inputmode": "text"})
        errors = {"invalid": _("Hãy ghi giờ như 13:30.")}
        super().__init__(widget=widget, error_messages=errors, **kwargs)

    def to_python(self, value: Any) -> time | None:
        found = _CLOCK.match(value.strip()) if isinstance(value, str) else None
        return super().to_python(f"{found[1]}:{found[2] or '00'}" if found else value)


class DayField(forms.DateField):
    """A day as it is written here, also without its year: "20/12" is the one nearest to `near`, else the next one, or (`is_past`) the
    last one."""

    def __init__(self, *, is_past: bool = False, **kwargs: Any) -> None:
        self.is_past = is_past
        self.near: date | None = None
        super().__init__(widget=AdminDateInput, validators=[is_thinkable], **kwargs)

    def to_python(self, value: Any) -> date | None:
        found = _DAY_AND_MONTH.fullmatch(value.strip()) if isinstance(value, str) else None
        return self._nearest(int(found[1]), int(found[2])) if found else super().to_python(value)

    def _nearest(self, day: int, month: int) -> date:
        today = timezone.localdate()
        middle = self.near or today
        days = [one for year in range(middle.year - 8, middle.year + 9) if (one := _of_year(year, month, day))]
        if not self.near:
            days = [one for one in days if (one <= today if self.is_past else one >= today)]
        if not days:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return min(days, key=lambda one: abs(one - middle))


def _of_year(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def full_day(typed: Any) -> date | None:
    """What was typed, if it is a whole day."""
    try:
        return forms.DateField().to_python(typed)
    except ValidationError:
        return None


class NumberField(forms.IntegerField):
    """Which session, by its number."""

    def __init__(self) -> None:
        widget = forms.NumberInput(attrs={"min": 1, "size": 3})
        super().__init__(label=_("Buổi số"), min_value=1, max_value=60, initial=1, widget=widget)


def values_of(row: Row) -> dict[str, Any]:
    """What a spec takes; the key is that of the row that was shown, not what was sent."""
    return row.cleaned_data | {"pk": row.initial.get("pk")}
