"""The department's list of subjects and products: read, looked at, decided on, and confirmed once."""

from .columns import LABELS, REGISTER, detect
from .deciding import Plan, Planned, Register, Verdict
from .planning import plan

__all__ = ["LABELS", "REGISTER", "Plan", "Planned", "Register", "Verdict", "detect", "plan"]
