from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext_lazy as _

from . import choices
from .base import Answer, Data, Shown
from .forms import ChoicesForm


class Single:
    """One of several choices. The answer is its id."""

    name = "single"
    label = _("một lựa chọn")
    form_class = ChoicesForm

    def shown(self, data: Data, order: Sequence[str], texts: dict[str, Any]) -> Shown:
        return choices.shown(data, order, texts, "radio")

    def ids(self, data: Data) -> list[str]:
        return choices.ids(data)

    def clean(self, data: Data, posted: Sequence[str]) -> Answer:
        if len(posted) > 1:
            raise ValueError("more than one choice")
        chosen = choices.offered(data, posted)
        return chosen[0] if chosen else None

    def fraction(self, data: Data, answer: Answer) -> Fraction:
        return Fraction(answer in choices.right_ids(data))

    def right(self, data: Data) -> list[str]:
        return choices.right_words(data)

    def described(self, data: Data) -> list[str]:
        return choices.described(data)

    def translation_fits(self, texts: dict[str, Any], before: Data, now: Data) -> bool:
        return choices.translation_fits(before, now)

    def problems(self, data: Data) -> list[str]:
        return choices.problems(data, least_right=1, most_right=1)
