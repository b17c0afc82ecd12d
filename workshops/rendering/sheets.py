"""Sheets for the hall and for whoever pays: lists to sign, the list of delegates, badges, the file of payment."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import batched, count
from typing import Any

from django.utils.translation import override

from lib import dates, text
from workshops.models import AgendaItem, LegalBasis, Session, Speaker, Workshop
from workshops.reporting.rolls import Delegate, Group, given_name, grouped

from .drawing import OF_THE_DECREE, always, drawn
from .papers import qr

LONG = 60  # seconds of a processor: badges of 500 delegates are 125 pages
NO_ROOM = "Đại biểu chưa được xếp phòng (ký ở phòng dự học)"
USUAL_SPARE, LEAST_SPARE = 8, 2
BADGES_A_PAGE = 4
GIVEN_SIZES = ((5, "l"), (7, "m"), (10, "s"))  # by letters; what is longer is smaller still
CHECKLIST = (  # after the workshop's own legal bases; what accountants of provincial offices ask for
    "Dự toán kinh phí được duyệt",
    "Giấy mời hoặc công văn triệu tập",
    "Chương trình lớp tập huấn",
    "Danh sách đại biểu ký tên, mỗi buổi một bản",
    "Danh sách ký nhận hỗ trợ đại biểu (có chữ ký từng người)",
    "Bảng kê thù lao báo cáo viên, giấy biên nhận của từng người",
    "Quyết định hoặc giấy mời báo cáo viên; bản sao học hàm, học vị nếu mức chi dựa vào đó",
    "Hợp đồng, hóa đơn, biên bản nghiệm thu: hội trường, nước uống, in tài liệu, ăn nghỉ",
    "Giấy đi đường hoặc vé xe của người đi từ xa, nếu thanh toán theo thực tế",
    "Báo cáo kết quả tập huấn",
)


@dataclass(frozen=True)
class Row:
    index: int
    delegate: Delegate
    note: str


@dataclass(frozen=True)
class Part:
    title: str
    depth: int
    rows: list[Row]


def _parts(groups: Iterable[Group], present: Collection[int] = ()) -> list[Part]:
    """Numbered through all groups."""
    numbers = count(1)
    return [
        Part(group.title, group.depth, [Row(next(numbers), one, _note(one, present)) for one in group.delegates])
        for group in groups
    ]


def _note(one: Delegate, present: Collection[int]) -> str:
    return "; ".join(filter(None, ["có mặt" if one.pk in present else "", one.note]))


@override("vi")
def attendance(
    session: Session,
    delegates: Sequence[Delegate],
    *,
    order: str,
    spare: int | None = None,
    present: Collection[int] | None = None,
    unassigned: Sequence[Delegate] = (),
) -> bytes:
    """To sign. `spare`: empty rows for whoever comes without being on it; None is as many as usual, or as fit a single page. `present`: keys of registrations that were recorded, whose rows say so; None leaves that to the pen. `unassigned`: who belongs to
    one of several rooms at this hour, and nobody knows yet to which: they stand apart on the list of each."""
    total, groups = len(delegates), grouped(delegates, order)
    if unassigned:
        by_name = [one for group in grouped(unassigned, "name") for one in group.delegates]
        groups.append(Group(NO_ROOM, by_name))
    context = always(session.workshop) | {
        "session": session,
        "day": dates.in_words(dates.local_day(session.starts_at)),
        "parts": _parts(groups, present or ()),
        "total": total,
        "unassigned": len(unassigned),
        "present": None if present is None else sum(one.pk in present for one in delegates),
        "instead": sum(bool(one.instead_of) for one in delegates),
        "walk_ins": sum(one.is_walk_in for one in delegates),
    }
    first = total + len(unassigned) + 1

    def made(rows: int) -> bytes:
        said = context | {"spare": range(first, first + rows)}
        return drawn("attendance", said, OF_THE_DECREE, own=("list",), seconds=LONG)

    return _on_one_page(made) if spare is None else made(spare)


def _on_one_page(made: Callable[[int], bytes]) -> bytes:
    """With as many spare rows as usual; where these alone make a second page of one, which would tear a short list in two, with as many
    as the first has room for. Looks four times at most."""
    data = made(USUAL_SPARE)
    if _pages_of(data) != 2 or _pages_of(best := made(LEAST_SPARE)) != 1:
        return data
    fitting, too_many = LEAST_SPARE, USUAL_SPARE
    while too_many - fitting > 1:
        rows = (fitting + too_many) // 2
        if _pages_of(data := made(rows)) == 1:
            best, fitting = data, rows
        else:
            too_many = rows
    return best


def _pages_of(data: bytes) -> int:
    import pypdfium2

    return len(pypdfium2.PdfDocument(data))


@override("vi")
def delegate_list(workshop: Workshop, delegates: Sequence[Delegate], *, order: str) -> bytes:
    context = always(workshop) | {
        "parts": _parts(grouped(delegates, order)), "total": len(delegates), "has_rooms": any(one.room for one in delegates)
    }  # fmt: skip
    return drawn("delegates", context, OF_THE_DECREE, own=("list",), seconds=LONG)


@dataclass(frozen=True)
class Badge:
    family: str
    given: str
    size: str
    unit: str
    place: str
    number: int | None
    qr: str
    role: str
    role_name: str
    room: str = ""
    is_room_open: bool = False

    @property
    def is_tall(self) -> bool:
        """Whether a capital of the large name carries two marks above it: "Ẩn", "Ối", "Ế"."""
        return any(text.marks_above(letter) > 1 for letter in self.given if letter.isupper())


def badges(
    workshop: Workshop, delegates: Iterable[Delegate], speakers: Iterable[Speaker] = (), *, when: str, empty: int = 0
) -> bytes:
    """A6, four to a page. `empty`: of the organisers' own people, to be written on."""
    made = [
        *(_of_delegate(one) for one in sorted(delegates, key=lambda one: one.number)),
        *(_of_speaker(one) for one in speakers),
        *(Badge("", "", "l", workshop.organiser, "", None, "", "host", "BAN TỔ CHỨC") for _number in range(empty)),
    ]
    pages = list(batched(made, BADGES_A_PAGE))
    return drawn("badges", always(workshop) | {"pages": pages, "when": when}, ("fonts.css",), seconds=LONG)


