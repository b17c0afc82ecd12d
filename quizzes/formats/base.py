"""What every format is read into, before anything is written: drafts of questions, and problems with their place."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from lib.foreign import UnreadableError

LONGEST_RAW = 100_000  # letters of words as a file writes them, which in HTML are many more than are shown


@dataclass(frozen=True)
class Draft:
    """A question as it stood in a file. `stem`, `explanation` and the words in `data` are Markdown."""

    place: int  # the line where it began, or its number in formats without lines
    kind: str
    stem: str
    data: dict[str, Any]
    explanation: str = ""
    title: str = ""
    category: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    key: str = ""  # what the file itself calls it, stable over repeated imports
    difficulty: int = 0  # 0: the file does not say
    lesson: str = ""  # title of the lesson to look at again
    pictures: Mapping[str, bytes] = field(
        default_factory=dict
    )  # by the name under which the words show them: ![…](tep:name)
    name: str = ""  # "Câu 3", where the file numbers its questions itself


@dataclass(frozen=True)
class Problem:
    """Why something was not taken over, or (`is_loss`) what of it was left behind."""

    place: int
    reason: str
    excerpt: str = ""
    is_loss: bool = False
    name: str = ""  # of its question, where the file has one

    @property
    def where(self) -> str:
        return self.name or str(self.place or "")


@dataclass
class Parsed:
    drafts: list[Draft] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def refusals(self) -> list[Problem]:
        return [problem for problem in self.problems if not problem.is_loss]


def check_length(words: str) -> None:
    """Raises UnreadableError for what is so long that only looking at it would take minutes."""
    if len(words) > LONGEST_RAW:
        raise UnreadableError(_("Câu này có đoạn dài %(n)s ký tự, dài quá nên chưa đọc.") % {"n": len(words)})
