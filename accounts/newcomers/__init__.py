"""A department's list of people, into the records: read, looked at, decided on, and confirmed once."""

from .columns import LABELS, LIST, detect
from .deciding import Listing, Plan, Planned, Scope, Verdict
from .planning import plan

__all__ = ["LABELS", "LIST", "Listing", "Plan", "Planned", "Scope", "Verdict", "detect", "plan"]
