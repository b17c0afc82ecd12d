"""Which attempts are looked at."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from courses.models import Cohort
from lib import dates
from provinces.models import Place, PlaceQuerySet
from provinces.queries import places_within
from quizzes.models import Attempt, AttemptState, Item


@dataclass(frozen=True)
class Selection:
    """`only_first`: a second try tells more of the first one's feedback than of the question. Days are inclusive; the
    calendar's own ends are no limit, as offices write 31/12/9999 for "without end" and no moment lies beyond."""

    only_first: bool = True
    place: Place | None = None
    within: PlaceQuerySet | None = None  # what whoever asks may look at; None: everything
    cohort: Cohort | None = None
    since: date | None = None
    until: date | None = None

    def attempts(self, among: QuerySet[Attempt]) -> QuerySet[Attempt]:
        """Finished and counting, with marks; in no order."""
        return among.filter(self._wanted("")).order_by()

    def items(self, among: QuerySet[Item]) -> QuerySet[Item]:
        """Those of the same attempts, by a join: looking each one's attempt up in a list of them takes three times as long."""
        return among.filter(self._wanted("attempt__")).order_by()

    def _wanted(self, path: str) -> Q:
        wanted: dict[str, Any] = {"state": AttemptState.FINISHED, "annulled_at": None, "max_score__gt": 0}
        if self.only_first:
            wanted["number"] = 1
        if self.place:
            wanted["enrolment__place__in"] = places_within(self.place)
        if self.within is not None:
            wanted["enrolment__place__in"] = self.within
        if self.cohort:
            wanted["enrolment__cohort"] = self.cohort
        if self.since and self.since > date.min:
            wanted["finished_at__gte"] = dates.start_of_day(self.since)
        if self.until and self.until < date.max:
            wanted["finished_at__lt"] = dates.start_of_day(self.until + timedelta(days=1))
        return Q(**{f"{path}{name}": value for name, value in wanted.items()})
