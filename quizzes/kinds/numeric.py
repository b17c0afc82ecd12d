from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lib import text
from lib.typed import TypedField

from . import credit, numbers
from .base import Answer, Data, Kind, Review, Shown, Texts
from .numbers import NumberField
from .rows import RowsForm, WeightedRow

LONGEST = 60
ANYTHING = "*"


class ValueField(NumberField):
    """A number, or * for every other answer."""

    def to_python(self, value: Any) -> str:
        return ANYTHING if value == ANYTHING else super().to_python(value)


class NumberRow(WeightedRow):
    value = ValueField(label=gettext_lazy("đáp số"), required=False)
    tolerance = NumberField(label=gettext_lazy("sai số ±"), required=False)

    field_order = ["value", "tolerance", "weight", "feedback"]
    main = "value"


class NumericForm(RowsForm):
    row_class = NumberRow
    key = "answers"
    lead = gettext_lazy(
        "Dòng đầu là đáp số được trọn điểm và hiện ở trang kết quả. Ghi * ở một dòng để nói về mọi số còn lại. “Phần điểm” để trống là 100: trọn điểm; ghi 50 là nửa điểm. Dòng trống được bỏ qua."
    )

    units = TypedField(
        lines=True,
        required=False,
        label=gettext_lazy("Đơn vị"),
        help_text=gettext_lazy(
            "Mỗi dòng một đơn vị; dòng đầu là đơn vị của đáp số. Đơn vị khác ghi kèm hệ số đổi, ví dụ: g = 0,001."
        ),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    unit_needed = forms.BooleanField(
        required=False,
        label=gettext_lazy("Phải ghi đơn vị"),
        help_text=gettext_lazy("Không chọn: chỉ ghi số cũng được tính là đúng."),
    )

    def initial_of(self, stored: Data) -> dict[str, Any]:
        lines = [_unit_line(unit) for unit in stored.get("units", [])]
        return {"units": "\n".join(lines), "unit_needed": stored.get("unit_needed", False)}

    def clean_units(self) -> list[dict[str, str]]:
        lines = [line for line in self.cleaned_data["units"].splitlines() if line]
        return [read_unit(line) for line in lines]

    def entered(self) -> Data:
        more = {"units": self.cleaned_data["units"], "unit_needed": self.cleaned_data["unit_needed"]}
        return super().entered() | {name: value for name, value in more.items() if value}


def read_unit(line: str) -> dict[str, str]:
    """ "g = 0,001" → {"name": "g", "factor": "0.001"}; without a factor it is 1. Raises ValidationError."""
    name, _equals, factor = (part.strip() for part in line.partition("="))
    if not name:
        raise forms.ValidationError(_("Dòng “%(line)s” thiếu tên đơn vị."), params={"line": line})
    return {"name": name, "factor": NumberField().clean(factor) if factor else "1"}


def _unit_line(unit: dict[str, str]) -> str:
    return unit["name"] if unit["factor"] == "1" else f"{unit['name']} = {unit['factor'].replace('.', ',')}"


class Numeric(Kind):
    """A number. `data`: {"answers": [{"value", "tolerance", "weight", "feedback"}], "units": [{"name", "factor"}], "unit_needed": bool}.

    Values are strings of decimal numbers; the first answer is the one that is shown. A number written with one of the units
    counts as so many of the answer's (`factor`): with {"name": "g", "factor": "0.001"}, 1500 g is 1.5. Without a unit it is
    taken as the answer's, unless `unit_needed`. The value "*" stands for everything else.
    """

    name = "numeric"
    label = gettext_lazy("số")
    form_class = NumericForm

    def shown(self, data: Data, order: Sequence[str], texts: Texts) -> Shown:
        units = tuple(unit["name"] for unit in data.get("units", []))
        return Shown("number", units=units, needs_unit=bool(data.get("unit_needed")))

    def clean(self, data: Data, posted: Sequence[str]) -> Answer:
        return text.nfc(posted[0])[:LONGEST] or None if posted else None

    def fraction(self, data: Data, answer: Answer) -> Fraction:
        shares = (credit.share(row.get("weight", 100)) for row in self._hit(data, answer))
        return credit.bounded(max(shares, default=Fraction(0)))

    def _hit(self, data: Data, answer: Answer) -> Iterator[dict[str, Any]]:
        meant = _meant(data, answer)
        return (row for row in data["answers"] if answer and _fits(row, meant))

    def solution(self, data: Data) -> list[str]:
        return [_written(data)]

    def review(self, data: Data, answer: Answer, texts: Texts) -> Review:
        hit = next(self._hit(data, answer), None)
        told = (hit or {}).get("feedback", "")
        return Review(
            answer=(answer,) if answer else (),
            right=(_written(data),),
            feedback=(told,) if told else (),
            is_typed=True,
        )

    def described(self, data: Data) -> list[str]:
        lines = [_row(row) for row in data["answers"]]
        lines += [f"{unit['name']} × {unit['factor']}" for unit in data.get("units", [])]
        return [*lines, _("(phải ghi đơn vị)")] if data.get("unit_needed") else lines

    def translation_fits(self, texts: Texts, before: Data, now: Data) -> bool:
        return True

    def problems(self, data: Data) -> list[str]:
        answers, units = data.get("answers", []), data.get("units", [])
        found = []
        if not answers or answers[0]["value"] == ANYTHING or credit.share(answers[0].get("weight", 100)) != 1:
            found.append(_("Cần ít nhất một đáp số được trọn điểm, ghi ở dòng đầu."))
        if any(Decimal(row.get("tolerance") or 0) < 0 for row in answers):
            found.append(_("Sai số cho phép không được âm."))
        if units and Decimal(units[0]["factor"]) != 1:
            found.append(_("Đơn vị đầu là đơn vị của đáp số: hệ số của nó phải là 1."))
        if any(Decimal(unit["factor"]) == 0 for unit in units):
            found.append(_("Hệ số của đơn vị phải khác 0."))
        if data.get("unit_needed") and not units:
            found.append(_("Đã chọn “phải ghi đơn vị” thì cần ít nhất một đơn vị."))
        return found


def _fits(row: dict[str, Any], meant: set[Decimal]) -> bool:
    if row["value"] == ANYTHING:
        return True
    value, tolerance = Decimal(row["value"]), Decimal(row.get("tolerance") or 0)
    return any(abs(number - value) <= tolerance for number in meant)


def _meant(data: Data, answer: Answer) -> set[Decimal]:
    """The numbers that an answer may mean, in the answer's unit; none when its unit is unknown or missing."""
    number, unit = numbers.split(answer or "")
    factor = _factor(data, unit)
    return set() if factor is None else {reading * factor for reading in numbers.readings(number)}


def _factor(data: Data, unit: str) -> Decimal | None:
    if not unit:
        return None if data.get("unit_needed") else Decimal(1)
    known = {text.fold(one["name"]): Decimal(one["factor"]) for one in data.get("units", [])}
    return known.get(text.fold(unit).rstrip(".")) or known.get(text.fold(unit))


def _written(data: Data) -> str:
    value = data["answers"][0]["value"].replace(".", ",")
    units = data.get("units", [])
    return f"{value} {units[0]['name']}" if units else value


def _row(row: dict[str, Any]) -> str:
    said = row["value"] + (f" ± {row['tolerance']}" if row.get("tolerance") else "")
    said += f" ({row['weight']} %)" if row.get("weight", 100) != 100 else ""
    return said + (f" → {row['feedback']}" if row.get("feedback") else "")