def _of_delegate(one: Delegate) -> Badge:
    family, given = given_name(one.name)
    place = one.commune[:1].upper() + one.commune[1:]
    return Badge(
        family,
        given,
        _size(given),
        one.unit or one.post,
        place,
        one.number,
        qr(one.code),
        "delegate",
        "ĐẠI BIỂU",
        one.room,
        one.is_room_open,
    )


def _of_speaker(one: Speaker) -> Badge:
    family, given = given_name(one.name)
    family = " ".join(filter(None, [one.degree, family]))
    return Badge(family, given, _size(given), one.unit, one.post, None, "", "speaker", "BÁO CÁO VIÊN")


def _size(given: str) -> str:
    return next((size for most, size in GIVEN_SIZES if len(given) <= most), "xs")


@dataclass(frozen=True)
class Sums:
    """What the organiser typed, in đồng; None is left to the pen. Nothing is computed from law."""

    meals_subject: int | None = None
    travel_subject: int | None = None
    meals_official: int | None = None
    travel_official: int | None = None
    fees: Mapping[int, int | None] = field(default_factory=dict)  # by the key of a speaker


def _money(sum_of: int | None) -> str:
    return "" if sum_of is None else dates.grouped(sum_of)


@override("vi")
def payment(
    workshop: Workshop,
    delegates: Sequence[Delegate],
    *,
    sums: Sums,
    attended: Mapping[int, int],
    speakers: Sequence[Speaker],
    left_out: int,
    agenda: Sequence[AgendaItem],
    bases: Sequence[LegalBasis],
    days: Sequence[str],
    kinds: Collection[str],
) -> bytes:
    """The file for the accountant, of the `kinds` that were asked for. `left_out`: speakers of a specimen for whom nothing is made out. CCCD and account are columns for the pen: nothing of them is known here."""
    subjects = [one for one in delegates if not one.is_official]
    officials = [one for one in delegates if one.is_official]
    numbers = count(1)
    paid = [
        _paid("A", "không hưởng lương từ ngân sách nhà nước", subjects, sums.meals_subject, sums.travel_subject, numbers, attended),
        _paid("B", "hưởng lương từ ngân sách nhà nước", officials, sums.meals_official, sums.travel_official, numbers, attended),
    ]  # fmt: skip
    topics = {one.pk: [item.topic for item in agenda if one in item.speakers.all()] for one in speakers}
    fees = [(one, "; ".join(topics[one.pk]), _money(sums.fees.get(one.pk))) for one in speakers]
    known = [fee for fee in sums.fees.values() if fee is not None]
    context = always(workshop) | {
        "paid": [part for part in paid if part["rows"]],
        "total": _total(part["sum"] for part in paid if part["rows"]),
        "fees": fees,
        "left_out": left_out,
        "fees_total": _money(sum(known)) if speakers and len(known) == len(speakers) else "",
        "bases": bases,
        "checklist": [*map(_basis, bases), *CHECKLIST],
        "days": days,
        "kinds": kinds,
    }
    return drawn("payment", context, OF_THE_DECREE, own=("list",), seconds=LONG)


def _basis(one: LegalBasis) -> str:
    kind, day = one.get_kind_display(), f" ngày {dates.short(one.issued_on)}" if one.issued_on else ""
    return f"{kind[:1].upper()}{kind[1:]} số {one.number}{day}, {one.issued_by}"


def _paid(
    letter: str,
    who: str,
    delegates: Sequence[Delegate],
    meals: int | None,
    travel: int | None,
    numbers: Iterable[int],
    attended: Mapping[int, int],
) -> dict[str, Any]:
    """Rows of one part, by name. A row's sum stays empty where a part of it is left to the pen: it would look final."""
    each = None if meals is None or travel is None else meals + travel
    ordered = [one for group in grouped(delegates, "name") for one in group.delegates]
    return {
        "letter": letter,
        "title": f"{letter}. Đại biểu {who}",
        "rows": [(number, one, attended.get(one.pk, "")) for one, number in zip(ordered, numbers, strict=False)],
        "meals": _money(meals),
        "travel": _money(travel),
        "each": _money(each),
        "sum": None if each is None else each * len(ordered),
        "total": _money(None if each is None else each * len(ordered)),
        "all_meals": _money(None if meals is None else meals * len(ordered)),
        "all_travel": _money(None if travel is None else travel * len(ordered)),
    }


def _total(sums: Iterable[int | None]) -> str:
    known = list(sums)
    return "" if None in known or not known else _money(sum(one or 0 for one in known))
