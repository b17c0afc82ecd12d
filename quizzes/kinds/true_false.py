from collections.abc import Sequence
from fractions import Fraction

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .base import Answer, Data, Kind, Review, Shown, ShownChoice, Texts
from .forms import KindForm
from .rows import short_text

FEEDBACK = ("feedback_right", "feedback_wrong")


class TrueFalseForm(KindForm):
    problem_field = "right"

    right = forms.ChoiceField(
        label=gettext_lazy("Câu này"),
        choices=[("true", gettext_lazy("Đúng")), ("false", gettext_lazy("Sai"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Chưa chọn câu này đúng hay sai.")},
    )

    feedback_right = short_text(gettext_lazy("Lời nhắn khi trả lời đúng"))
    feedback_wrong = short_text(gettext_lazy("Lời nhắn khi trả lời chưa đúng"))

    def initial_of(self, stored: Data) -> dict[str, str]:
        said = {"right": "true" if stored["right"] else "false"} if "right" in stored else {}
        return said | {name: stored.get(name, "") for name in FEEDBACK}

    def entered(self) -> Data:
        told = {name: self.cleaned_data[name] for name in FEEDBACK if self.cleaned_data[name]}
        return {"right": self.cleaned_data["right"] == "true"} | told


class TrueFalse(Kind):
    """A statement. `data`: {"right": bool, "feedback_right", "feedback_wrong"}; the answer is "true" or "false"."""

    name = "truefalse"
    label = gettext_lazy("đúng hay sai")
    form_class = TrueFalseForm
    offers_own_words = True

    def shown(self, data: Data, order: Sequence[str], texts: Texts) -> Shown:
        return Shown("radio", (ShownChoice("true", _("Đúng")), ShownChoice("false", _("Sai"))))

    def clean(self, data: Data, posted: Sequence[str]) -> Answer:
        posted = [value for value in posted if value.strip()]
        if not posted:
            return None
        if len(posted) > 1 or posted[0] not in ("true", "false"):
            raise ValueError("neither true nor false")
        return posted[0]

    def fraction(self, data: Data, answer: Answer) -> Fraction:
        return Fraction(answer in self.solution(data))

    def solution(self, data: Data) -> list[str]:
        return ["true" if data["right"] else "false"]

    def review(self, data: Data, answer: Answer, texts: Texts) -> Review:
        said = {"true": (_("Đúng"),), "false": (_("Sai"),)}
        told = _told(data, answer, texts) if answer else ""
        right = said[self.solution(data)[0]]
        return Review(answer=said.get(answer, ()), right=right, feedback=(told,) if told else ())

    def described(self, data: Data) -> list[str]:
        told = [f"→ {data[name]}" for name in FEEDBACK if data.get(name)]
        return [*self.review(data, None, {}).right, *told]

    def translation_fits(self, texts: Texts, before: Data, now: Data) -> bool:
        return all(before.get(name) == now.get(name) for name in FEEDBACK)

    def problems(self, data: Data) -> list[str]:
        return [] if isinstance(data.get("right"), bool) else [_("Chưa chọn câu này đúng hay sai.")]


def _told(data: Data, answer: Answer, texts: Texts) -> str:
    name = FEEDBACK[(answer == "true") != data["right"]]
    return texts.get(name, {}).get("text") or data.get(name, "")
