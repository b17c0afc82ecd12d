"""Delegates as papers list them: in the order of protocol, or by given name. Plain values, one query."""

from collections import Counter
from collections.abc import Collection, Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from accounts.models import OfficialLevel, PersonKind, SubjectKind
from lib import text
from workshops.models import Gender, Registration, RegistrationSource, RegistrationState
from workshops.parallel import Rooms


class Order(StrEnum):
    PROTOCOL = "protocol"
    NAME = "name"


ORDERS = [
    (Order.PROTOCOL.value, _("theo cơ quan, đơn vị (trung ương, tỉnh, xã, rồi chủ thể theo xã)")),
    (Order.NAME.value, _("theo tên, vần A, B, C")),
]
LEVELS = (OfficialLevel.CENTRE, OfficialLevel.PROVINCE, OfficialLevel.DISTRICT, OfficialLevel.COMMUNE)
OFFICIALS = {
    OfficialLevel.CENTRE: "Cơ quan, đơn vị trung ương",
    OfficialLevel.PROVINCE: "Cơ quan, đơn vị cấp tỉnh",
    OfficialLevel.DISTRICT: "Cơ quan, đơn vị cấp huyện",
    OfficialLevel.COMMUNE: "Ủy ban nhân dân, đoàn thể các xã, phường",
}
SUBJECTS = "Chủ thể OCOP"
UNSAID = "Cán bộ chưa ghi cấp công tác"
SUBJECT_KINDS = {
    SubjectKind.ENTERPRISE: "Doanh nghiệp",
    SubjectKind.COOPERATIVE: "Hợp tác xã",
    SubjectKind.GROUP: "Tổ hợp tác",
    SubjectKind.HOUSEHOLD: "Hộ kinh doanh, cơ sở sản xuất",
}
SUBJECT_UNSAID = "Chủ thể chưa ghi loại hình"
LEFT: dict[str, str] = {
    RegistrationState.REPLACED: "sau có người đi thay",
    RegistrationState.CANCELLED: "sau hủy đăng ký",
    RegistrationState.EXPIRED: "hết hạn giữ chỗ",
}
ROMAN = ("I", "II", "III", "IV", "V", "VI")


@dataclass(frozen=True)
class Delegate:
    pk: int
    number: int
    code: str
    name: str
    sort_key: str
    birth_year: int | None
    phone: str
    gender: str
    is_official: bool
    level: str
    subject_kind: str
    unit: str
    post: str
    place_id: int
    place: str  # "xã Phan Ngọc Hiển, tỉnh Cà Mau", as on that day
    commune: str  # "xã Phan Ngọc Hiển"
    place_order: tuple[str, ...]
    instead_of: str
    state: str
    source: str
    registered_at: datetime
    remark: str
    answers: dict[str, Any]
    room: str = ""  # of parallel sessions the own one, in words
    is_room_open: bool = False  # of some nobody knows it yet

    @property
    def holds(self) -> bool:
        return self.state == RegistrationState.HELD

    @property
    def is_of_place(self) -> bool:
        """Officials of the centre, a province or a district live in some commune, which says nothing of their office."""
        return not self.is_official or self.level in (OfficialLevel.COMMUNE, "")

    @property
    def is_walk_in(self) -> bool:
        return self.source == RegistrationSource.WALK_IN

    @property
    def who(self) -> str:
        return ", ".join(filter(None, [self.post, self.unit])) or self.place

    @property
    def note(self) -> str:
        came = f"đi thay {self.instead_of}" if self.instead_of else "bổ sung" if self.is_walk_in else ""
        return "; ".join(filter(None, [came, LEFT.get(self.state, "")]))

    @property
    def component(self) -> str:
        """Which line of a table by level and kind of subject counts them."""
        if self.is_official:
            return OFFICIALS[OfficialLevel(self.level)] if self.level else UNSAID
        return SUBJECT_KINDS[SubjectKind(self.subject_kind)] if self.subject_kind else SUBJECT_UNSAID


COMPONENTS = [*OFFICIALS.values(), UNSAID, *SUBJECT_KINDS.values(), SUBJECT_UNSAID]


@dataclass(frozen=True)
class Group:
    """`depth` 2: a commune below the heading of depth 1. Without a title all are in one list."""

    title: str
    delegates: Sequence[Delegate]
    depth: int = 1


