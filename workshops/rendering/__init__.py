"""A workshop as files: for calendars, and on paper."""

from .calendars import CALENDAR, calendar
from .papers import address_of, programme, qr, ticket

__all__ = ["CALENDAR", "address_of", "calendar", "programme", "qr", "ticket"]
