from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext_lazy as _

from . import credit
from .base import Answer, Data
from .choices import Choices, offered, weight


class Single(Choices):
    """One of several choices. The answer is its id. A choice with a weight of its own earns that much; with all of the marks it is
    as good as the right one, as files of other programs have it."""

    name = "single"
    label = _("một lựa chọn")
    control = "radio"
    most_right = 1

    def clean(self, data: Data, posted: Sequence[str]) -> Answer:
        chosen = offered(data, posted)
        if len(chosen) > 1:
            raise ValueError("more than one choice")
        return chosen[0] if chosen else None

    def key(self, data: Data) -> list[dict[str, Any]]:
        return [choice for choice in data["choices"] if weight(choice) == 1]

    def picked(self, answer: Answer) -> list[str]:
        return [answer] if answer else []

    def fraction(self, data: Data, answer: Answer) -> Fraction:
        picked = [choice for choice in data["choices"] if choice["id"] == answer]
        return credit.bounded(weight(picked[0])) if picked else Fraction(0)
