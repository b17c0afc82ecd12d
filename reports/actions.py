"""Keeping the board's figures: places that were marked are counted again, one counter at a time."""

import time
from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q

from lib import dates
from provinces.models import Place
from workshops.models import Registration

from . import counting, queries, triggers
from .covered import counting as of_covered
from .minority import counting as of_minority
from .models import (
    Behind,
    Cell,
    Covered,
    Headcount,
    Kept,
    Minority,
    Monthly,
    Reach,
    Scattered,
    SliceHeadcount,
    SliceScattered,
    Stale,
    Tally,
    Yearly,
    YearlyScattered,
)
from .plan import counting as of_years
from .states import counting as of_states
from .trends import counting as of_months

MOST = 200  # places that are counted at once: on SQLite nobody else can write meanwhile
GIVE_WAY = 0.1  # seconds between two rounds: as often looks SQLite whether what somebody waits for is free


def bring_up_to_date(*, at: datetime) -> int:
    """Counts again what changed since the last time; returns the number of places. One query where nothing did."""
    done = 0
    while queries.is_behind(at):
        done += (counted := _count_some(at))
        if counted < MOST:
            break  # what was marked meanwhile is for whoever looks next
        time.sleep(GIVE_WAY)
    return done


def _count_some(at: datetime) -> int:
    with transaction.atomic():
        tally = Tally.objects.select_for_update().get_or_create(pk=1)[0]
        if tally.day != dates.local_day(at):
            aged = counting.aged(tally.day, at) | of_states.aged(tally.day, at)
            Stale.objects.bulk_create(Stale(place_id=place) for place in aged)
            Tally.objects.filter(pk=tally.pk).update(day=dates.local_day(at))
        places = _marked()
        _count(places, at)
    return len(places)


def recount(*, at: datetime) -> int:
    """Everything anew, from the enrolments."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(triggers.EVERYWHERE)
    return bring_up_to_date(at=at)


def _marked() -> set[int]:
    """Takes away the marks that were committed: what they stand for is seen by every query that follows, and a mark that
    comes in later stays for the next time."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM reports_stale WHERE place_id IN (SELECT DISTINCT place_id FROM reports_stale LIMIT %s)"
            " RETURNING place_id",
            [MOST],
        )
        return {place for (place,) in cursor.fetchall()}


def _count(places: Collection[int], at: datetime) -> None:
    enrolments = counting.enrolments(places)
    _replace(Cell, Reach.PLACE, places, counting.cells(enrolments, at))
    _replace(Headcount, Reach.PLACE, places, counting.heads(enrolments))
    _replace(SliceHeadcount, Reach.PLACE, places, counting.slice_heads(enrolments))
    _replace(Yearly, Reach.PLACE, places, of_years.yearly(enrolments, of_years.seats(Q(place__in=places))))
    _replace(Behind, Reach.PLACE, places, of_states.behind(enrolments, at, places))
    _replace(Monthly, Reach.PLACE, places, of_months.monthly(enrolments))
    _replace(Covered, Reach.PLACE, places, of_covered.covered(places))
    _find_scattered(places)
    for who in of_years.WHO:
        _find_scattered_in_years(places, who)
    _sum_provinces(places)


def _replace[T: Kept](model: type[T], reach: Reach, places: Collection[int], rows: Iterable[T]) -> None:
    model._default_manager.filter(reach=reach, place__in=places).delete()
    model._default_manager.bulk_create(rows, batch_size=1000)


def _find_scattered(places: Collection[int]) -> None:
    """Of everybody who is or was recorded in these places."""
    here = Q(person__in=counting.enrolments(places).values("person"))
    known = Q(person__in=Scattered.objects.filter(place__in=places).values("person"))
    theirs = counting.enrolments().filter(here | known)
    rows, slices = counting.scattered(theirs), counting.slice_scattered(theirs)
    SliceScattered.objects.filter(here | known).delete()  # before those that say who is known
    SliceScattered.objects.bulk_create(slices, batch_size=1000)
    Scattered.objects.filter(here | known).delete()
    Scattered.objects.bulk_create(rows, batch_size=1000)


def _find_scattered_in_years(places: Collection[int], who: str) -> None:
    """Of everybody who is or was counted in these places: persons, or subjects."""
    here = counting.enrolments(places).exclude(**{who: None}).values(who)
    seated = Registration.objects.filter(place__in=places).exclude(**{who: None}).order_by().values(who)
    before = YearlyScattered.objects.filter(place__in=places).exclude(**{who: None}).values(who)
    theirs = Q(*((f"{who}__in", rows) for rows in (here, seated, before)), _connector=Q.OR)
    rows = of_years.scattered(counting.enrolments().filter(theirs), of_years.seats(theirs), who)
    YearlyScattered.objects.filter(theirs).delete()
    YearlyScattered.objects.bulk_create(rows, batch_size=1000)


def _sum_provinces(places: Collection[int]) -> None:
    """The provinces of these places, added up."""
    touched = Place.objects.filter(Q(pk__in=places) | Q(children__in=places))
    provinces = set(touched.values_list("pk", flat=True))
    cells, heads, slices = counting.sums(provinces)
    _replace(Cell, Reach.PROVINCE, provinces, cells)
    _replace(Headcount, Reach.PROVINCE, provinces, heads)
    _replace(SliceHeadcount, Reach.PROVINCE, provinces, slices)
    _replace(Yearly, Reach.PROVINCE, provinces, of_years.sums(provinces))
    _replace(Behind, Reach.PROVINCE, provinces, of_states.sums(provinces))
    _replace(Monthly, Reach.PROVINCE, provinces, of_months.sums(provinces))
    _replace(Covered, Reach.PROVINCE, provinces, of_covered.sums(provinces))
    today = of_minority.provinces_of(places)
    _replace(Minority, Reach.PROVINCE, {*places, *today}, of_minority.counted(today.values()))
