"""What every format of an export has: what it can hold of a question, how it writes one, and how all stand in one file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from lib import text
from quizzes.formats.base import Draft, Parsed
from quizzes.formats.tidy import tidy

type Fit = tuple[Draft, list[str]]  # what of a question a format holds, and names for the rest
type Piece = Any  # a question as its format has it: text, an element, a row


class LeftOutError(Exception):
    """A question that the format has no way to say; says why in a sentence."""


@dataclass(frozen=True)
class Writer:
    """`read` is the reader of an import, for one piece alone: what it does not give back as it was is not written."""

    suffix: str
    content_type: str
    fit: Callable[[Draft], Fit]
    write: Callable[[Draft], Piece]
    read: Callable[[Piece], Parsed]
    bind: Callable[[Sequence[tuple[Draft, Piece]]], bytes]
    keeps: tuple[str, ...] = ()  # what it holds beside the words

    def is_read_back(self, draft: Draft, piece: Piece) -> bool:
        parsed = self.read(piece)
        return not parsed.refusals and [self._said(one) for one in parsed.drafts] == [self._said(draft)]

    def _said(self, draft: Draft) -> tuple[Any, ...]:
        beside = [getattr(draft, name) for name in self.keeps]
        words = (text.nfc_lines(draft.stem), draft.explanation)
        return draft.kind, tidy(draft.kind, draft.data), *words, *beside
