"""Places of a list, each looked up once: by today's name or a former one, of a commune, or of a province for who works there."""

import re
from datetime import datetime
from typing import Protocol

from django.utils import timezone

from accounts.models import OfficialLevel
from lib import dates, text
from provinces.models import Place, PlaceQuerySet
from provinces.queries import (
    CommuneHit,
    named_on,
    search_communes,
    search_provinces,
    spelled_so,
    units_of_today,
    written_out,
)

from .offices import is_official, level_of

_COMMUNE = re.compile(r"\b(xa|phuong|thi tran|dac khu|tt|p|x)\b\.?\s*")
_SEPARATORS = re.compile(
    r"\s*[,;\n]\s*|\s+[-–]\s+|\s*[-–](?=\s*(?:xã|phường|huyện|tỉnh|tp|thị|h\.|t\.))|[()]", re.IGNORECASE
)
_SHORT = re.compile(r"^(?:(h|t|x|p|tt|tx|tp)\.\s*)(?=\S)", re.IGNORECASE)
_FULL = {
    "h": "huyện ",
    "t": "tỉnh ",
    "x": "xã ",
    "p": "phường ",
    "tt": "thị trấn ",
    "tx": "thị xã ",
    "tp": "thành phố ",
}
_IN_A_UNIT = re.compile(r"\b(xã|phường|thị trấn|đặc khu)\s+([^\W\d_]+(?:\s+[^\W\d_]+){0,3}|\d+)", re.IGNORECASE)


