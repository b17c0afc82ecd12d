"""A workshop as files: for calendars, and on paper."""

from .calendars import CALENDAR, calendar
from .papers import address_of, programme, qr, ticket
from .previews import preview

__all__ = ["CALENDAR", "address_of", "calendar", "preview", "programme", "qr", "ticket"]
