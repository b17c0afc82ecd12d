from collections.abc import Sequence
from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from .base import Answer, Data
from .choices import Choices, offered


class Multiple(Choices):
    """Several choices. The answer is a list of ids; right ones minus wrong ones, at least nothing."""

    name = "multiple"
    label = _("nhiều lựa chọn")
    control = "checkbox"

    def clean(self, data: Data, posted: Sequence[str]) -> Answer:
        return offered(data, posted) or None

    def fraction(self, data: Data, answer: Answer) -> Fraction:
        right, chosen = set(self.solution(data)), set(self.picked(answer))
        earned = len(chosen & right) - len(chosen - right)
        return max(Fraction(0), Fraction(earned, len(right)))
