"""What the environment says about personal data (accounts/rights); `elearning.settings` takes it over."""

import os
from datetime import date

from django.core.exceptions import ImproperlyConfigured


def _days(said: str) -> frozenset[date]:
    try:
        return frozenset(map(date.fromisoformat, said.replace(",", " ").split()))
    except ValueError as error:
        raise ImproperlyConfigured(
            f"PUBLIC_HOLIDAYS are days like 2027-02-05, separated by blanks: {error}."
        ) from error


def _number(name: str, usual: int) -> int:
    said = os.environ.get(name, "")
    if said and not (said.isascii() and said.isdecimal()):
        raise ImproperlyConfigured(f"{name} is a whole number.")
    return int(said) if said else usual


# The days off that move (Tết, the Hùng kings, the second day of 2/9), as announced each year.
PUBLIC_HOLIDAYS = _days(os.environ.get("PUBLIC_HOLIDAYS", ""))
ERASE_WAIT_DAYS = _number("ERASE_WAIT_DAYS", 7)
# How long things are kept; 0 where nothing goes by itself.
IDLE_PERSON_MONTHS = _number("IDLE_PERSON_MONTHS", 24)
DATA_REQUEST_MONTHS = _number("DATA_REQUEST_MONTHS", 36)
PHONE_CHANGE_MONTHS = _number("PHONE_CHANGE_MONTHS", 12)
CARD_LOG_DAYS = _number("CARD_LOG_DAYS", 30)
