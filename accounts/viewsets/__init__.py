"""The Wagtail admin of accounts, and the base of every other app's record views (`RecordViewSet`)."""

from .account import OwnAccountView, SecondFactorInvitation
from .base import RecordViewSet, ScopedIndexView, ScopedViewSet, WithinFilter
from .bulk import ACTIONS
from .deciding import DecidedPages
from .decisions import DecisionsView, may_read_decisions
from .people import PeopleGroup
from .staff import StaffUserViewSet, closed_bulk_actions
from .waiting import (
    ColleaguesItem,
    CountingItem,
    MovesItem,
    MovesPanel,
    PhoneChangesItem,
    PhoneChangesPanel,
    RolesEndingPanel,
)

__all__ = [
    "ACTIONS", "ColleaguesItem", "CountingItem", "DecidedPages", "DecisionsView", "MovesItem", "MovesPanel", "OwnAccountView", "PeopleGroup", "PhoneChangesItem", "PhoneChangesPanel", "RecordViewSet", "RolesEndingPanel",
    "ScopedIndexView", "ScopedViewSet", "SecondFactorInvitation", "StaffUserViewSet", "WithinFilter", "closed_bulk_actions", "may_read_decisions",
]  # fmt: skip
