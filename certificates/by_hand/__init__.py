"""A list of people who were at a workshop: read, looked at, and confirmed once."""

from .filling import workbook_to_fill
from .planning import Outcome, Plan, Planned, plan
from .reading import MOST, Line, UnreadableListError, read, written

__all__ = [
    "MOST",
    "Line",
    "Outcome",
    "Plan",
    "Planned",
    "UnreadableListError",
    "plan",
    "read",
    "workbook_to_fill",
    "written",
]
