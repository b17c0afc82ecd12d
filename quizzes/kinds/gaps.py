import random
from collections.abc import Sequence
from fractions import Fraction
from itertools import count
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lib.typed import TypedField

from . import credit, gap_text
from .base import Answer, Data, Kind, Review, Shown, ShownChoice, ShownField, Texts
from .forms import KindForm
from .gap_text import Gap
from .numeric import Numeric
from .short import Short
from .single import Single

PARTS: dict[str, Kind] = {kind.name: kind for kind in (Short(), Numeric(), Single())}


class GapsForm(KindForm):
    problem_field = "written"

    written = TypedField(
        lines=True,
        label=gettext_lazy("Đoạn văn có chỗ trống"),
        help_text=gettext_lazy(
            "Viết đáp án trong dấu [ ]. Học viên gõ chữ: [sạch|sạch sẽ]. Gõ số: [#3,5±0,1]. "
            "Chọn trong danh sách, * đánh dấu ý đúng: [*Cà Mau|An Giang]. "
            "Được một phần điểm kèm lời nhắn: [50%:gần đúng→Cần nói rõ hơn]."
        ),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6, "data-pictures": True}),
    )

    def initial_of(self, stored: Data) -> dict[str, Any]:
        return {"written": gap_text.write(stored["text"], stored["gaps"])} if "gaps" in stored else {}

    def clean_written(self) -> str:
        written: str = self.cleaned_data["written"]
        try:
            gap_text.read(written)
        except gap_text.UnreadableError as error:
            raise forms.ValidationError(str(error)) from error
        return written

    def entered(self) -> Data:
        text, gaps = gap_text.read(self.cleaned_data["written"])
        return {"text": text, "gaps": gaps}


class Gaps(Kind):
    """A text with gaps, each of which is a small question of another kind.

    `data`: {"text": "… [[1]] …", "gaps": [{"id", "kind": "short" | "numeric" | "single", "data", "weight": int}]}. The answer
    is {gap id: answer of its kind}; posted one value for each gap, in the order of the text. A gap earns its share by weight.
    A translation has its own text with the same gaps in the same order ({"text": {"text"}}), and words for choices by
    "gap.choice".
    """

    name = "gaps"
    label = gettext_lazy("điền chỗ trống")
    form_class = GapsForm

    def order(self, data: Data, rng: random.Random | None = None) -> list[str]:
        return [f"{gap['id']}.{key}" for gap in data["gaps"] for key in PARTS[gap["kind"]].order(gap["data"], rng)]

    def names(self, data: Data) -> frozenset[str]:
        return super().names(data) | {f"{gap['id']}:{gap['kind']}" for gap in data["gaps"]}

    def shown(self, data: Data, order: Sequence[str], texts: Texts) -> Shown:
        pieces = gap_text.MARKER.split(_text(data, texts))
        gaps = {gap["id"]: gap for gap in data["gaps"]}
        fields = tuple(
            ShownField(before, self._options(gaps[key], order, texts))
            for before, key in zip(pieces[::2], pieces[1::2], strict=False)
        )
        return Shown("gaps", fields=fields, after=pieces[-1])

    def _options(self, gap: Gap, order: Sequence[str], texts: Texts) -> tuple[ShownChoice, ...]:
        own = [key.partition(".")[2] for key in order if key.startswith(f"{gap['id']}.")]
        shown = PARTS[gap["kind"]].shown(gap["data"], own, _own_texts(gap, texts)).choices
        return tuple(ShownChoice(f"{gap['id']}:{choice.id}", choice.text) for choice in shown)

    def clean(self, data: Data, posted: Sequence[str]) -> Answer:
        if not posted:
            return None
        if len(posted) != len(data["gaps"]):
            raise ValueError("one value for each gap")
        filled = [(gap, value) for gap, value in zip(_in_text(data), posted, strict=True) if value.strip()]
        answer = {gap["id"]: PARTS[gap["kind"]].clean(gap["data"], [_own(gap, value)]) for gap, value in filled}
        return {key: value for key, value in answer.items() if value is not None} or None

    def chosen(self, data: Data, answer: Answer) -> list[str]:
        given = answer or {}
        return [_posted(gap, *_part_chosen(gap, given)) if gap["id"] in given else "" for gap in _in_text(data)]

    def fraction(self, data: Data, answer: Answer) -> Fraction:
        earned = sum((weight * self._part(gap, answer) for gap, weight in _weighted(data)), Fraction(0))
        return credit.bounded(earned / sum(weight for _gap, weight in _weighted(data)))

    def _part(self, gap: Gap, answer: Answer) -> Fraction:
        return PARTS[gap["kind"]].fraction(gap["data"], (answer or {}).get(gap["id"])) or Fraction(0)

    def solution(self, data: Data) -> list[str]:
        return [_posted(gap, PARTS[gap["kind"]].solution(gap["data"])[0]) for gap in _in_text(data)]

    def review(self, data: Data, answer: Answer, texts: Texts) -> Review:
        parts = [
            PARTS[gap["kind"]].review(gap["data"], (answer or {}).get(gap["id"]), _own_texts(gap, texts))
            for gap in _in_text(data)
        ]
        given = tuple(_numbered(place, part.answer or ("…",)) for place, part in enumerate(parts, start=1))
        return Review(
            answer=given if answer else (),
            right=tuple(_numbered(place, part.right) for place, part in enumerate(parts, start=1)),
            feedback=tuple(told for part in parts for told in part.feedback),
            text=_with_numbers(_text(data, texts)),
        )

    def described(self, data: Data) -> list[str]:
        return gap_text.write(data["text"], data["gaps"]).splitlines()

    def translation_fits(self, texts: Texts, before: Data, now: Data) -> bool:
        return before["text"] == now["text"] and all(
            PARTS[new["kind"]].translation_fits(_own_texts(new, texts), old["data"], new["data"])
            for old, new in zip(before["gaps"], now["gaps"], strict=False)
            if old["kind"] == new["kind"]
        )

    def problems(self, data: Data) -> list[str]:
        gaps = data.get("gaps", [])
        if not gaps:
            return [_("Đoạn văn chưa có chỗ trống nào: hãy viết đáp án trong dấu [ ].")]
        if sorted(gap_text.MARKER.findall(data["text"])) != sorted(gap["id"] for gap in gaps):
            return [_("Mỗi chỗ trống phải có đúng một lần trong đoạn văn.")]
        return [
            _("Chỗ trống %(id)s: %(why)s") % {"id": gap["id"], "why": why}
            for gap in gaps
            for why in PARTS[gap["kind"]].problems(gap["data"])
        ]


