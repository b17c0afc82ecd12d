"""Who of the records a line means, and what their seats in this workshop are: looked up for all lines at once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import Person
from accounts.rosters import matching
from accounts.rosters.lines import Line
from lib import text
from provinces.models import Place
from workshops.models import Registration, Workshop


@dataclass
class Records(matching.Records):
    states: dict[int, str] = field(default_factory=dict)  # in this workshop, by person


def records(lines: Sequence[Line], *, workshop: Workshop, among: QuerySet[Person]) -> Records:
    found = Records()
    people = matching.look_up(found, lines, among=among)
    here = Registration.objects.filter(workshop=workshop).values_list("person", "state", "unit")
    for person, state, unit in here:
        found.states[person], found.units[person] = state, text.fold(unit)
    # Whom this very list wrote down is known by it, wherever they live by now.
    written = Person.objects.filter(form_token__isnull=False).select_related(*matching.JOINED)
    for keys in matching.chunks(found.states.keys() - people.keys()):
        people |= {one.pk: one for one in written.filter(pk__in=keys)}
        found.elsewhere |= set(keys).difference(among.filter(pk__in=keys).values_list("pk", flat=True))
    found.by_token = {one.form_token: one for one in people.values() if one.form_token}
    return found


def token_of(line: Line, place: Place, workshop: Workshop, nth: int) -> UUID:
    return matching.token("roster", workshop.pk, *matching.said_of(line), place.pk, nth)
