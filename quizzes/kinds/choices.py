import random
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import credit
from .base import Answer, Data, Kind, Review, Shown, ShownChoice, Texts
from .masks import masked, unmasked
from .rows import Row, RowsForm, WeightField, short_text


class ChoiceRow(Row):
    right = forms.BooleanField(label=gettext_lazy("đúng"), required=False)
    text = short_text(gettext_lazy("phương án"))
    feedback = short_text(gettext_lazy("lời nhắn khi chọn"))
    weight = WeightField(label=gettext_lazy("phần điểm (%)"), required=False, empty=None)

    def stored(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        row = {name: cleaned[name] for name in ("text", "right", "feedback")}
        return row if cleaned["weight"] is None else row | {"weight": cleaned["weight"]}


class ChoicesForm(RowsForm):
    row_class = ChoiceRow
    key = "choices"
    has_ids = True
    lead = gettext_lazy(
        "Đánh dấu phương án đúng. “Phần điểm” thường để trống: phương án đúng được trọn điểm, phương án khác không có điểm. Ghi 50 nếu chọn phương án ấy chỉ được nửa điểm. Dòng trống được bỏ qua."
    )

    shuffle = forms.BooleanField(label=gettext_lazy("Xáo trộn thứ tự phương án cho mỗi người"), required=False)

    def initial_of(self, stored: Data) -> dict[str, Any]:
        return {"shuffle": stored.get("shuffle", True)}

    def entered(self) -> Data:
        return super().entered() | ({} if self.cleaned_data["shuffle"] else {"shuffle": False})


class Choices(Kind):
    """What kinds with choices share.

    `data`: {"choices": [{"id", "text", "right": bool, "feedback", "weight"}], "shuffle": bool}. `weight` is the percent of
    the marks that a choice brings where that is neither all (right) nor nothing.
    """

    form_class = ChoicesForm
    control: ClassVar[str]
    most_right: ClassVar[int | None] = None  # None: no limit; at least one is right in any case

    def order(self, data: Data, rng: random.Random | None = None) -> list[str]:
        ids = _ids(data)
        if rng and data.get("shuffle", True):
            rng.shuffle(ids)
        return ids

    def shown(self, data: Data, order: Sequence[str], texts: Texts) -> Shown:
        words = {choice["id"]: _word(choice, "text", texts) for choice in data["choices"]}
        masks = masked(data, words)
        return Shown(self.control, tuple(ShownChoice(masks[key], words[key]) for key in order if key in words))

    def chosen(self, data: Data, answer: Answer) -> list[str]:
        masks = masked(data, _ids(data))
        return [masks[key] for key in self.picked(answer)]

    def solution(self, data: Data) -> list[str]:
        masks = masked(data, _ids(data))
        return [masks[choice["id"]] for choice in right(data)]

    def review(self, data: Data, answer: Answer, texts: Texts) -> Review:
        picked = [choice for choice in data["choices"] if choice["id"] in self.picked(answer)]
        told = (_word(choice, "feedback", texts) for choice in picked)
        return Review(
            answer=tuple(_word(choice, "text", texts) for choice in picked),
            right=tuple(_word(choice, "text", texts) for choice in self.key(data)),
            feedback=tuple(words for words in told if words),
        )

    def key(self, data: Data) -> list[dict[str, Any]]:
        """The choices that are told as the right ones."""
        return list(right(data))

    def picked(self, answer: Answer) -> list[str]:
        """The ids in a stored answer."""
        return answer or []

    def described(self, data: Data) -> list[str]:
        return [
            f"{'☑' if choice.get('right') else '☐'} {choice['text']}"
            + (f" ({choice['weight']} %)" if "weight" in choice else "")
            + (f" → {choice['feedback']}" if choice.get("feedback") else "")
            for choice in data["choices"]
        ]

    def translation_fits(self, texts: Texts, before: Data, now: Data) -> bool:
        return _wording(now).items() <= _wording(before).items()

    def problems(self, data: Data) -> list[str]:
        found = []
        choices = data.get("choices", [])
        if len(choices) < 2:
            found.append(_("Cần ít nhất hai phương án."))
        if len({choice["id"] for choice in choices}) < len(choices):
            found.append(_("Có hai phương án trùng mã."))
        if any(not choice.get("text", "").strip() for choice in choices):
            found.append(_("Có phương án chưa ghi chữ."))
        number = sum(1 for choice in choices if choice.get("right"))
        if number < 1 or (self.most_right is not None and number > self.most_right):
            found.append(
                _(
                    "Số phương án đúng chưa hợp với dạng này: “một lựa chọn” thì đánh dấu đúng một phương án, “nhiều lựa chọn” thì ít nhất một."
                )
            )
        return found


def weight(choice: dict[str, Any]) -> Fraction:
    return credit.share(choice.get("weight", 100 if choice.get("right") else 0))


def offered(data: Data, posted: Sequence[str]) -> list[str]:
    """The ids of what was posted, each once, in stored order. Raises ValueError for what is not a choice."""
    names = unmasked(data, _ids(data))
    posted = [name for name in posted if name.strip()]
    if unknown := set(posted) - names.keys():
        raise ValueError(f"not on offer: {sorted(unknown)}")
    return [key for name, key in names.items() if name in posted]


def _ids(data: Data) -> list[str]:
    return [choice["id"] for choice in data["choices"]]


def right(data: Data) -> Iterator[dict[str, Any]]:
    return (choice for choice in data["choices"] if choice.get("right"))


def _word(choice: dict[str, Any], name: str, texts: Texts) -> str:
    return texts.get(choice["id"], {}).get(name) or choice.get(name) or ""


def _wording(data: Data) -> dict[str, tuple[str, str]]:
    return {choice["id"]: (choice["text"], choice.get("feedback") or "") for choice in data.get("choices", [])}
