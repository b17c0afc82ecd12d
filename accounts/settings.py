"""What the environment says about personal data (accounts/rights) and about another issuer's log-in (accounts/oidc);
`elearning.settings` takes it over."""

import os
from datetime import date
from urllib.parse import urlsplit

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

# An issuer of OpenID Connect whose log-in is offered beside the own one; without OIDC_ISSUER there is none (accounts.checks
# tells what is wrong or missing).
OIDC = {
    "issuer": os.environ.get("OIDC_ISSUER", "").strip(),
    "client_id": os.environ.get("OIDC_CLIENT_ID", "").strip(),
    "client_secret": os.environ.get("OIDC_CLIENT_SECRET", "").strip(),
    "name": os.environ.get("OIDC_NAME", "").strip(),
    "scopes": os.environ.get("OIDC_SCOPES", "openid profile phone"),
    # How the issuer calls what is read of its statement.
    "claim_phone": os.environ.get("OIDC_CLAIM_PHONE", "phone_number"),
    "claim_phone_verified": os.environ.get("OIDC_CLAIM_PHONE_VERIFIED", "phone_number_verified"),
    "claim_name": os.environ.get("OIDC_CLAIM_NAME", "name"),
    "claim_birth": os.environ.get("OIDC_CLAIM_BIRTH", "birthdate"),
    # Further hosts through which the issuer's log-in leads: browsers ask the page where its form may end up.
    "hosts": os.environ.get("OIDC_HOSTS", ""),
}


def _form_action() -> list[str]:
    """Origins that a form of ours may lead to (form-action of the content security policy); none without an issuer."""
    if not OIDC["issuer"]:
        return []
    there = urlsplit(OIDC["issuer"])
    return [f"{there.scheme}://{there.netloc}", *(f"https://{host}" for host in OIDC["hosts"].split())]


OIDC_FORM_ACTION = _form_action()
