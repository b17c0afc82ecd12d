from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lib import text

from .base import Answer, Data, Kind, Review, Shown, Texts
from .forms import KindForm, Words

LONGEST = 200


class ShortForm(KindForm):
    problem_field = "answers"

    answers = Words(
        lines=True,
        required=False,
        label=gettext_lazy("Câu trả lời được chấp nhận"),
        help_text=gettext_lazy("Mỗi dòng một cách viết; dòng đầu hiện làm đáp án."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    exact_accents = forms.BooleanField(
        required=False,
        label=gettext_lazy("Phải đúng dấu"),
        help_text=gettext_lazy("Không chọn: viết không dấu cũng được tính là đúng."),
    )

    def initial_of(self, stored: Data) -> dict[str, Any]:
        return {"answers": "\n".join(stored.get("answers", [])), "exact_accents": stored.get("exact_accents", False)}

    def entered(self) -> Data:
        answers = [line for line in self.cleaned_data["answers"].splitlines() if line]
        return (
            {"answers": answers, "exact_accents": True} if self.cleaned_data["exact_accents"] else {"answers": answers}
        )


class Short(Kind):
    """A word or two. `data`: {"answers": [text], "exact_accents": bool}; case, blanks and end marks never matter.

    The key knows no language: `answers` holds what is accepted in every language that the question has, so that a
    trainee may answer in either. A translation only says which answer its readers are shown ({"answer": {"text"}}).
    """

    name = "short"
    label = gettext_lazy("trả lời ngắn")
    form_class = ShortForm

    def shown(self, data: Data, order: Sequence[str], texts: Texts) -> Shown:
        return Shown("text", needs_accents=bool(data.get("exact_accents")))

    def clean(self, data: Data, posted: Sequence[str]) -> Answer:
        return text.nfc(posted[0])[:LONGEST] or None if posted else None

    def fraction(self, data: Data, answer: Answer) -> Fraction:
        if not answer:
            return Fraction(0)
        exact = bool(data.get("exact_accents"))
        return Fraction(_plain(answer, exact) in {_plain(accepted, exact) for accepted in data["answers"]})

    def solution(self, data: Data) -> list[str]:
        return data["answers"][:1]

    def review(self, data: Data, answer: Answer, texts: Texts) -> Review:
        shown = texts.get("answer", {}).get("text")
        return Review(answer=(answer,) if answer else (), right=(shown or data["answers"][0],))

    def described(self, data: Data) -> list[str]:
        return [*data["answers"], _("(phải đúng dấu)")] if data.get("exact_accents") else list(data["answers"])

    def translation_fits(self, texts: Texts, before: Data, now: Data) -> bool:
        shown = texts.get("answer", {}).get("text")
        return not shown or self.fraction(now, shown) == 1

    def problems(self, data: Data) -> list[str]:
        answers = [answer for answer in data.get("answers", []) if answer.strip()]
        return [] if answers else [_("Cần ít nhất một câu trả lời được chấp nhận.")]


def _plain(words: str, exact: bool) -> str:
    tidy = text.nfc(words).casefold() if exact else text.fold(words)
    return tidy.strip(" .,;:!?\"'")
