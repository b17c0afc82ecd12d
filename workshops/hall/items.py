"""The questions of a paper: what is shown of them, what letters mean, and which are right."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lib.refusals import Refusal
from quizzes.kinds import KINDS
from quizzes.models import VersionTranslation
from workshops.models import HallItem, HallTest

from .dealing import LETTERS

BLANK = "-"
SPELLINGS = {"1": "A", "2": "B", "3": "C", "4": "D", ".": BLANK, "_": BLANK, "0": BLANK}


@dataclass(frozen=True)
class Asked:
    """A question as a browser or a sheet of paper has it: words and letters, and nothing of its key."""

    number: int
    stem: str
    choices: tuple[tuple[str, str], ...]  # letter, words
    language: str = "vi"

    @property
    def name(self) -> str:
        return f"q{self.number}"


class Paper:
    """The items of a test, fetched once."""

    def __init__(self, test: HallTest) -> None:
        self.items: list[HallItem] = list(test.items.select_related("version").order_by("number"))

    def __len__(self) -> int:
        return len(self.items)

    @cached_property
    def right(self) -> dict[int, list[str]]:
        """The letters that bring all marks, by the number of their question: never for a browser of a delegate."""
        return {
            item.number: [letter for letter, key in _lettered(item) if _fraction(item, key) == 1] for item in self.items
        }

    def asked(self, language: str = "vi") -> list[Asked]:
        """In a language, as far as the bank has its words; letters mean the same in each."""
        return [_asked(item, words, language) for item, words in self._translated(language)]

    def _translated(self, language: str) -> Iterable[tuple[HallItem, VersionTranslation | None]]:
        keys = [item.version_id for item in self.items]
        rows = VersionTranslation.objects.filter(version__in=keys, language=language) if language != "vi" else ()
        found = {row.version_id: row for row in rows}
        return [(item, found.get(item.version_id)) for item in self.items]

    def letters(self, number: int) -> str:
        return "".join(letter for letter, _key in _lettered(self.items[number - 1]))

    def tidy(self, answers: Mapping[str, str]) -> dict[str, str]:
        """What is on offer among what was chosen, in the order of the paper."""
        known = {str(item.number): self.letters(item.number) for item in self.items}
        return {number: answers[number] for number, on_offer in known.items() if answers.get(number, "") in [*on_offer]}

    def read(self, typed: str) -> dict[str, str]:
        """ "abd-c" as answers; a dash is none, digits stand for letters. Raises Refusal that says what is wrong with it."""
        marks = [SPELLINGS.get(mark, mark) for mark in typed.upper() if not mark.isspace() and mark not in ",;/"]
        if len(marks) != len(self):
            said = _("Cần %(needed)s chữ, đang có %(typed)s. Câu nào bỏ trống thì gõ dấu “-”.")
            raise Refusal(said % {"needed": len(self), "typed": len(marks)})
        for number, mark in enumerate(marks, 1):
            if mark != BLANK and mark not in self.letters(number):
                said = _("Câu %(number)s: “%(mark)s” không phải một trong %(letters)s.")
                raise Refusal(said % {"number": number, "mark": mark, "letters": ", ".join(self.letters(number))})
        return {str(number): mark for number, mark in enumerate(marks, 1) if mark != BLANK}

    def written(self, answers: Mapping[str, str]) -> str:
        """Answers as they are typed: "ABD-C"."""
        return "".join(answers.get(str(item.number), BLANK) for item in self.items)

    def count_right(self, answers: Mapping[str, str]) -> int:
        """By the kind's own measure; a part of the marks is not right."""
        return sum(answers.get(str(number), "") in right for number, right in self.right.items())


def _lettered(item: HallItem) -> list[tuple[str, str]]:
    return list(zip(LETTERS, item.choices, strict=False))


def _fraction(item: HallItem, key: str) -> Any:
    return KINDS[item.version.kind].fraction(item.version.data, key)


def _asked(item: HallItem, words: VersionTranslation | None, language: str) -> Asked:
    kind = KINDS[item.version.kind]
    shown = kind.shown(item.version.data, item.choices, words.texts if words else {})
    return Asked(
        number=item.number,
        stem=words.stem if words else item.version.stem,
        choices=tuple((letter, one.text) for letter, one in zip(LETTERS, shown.choices, strict=False)),
        language=language if words else "vi",
    )


def language_here() -> str:
    return get_language() or "vi"
