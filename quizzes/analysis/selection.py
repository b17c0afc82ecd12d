"""Which attempts are looked at."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from lib import dates
from provinces.models import Place
from provinces.queries import places_within
from quizzes.models import Attempt, AttemptState


@dataclass(frozen=True)
class Selection:
    """`only_first`: a second try tells more of the first one's feedback than of the question. Days are inclusive; the
    calendar's own ends are no limit, as offices write 31/12/9999 for "without end" and no moment lies beyond."""

    only_first: bool = True
    place: Place | None = None
    since: date | None = None
    until: date | None = None

    def attempts(self, among: QuerySet[Attempt]) -> QuerySet[Attempt]:
        """Finished and counting, with marks; in no order."""
        wanted = Q(state=AttemptState.FINISHED, annulled_at=None, max_score__gt=0)
        if self.only_first:
            wanted &= Q(number=1)
        if self.place:
            wanted &= Q(enrolment__place__in=places_within(self.place))
        if self.since and self.since > date.min:
            wanted &= Q(finished_at__gte=dates.start_of_day(self.since))
        if self.until and self.until < date.max:
            wanted &= Q(finished_at__lt=dates.start_of_day(self.until + timedelta(days=1)))
        return among.filter(wanted).order_by()
