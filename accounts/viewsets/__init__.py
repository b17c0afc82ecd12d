"""The Wagtail admin of accounts, and the base of every other app's record views (`RecordViewSet`)."""

from .base import RecordViewSet, ScopedViewSet, WithinFilter
from .people import PeopleGroup
from .staff import OwnAccountView, StaffUserViewSet, closed_bulk_actions

__all__ = [
    "OwnAccountView",
    "PeopleGroup",
    "RecordViewSet",
    "ScopedViewSet",
    "StaffUserViewSet",
    "WithinFilter",
    "closed_bulk_actions",
]
