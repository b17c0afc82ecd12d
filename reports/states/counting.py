"""How many are in each state, as it is kept of each place; all of these add up."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, QuerySet, Sum

from accounts.models import Product, Subject
from accounts.rules import STARS_ENDING
from certificates.models import Credential, CredentialStatus
from certificates.queries import EXPIRING_DAYS
from courses.models import Enrolment
from lib import dates, registries
from reports.counting import PROVINCE
from reports.models import Behind, Reach

from .conditions import absent, with_stars_ending

OF_ENROLMENTS = ("unstarted", "stalled", "failed", "expiring")
STATES = (*OF_ENROLMENTS, "absent", "stars")


def behind(counted: QuerySet[Enrolment], at: datetime, places: Iterable[int] | None = None) -> list[Behind]:
    """Of `counted`, which are the enrolments of `places`, and of their subjects; None for all."""
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for state in OF_ENROLMENTS:
        rows = counted.filter(registries.enrolment_states[state].condition(at)).values_list("place")
        for place, number in rows.annotate(Count("pk")):
            found[place][state] = number
    subjects = Subject.objects.order_by() if places is None else Subject.objects.order_by().filter(place__in=places)
    of_subjects = {"absent": absent(subjects), "stars": with_stars_ending(subjects, dates.local_day(at))}
    for state, those in of_subjects.items():
        for place, number in those.values_list("place").annotate(Count("pk")):
            found[place][state] = number
    return [
        Behind(reach=Reach.PLACE, place_id=place, **{state: numbers[state] for state in STATES})
        for place, numbers in found.items()
    ]


def sums(provinces: Collection[int]) -> list[Behind]:
    theirs = Q(place__in=provinces) | Q(place__parent__in=provinces)
    kept = Behind.objects.filter(theirs, reach=Reach.PLACE).annotate(unit=PROVINCE).filter(unit__in=provinces)
    added = kept.values_list("unit").annotate(*(Sum(state) for state in STATES))
    return [
        Behind(reach=Reach.PROVINCE, place_id=unit, **dict(zip(STATES, numbers, strict=True)))
        for unit, *numbers in added
    ]


def aged(counted: date | None, at: datetime) -> set[int]:
    """Places of papers and of stars that came near their end, or passed it, merely because the day changed."""
    today = dates.local_day(at)
    if counted is None or counted == today:
        return set()
    first, last = sorted((counted, today))

    def moved(field: str, ahead: timedelta) -> Q:
        return Q((f"{field}__range", (first, last))) | Q((f"{field}__range", (first + ahead, last + ahead)))

    papers = Credential.objects.filter(
        moved("expires_on", timedelta(days=EXPIRING_DAYS)), status=CredentialStatus.VALID
    )
    products = Product.objects.filter(moved("valid_until", STARS_ENDING), stars__isnull=False)
    return {
        *papers.values_list("enrolment__place", flat=True).distinct(),
        *products.order_by().values_list("subject__place", flat=True).distinct(),
    }
