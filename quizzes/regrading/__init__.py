"""Regrading a quiz: what may count otherwise (`decisions`), whose attempts that changes (`planning`), and the page (`pages`).

Nothing is written here: that is `actions.regrade`.
"""

from .decisions import Asked, Decision, Decisions, apply, asked, by_newest_keys
from .planning import Change, Plan, changes, plan

__all__ = ["Asked", "Change", "Decision", "Decisions", "Plan", "apply", "asked", "by_newest_keys", "changes", "plan"]
