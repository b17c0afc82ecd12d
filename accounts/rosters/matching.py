"""Who of the records a line means: looked up for all lines at once, whatever their number."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from uuid import NAMESPACE_OID, UUID, uuid5

from django.db.models import Q, QuerySet

from accounts.models import Person
from accounts.queries import numbers_of
from lib import text
from provinces.models import Place

from .lines import Line

JOINED = ("subject", "place__parent", "user")
AT_ONCE = 5_000  # of a query; SQLite takes 32,766 values, and numbers are asked for twice


@dataclass
class Records:
    """What is known of everybody whom the lines may mean."""

    by_phone: dict[str, list[Person]] = field(default_factory=lambda: defaultdict(list))
    by_name: dict[str, list[Person]] = field(default_factory=lambda: defaultdict(list))
    by_token: dict[UUID, Person] = field(default_factory=dict)
    units: dict[int, str] = field(default_factory=dict)  # for whom each came before, besides the subject of the records
    elsewhere: set[int] = field(default_factory=set)  # outside the places of whoever imports


def look_up(found: Records, lines: Sequence[Line], *, among: QuerySet[Person]) -> dict[int, Person]:
    """Fills in who of `among` is called as a line says, or has one of its numbers; returns them by key."""
    people: dict[int, Person] = {}
    wanted = {
        "phone": {one for line in lines for one in line.phones},
        "name": {text.fold(line.name)[:120] for line in lines},
    }
    rows = among.select_related(*JOINED)
    for some in chunks(wanted["phone"]):
        people |= {one.pk: one for one in rows.filter(Q(user__phone__in=some) | Q(contact_phone__in=some))}
    for some in chunks(wanted["name"]):
        people |= {one.pk: one for one in rows.filter(search__in=some)}
    for one in people.values():
        found.by_name[one.search].append(one)
        for phone in numbers_of(one):
            found.by_phone[phone].append(one)
    return people


def last_digits(person: Person, count: int) -> set[str]:
    """What the numbers end with under which the office knows somebody."""
    return {one[-count:] for one in numbers_of(person)}


def token(kind: str, *said: object) -> UUID:
    """What says the same of the same list is the same person, whenever it comes again."""
    return uuid5(NAMESPACE_OID, f"{kind}:" + "|".join(map(str, said)))


def said_of(line: Line) -> list[str]:
    """What tells a line from another of its list, apart from where."""
    return [text.fold(line.name), line.born if line.is_year else "", *line.phones]


def fits(person: Person, line: Line) -> bool:
    """No other year of birth is known of the person."""
    return not line.is_year or person.birth_year in (None, int(line.born))


def has_other_number(person: Person, line: Line) -> bool:
    """Both have numbers, none of them the same, and no year of birth says that they are one."""
    is_same_year = line.is_year and person.birth_year == int(line.born)
    return (
        bool(line.phones)
        and bool(numbers_of(person))
        and numbers_of(person).isdisjoint(line.phones)
        and not is_same_year
    )


def of_name(line: Line, place: Place, known: Records) -> list[Person]:
    """Of this name, in the commune or of the same unit."""
    unit = text.fold(line.unit)
    return [
        one
        for one in known.by_name.get(text.fold(line.name)[:120], ())
        if one.place_id == place.pk
        or (unit and unit in (one.subject.search if one.subject else "", known.units.get(one.pk)))
    ]


def of_number(line: Line, known: Records) -> list[Person]:
    return list({one.pk: one for phone in line.phones for one in known.by_phone.get(phone, ())}.values())


def chunks[Value: (int, str, UUID)](values: Iterable[Value]) -> Iterator[list[Value]]:
    ordered = sorted(values)
    for first in range(0, len(ordered), AT_ONCE):
        yield ordered[first : first + AT_ONCE]
