"""How far training has reached, as it is kept of each place; all of it adds up, as nobody is in two places today."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from accounts.models import OfficialLevel, Person, PersonKind, Subject
from accounts.queries import has_learner, has_trained_leader
from certificates.models import Credential, CredentialStatus
from provinces.models import Place
from reports.counting import PROVINCE
from reports.models import Covered, Reach

LEVELS = tuple(value for value, _label in OfficialLevel.of_today())
FIGURES = ("subjects", "led", *LEVELS)


def certified_officials() -> QuerySet[Person]:
    """Who holds a certificate that was not revoked, also one whose time is over, and whose level is known."""
    paper = Credential.objects.filter(enrolment__person=OuterRef("pk"), status=CredentialStatus.VALID)
    gone = Person.objects.filter(Q(merged_into__isnull=False) | Q(erased_at__isnull=False))  # few
    those = Person.objects.filter(kind=PersonKind.OFFICIAL, official_level__in=LEVELS).exclude(pk__in=gone)
    return those.filter(Exists(paper))


def covered(places: Iterable[int] | None = None) -> list[Covered]:
    """Of some places, or of all."""
    here = Q() if places is None else Q(place__in=places)
    found: dict[int, Counter[str]] = defaultdict(Counter)
    subjects = Subject.objects.open().filter(here).annotate(is_led=has_trained_leader()).order_by()
    for place, is_led, number in subjects.values_list("place", "is_led").annotate(Count("pk")):
        found[place].update({"subjects": number, "led": number if is_led else 0})
    officials = certified_officials().filter(here).order_by()
    for place, level, number in officials.values_list("place", "official_level").annotate(Count("pk")):
        found[place][level] += number
    return [
        Covered(reach=Reach.PLACE, place_id=place, **{name: numbers[name] for name in FIGURES})
        for place, numbers in found.items()
    ]


def by_kind(places: QuerySet[Place] | None) -> dict[str, Counter[str]]:
    """Of the subjects that work in some places, or in all, by their kind: how many, with somebody who learns, and headed by who has learnt.
    Not kept, as nothing of it is shown on the board: one query of the register."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    here = Q() if places is None else Q(place__in=places)
    subjects = Subject.objects.open().filter(here).order_by()
    rows = subjects.annotate(learns=has_learner(), is_led=has_trained_leader()).values_list("kind", "learns", "is_led")
    for kind, learns, is_led, number in rows.annotate(Count("pk")):
        found[kind].update(subjects=number, learning=number * learns, led=number * is_led)
    return found


def sums(provinces: Collection[int]) -> list[Covered]:
    theirs = Q(place__in=provinces) | Q(place__parent__in=provinces)
    kept = Covered.objects.filter(theirs, reach=Reach.PLACE).annotate(unit=PROVINCE).filter(unit__in=provinces)
    added = kept.values_list("unit").annotate(*(Sum(name) for name in FIGURES))
    return [
        Covered(reach=Reach.PROVINCE, place_id=unit, **dict(zip(FIGURES, numbers, strict=True)))
        for unit, *numbers in added
    ]
