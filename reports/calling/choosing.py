"""Who needs a word this week, in one commune: those whom somebody's call can bring on, the never started included.

Each reason gives its own in order, and one of each is taken in turn, so that no reason crowds out the others. Whoever was spoken to
is left in peace for some weeks. Ten is what one officer calls beside other work (point 6 of the issue that asked for it).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain, islice, zip_longest

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet

from accounts.models import Person, Subject
from accounts.queries import are_stars_ending, is_left_in_peace, wants_no_calls
from certificates.models import Credential, CredentialStatus
from certificates.validity import is_renewable
from courses.models import Enrolment
from lib.dates import local_day
from provinces.models import Place
from provinces.queries import places_within
from quizzes.models import Attempt, AttemptState
from reports.models import Contact, Outcome, Reason
from reports.states.conditions import TRIES, absent, has_begun

MOST = 10
SETTLING = timedelta(days=7)  # who enrolled since then is not late yet
STALLED = timedelta(days=14)  # without learning anything
LONG_AGO = timedelta(days=365)  # whoever stopped before has left
ENDING = timedelta(days=60)  # a paper that ends within
SPOKEN_TO = (Outcome.CALLED, Outcome.MET, Outcome.HELPED)
PEACE = timedelta(weeks=3)
WRONG_FOR = timedelta(weeks=8)  # nobody dials a wrong number every week
LIMITS = {
    "most": MOST,
    "ending": ENDING.days,
    "stalled": STALLED.days,
    "settling": SETTLING.days,
    "peace": PEACE.days // 7,
    "wrong": WRONG_FOR.days // 7,
}


@dataclass(frozen=True)
class Due:
    """As `Contact`, by ids."""

    reason: Reason
    person: int | None = None
    subject: int | None = None
    course: int | None = None
    since: date | None = None


def due(place: Place, *, at: datetime) -> list[Due]:
    """At most ten of a commune of today, each person and subject once."""
    within = places_within(place)
    rested = _rested(at)
    people = Person.objects.filter(place__in=within, merged_into=None, has_consented=True)
    people = people.exclude(is_left_in_peace("pk") | wants_no_calls("pk"))
    people = people.exclude(pk__in=rested.filter(person__place__in=within).values("person"))
    subjects = Subject.objects.open().filter(place__in=within)
    subjects = subjects.exclude(pk__in=rested.filter(subject__place__in=within).values("subject"))
    queues = [choose(people if choose in OF_PEOPLE else subjects, at) for choose in CHOOSERS]
    chosen: dict[tuple[int | None, int | None], Due] = {}
    for one in chain.from_iterable(zip_longest(*queues)):
        if one and len(chosen) < MOST:
            chosen.setdefault((one.person, one.subject), one)
    return list(chosen.values())


def _rested(at: datetime) -> QuerySet[Contact]:
    spoken = Q(outcome__in=SPOKEN_TO, at__gte=at - PEACE)
    return Contact.objects.filter(spoken | Q(outcome=Outcome.WRONG, at__gte=at - WRONG_FOR))


def _unfinished(people: QuerySet[Person]) -> QuerySet[Enrolment]:
    return Enrolment.objects.filter(person__in=people, completed_at=None, course__retired_at=None)


def _failed(people: QuerySet[Person], at: datetime) -> Iterator[Due]:
    """Handed in twice and not passed, as the record counts it; the latest try first."""
    counted = Attempt.objects.filter(annulled_at=None, is_practice=False, state=AttemptState.FINISHED)
    tries = counted.filter(enrolment__in=_unfinished(people), passed=False, finished_at__gte=at - LONG_AGO)
    tries = tries.exclude(Exists(counted.filter(enrolment=OuterRef("enrolment"), quiz=OuterRef("quiz"), passed=True)))
    rows = tries.values_list("enrolment__person", "enrolment__course", "quiz").annotate(n=Count("pk"), last=Max("pk"))
    for person, course, *_rest in rows.filter(n__gte=TRIES).order_by("-last")[:MOST]:
        yield Due(Reason.FAILED, person=person, course=course)


def _expiring(people: QuerySet[Person], at: datetime) -> Iterator[Due]:
    """Only what can be renewed by now: a reminder that leads to "not yet" is worse than none."""
    today = local_day(at)
    rows = Credential.objects.filter(
        person__in=people, status=CredentialStatus.VALID, enrolment__course__retired_at=None
    )
    rows = rows.filter(expires_on__range=(today, today + ENDING), award__is_active=True).order_by("expires_on", "pk")
    columns = rows.values_list("person", "enrolment__course", "expires_on", "award__renewal_days")
    may_renew = (row for row in columns if is_renewable(row[2], row[3], today))
    for person, course, last, _days in islice(may_renew, MOST):
        yield Due(Reason.EXPIRING, person=person, course=course, since=last)


def _stalled(people: QuerySet[Person], at: datetime) -> Iterator[Due]:
    """The least time ago first: who stopped yesterday month comes back more easily than who stopped last year."""
    rows = _unfinished(people).filter(has_begun(), last_active_at__range=(at - LONG_AGO, at - STALLED))
    for person, course, when in rows.order_by("-last_active_at", "pk").values_list(
        "person", "course", "last_active_at"
    )[:MOST]:
        yield Due(Reason.STALLED, person=person, course=course, since=local_day(when))


def _unstarted(people: QuerySet[Person], at: datetime) -> Iterator[Due]:
    rows = _unfinished(people).filter(~has_begun(), enrolled_at__range=(at - LONG_AGO, at - SETTLING))
    for person, course, when in rows.order_by("-enrolled_at", "pk").values_list("person", "course", "enrolled_at")[
        :MOST
    ]:
        yield Due(Reason.UNSTARTED, person=person, course=course, since=local_day(when))


def _stars(subjects: QuerySet[Subject], at: datetime) -> Iterator[Due]:
    ending = are_stars_ending(local_day(at), "products__")
    rows = subjects.annotate(ends=Min("products__valid_until", filter=ending)).exclude(ends=None)
    for subject, ends in rows.order_by("ends", "pk").values_list("pk", "ends")[:MOST]:
        yield Due(Reason.STARS, subject=subject, since=ends)


def _absent(subjects: QuerySet[Subject], at: datetime) -> Iterator[Due]:
    """Those with stars first: the programme counts them."""
    rows = absent(subjects).annotate(recognised=Count("products", filter=Q(products__stars__isnull=False)))
    for subject in rows.order_by("-recognised", "search", "pk").values_list("pk", flat=True)[:MOST]:
        yield Due(Reason.ABSENT, subject=subject)


OF_PEOPLE = (_failed, _expiring, _stalled, _unstarted)
CHOOSERS: tuple[Callable[..., Iterator[Due]], ...] = (_failed, _expiring, _stalled, _stars, _unstarted, _absent)
