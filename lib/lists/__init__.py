"""Lists as offices write them: a file's cells, which column says what, what is decided of each row, and what did not come in."""

from .columns import Columns, Vocabulary, letter, typed
from .deciding import SKIP, TAKE, Decisions, Question, decisions_of
from .reading import Row, Sheet, UnreadableListError, read

__all__ = [
    "SKIP", "TAKE", "Columns", "Decisions", "Question", "Row", "Sheet", "UnreadableListError", "Vocabulary", "decisions_of", "letter",
    "read", "typed",
]  # fmt: skip
