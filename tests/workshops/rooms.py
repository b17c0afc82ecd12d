"""A second room beside the workshop's first session, for the tests of parallel sessions."""

from datetime import timedelta
from typing import Any

from accounts.models import User
from tests import cast
from workshops.models import Session, Workshop


def officer() -> User:
    """Who runs it; the same however often one asks."""
    return User.objects.filter(is_staff=True).first() or cast.staff("organiser", cast.province())


def beside(
    workshop: Workshop, *, seats: int | None = None, first: int | None = None, **later: float
) -> tuple[Any, Any]:
    """(the first session, now in “Phòng 1”, and one of “Phòng 2”, which begins some time `later`); with seats, where they are given."""
    held = workshop.sessions.get()
    held.room, held.seats = "Phòng 1", first
    held.save()
    starts_at, length = held.starts_at + timedelta(**later), held.ends_at - held.starts_at
    other = Session.objects.create(
        workshop=workshop, name="Bán hàng trên mạng", room="Phòng 2", seats=seats, starts_at=starts_at, ends_at=starts_at + length
    )  # fmt: skip
    return held, other


def later(workshop: Workshop, **after: float) -> Session:
    """A session of everybody, after all others."""
    last = workshop.sessions.latest("ends_at")
    starts_at = last.ends_at + timedelta(**(after or {"hours": 15}))
    return Session.objects.create(
        workshop=workshop, name="Buổi sau", starts_at=starts_at, ends_at=starts_at + timedelta(hours=3)
    )
