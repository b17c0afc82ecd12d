from collections.abc import Sequence
from fractions import Fraction

from django.utils.translation import gettext_lazy

from .base import Answer, Data, Kind, Review, Shown, Texts
from .forms import KindForm


class DescriptionForm(KindForm):
    """A description is its words; there is nothing else to fill in."""

    def entered(self) -> Data:
        return {}


class Description(Kind):
    """Words to read before the questions that follow: a case, a picture, a table. Nothing is asked and nothing earned."""

    name = "description"
    label = gettext_lazy("đoạn để đọc, không hỏi")
    form_class = DescriptionForm
    is_scored = False

    def shown(self, data: Data, order: Sequence[str], texts: Texts) -> Shown:
        return Shown("none")

    def clean(self, data: Data, posted: Sequence[str]) -> Answer:
        return None

    def fraction(self, data: Data, answer: Answer) -> Fraction:
        return Fraction(0)

    def solution(self, data: Data) -> list[str]:
        return []

    def review(self, data: Data, answer: Answer, texts: Texts) -> Review:
        return Review((), ())

    def described(self, data: Data) -> list[str]:
        return []

    def translation_fits(self, texts: Texts, before: Data, now: Data) -> bool:
        return True

    def problems(self, data: Data) -> list[str]:
        return []
