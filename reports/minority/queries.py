"""What of the total is shown, and to whom: where no single answer can be worked out from it (docs/decisions/0034)."""

from dataclasses import dataclass

from django.db.models import F, QuerySet, Sum

from provinces.models import Level, Place
from reports.models import Minority, Reach

FEWEST = 5  # people who gave the one answer, and who gave the other


@dataclass(frozen=True)
class Total:
    """`persons` said yes, of `answered` who said anything; both None where they are hidden."""

    persons: int | None = None
    answered: int | None = None

    @property
    def is_shown(self) -> bool:
        return self.persons is not None


def total(place: Place | None, scope: QuerySet[Place] | None) -> Total | None:
    """Of a province of today, or of the country; `scope` is what `reports.queries.scope_of` says of `place`. None for whatever else: figures
    of a commune, of several provinces or of a former province could be set against those of a province.

    The country is the sum of the provinces that are shown, so that taking them off leaves nothing.
    """
    rows = Minority.objects.filter(reach=Reach.PROVINCE, place__level=Level.PROVINCE, place__valid_to=None)
    if place is not None:
        if place.level != Level.PROVINCE or not place.is_current:
            return None
        rows = rows.filter(place=place)
    elif scope is not None:
        return None
    shown = rows.filter(persons__gte=FEWEST, answered__gte=F("persons") + FEWEST)
    sums = shown.aggregate(persons=Sum("persons"), answered=Sum("answered"))
    return Total(sums["persons"], sums["answered"])
