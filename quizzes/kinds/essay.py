from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .base import Answer, Data, Kind, Review, Shown, Texts
from .numbers import NumberField
from .rows import Row, RowsForm, short_text

LONGEST = 10_000


class CriterionRow(Row):
    text = short_text(gettext_lazy("tiêu chí"), has_pictures=False)
    points = NumberField(label=gettext_lazy("điểm tối đa"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("text") and not float(cleaned.get("points") or 0) > 0 and "points" not in self.errors:
            self.add_error("points", _("Hãy ghi điểm tối đa cho tiêu chí này, lớn hơn 0."))
        return cleaned


class EssayForm(RowsForm):
    row_class = CriterionRow
    key = "rubric"
    has_ids = True
    lead = gettext_lazy("Hướng dẫn chấm: mỗi dòng một tiêu chí. Học viên thấy các tiêu chí, không thấy bài làm mẫu.")

    sample = forms.CharField(
        required=False,
        label=gettext_lazy("Bài làm mẫu, chỉ người chấm thấy"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def initial_of(self, stored: Data) -> dict[str, Any]:
        return {"sample": stored.get("sample", "")}

    def entered(self) -> Data:
        sample = self.cleaned_data["sample"].replace("\r\n", "\n")
        return super().entered() | ({"sample": sample} if sample else {})


class Essay(Kind):
    """A text of one's own, marked by hand. `data`: {"rubric": [{"id", "text", "points"}], "sample": text for markers}.

    The points of the rubric say how its criteria weigh against each other; the marks of the slot are what they add up to.
    """

    name = "essay"
    label = gettext_lazy("tự luận, chấm tay")
    form_class = EssayForm
    is_marked_by_hand = True

    def shown(self, data: Data, order: Sequence[str], texts: Texts) -> Shown:
        return Shown("essay", criteria=tuple(_words(row, texts) for row in data["rubric"]))

    def clean(self, data: Data, posted: Sequence[str]) -> Answer:
        written = posted[0].replace("\r\n", "\n").replace("\0", "").strip() if posted else ""
        if len(written) > LONGEST:
            raise ValueError("too long")
        return written or None

    def fraction(self, data: Data, answer: Answer) -> Fraction | None:
        return None if answer else Fraction(0)

    def solution(self, data: Data) -> list[str]:
        return []

    def review(self, data: Data, answer: Answer, texts: Texts) -> Review:
        return Review(answer=(answer,) if answer else (), right=(), is_typed=True)

    def described(self, data: Data) -> list[str]:
        lines = [f"{row['text']}: {row['points']}" for row in data["rubric"]]
        return [*lines, data["sample"]] if data.get("sample") else lines

    def translation_fits(self, texts: Texts, before: Data, now: Data) -> bool:
        return [row["text"] for row in before.get("rubric", [])] == [row["text"] for row in now["rubric"]]

    def problems(self, data: Data) -> list[str]:
        return [] if data.get("rubric") else [_("Cần ít nhất một tiêu chí để chấm.")]


def marked(data: Data, points: dict[str, Any]) -> Fraction:
    """The share that a marker's points for each criterion earn, 0..1. Raises ValueError for points out of bounds."""
    earned, most = Fraction(0), Fraction(0)
    for row in data["rubric"]:
        given, limit = Fraction(str(points.get(row["id"], 0))), Fraction(row["points"])
        if not 0 <= given <= limit:
            raise ValueError(row["text"])
        earned, most = earned + given, most + limit
    return earned / most


@dataclass(frozen=True)
class Criterion:
    """One line of a rubric with what a marker gave for it, at most `most`."""

    text: str
    points: Decimal
    most: Decimal


def by_criterion(data: Data, points: dict[str, Any], texts: Texts) -> tuple[Criterion, ...]:
    """The points of a marked answer as its author reads them."""
    return tuple(
        Criterion(_words(row, texts), Decimal(str(points.get(row["id"], 0))), Decimal(str(row["points"])))
        for row in data["rubric"]
    )


def _words(row: dict[str, Any], texts: Texts) -> str:
    return texts.get(row["id"], {}).get("text") or row["text"]
