import random
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import credit
from .base import Answer, Data, Kind, Review, Shown, ShownChoice, ShownField, Texts
from .masks import masked, unmasked
from .rows import Row, RowsForm, short_text


class StepRow(Row):
    text = short_text(gettext_lazy("bước"))


class OrderingForm(RowsForm):
    row_class = StepRow
    key = "items"
    has_ids = True
    lead = gettext_lazy("Ghi các bước theo thứ tự đúng; mỗi người nhận một thứ tự xáo trộn. Dòng trống được bỏ qua.")

    all_or_nothing = forms.BooleanField(label=gettext_lazy("Chỉ được điểm khi đúng cả thứ tự"), required=False)

    def initial_of(self, stored: Data) -> dict[str, Any]:
        return {"all_or_nothing": stored.get("all_or_nothing", False)}

    def entered(self) -> Data:
        return super().entered() | ({"all_or_nothing": True} if self.cleaned_data["all_or_nothing"] else {})


class Ordering(Kind):
    """Steps to be put in order. `data`: {"items": [{"id", "text"}] in the right order, "all_or_nothing": bool}.

    The answer is {item id: place from 1}; posted "item:place", where the item has a mask, because ids stand in the right
    order as well. Each item in its right place earns its share. Two items that
    say the same place are kept as they were given, and both are wrong.
    """

    name = "ordering"
    label = gettext_lazy("xếp thứ tự")
    form_class = OrderingForm

    def order(self, data: Data, rng: random.Random | None = None) -> list[str]:
        """Never the right order by chance, unless there is only one other: then that would tell it."""
        ids = [item["id"] for item in data["items"]]
        if rng is None:
            return sorted(ids, key=lambda key: _words(data, {})[key].casefold())
        shuffled = rng.sample(ids, len(ids))
        return shuffled if shuffled != ids or len(ids) < 3 else [*ids[1:], *ids[:1]]

    def shown(self, data: Data, order: Sequence[str], texts: Texts) -> Shown:
        words = _words(data, texts)
        kept, masks = [key for key in order if key in words], masked(data, words)
        places = [str(place) for place in range(1, len(kept) + 1)]
        return Shown(
            "places",
            fields=tuple(
                ShownField(words[key], tuple(ShownChoice(f"{masks[key]}:{place}", place) for place in places))
                for key in kept
            ),
        )

    def clean(self, data: Data, posted: Sequence[str]) -> Answer:
        answer: dict[str, int] = {}
        items = unmasked(data, _key(data))
        places = {str(place): place for place in _key(data).values()}
        for value in filter(str.strip, posted):
            mask, _colon, place = value.partition(":")
            if mask not in items or place not in places or items[mask] in answer:
                raise ValueError(f"not on offer: {value}")
            answer[items[mask]] = places[place]
        return answer or None

    def chosen(self, data: Data, answer: Answer) -> list[str]:
        masks = masked(data, _key(data))
        return [f"{masks[key]}:{place}" for key, place in (answer or {}).items()]

    def fraction(self, data: Data, answer: Answer) -> Fraction:
        given = answer or {}
        right = [
            given.get(key) == place and list(given.values()).count(place) == 1 for key, place in _key(data).items()
        ]
        return credit.of_places(right, all_or_nothing=bool(data.get("all_or_nothing")))

    def solution(self, data: Data) -> list[str]:
        return self.chosen(data, _key(data))

    def review(self, data: Data, answer: Answer, texts: Texts) -> Review:
        def said(places: dict[str, int]) -> tuple[str, ...]:
            words = _words(data, texts)
            in_order = sorted(places.items(), key=lambda pair: pair[1])
            return tuple(f"{place}. {words[key]}" for key, place in in_order)

        return Review(answer=said(answer or {}), right=said(_key(data)))

    def described(self, data: Data) -> list[str]:
        lines = [f"{place}. {item['text']}" for place, item in enumerate(data["items"], start=1)]
        return [*lines, _("(chỉ được điểm khi đúng cả thứ tự)")] if data.get("all_or_nothing") else lines

    def translation_fits(self, texts: Texts, before: Data, now: Data) -> bool:
        return _words(now, {}).items() <= _words(before, {}).items()

    def problems(self, data: Data) -> list[str]:
        words = [item["text"].strip() for item in data.get("items", [])]
        found = []
        if len(words) < 2:
            found.append(_("Cần ít nhất hai bước để xếp thứ tự."))
        if len(set(words)) < len(words):
            found.append(_("Có hai bước cùng lời, không biết bước nào đứng trước."))
        return found


def _key(data: Data) -> dict[str, int]:
    """The answer that earns all marks."""
    return {item["id"]: place for place, item in enumerate(data["items"], start=1)}


def _words(data: Data, texts: Texts) -> dict[str, str]:
    return {item["id"]: texts.get(item["id"], {}).get("text") or item["text"] for item in data.get("items", [])}
