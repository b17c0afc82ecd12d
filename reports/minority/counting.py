"""How many people of a province said that they belong to an ethnic minority, and how many said anything, as it is kept."""

from collections.abc import Collection, Iterable

from django.db.models import Count, Q

from accounts.models import MinorityAnswer
from provinces.models import Level, Place
from provinces.queries import ids_within, units_of_today
from reports.counting import enrolments
from reports.models import Minority, Reach
from reports.plan.counting import who_came


def provinces_of(places: Collection[int]) -> dict[int, Place]:
    """The provinces of today that these places count for, by their keys."""
    provinces = {unit.province for unit in units_of_today(set(places)).values()}
    return {one.pk: one for one in provinces if one.level == Level.PROVINCE and one.is_current}


def counted(provinces: Iterable[Place]) -> list[Minority]:
    """Each person once in a province, by the places of enrolments and of seats in workshops whose course they are not enrolled in. Nothing
    of a province where nobody said anything."""
    if not MinorityAnswer.objects.exists():
        return []
    rows = [_of(one) for one in provinces]
    return [row for row in rows if row.answered]


def _of(province: Place) -> Minority:
    within = ids_within(province)
    seats = who_came().filter(place__in=within, is_enrolled=False)
    theirs = Q(person__in=enrolments(within).values("person")) | Q(person__in=seats.values("person"))
    numbers = MinorityAnswer.objects.filter(theirs).aggregate(
        answered=Count("pk"), persons=Count("pk", filter=Q(is_minority=True))
    )
    return Minority(reach=Reach.PROVINCE, place=province, **numbers)
