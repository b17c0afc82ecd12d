"""Numbers and times as a Vietnamese report writes them."""

from datetime import datetime

from django.utils import timezone

from lib import dates
from workshops.models import BasisKind, LegalBasis

from .facts import Presence


def decimal(number: float, places: int = 1) -> str:
    """4.84 → "4,8", with the minus sign of print; what rounds to nought has none."""
    return f"{number:z.{places}f}".replace(".", ",").replace("-", "−")


def percent(share: float) -> str:
    return f"{decimal(share * 100)}%"


def grouped(number: int) -> str:
    return dates.grouped(number)


def hours(begins_at: datetime, ends_at: datetime) -> str:
    """ "13:30–17:00" """
    begins, ends = (f"{timezone.localtime(at):%H:%M}" for at in (begins_at, ends_at))
    return f"{begins}–{ends}"


def session_in_words(one: Presence) -> str:
    room = f", {one.room}" if one.room else ""
    return f"{hours(one.starts_at, one.ends_at)}, {dates.short(dates.local_day(one.starts_at))}{room}"


def basis_in_words(one: LegalBasis) -> str:
    """ "Kế hoạch số 170/KH-UBND ngày 17 tháng 7 năm 2023 của Ủy ban nhân dân tỉnh về …" """
    kind = BasisKind(one.kind).label
    day = f" {dates.in_words(one.issued_on)}" if one.issued_on else ""
    about = f" về {one.subject.removeprefix('về ').removeprefix('Về ')}" if one.subject else ""
    return f"{kind[:1].upper()}{kind[1:]} số {one.number}{day} của {one.issued_by}{about}"
