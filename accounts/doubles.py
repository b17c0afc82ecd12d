"""Rows of people that may be one: called alike in one commune or subject, or reached by one number, with years of birth that do not
contradict each other. Couples share phones: whether it is one person somebody looks and says."""

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from .models import Person
from .queries import numbers_of

SHOWN = 10


def with_doubles(people: QuerySet[Person]) -> QuerySet[Person]:
    """Of some people those who may be another one of them.

    One list for each way to be alike: a database joins a list of equal columns at once, and compares everybody with everybody
    where "or" stands between them (a province of 6,000 took more than ten minutes).
    """
    same_age = Q(birth_year=None) | Q(birth_year=Coalesce(OuterRef("birth_year"), F("birth_year")))
    those = people.order_by()
    others = those.filter(same_age).exclude(pk=OuterRef("pk"))
    written, called = others.exclude(contact_phone=""), others.filter(search=OuterRef("search"))
    ways = (
        called.filter(place=OuterRef("place")),
        called.filter(subject=OuterRef("subject")),
        written.filter(contact_phone=OuterRef("contact_phone")),
        written.filter(contact_phone=OuterRef("user__phone")),
        others.filter(user__phone=OuterRef("contact_phone")),
    )
    return people.filter(Q(*(Q(pk__in=those.filter(Exists(way)).values("pk")) for way in ways), _connector=Q.OR))


def doubles_of(person: Person, among: QuerySet[Person]) -> list[tuple[Person, str]]:
    """Who of `among` may be the same person, and why; those called alike first."""
    numbers = numbers_of(person)
    near = Q(place=person.place_id) | Q(subject=person.subject_id, subject__isnull=False)
    found = among.filter(
        (near & Q(search=person.search)) | Q(contact_phone__in=numbers) | Q(user__phone__in=numbers)
    ).exclude(pk=person.pk)
    if person.birth_year:
        found = found.filter(Q(birth_year=None) | Q(birth_year=person.birth_year))
    rows = found.select_related("place__parent", "subject", "user").distinct().order_by("sort_key", "pk")
    ordered = sorted(rows[: 5 * SHOWN], key=lambda one: one.search != person.search)
    return [(one, _why(person, one)) for one in ordered[:SHOWN]]


def _why(person: Person, other: Person) -> str:
    reasons = []
    if person.search == other.search:
        reasons.append(_("cùng họ tên"))
        reasons += [_("cùng xã")] if person.place_id == other.place_id else []
        reasons += [_("cùng chủ thể")] if person.subject_id and person.subject_id == other.subject_id else []
    if numbers_of(person) & numbers_of(other):
        reasons.append(_("cùng số điện thoại"))
    if person.birth_year and person.birth_year == other.birth_year:
        reasons.append(_("cùng năm sinh"))
    return ", ".join(reasons)
