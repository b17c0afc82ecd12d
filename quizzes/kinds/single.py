from collections.abc import Sequence
from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from .base import Answer, Data
from .choices import Choices, offered


class Single(Choices):
    """One of several choices. The answer is its id."""

    name = "single"
    label = _("một lựa chọn")
    control = "radio"
    most_right = 1

    def clean(self, data: Data, posted: Sequence[str]) -> Answer:
        if len(posted) > 1:
            raise ValueError("more than one choice")
        chosen = offered(data, posted)
        return chosen[0] if chosen else None

    def picked(self, answer: Answer) -> list[str]:
        return [answer] if answer else []

    def fraction(self, data: Data, answer: Answer) -> Fraction:
        return Fraction(answer in self.solution(data))
