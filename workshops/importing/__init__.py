"""A list of delegates as offices write it: read, looked at, decided on, and confirmed once."""

from .columns import LABELS, ROSTER, detect
from .deciding import BY_PLACE, Plan, Planned, Roster, Scope, Verdict
from .planning import plan

__all__ = ["BY_PLACE", "LABELS", "ROSTER", "Plan", "Planned", "Roster", "Scope", "Verdict", "detect", "plan"]
