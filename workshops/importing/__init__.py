"""A list of delegates as offices write it: read, looked at, decided on, and confirmed once."""

from .columns import LABELS, Columns, detect, letter, typed
from .deciding import BY_PLACE, Plan, Planned, Question, Roster, Scope, Verdict
from .planning import plan
from .reading import Row, Sheet, UnreadableRosterError, read

__all__ = [
    "BY_PLACE", "LABELS", "Columns", "Plan", "Planned", "Question", "Roster", "Row", "Scope", "Sheet", "UnreadableRosterError", "Verdict",
    "detect", "letter", "plan", "read", "typed",
]  # fmt: skip