def _text(data: Data, texts: Texts) -> str:
    """In the reader's language, as long as it has the same gaps in the same order."""
    own, translated = data["text"], texts.get("text", {}).get("text") or ""
    return translated if gap_text.MARKER.findall(translated) == gap_text.MARKER.findall(own) else own


def _in_text(data: Data) -> list[Gap]:
    by_id = {gap["id"]: gap for gap in data["gaps"]}
    return [by_id[key] for key in gap_text.MARKER.findall(data["text"])]


def _weighted(data: Data) -> list[tuple[Gap, int]]:
    return [(gap, gap.get("weight", 1)) for gap in data["gaps"]]


def _own(gap: Gap, value: str) -> str:
    """A posted value as the gap's own kind knows it: a choice says of which gap it is."""
    if gap["kind"] != "single":
        return value
    key, _colon, choice = value.partition(":")
    if key != gap["id"]:
        raise ValueError(f"not on offer: {value}")
    return choice


def _part_chosen(gap: Gap, given: dict[str, Answer]) -> list[str]:
    return PARTS[gap["kind"]].chosen(gap["data"], given[gap["id"]])


def _posted(gap: Gap, value: str) -> str:
    return f"{gap['id']}:{value}" if gap["kind"] == "single" else value


def _own_texts(gap: Gap, texts: Texts) -> Texts:
    prefix = f"{gap['id']}."
    return {key.removeprefix(prefix): words for key, words in texts.items() if key.startswith(prefix)}


def _with_numbers(text: str) -> str:
    """Each gap as the number by which answer and key name it."""
    places = count(1)
    return gap_text.MARKER.sub(lambda _found: f"({next(places)}) …", text)


def _numbered(place: int, words: tuple[str, ...]) -> str:
    return f"({place}) {'; '.join(words)}"
