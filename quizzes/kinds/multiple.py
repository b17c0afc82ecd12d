from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import credit
from .base import Answer, Data
from .choices import Choices, ChoicesForm, offered, right, weight

BALANCE, ALL, WEIGHTS = "balance", "all", "weights"
CREDITS = [
    (BALANCE, gettext_lazy("mỗi ý đúng được một phần, mỗi ý sai mất một phần")),
    (ALL, gettext_lazy("chỉ được điểm khi chọn đúng và đủ")),
    (WEIGHTS, gettext_lazy("theo phần điểm ghi ở từng phương án")),
]


class MultipleForm(ChoicesForm):
    lead = gettext_lazy(
        "Đánh dấu các phương án đúng. “Phần điểm” chỉ dùng khi chọn tính điểm theo từng phương án: các phương án đúng cộng lại được 100, phương án sai ghi số âm thì bị trừ. Dòng trống được bỏ qua."
    )

    credit = forms.ChoiceField(label=gettext_lazy("Cách tính điểm"), choices=CREDITS, required=False, initial=BALANCE)

    def initial_of(self, stored: Data) -> dict[str, Any]:
        return super().initial_of(stored) | {"credit": stored.get("credit", BALANCE)}

    def entered(self) -> Data:
        chosen = self.cleaned_data["credit"]
        return super().entered() | ({"credit": chosen} if chosen in (ALL, WEIGHTS) else {})


class Multiple(Choices):
    """Several choices. The answer is a list of ids. `data["credit"]` says what some right ones earn: by default right ones
    minus wrong ones, at least nothing."""

    name = "multiple"
    label = gettext_lazy("nhiều lựa chọn")
    control = "checkbox"
    form_class = MultipleForm

    def clean(self, data: Data, posted: Sequence[str]) -> Answer:
        return offered(data, posted) or None

    def fraction(self, data: Data, answer: Answer) -> Fraction:
        key, chosen = {choice["id"] for choice in right(data)}, set(self.picked(answer))
        match data.get("credit"):
            case "all":
                return Fraction(chosen == key)
            case "weights":
                earned = sum((weight(c) for c in data["choices"] if c["id"] in chosen), Fraction(0))
            case _:
                earned = Fraction(len(chosen & key) - len(chosen - key), len(key))
        return credit.bounded(earned)

    def problems(self, data: Data) -> list[str]:
        found = super().problems(data)
        if data.get("credit") == WEIGHTS and self.fraction(data, [choice["id"] for choice in right(data)]) != 1:
            found.append(_("Phần điểm của các phương án đúng cộng lại phải được 100 %."))
        return found
