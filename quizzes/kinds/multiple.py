from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext_lazy as _

from . import choices
from .base import Answer, Data, Shown
from .forms import ChoicesForm


class Multiple:
    """Several choices. The answer is a list of ids; right ones minus wrong ones, at least nothing."""

    name = "multiple"
    label = _("nhiều lựa chọn")
    form_class = ChoicesForm

    def shown(self, data: Data, order: Sequence[str], texts: dict[str, Any]) -> Shown:
        return choices.shown(data, order, texts, "checkbox")

    def ids(self, data: Data) -> list[str]:
        return choices.ids(data)

    def clean(self, data: Data, posted: Sequence[str]) -> Answer:
        return choices.offered(data, posted) or None

    def fraction(self, data: Data, answer: Answer) -> Fraction:
        right, chosen = choices.right_ids(data), set(answer or [])
        earned = len(chosen & right) - len(chosen - right)
        return max(Fraction(0), Fraction(earned, len(right)))

    def right(self, data: Data) -> list[str]:
        return choices.right_words(data)

    def described(self, data: Data) -> list[str]:
        return choices.described(data)

    def translation_fits(self, texts: dict[str, Any], before: Data, now: Data) -> bool:
        return choices.translation_fits(before, now)

    def problems(self, data: Data) -> list[str]:
        return choices.problems(data, least_right=1, most_right=None)
