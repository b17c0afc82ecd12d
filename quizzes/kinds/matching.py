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


class PairRow(Row):
    text = short_text(gettext_lazy("vế hỏi"))
    match = short_text(gettext_lazy("vế khớp với nó"))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = forms.Form.clean(self) or {}  # a pair without its first half offers a wrong match
        if cleaned.get("text") and not cleaned.get("match") and "match" not in self.errors:
            self.add_error("match", _("Hãy ghi vế khớp với “%(text)s”.") % {"text": cleaned["text"]})
        return cleaned

    main = "match"


class MatchingForm(RowsForm):
    row_class = PairRow
    key = "pairs"
    has_ids = True
    lead = gettext_lazy(
        "Mỗi dòng một cặp. Muốn thêm một lựa chọn sai, hãy ghi vế khớp và để trống vế hỏi. Dòng trống được bỏ qua."
    )

    shuffle = forms.BooleanField(label=gettext_lazy("Xáo trộn thứ tự các vế hỏi cho mỗi người"), required=False)
    all_or_nothing = forms.BooleanField(label=gettext_lazy("Chỉ được điểm khi ghép đúng tất cả"), required=False)

    def initial_of(self, stored: Data) -> dict[str, Any]:
        return {"shuffle": stored.get("shuffle", True), "all_or_nothing": stored.get("all_or_nothing", False)}

    def entered(self) -> Data:
        more: Data = {} if self.cleaned_data["shuffle"] else {"shuffle": False}
        return super().entered() | more | ({"all_or_nothing": True} if self.cleaned_data["all_or_nothing"] else {})


class Matching(Kind):
    """Rows to each of which one of the matches belongs.

    `data`: {"pairs": [{"id", "text", "match"}], "shuffle", "all_or_nothing": bool}; a pair without `text` only offers a wrong
    match. Matches of the same words are one. The answer is {row id: id of the pair whose match was chosen}; posted "row:match",
    where the match has a mask: under its own id it would say to which row it belongs.
    """

    name = "matching"
    label = gettext_lazy("ghép cặp")
    form_class = MatchingForm

    def order(self, data: Data, rng: random.Random | None = None) -> list[str]:
        """Rows and then matches, which are always shuffled: in their own order they would be the key."""
        rows, matches = [row["id"] for row in _rows(data)], list(_matches(data))
        if rng:
            rng.shuffle(matches)
            if data.get("shuffle", True):
                rng.shuffle(rows)
        else:
            matches.sort(key=lambda key: _matches(data)[key].casefold())
        return [*rows, *(f"={key}" for key in matches)]

    def shown(self, data: Data, order: Sequence[str], texts: Texts) -> Shown:
        rows = {row["id"]: _word(row, "text", texts) for row in _rows(data)}
        matches = {key: _match_words(data, key, texts) for key in _matches(data)}
        masks = masked(data, matches)
        offered = [(masks[key[1:]], matches[key[1:]]) for key in order if key.startswith("=")]
        return Shown(
            "matches",
            fields=tuple(
                ShownField(rows[row], tuple(ShownChoice(f"{row}:{mask}", words) for mask, words in offered))
                for row in order
                if row in rows
            ),
        )

    def clean(self, data: Data, posted: Sequence[str]) -> Answer:
        answer: dict[str, str] = {}
        rows, matches = {row["id"] for row in _rows(data)}, unmasked(data, _matches(data))
        for value in filter(str.strip, posted):
            row, _colon, match = value.partition(":")
            if row not in rows or match not in matches or row in answer:
                raise ValueError(f"not on offer: {value}")
            answer[row] = matches[match]
        return answer or None

    def chosen(self, data: Data, answer: Answer) -> list[str]:
        masks = masked(data, _matches(data))
        return [f"{row}:{masks[match]}" for row, match in (answer or {}).items()]

    def fraction(self, data: Data, answer: Answer) -> Fraction:
        right = [(answer or {}).get(row) == match for row, match in _key(data).items()]
        return credit.of_places(right, all_or_nothing=bool(data.get("all_or_nothing")))

    def solution(self, data: Data) -> list[str]:
        return self.chosen(data, _key(data))

    def review(self, data: Data, answer: Answer, texts: Texts) -> Review:
        def said(pairs: dict[str, str]) -> tuple[str, ...]:
            rows = [row for row in _rows(data) if row["id"] in pairs]
            return tuple(f"{_word(row, 'text', texts)} – {_match_words(data, pairs[row['id']], texts)}" for row in rows)

        return Review(answer=said(answer or {}), right=said(_key(data)))

    def described(self, data: Data) -> list[str]:
        lines = [f"{row.get('text') or '…'} – {row['match']}" for row in data["pairs"]]
        return [*lines, _("(chỉ được điểm khi ghép đúng tất cả)")] if data.get("all_or_nothing") else lines

    def translation_fits(self, texts: Texts, before: Data, now: Data) -> bool:
        return _wording(now).items() <= _wording(before).items()

    def problems(self, data: Data) -> list[str]:
        found = []
        if len(_rows(data)) < 2 or len(_matches(data)) < 2:
            found.append(_("Cần ít nhất hai cặp với hai vế khớp khác nhau."))
        return found


def _rows(data: Data) -> list[dict[str, Any]]:
    return [pair for pair in data.get("pairs", []) if pair.get("text")]


def _matches(data: Data) -> dict[str, str]:
    """Each match once, by the id of the first pair that has it."""
    found: dict[str, str] = {}
    for pair in data.get("pairs", []):
        if pair["match"] not in found.values():
            found[pair["id"]] = pair["match"]
    return found


def _key(data: Data) -> dict[str, str]:
    """The answer that earns all marks."""
    ids = {words: key for key, words in _matches(data).items()}
    return {row["id"]: ids[row["match"]] for row in _rows(data)}


def _word(pair: dict[str, Any], name: str, texts: Texts) -> str:
    return texts.get(pair["id"], {}).get(name) or pair.get(name) or ""


def _match_words(data: Data, key: str, texts: Texts) -> str:
    return next(_word(pair, "match", texts) for pair in data["pairs"] if pair["id"] == key)


def _wording(data: Data) -> dict[str, tuple[str, str]]:
    return {pair["id"]: (pair.get("text", ""), pair["match"]) for pair in data.get("pairs", [])}
