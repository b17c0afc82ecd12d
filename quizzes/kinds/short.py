from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lib import text
from lib.typed import TypedField

from . import credit
from .base import Answer, Data, Kind, Review, Shown, Texts
from .rows import RowsForm, WeightedRow, short_text

LONGEST = 200
END_MARKS = " .,;:!?\"'"


class NotedRow(WeightedRow):
    text = short_text(gettext_lazy("câu trả lời"), has_pictures=False)

    field_order = ["text", "weight", "feedback"]


class ShortForm(RowsForm):
    problem_field = "answers"
    row_class = NotedRow
    key = "noted"
    fields_first = True
    lead = gettext_lazy(
        "Câu trả lời chỉ được một phần điểm, hoặc có lời nhắn riêng (ghi 0 nếu là lỗi hay gặp; để trống là 100, trọn điểm):"
    )

    answers = TypedField(
        lines=True,
        required=False,
        label=gettext_lazy("Câu trả lời được chấp nhận"),
        help_text=gettext_lazy("Mỗi dòng một cách viết; dòng đầu được hiện làm đáp án."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    exact_accents = forms.BooleanField(
        required=False,
        label=gettext_lazy("Phải đúng dấu"),
        help_text=gettext_lazy("Không chọn: viết không dấu cũng được tính là đúng."),
    )
    exact_case = forms.BooleanField(required=False, label=gettext_lazy("Phải đúng chữ hoa, chữ thường"))
    wildcards = forms.BooleanField(
        required=False,
        label=gettext_lazy("Dấu * thay cho chữ bất kỳ"),
        help_text=gettext_lazy("Ví dụ “muối*” nhận cả “muối Bạc Liêu”."),
    )

    FLAGS = ("exact_accents", "exact_case", "wildcards")

    def initial_of(self, stored: Data) -> dict[str, Any]:
        return {"answers": "\n".join(stored.get("answers", []))} | {
            name: stored.get(name, False) for name in self.FLAGS
        }

    def entered(self) -> Data:
        data = {"answers": [line for line in self.cleaned_data["answers"].splitlines() if line]} | super().entered()
        set_flags = {name: True for name in self.FLAGS if self.cleaned_data[name]}
        return {name: value for name, value in data.items() if value or name == "answers"} | set_flags


class Short(Kind):
    """A word or two.

    `data`: {"answers": [text], "noted": [{"text", "weight", "feedback"}], "exact_accents", "exact_case", "wildcards": bool}.
    `noted` answers earn their weight (100 if none is given) and are told their feedback. Blanks and end marks never matter.

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
        best = self._best(data, answer)
        return credit.bounded(credit.share(best.get("weight", 100))) if best else Fraction(0)

    def _best(self, data: Data, answer: Answer) -> dict[str, Any] | None:
        """The row that holds for an answer: of several, the first that earns most."""
        rows = (row for row in _rows(data) if answer and _fits(row["text"], answer, data))
        return max(rows, key=lambda row: credit.share(row.get("weight", 100)), default=None)

    def solution(self, data: Data) -> list[str]:
        noted = [row["text"] for row in data.get("noted", []) if row.get("weight", 100) == 100]
        return [*data.get("answers", []), *noted][:1]

    def review(self, data: Data, answer: Answer, texts: Texts) -> Review:
        shown = texts.get("answer", {}).get("text")
        told = (self._best(data, answer) or {}).get("feedback")
        return Review(
            answer=(answer,) if answer else (),
            right=(shown,) if shown else tuple(self.solution(data)),
            feedback=(told,) if told else (),
            is_typed=True,
        )

    def described(self, data: Data) -> list[str]:
        lines = [*data["answers"], *(_line(row) for row in data.get("noted", []))]
        notes = {
            "exact_accents": _("(phải đúng dấu)"),
            "exact_case": _("(phải đúng chữ hoa, chữ thường)"),
            "wildcards": _("(* thay cho chữ bất kỳ)"),
        }
        return lines + [note for name, note in notes.items() if data.get(name)]

    def translation_fits(self, texts: Texts, before: Data, now: Data) -> bool:
        shown = texts.get("answer", {}).get("text")
        return not shown or self.fraction(now, shown) == 1

    def problems(self, data: Data) -> list[str]:
        full = [answer for answer in self.solution(data) if answer.strip(END_MARKS)]
        return [] if full else [_("Cần ít nhất một câu trả lời được chấp nhận.")]


def _rows(data: Data) -> list[dict[str, Any]]:
    """Noted answers before plain ones, so that a note is said also where the same words are accepted anyway."""
    return [*data.get("noted", []), *({"text": answer} for answer in data.get("answers", []))]


def _fits(pattern: str, answer: str, data: Data) -> bool:
    accepted, given = _plain(pattern, data), _plain(answer, data)
    return _matches(accepted.split("*"), given) if data.get("wildcards") else accepted == given


def _matches(pieces: list[str], given: str) -> bool:
    """Whether the pieces stand in `given` one after the other, the first at its beginning and the last at its end."""
    if len(pieces) == 1:
        return given == pieces[0]
    first, *between, last = pieces
    if not given.startswith(first):
        return False
    place = len(first)
    for piece in between:
        found = given.find(piece, place)
        if found < 0:
            return False
        place = found + len(piece)
    return len(given) - len(last) >= place and given.endswith(last)


def _plain(words: str, data: Data) -> str:
    tidy = text.nfc(words) if data.get("exact_accents") else text.without_marks(words)
    return (tidy if data.get("exact_case") else tidy.casefold()).strip(END_MARKS)


def _line(row: dict[str, Any]) -> str:
    said = row["text"] + (f" ({row['weight']} %)" if row.get("weight", 100) != 100 else "")
    return said + (f" → {row['feedback']}" if row.get("feedback") else "")
