"""A workshop as files: for calendars, and on paper."""

from .calendars import CALENDAR, calendar
from .papers import programme, qr, ticket, ticket_picture
from .previews import preview

__all__ = ["CALENDAR", "calendar", "preview", "programme", "qr", "ticket", "ticket_picture"]
