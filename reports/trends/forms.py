"""What is asked about: a year or a quarter, a topic, a kind of trainee, another place beside the first, and in which borders."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from accounts.forms.places import PlaceOfLinkField
from courses.models import Course, Topic
from provinces.models import PlaceQuerySet
from reports.filtering import KINDS
from reports.plan.forms import FIRST_YEAR

QUARTER = 3


@dataclass(frozen=True)
class Period:
    """Whole months, from the first day of the first; 3 are a quarter, 12 a year."""

    first: date
    months: int

    @property
    def all(self) -> list[date]:
        return [moved(self.first, n) for n in range(self.months)]

    @property
    def last(self) -> date:
        return moved(self.first, self.months - 1)

    @property
    def before(self) -> "Period":
        return Period(moved(self.first, -self.months), self.months)

    @property
    def number(self) -> int:
        """Which quarter of its year begins with its first month."""
        return (self.first.month + 2) // QUARTER

    def __str__(self) -> str:
        if self.months == QUARTER:
            said = {"quarter": self.number, "year": self.first.year}
            return _g("quý %(quarter)s/%(year)s") % said
        return _g("năm %(year)s") % {"year": self.first.year}


def moved(month: date, by: int) -> date:
    """The first day of the month that is so many later."""
    index = month.year * 12 + month.month - 1 + by
    return date(index // 12, index % 12 + 1, 1)


def quarter_of(day: date) -> Period:
    return Period(moved(day.replace(day=1), -((day.month - 1) % QUARTER)), QUARTER)


class TrendsForm(forms.Form):
    """All of it lives in the address."""

    nam = forms.TypedChoiceField(label=_("Năm"), coerce=int, required=False, empty_value=None)
    quy = forms.TypedChoiceField(
        label=_("Quý"),
        choices=[("", _("cả năm")), *((n, n) for n in range(1, 5))],
        coerce=int,
        required=False,
        empty_value=None,
    )
    khoa = forms.ModelChoiceField(
        label=_("Khóa học"), queryset=Course.objects.none(), required=False, empty_label=_("Tất cả")
    )
    chuyen_de = forms.ModelChoiceField(
        label=_("Chuyên đề"), queryset=Topic.objects.all(), required=False, empty_label=_("Tất cả")
    )
    doi_tuong = forms.ChoiceField(label=_("Đối tượng"), choices=[("", _("Tất cả")), *KINDS.items()], required=False)
    ranh_gioi = forms.ChoiceField(
        label=_("Địa giới"), choices=[("", _("hiện nay")), ("cu", _("trước 1/7/2025"))], required=False
    )

    def __init__(self, *args: Any, within: PlaceQuerySet, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        years = range(today.year, FIRST_YEAR - 1, -1)
        self.fields["nam"].choices = [("", _("năm nay")), *((n, n) for n in years)]  # type: ignore[attr-defined]
        self.fields["khoa"].queryset = Course.objects.with_history()  # type: ignore[attr-defined]
        self.fields["voi"] = PlaceOfLinkField(
            label=_("So với nơi khác"),
            within=within,
            provinces=True,
            required=False,
            help_text=_("Tên tỉnh, hoặc xã, phường."),
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        other = cleaned.get("voi")
        if other and not self.fields["voi"].within.filter(pk=other.pk).exists():  # type: ignore[attr-defined]
            self.add_error("voi", _g("Nơi này ngoài địa bàn của anh/chị."))
        return cleaned

    @property
    def period(self) -> Period:
        year, quarter = self.cleaned_data.get("nam") or self.today.year, self.cleaned_data.get("quy")
        return Period(date(year, QUARTER * quarter - 2, 1), QUARTER) if quarter else Period(date(year, 1, 1), 12)