class Line(Protocol):
    """What a row says of where somebody or something is."""

    @property
    def place(self) -> str: ...
    @property
    def district(self) -> str: ...
    @property
    def province(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def post(self) -> str: ...


class Places:
    """`within`: where whoever imports may write people down (None: everywhere). Of several with one name the one in the
    province of `home` is meant, if there is one. Of what is over (`begins_at`), places are those of its day, as far as the line names one."""

    def __init__(self, *, within: PlaceQuerySet | None, home: Place | None, begins_at: datetime | None = None) -> None:
        day = dates.local_day(begins_at) if begins_at else None
        self.day = day if day and day < dates.local_day(timezone.now()) else None
        self._of_day: dict[str, list[Place]] = {}
        self._today: dict[int, Place] = {}
        self.allowed = None if within is None else set(within.values_list("pk", flat=True))
        self.home = home.province if home else None
        self._known: dict[tuple[str, ...], list[Place]] = {}
        self._named: dict[str, list[Place]] = {}

    def of(self, line: Line) -> list[Place]:
        """One place, several that fit, or none."""
        key = (line.place, line.district, line.province, "" if line.place else line.unit)
        if key not in self._known:
            self._known[key] = self._then(line) or self._allowed(self._found(line))
        return self._known[key]

    def today(self, place: Place) -> Place:
        """Where somebody of it lives now: of one that was split, in its main part, for which it counts everywhere."""
        return self._today.get(place.pk, place)

    def _then(self, line: Line) -> list[Place]:
        """Of what is over: the units of its day that the line names, by commune, district and province."""
        if self.day is None:
            return []
        named = line.place
        if not named and (found := _IN_A_UNIT.search(line.unit)):
            named = found[0]
        parts = _parts(named)
        after = [one for one in (line.district, line.province) if one]
        wordings = [[*parts, *after], parts]
        if not line.place and parts:  # "UBND xã Đất Mũi mời": the words behind the commune's name are no part of it
            words = parts[0].split()
            wordings += [[" ".join(words[:end]), *after] for end in range(len(words) - 1, 1, -1)]
        return next(filter(None, (self._units(", ".join(one)) for one in wordings if one)), [])

    def _units(self, words: str) -> list[Place]:
        if words not in self._of_day:
            assert self.day is not None  # noqa: S101 (asked by whoever calls)
            units = named_on(self.day, words)
            today = units_of_today({unit.pk for unit in units})
            units = [
                unit
                for unit in units
                if today[unit.pk].is_current and (self.allowed is None or today[unit.pk].pk in self.allowed)
            ]
            self._today |= {unit.pk: today[unit.pk] for unit in units}
            near = [unit for unit in units if today[unit.pk].province == self.home]
            first = words.split(",", maxsplit=1)[0]
            spelled = spelled_so(first, near or units)
            of_kind = [unit for unit in spelled if text.fold(str(unit)) == text.fold(first)]
            self._of_day[words] = of_kind or spelled
        return self._of_day[words]

    def _allowed(self, places: list[Place]) -> list[Place]:
        if self.allowed is None:
            return places
        return [place for place in places if place.pk in self.allowed]

    def _found(self, line: Line) -> list[Place]:
        parts = _parts(line.place)
        if not parts and (named := _IN_A_UNIT.search(line.unit)):
            return self._of_unit(named[0], line)
        if (
            not parts
            and line.unit
            and is_official(line.unit, line.post)
            and (level := level_of(line.unit, self.day)) != OfficialLevel.COMMUNE
        ):
            return [self.home] if self.home and level != OfficialLevel.CENTRE else []
        if not parts:
            return self._province(line.province)
        after = [one for one in (line.district, line.province) if one]
        if len(parts) == 1 and not after and _says_province(parts[0]) and (found := self._province(parts[0])):
            return found
        return (
            self._communes(", ".join([*parts, *after])) or self._communes(", ".join(parts)) or self._communes(parts[0])
        )

    def _of_unit(self, named: str, line: Line) -> list[Place]:
        """ "UBND xã Đất Mũi huyện Ngọc Hiển": the words behind the commune's name are no part of it."""
        words = named.split()
        for end in range(len(words), 1, -1):
            found = self._communes(", ".join(filter(None, [" ".join(words[:end]), line.district, line.province])))
            if found:
                return found
        return []

    def _province(self, words: str) -> list[Place]:
        name = re.sub(r"^(?:tinh|thanh pho|tp)\s+", "", written_out(words))
        return [place for place in search_provinces(name) if place.search == name]

    def _communes(self, words: str) -> list[Place]:
        """Asked for once, however many houses and hamlets of it the cells name."""
        if words not in self._named:
            self._named[words] = self._called(words)
        return self._named[words]

    def _called(self, words: str) -> list[Place]:
        hits = search_communes(words)
        name = _bare(words.split(",", maxsplit=1)[0])
        named = [hit for hit in hits if (hit.via or hit.place).search == name]
        if not named:
            return []
        spelled = text.nfc(words.split(",", maxsplit=1)[0]).casefold()
        exact = [hit for hit in named if (hit.via or hit.place).name.casefold() in spelled]
        return self._nearest(exact or named)

    def _nearest(self, hits: list[CommuneHit]) -> list[Place]:
        at_home = [hit for hit in hits if hit.place.province == self.home]
        hits = at_home or hits
        today = [hit for hit in hits if hit.via is None]
        return list(dict.fromkeys(hit.place for hit in (today if len(today) == 1 else hits)))


def _says_province(words: str) -> bool:
    return re.match(r"(?:tinh|thanh pho|tp|t\.)", text.fold(words)) is not None


def _bare(words: str) -> str:
    folded = written_out(words)
    bare = re.sub(r"^(?:dac khu|thi tran|phuong|xa|tt) ", "", folded)
    return folded if bare[:1].isdigit() else bare


def _parts(said: str) -> list[str]:
    """The commune first, then what it lies in: "Ấp 3, xã Đất Mũi, H. Ngọc Hiển" → ["xã Đất Mũi", "huyện Ngọc Hiển"]."""
    parts = [
        _SHORT.sub(lambda one: _FULL[one[1].lower()], part)
        for part in filter(None, map(str.strip, _SEPARATORS.split(said)))
    ]
    for at, part in enumerate(parts):
        if re.match(r"(?:xa|phuong|thi tran|dac khu) \S", text.fold(part)):
            return parts[at:]
    inside = next(
        (
            (at, found)
            for at, part in enumerate(parts)
            if (found := re.search(r"\s(xã|phường|thị trấn|đặc khu)\s", part, re.IGNORECASE))
        ),
        None,
    )
    if inside:  # "Ấp Mũi xã Đất Mũi huyện Ngọc Hiển"
        at, found = inside
        rest = re.split(
            r"\s+(?=(?:huyện|tỉnh|thị xã|thành phố|tp\.?)\s)", parts[at][found.start() :].strip(), flags=re.IGNORECASE
        )
        return [*rest, *parts[at + 1 :]]
    kept = [
        part for part in parts if not re.match(r"(?:ap|khom|thon|to|so nha|duong|khu pho|kp|so)\b", text.fold(part))
    ]
    split = [one for part in kept for one in re.split(r"\s+(?=(?:huyện|tỉnh|thị xã)\s)", part, flags=re.IGNORECASE)]
    return split or parts
