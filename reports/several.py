"""Who is recorded in several places: taken off again where these are added up, so that everybody counts once.

What it costs does not follow how many such people there are: the database counts them, and by name they are looked at only where one unit
of today has several places with figures.
"""

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Count, QuerySet


def again(rows: QuerySet[Any], *who: str) -> list[int]:
    """How often somebody is counted in all places of some rows beyond the first time: persons, or subjects, as `who` names the columns."""
    each = {f"{one}_all": Count(one) for one in who} | {f"{one}_once": Count(one, distinct=True) for one in who}
    counted = rows.order_by().aggregate(**each)
    return [counted[f"{one}_all"] - counted[f"{one}_once"] for one in who]


def again_by[Unit](
    rows: QuerySet[Any], units: Mapping[Unit, Collection[int]], *who: str
) -> dict[Unit, tuple[int, ...]]:
    """As `again`, of each unit with its places."""
    unit_of = {place: unit for unit, places in units.items() if len(places) > 1 for place in places}
    named: dict[Unit, list[list[int]]] = {unit: [[] for _one in who] for unit in units}
    if unit_of:
        for place, *found in rows.filter(place__in=unit_of).values_list("place", *who):
            for listed, one in zip(named[unit_of[place]], found, strict=True):
                listed.extend([one] if one else [])
    return {unit: tuple(len(listed) - len(set(listed)) for listed in lists) for unit, lists in named.items()}
