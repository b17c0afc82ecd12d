"""Finding places, and what belongs to a place today."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Case, Q, QuerySet, Value, When
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from lib import dates, generation, text

from .models import Level, Place, PlaceQuerySet, Succession

LONGEST = 100  # letters of a query that are looked at
MOST = 20  # places that are offered
# As people write it, and as it is called.
_SHORT = {"hcm": "ho chi minh", "tphcm": "ho chi minh"}
# Words that people put in front of a name, and that say nothing about which place it is.
_KIND = re.compile("(?:dac khu|thi tran|thanh pho|thi xa|phuong|huyen|tinh|quan|xa|tp|tt) ")


@dataclass(frozen=True)
class CommuneHit:
    """A commune of today; `via` is the former unit whose name was typed, if it was found through one."""

    place: Place
    via: Place | None = None

    @property
    def label(self) -> str:
        """ "xã Phan Ngọc Hiển, tỉnh Cà Mau" and, through a former unit, "… (trước 1/7/2025: thị trấn Rạch Gốc, …)"."""
        if self.via is None or self.via.valid_to is None:
            return self.place.full_name
        until = dates.localised(self.via.valid_to + timedelta(days=1))
        return _("%(place)s (trước %(day)s: %(former)s)") % {
            "place": self.place.full_name,
            "day": until,
            "former": self.via.near_name,
        }


def search_communes(query: str) -> list[CommuneHit]:
    """Communes of today whose present or former name, district or province fits what was typed, best first.

    One more than `MOST` says that there are more than can be offered. Diacritics may be left out; the parts may be separated by commas ("Giá Rai, Bạc Liêu cũ"). A former unit that was
    split gives each of its parts. Fewer than two letters find nothing.
    """
    parts = [part for part in map(needle, query[:LONGEST].split(",")) if part]
    if not parts or len(parts[0]) < 2:
        return []
    hits = [CommuneHit(place) for place in _named(Place.objects.current(), parts)[: MOST + 1]]
    seen = {hit.place.pk for hit in hits}
    formers = list(_named(Place.objects.former(), parts)[: MOST * 3])
    units = current_units(formers)
    for former in formers:
        for place in units[former.pk]:
            if place.pk not in seen and len(hits) <= MOST:
                seen.add(place.pk)
                hits.append(CommuneHit(place, via=former))
    typed = text.nfc(query.split(",", maxsplit=1)[0]).casefold()
    return sorted(hits, key=lambda hit: _rank(hit, parts[0], typed))


def written_out(typed: str) -> str:
    """Folded for the search, with what is usually shortened in full: "TP.HCM" → "tp ho chi minh"."""
    return " ".join(_SHORT.get(word, word) for word in text.fold(typed).replace(".", " ").split())


def search_provinces(query: str) -> list[Place]:
    """Provinces of today whose name begins with what was typed, diacritics apart; two letters at least."""
    name = needle(query[:LONGEST])
    provinces = Place.objects.current().provinces().filter(search__startswith=name)
    return list(provinces.order_by("search")) if len(name) > 1 else []


def named_on(day: date, query: str) -> list[Place]:
    """Communes and provinces of a day, by their whole names of then; district and province behind commas say which one is meant."""
    parts = [part for part in map(needle, query[:LONGEST].split(",")) if part]
    if not parts or len(parts[0]) < 2:
        return []
    then = Place.objects.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)
    provinces = list(then.provinces().filter(search=parts[0])) if len(parts) == 1 else []
    return provinces or [place for place in _named(then, parts) if place.search == parts[0]]


def spelled_so(typed: str, places: Iterable[Place]) -> list[Place]:
    """Those whose name has the very diacritics that were typed, where there are any such; typed without diacritics it may be each."""
    places, said = list(places), text.nfc(typed).casefold()
    if said == text.without_marks(said):
        return places
    return [place for place in places if _ends_with(said, place.name.casefold())] or places


def _ends_with(said: str, name: str) -> bool:
    """Whether nothing but the word for a kind of unit stands before it."""
    return said == name or (said.endswith(f" {name}") and _bare(text.fold(said)) == text.fold(name))


def needle(part: str) -> str:
    """A name as it is searched: folded, without the word for its kind."""
    words = written_out(part).removesuffix(" cu").removesuffix(" (cu)")
    return words if _bare(words)[:1].isdigit() else _bare(words)  # "phường 5": the number is not a name by itself


def _bare(words: str) -> str:
    kind = _KIND.match(words)
    return words[kind.end() :] if kind else words


def _named(places: PlaceQuerySet, parts: list[str]) -> QuerySet[Place]:
    """Communes whose name holds the first part, narrowed by province; for former ones the district's name counts too.

    Without a comma the last words may be the province or district: "rach goc ca mau". A province alone stands for all its
    communes; they come last, because only the first ones are looked at.
    """
    name, *rest = parts
    matching = _matches(name) | Q(parent__search=name) | Q(search=_bare(name))
    words = name.split()
    for cut in range(1, len(words)):
        head, tail = " ".join(words[:cut]), _bare(" ".join(words[cut:]))
        matching |= _matches(head) & (Q(parent__search=tail) | Q(district_search=tail))
    found = places.communes().filter(matching)
    for part in map(_bare, rest):
        whole = Q(district_search=part) if part.isdigit() else Q(district_search__contains=part)
        found = found.filter(Q(parent__search__contains=part) | whole)
    return found.select_related("parent").order_by(_nearness(name), "search", "pk")


def _nearness(name: str) -> Case:
    nearer = (Q(search=name), Q(search__startswith=name), _matches(name))
    return Case(*(When(fits, Value(place)) for place, fits in enumerate(nearer)), default=Value(len(nearer)))


def _matches(name: str) -> Q:
    return Q(search__startswith=name) | Q(search__contains=f" {name}") | Q(district_search=name.removeprefix("quan "))


def _rank(hit: CommuneHit, name: str, typed: str) -> tuple[bool, bool, bool, bool, bool, str]:
    """The whole name before its beginning before its middle before none of it; as typed with diacritics before without; today
    before former."""
    known = hit.via or hit.place
    return (
        known.search != name,
        known.name.casefold() not in typed,
        not known.search.startswith(name),
        f" {name}" not in f" {known.search}",
        hit.via is not None,
        hit.place.search,
    )


def current_units(places: Iterable[Place]) -> dict[int, list[Place]]:
    """For each place the units of today to which it leads, the main part first; a current place leads to itself.

    One query for each time that units were joined, however many places there are.
    """
    places = list(places)
    after: dict[int, list[Place]] = {}
    former = {place.pk for place in places if not place.is_current}
    while former:
        after |= {pk: [] for pk in former}
        steps = Succession.objects.filter(predecessor__in=former).select_related("successor__parent")
        for step in steps.order_by("-is_main", "successor__search", "successor"):
            after[step.predecessor_id].append(step.successor)
        former = {unit.pk for pk in former for unit in after[pk] if not unit.is_current} - after.keys()
    return {place.pk: list(dict.fromkeys(_ends(place, after))) for place in places}


def _ends(place: Place, after: dict[int, list[Place]]) -> Iterator[Place]:
    if place.is_current:
        yield place
    for unit in after.get(place.pk, []):
        yield from _ends(unit, after)


def units_of_today(ids: set[int]) -> dict[int, Place]:
    """For each place the unit of today that it counts for: itself, or the main successor of a former one.

    One query for all of them, and one for each time that units were joined.
    """
    places = Place.objects.select_related("parent").in_bulk(ids)
    today = dict(places)
    while former := {unit.pk for unit in today.values() if not unit.is_current}:
        steps = (
            Succession.objects.filter(predecessor__in=former).select_related("successor__parent").order_by("is_main")
        )
        after = {step.predecessor_id: step.successor for step in steps}  # the main one last
        if not after:
            break
        today = {pk: after.get(unit.pk, unit) for pk, unit in today.items()}
    return today


def place_of_code(code: str) -> Place | None:
    """Of today: a province has two digits, a commune five."""
    level = Level.PROVINCE if len(code) < 3 else Level.COMMUNE
    return Place.objects.current().select_related("parent").filter(code=code, level=level).first()


def places_within(place: Place | None) -> QuerySet[Place]:
    """Everything that counts for a place today: itself, its communes, and all former units that lead there.

    A former unit that was split counts for its main part only, so that nobody is counted twice. None means the country.
    """
    return Place.objects.all() if place is None else places_of(ids_within(place))


def places_of(ids: Iterable[int]) -> PlaceQuerySet:
    """By their keys, which become part of the statement: a province has hundreds of them, and as parameters each would pass through every
    layer of every question of a page."""
    written = ",".join(map(str, sorted(map(int, ids)))) or "0"  # which is nobody's
    return Place.objects.filter(pk__in=RawSQL(written, ()))  # noqa: S611 (numbers)


def ids_within(place: Place) -> frozenset[int]:
    """As `places_within`, of one place: the keys."""
    return remembered.within(place.pk)


def units_below(place: Place | None) -> list[Place]:
    """The units of today one level down, by name, with what they are part of: communes of a province, provinces of the country (None)."""
    return remembered.below(place)


class Remembered:
    """What every page of a manager asks of the places of its place, kept by a worker until places change."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        self.generation = 0
        self.known_within: dict[int, frozenset[int]] = {}
        self.known_below: dict[int | None, list[Place]] = {}

    def _renew(self) -> None:
        now = generation.current()
        if now != self.generation:
            self.forget()
            self.generation = now

    def within(self, place: int) -> frozenset[int]:
        self._renew()
        if place not in self.known_within:
            self.known_within[place] = _looked_up(place)
        return self.known_within[place]

    def below(self, place: Place | None) -> list[Place]:
        self._renew()
        key = place.pk if place else None
        if key not in self.known_below:
            units = place.children.current() if place else Place.objects.current().provinces()
            self.known_below[key] = list(units.select_related("parent").order_by("search"))
        return list(self.known_below[key])


remembered = Remembered()


def _looked_up(place: int) -> frozenset[int]:
    mine = Place.objects.filter(Q(pk=place) | Q(parent=place))
    ids = set(mine.values_list("pk", flat=True))
    frontier = ids
    while frontier:
        before = Place.objects.filter(succession_out__successor__in=frontier, succession_out__is_main=True)
        frontier = set(before.values_list("pk", flat=True)) - ids
        ids |= frontier
    return frozenset(ids)
