"""What reports keep; Django finds the models here."""

from reports.reminding.models import Reminder
from reports.sending.models import Sending, Subscription

from .calls import CallList, Contact, Outcome, Reason
from .kept import (
    Behind,
    Cell,
    Covered,
    Headcount,
    Kept,
    Minority,
    Monthly,
    Reach,
    Scattered,
    Slice,
    SliceHeadcount,
    SliceScattered,
    Stale,
    Tally,
    Yearly,
    YearlyScattered,
)
from .plans import Figure, OutsideClass, Posts, Target
from .shown import SavedView, Snapshot

__all__ = [
    "Behind",
    "CallList",
    "Cell",
    "Contact",
    "Covered",
    "Figure",
    "Headcount",
    "Kept",
    "Minority",
    "Monthly",
    "Outcome",
    "OutsideClass",
    "Posts",
    "Reach",
    "Reason",
    "Reminder",
    "SavedView",
    "Scattered",
    "Sending",
    "Slice",
    "SliceHeadcount",
    "SliceScattered",
    "Snapshot",
    "Stale",
    "Subscription",
    "Tally",
    "Target",
    "Yearly",
    "YearlyScattered",
]
