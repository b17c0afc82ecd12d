"""What is kept of each month, read from the enrolments."""

from collections import Counter, defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import Count, DateField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import TruncMonth

from certificates.models import Credential
from certificates.queries import IS_CERTIFIED
from courses.models import Enrolment
from reports.counting import PROVINCE
from reports.models import Monthly, Reach

FIGURES = ("begun", "completed", "certified")

type Key = tuple[int, int, str, date]  # place, course, kind, first day of the month


def monthly(counted: QuerySet[Enrolment]) -> list[Monthly]:
    found: dict[Key, Counter[str]] = defaultdict(Counter)
    papers = Credential.objects.filter(enrolment=OuterRef("pk")).order_by("issued_at")
    # A paper that replaces another one certifies nobody anew: the month is that of the first.
    certified = counted.filter(IS_CERTIFIED).annotate(first=Subquery(papers.values("issued_at")[:1]))
    for figure, rows, moment in (
        ("begun", counted, "enrolled_at"),
        ("completed", counted.filter(completed_at__isnull=False), "completed_at"),
        ("certified", certified, "first"),
    ):
        for *key, number in _by_month(rows, moment):
            found[key[0], key[1], key[2], key[3]][figure] = number
    return [
        Monthly(reach=Reach.PLACE, place_id=place, course_id=course, kind=kind, month=month, **{one: numbers[one] for one in FIGURES})
        for (place, course, kind, month), numbers in found.items()
    ]  # fmt: skip


def _by_month(rows: QuerySet[Any], moment: str) -> QuerySet[Any, Any]:
    rows = rows.annotate(of_month=TruncMonth(moment, output_field=DateField()))
    return rows.values_list("place", "course", "person_kind", "of_month").annotate(Count("pk"))


def sums(provinces: Collection[int]) -> list[Monthly]:
    theirs = Q(place__in=provinces) | Q(place__parent__in=provinces)
    kept = Monthly.objects.filter(theirs, reach=Reach.PLACE).annotate(unit=PROVINCE).filter(unit__in=provinces)
    added = kept.values_list("unit", "course", "kind", "month").annotate(*(Sum(one) for one in FIGURES))
    return [
        Monthly(reach=Reach.PROVINCE, place_id=unit, course_id=course, kind=kind, month=month, **dict(zip(FIGURES, numbers, strict=True)))
        for unit, course, kind, month, *numbers in added
    ]  # fmt: skip
