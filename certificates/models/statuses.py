"""Places in the lists from which machines learn what no longer counts (docs/decisions/0016-status-lists.md)."""

import secrets

from django.db import models

from certificates.proofs.status import ENTRIES


def free_place[M: models.Model](credentials: models.QuerySet[M]) -> int:
    """A place at random among those of an issuer that are not taken: it tells nothing of when something was issued.

    A list is filled by half at most, so that a few tries do; the database refuses what two take at the same moment.
    """
    size = ENTRIES * (1 + credentials.count() * 2 // ENTRIES)
    while True:
        place = secrets.randbelow(size)
        if not credentials.filter(status_index=place).exists():
            return place
