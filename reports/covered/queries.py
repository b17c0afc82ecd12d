"""How far training has reached, of a scope and of the units below it. What it costs does not follow the number of people."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.access import AnyUser
from accounts.models import OfficialLevel, SubjectKind
from provinces.models import Level, Place
from provinces.queries import units_of_today
from reports import queries
from reports.models import Covered, Posts, Reach

from .counting import FIGURES, LEVELS, by_kind
from .rules import levels_of

PROVINCE, COMMUNE = OfficialLevel.PROVINCE.value, OfficialLevel.COMMUNE.value
BELOW_THE_COUNTRY = (OfficialLevel.PROVINCE, OfficialLevel.COMMUNE)


def percent(part: int, whole: int) -> int | None:
    """Without the rest, so that 100 means all; more than 100 where more were trained than there are posts. None of nothing."""
    return 100 * part // whole if whole else None


@dataclass(frozen=True)
class OfLevel:
    """Officials of one level who hold a certificate, beside the posts of it; 0 where nobody has said how many there are. `in_posts`: those
    of places of which it is said; others would be set against the posts of somewhere else."""

    level: OfficialLevel
    certified: int
    posts: int
    in_posts: int

    @property
    def label(self) -> str:
        return str(self.level.label)

    @property
    def beyond(self) -> int:
        return self.certified - self.in_posts


@dataclass(frozen=True)
class Reached:
    """Of a scope. `levels`: those of which there is anybody or any post."""

    subjects: int
    led: int
    levels: tuple[OfLevel, ...]

    @property
    def led_percent(self) -> int | None:
        return percent(self.led, self.subjects)

    @property
    def is_nothing(self) -> bool:
        return not (self.subjects or self.levels)

    @property
    def without_leader(self) -> int:
        return self.subjects - self.led

    @property
    def certified(self) -> int:
        """All of them, whatever is said of posts."""
        return sum(one.certified for one in self.levels)

    @property
    def posts(self) -> int:
        return sum(one.posts for one in self.levels)

    @property
    def in_posts(self) -> int:
        """Those of levels and places of which it is said how many posts there are."""
        return sum(one.in_posts for one in self.levels if one.posts)

    @property
    def posts_percent(self) -> int | None:
        return percent(self.in_posts, self.posts)

    @property
    def not_said(self) -> list[OfLevel]:
        return [one for one in self.levels if not one.posts]


@dataclass(frozen=True)
class Row:
    place: Place
    reached: Reached
    is_open: bool
    within: Place | None = None

    @property
    def label(self) -> str:
        return queries.unit_name(self.place, self.within)


@dataclass(frozen=True)
class OfKind:
    """Subjects of one kind; of none: of all of them."""

    kind: SubjectKind | None
    subjects: int
    learning: int
    led: int

    @property
    def label(self) -> str:
        return capfirst(str(self.kind.label)) if self.kind else _("Tất cả")

    @property
    def learning_percent(self) -> int | None:
        return percent(self.learning, self.subjects)

    @property
    def led_percent(self) -> int | None:
        return percent(self.led, self.subjects)


@dataclass(frozen=True)
class Overview:
    name: str
    place: Place | None
    parents: list[Place]
    total: Reached
    rows: list[Row]
    kinds: list[OfKind]  # those of which there is any, and all of them
    counted_at: datetime


def reached(place: Place | None, scope: QuerySet[Place] | None) -> Reached:
    """Of the whole of what is on show; `scope` is what `reports.queries.scope_of` says of `place`."""
    posts, kept = _Posts(scope), _kept(scope)
    said = posts.of_unit(place) if place or scope is None else posts.of_places()
    levels = levels_of(place) if place or scope is None else BELOW_THE_COUNTRY
    whole = sum(kept.values(), Counter())
    return _reached(whole, _in_posts(whole, kept, posts, place, said), said, levels)


def _in_posts(
    whole: Counter[str], kept: Mapping[int, Counter[str]], posts: "_Posts", place: Place | None, said: Mapping[str, int]
) -> Counter[str]:
    """Where a number is what those below say together, only officials of those who say it stand beside it."""
    top = place.pk if place else None
    if all(posts.own(top, level) for level in LEVELS if said[level]):
        return whole
    below = sum((numbers for _unit, numbers in _said_below(kept, posts, units_of_today(set(kept)))), Counter())
    return Counter({level: whole[level] if posts.own(top, level) else below[level] for level in LEVELS})


def _said_below(
    kept: Mapping[int, Counter[str]], posts: "_Posts", today: Mapping[int, Place]
) -> Iterator[tuple[Place, Counter[str]]]:
    """By unit of today: officials of levels of which it, or the province for all its communes, says the posts."""
    for pk, numbers in kept.items():
        unit = today[pk]
        levels = (level for level in LEVELS if posts.own(unit.pk, level) or posts.of_parent(unit, level))
        yield unit, Counter({level: numbers[level] for level in levels})
    yield from _of_communes(posts)


def _of_communes(posts: "_Posts") -> Iterator[tuple[Place, Counter[str]]]:
    """What is kept of the country is kept by province, former places apart: of those that leave it to their communes, the communes that
    say it."""
    alone = posts.alone() if posts.is_of_the_country else {}
    rows = Covered.objects.filter(reach=Reach.PLACE, place__in=alone) if alone else Covered.objects.none()
    for pk, number in rows.values_list("place", "commune"):
        yield alone[pk], Counter({COMMUNE: number})


def overview(user: AnyUser, place: Place | None, *, now: datetime) -> Overview:
    """By the units of today one level down, those with a post, a subject or somebody certified, by name. Who works for a province is counted
    in the row of the province itself, which comes first, wherever in it they live."""
    scope = queries.scope_of(user, place)
    kept, posts = _kept(scope), _Posts(scope)
    by_unit: dict[int, Counter[str]] = defaultdict(Counter)
    in_posts: dict[int, Counter[str]] = defaultdict(Counter)
    units: dict[int, Place] = {}
    if not (place and place.level == Level.COMMUNE):
        today = units_of_today(set(kept) | posts.places)
        for unit, numbers in _said_below(kept, posts, today):
            in_posts[unit.province.pk if place is None else unit.pk] += numbers
        for pk in set(kept) | posts.places:
            unit = today[pk].province if place is None else today[pk]
            units[unit.pk] = unit
            by_unit[unit.pk] += kept.get(pk, Counter())
    if place and by_unit:
        units.setdefault(place.pk, place)
        for counted in (by_unit, in_posts):
            counted[place.pk][PROVINCE] = sum(numbers[PROVINCE] for numbers in counted.values())
    own = queries.own_of(user, place, units)
    rows = []
    for pk, numbers in by_unit.items():
        levels = [OfficialLevel.PROVINCE] if units[pk] == place else levels_of(units[pk])
        row = Row(units[pk], _reached(numbers, in_posts[pk], posts.of_unit(units[pk]), levels), pk in own, place)
        if not row.reached.is_nothing:
            rows.append(row)
    rows.sort(key=lambda row: (row.place != place, row.place.search))
    total = reached(place, scope)
    parents = queries.parents_of(user, place)
    return Overview(queries.name_of(user, place), place, parents, total, rows, _kinds(scope), now)


def _kinds(scope: QuerySet[Place] | None) -> list[OfKind]:
    found = by_kind(scope)
    each: list[tuple[SubjectKind | None, Counter[str]]] = [(one, found[one]) for one in SubjectKind if one in found]
    if each:
        each.append((None, sum(found.values(), Counter())))
    return [OfKind(kind, n["subjects"], n["learning"], n["led"]) for kind, n in each]


def _kept(scope: QuerySet[Place] | None) -> dict[int, Counter[str]]:
    rows = Covered.objects.filter(queries.kept_of(scope)).values_list("place", *FIGURES)
    return {place: Counter(dict(zip(FIGURES, numbers, strict=True))) for place, *numbers in rows}


def _reached(
    numbers: Mapping[str, int], in_posts: Mapping[str, int], posts: Mapping[str, int], levels: Collection[OfficialLevel]
) -> Reached:
    each = [OfLevel(one, *(of.get(one, 0) for of in (numbers, posts, in_posts))) for one in levels]
    shown = tuple(one for one in each if one.certified or one.posts)
    return Reached(numbers.get("subjects", 0), numbers.get("led", 0), shown)


class _Posts:
    """What was said of a scope: of a level a place's own number counts, else what those below it say together."""

    def __init__(self, scope: QuerySet[Place] | None) -> None:
        rows = Posts.objects.filter(number__isnull=False).select_related("place__parent")
        if scope is not None:
            rows = rows.filter(Q(place__in=scope))
        self.is_of_the_country, self.rows = scope is None, list(rows)
        self.known = {(one.place_id, one.level): one.number or 0 for one in self.rows}
        self.parent = {one.place.pk: one.place.parent_id for one in self.rows if one.place}
        self.below: dict[int, list[int]] = defaultdict(list)
        for pk, parent in self.parent.items():
            if parent:
                self.below[parent].append(pk)

    @property
    def places(self) -> set[int]:
        return {pk for pk, _level in self.known if pk}

    def alone(self) -> dict[int, Place]:
        """Communes that say it, and whose province does not say it for all of them."""
        communes = [one.place for one in self.rows if one.place and one.place.parent and one.level == COMMUNE]
        return {one.pk: one for one in communes if one.is_current and not self.of_parent(one, COMMUNE)}

    def of_parent(self, unit: Place, level: str) -> int:
        return self.own(unit.parent_id, level) if unit.parent_id else 0

    def own(self, place: int | None, level: str) -> int:
        return self.known.get((place, level), 0)

    def of_unit(self, place: Place | None) -> dict[str, int]:
        """Of a commune, a province with its communes, or (None) the country."""
        if place is None:
            return {level: self.own(None, level) or self.of_places().get(level, 0) for level in LEVELS}
        return {level: self._of(place.pk, level) for level in LEVELS}

    def of_places(self) -> dict[str, int]:
        """Of all of them together: a commune whose province says it for all its communes is not counted again."""
        tops = {self.parent.get(pk) or pk for pk in self.places}
        return {level: sum(self._of(pk, level) for pk in tops) for level in LEVELS}

    def _of(self, place: int, level: str) -> int:
        return self.own(place, level) or sum(self.own(pk, level) for pk in self.below[place])
