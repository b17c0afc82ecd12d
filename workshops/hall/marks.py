"""A sheet of feedback as the keyboard has it: one sign for each question that is ringed, in the order of the paper, and words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from lib import text
from lib.refusals import Refusal
from workshops.forms import LONGEST, options_of
from workshops.models import FormQuestion, QuestionKind

from .items import BLANK

YES, NO = ("C", "1", "Y"), ("K", "0", "N")
RINGED = (QuestionKind.SCALE, QuestionKind.FACES, QuestionKind.YES_NO, QuestionKind.CHOICE)


@dataclass(frozen=True)
class Cell:
    """One place to type in: its name, what it is called, what stands there."""

    name: str
    label: str
    value: str
    is_marks: bool


class Marks:
    def __init__(self, questions: Sequence[FormQuestion]) -> None:
        self.questions = questions
        self.numbers = {one.pk: number for number, one in enumerate(questions, 1)}
        self.ringed = [one for one in questions if one.kind in RINGED]
        self.others = [one for one in questions if one.kind not in RINGED]

    @property
    def names(self) -> list[str]:
        return [*(["marks"] if self.ringed else []), *(f"q{one.pk}" for one in self.others)]

    def cells(self, typed: Mapping[str, str]) -> list[Cell]:
        numbers = [str(self.numbers[one.pk]) for one in self.ringed]
        marks = [Cell("marks", _("Câu %s") % ", ".join(numbers), typed.get("marks", ""), is_marks=True)]
        return [
            *(marks if self.ringed else []),
            *(
                Cell(f"q{one.pk}", _("Câu %s") % self.numbers[one.pk], typed.get(f"q{one.pk}", ""), is_marks=False)
                for one in self.others
            ),
        ]

    def read(self, typed: Mapping[str, str]) -> dict[str, Any]:
        """Answers as the form of a phone gives them. Raises Refusal that says what is wrong with which question."""
        signs = [sign for sign in typed.get("marks", "").upper() if not sign.isspace() and sign not in ",;/"]
        if signs and len(signs) != len(self.ringed):
            said = _("Cần %(needed)s dấu, đang có %(typed)s. Câu nào bỏ trống thì gõ dấu “-”.")
            raise Refusal(said % {"needed": len(self.ringed), "typed": len(signs)})
        given = {str(one.pk): self._one(one, sign) for one, sign in zip(self.ringed, signs, strict=False)}
        given |= {str(one.pk): self._other(one, typed.get(f"q{one.pk}", "")) for one in self.others}
        return {key: answer for key, answer in given.items() if answer not in (None, "", [])}

    def _one(self, question: FormQuestion, sign: str) -> Any:
        if sign in (BLANK, ".", "_"):
            return None
        known = self._signs(question)
        if sign not in known:
            said = {"number": self.numbers[question.pk], "mark": sign, "known": ", ".join(dict.fromkeys(known))}
            raise Refusal(_("Câu %(number)s: “%(mark)s” không phải một trong %(known)s.") % said)
        return known[sign]

    def _signs(self, question: FormQuestion) -> dict[str, Any]:
        if question.kind == QuestionKind.YES_NO:
            return {**dict.fromkeys(YES, "yes"), **dict.fromkeys(NO, "no")}
        if question.kind == QuestionKind.CHOICE:
            return {str(number): words for number, (words, _label) in enumerate(options_of(question), 1)}
        most = 5 if question.kind == QuestionKind.SCALE else 3
        return {str(number): number for number in range(1, most + 1)}

    def _other(self, question: FormQuestion, typed: str) -> Any:
        if question.kind == QuestionKind.TEXT:
            words = text.nfc_lines(typed)[:LONGEST]
            return words if text.is_seen(words) else ""
        known = {str(number): words for number, (words, _label) in enumerate(options_of(question), 1)}
        signs = [sign for sign in typed if not sign.isspace() and sign not in ",;/-."]
        if wrong := [sign for sign in signs if sign not in known]:
            said = {"number": self.numbers[question.pk], "mark": wrong[0], "known": ", ".join(known)}
            raise Refusal(_("Câu %(number)s: “%(mark)s” không phải một trong %(known)s.") % said)
        return [words for sign, words in known.items() if sign in signs]
