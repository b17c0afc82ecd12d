"""Dates as Vietnamese readers and Decree 30/2020 write them; numbers as the reader's language groups them."""

from datetime import date, datetime, time

from django.template.defaultfilters import floatformat
from django.utils import formats, timezone


def short(day: date) -> str:
    """11/12/2023"""
    return f"{day.day:02}/{day.month:02}/{day.year}"


def in_words(day: date) -> str:
    """ "ngày 11 tháng 12 năm 2023"; a 0 before days under 10 and the months 1 and 2 (Decree 30/2020, Annex I)."""
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02} tháng {month} năm {day.year}"


def localised(day: date) -> str:
    """11/12/2023 in Vietnamese, 11 Dec 2023 in English."""
    return formats.date_format(day, "SHORT_DATE_FORMAT")


def moment(at: datetime) -> str:
    """Day and time on the reader's clock."""
    return formats.date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT")


def grouped(number: int) -> str:
    """10881 → "10.881" in Vietnamese, "10,881" in English."""
    return f"{number:,}".replace(",", formats.get_format("THOUSAND_SEPARATOR")) if abs(number) > 999 else str(number)


def signed(number: float | None) -> str:
    """-7.6 → "−8", rounded as templates round (halves away from nought), with the minus sign of print; nothing for None."""
    return "" if number is None else floatformat(number, 0).replace("-", "−")


def local_day(moment: datetime) -> date:
    return timezone.localtime(moment).date()


def start_of_day(day: date) -> datetime:
    """Midnight in this country."""
    return timezone.make_aware(datetime.combine(day, time.min))
