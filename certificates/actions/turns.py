"""Rounds of jobs whose rows may fail: one that fails stops no other, in its round or in those after it."""

import logging
from collections.abc import Callable, Iterable

from django.core.cache import cache
from django.db import DatabaseError

from lib.refusals import Refusal

logger = logging.getLogger(__name__)
UNISSUABLE = (Refusal, ValueError, DatabaseError)  # what may keep one certificate from being issued
AT_ONCE = 500  # tries a round of a job
REMEMBERED = 24 * 60 * 60  # seconds


def in_turn(
    job: str, waiting: Iterable[int], make: Callable[[int], object | None], *, at_once: int | None = AT_ONCE
) -> int:
    """Tries so many of what waits, and says of how many something came.

    What came to nothing lately is tried again after all the rest, whatever was tried longest ago first: however much of it there
    is, everything has its turn. Forgetting that costs the order alone.
    """
    key = f"certificates.turns.{job}"
    place = {pk: number for number, pk in enumerate(cache.get(key, []))}
    ordered = sorted(dict.fromkeys(waiting), key=lambda pk: place.get(pk, -1))
    tried = ordered[:at_once]
    failed, why = [], []
    for pk in tried:
        try:
            if make(pk) is not None:
                continue
        except UNISSUABLE as problem:
            why.append(reason(problem))
        failed.append(pk)
    if place or failed:
        cache.set(key, [pk for pk in ordered[len(tried) :] if pk in place] + failed, REMEMBERED)
    if why:
        logger.warning("%s certificates could not be %s: %s", len(why), job, "; ".join(sorted(set(why))))
    return len(tried) - len(failed)


def reason(problem: Exception) -> str:
    """For the log: a database error tells the row, which may name somebody, so that only its kind is kept."""
    return str(problem) if isinstance(problem, Refusal) else type(problem).__name__