@override("vi")
def delegates_of(registrations: QuerySet[Registration], rooms: Rooms | None = None) -> list[Delegate]:
    """All that were ever on the list, in the order of their numbers. `rooms`: for papers that tell them."""
    rows = registrations.select_related("person", "place__parent", "subject", "replaces__person")
    return [_delegate(row, rooms) for row in rows.order_by("number")]


def _delegate(row: Registration, rooms: Rooms | None) -> Delegate:
    return Delegate(
        pk=row.pk,
        number=row.number,
        code=row.code,
        name=row.person.name,
        sort_key=row.person.sort_key,
        birth_year=row.person.birth_year,
        phone=row.person.contact_phone,
        gender=row.gender,
        is_official=row.person_kind == PersonKind.OFFICIAL,
        level=row.official_level,
        subject_kind=row.subject.kind if row.subject else "",
        unit=row.unit or (row.subject.name if row.subject else ""),
        post=row.post,
        place_id=row.place_id,
        place=row.place.full_name,
        commune=row.place.near_name,
        place_order=(row.place.province.search, row.place.search, str(row.place_id)),
        instead_of=row.replaces.person.name if row.replaces else "",
        state=row.state,
        source=row.source,
        registered_at=row.registered_at,
        remark=row.note,
        answers=row.answers,
        room=rooms.said(row.pk) if rooms else "",
        is_room_open=bool(rooms and rooms.lacks(row.pk)),
    )


@dataclass(frozen=True)
class Genders:
    """How many are women, men, and neither said of."""

    women: int
    men: int
    unknown: int

    @property
    def is_known(self) -> bool:
        return bool(self.women or self.men)

    def __str__(self) -> str:
        said = f"{self.women} nữ, {self.men} nam"
        return f"{said}, {self.unknown} chưa rõ" if self.unknown else said


def genders_of(genders: Iterable[str]) -> Genders:
    found = Counter(genders)
    return Genders(found[Gender.FEMALE], found[Gender.MALE], found[""])


def holding(delegates: Iterable[Delegate]) -> list[Delegate]:
    """Those for whom there is a seat; who was replaced is named by whoever came instead."""
    return [one for one in delegates if one.holds]


def counted(delegates: Iterable[Delegate], attended: Container[int]) -> list[Delegate]:
    """Those for whom there is a seat, and who was there before another took theirs."""
    return [one for one in delegates if one.holds or one.pk in attended]


def grouped(delegates: Collection[Delegate], order: str) -> list[Group]:
    """By protocol: colleagues of a unit stand together, in each commune where it is one of communes; subjects by commune, then by name."""
    by_name = sorted(delegates, key=lambda one: (one.sort_key, one.number))
    if order == Order.NAME:
        return [Group("", by_name)]
    officials = sorted((one for one in by_name if one.is_official), key=_unit_order)  # stable: by name within a unit
    titled = [
        *((OFFICIALS[level], [one for one in officials if one.level == level]) for level in LEVELS),
        (UNSAID, [one for one in officials if not one.level]),
        (SUBJECTS, [one for one in by_name if not one.is_official]),
    ]
    groups: list[Group] = []
    for title, found in titled:
        if found:
            number = ROMAN[sum(group.depth == 1 for group in groups)]
            groups += _titled(f"{number}. {title}", found)
    return groups


def _unit_order(one: Delegate) -> tuple[Any, ...]:
    return one.place_order if one.is_of_place else (), not one.unit, text.fold(one.unit)


def _titled(title: str, delegates: list[Delegate]) -> list[Group]:
    """Subjects stand under the name of each commune, where there are several."""
    if delegates[0].is_official:
        return [Group(title, delegates)]
    ordered = sorted(delegates, key=lambda one: one.place_order)  # stable: by name within a place
    parts = [(key, list(part)) for key, part in groupby(ordered, key=lambda one: one.place_order)]
    if len(parts) == 1:
        return [Group(title, ordered)]
    several = len({key[0] for key, _part in parts}) > 1
    names = [part[0].place if several else part[0].commune for _key, part in parts]
    return [
        Group(title, []),
        *(Group(name[:1].upper() + name[1:], part, depth=2) for name, (_key, part) in zip(names, parts, strict=True)),
    ]


def given_name(name: str) -> tuple[str, str]:
    """What stands above and what stands large on a badge: ("Nguyễn Thị Ánh", "Tuyết"); a name of one word is large."""
    words = text.nfc(name).split()
    return " ".join(words[:-1]), words[-1] if words else ""
