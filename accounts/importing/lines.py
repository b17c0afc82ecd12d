"""Rows of a register as products of subjects: a subject's cells that stand once for several rows, stars and days however written."""

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from accounts.models import SubjectKind
from accounts.models.subjects import DECISION_LENGTH, NAME_LENGTH, NUMBER_LENGTH
from accounts.rules import capitalised, written_number
from lib import dates, phones, text
from lib.lists import Columns, Row, Sheet, letter
from lib.lists.rows import COUNT, END, SECTION, Other, Why, is_nothing, is_numbering, is_same, told_apart

from .columns import STARS_APART

MONTHS_VALID = 36  # of a recognition (148/QĐ-TTg; 26/2026/QĐ-TTg, Art. 4)
OF_SUBJECT = ("name", "kind", "leader", "phone", "place", "district", "province")
_EPOCH, _SERIALS = date(1899, 12, 30), range(42_000, 55_200)  # as Excel counts days, of the years 2015 to 2050
_YEARS = range(2015, 2051)
_DAY = re.compile(r"(?<!\d)(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4}|\d{2})(?!\d)")
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_IN_WORDS = re.compile(r"(?:ngay\s+)?(\d{1,2})\s+thang\s+(\d{1,2})\s+nam\s+(\d{4})")
_MONTH = re.compile(r"^(?:thang\s*)?(\d{1,2})\s*[/.\-]\s*(\d{4})$")
_LASTING = re.compile(r"^(\d{1,3})\s*(thang|nam)\b")
_STARS = re.compile(
    r"^(?:hang\s*|dat\s*|ocop\s*|xep\s*hang\s*)*([1-5])(?:\s*(?:sao|\*|stars?|★))?(?:\s*(?:ocop|cap tinh|cap quoc gia|quoc gia))?$"
)
_SIGNS = re.compile(r"^[*★⭐☆✩✰\ufe0f\s]+$")
_WORDS = {"mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5}
_MARKS = frozenset({"x", "v", "1", "01", "*", "+", "✓", "✔", "√", "☑", "co"})
_OF_PLACE = re.compile(r"(?:xa|phuong|thi tran|huyen|thanh pho|tp|thi xa|tinh|dac khu)\b")


@dataclass(frozen=True)
class Line:
    """A product of a subject, or a subject alone. `stars` and `until` are None where nothing stands; where something stands that cannot
    be read, `unread` names the column and what it says. `counted` tells that `until` was counted from the day of the decision."""

    key: str
    sheet: str
    number: int
    name: str
    kind: str = ""
    leader: str = ""
    phone: str = ""
    place: str = ""
    district: str = ""
    province: str = ""
    product: str = ""
    stars: int | None = None
    decision: str = ""
    until: date | None = None
    is_counted: bool = False
    unread: Mapping[str, str] = field(default_factory=dict)
    cells: tuple[str, ...] = ()
    letters: Mapping[str, str] = field(default_factory=dict)
    is_hidden: bool = False

    @property
    def where(self) -> str:
        return f"{self.sheet}, {self.number}" if self.sheet else str(self.number)

    # What `finding.Places` asks of a row of people: a subject lies where its row says it does.
    @property
    def unit(self) -> str:
        return ""

    @property
    def post(self) -> str:
        return ""


def products(sheets: Sequence[Sheet], columns: Sequence[Columns]) -> tuple[list[Line], list[Other]]:
    return told_apart(sheets, columns, _of)


def _of(sheet: Sheet, columns: Columns, prefix: str, shown: str) -> Iterator[Line | Other]:
    heads = [row.cells for row in sheet.rows if row.number < columns.begin]
    above: dict[str, str] = {}
    section, is_over = "", False
    for row in sheet.rows:
        words = " ".join(dict.fromkeys(filter(None, row.cells)))
        if row.number < columns.begin:
            yield Other(shown, row.number, Why.HEAD, words[:200])
            continue
        said = {role: row.cells[at].strip() if at < len(row.cells) else "" for role, at in columns.places.items()}
        why = _none_of_the_list(row, said, heads, is_over)
        if why is Why.SECTION:
            section, above = SECTION.sub("", words, count=1), {}
        is_over = is_over or why is Why.END
        if why:
            yield Other(shown, row.number, why, words[:200])
            continue
        full = {role: above.get(role, "") if is_same(cell) else cell for role, cell in said.items()}
        if not full.get("name") and full.get("product"):  # a subject that stands once, above the rows of its products
            full |= {role: full.get(role) or above.get(role, "") for role in OF_SUBJECT}
        above = dict(full)
        yield _line(prefix, shown, row, full, section, columns)


def _none_of_the_list(row: Row, said: Mapping[str, str], heads: list[list[str]], is_over: bool) -> Why | None:
    filled = [cell for cell in row.cells if cell]
    different = list(dict.fromkeys(filled))
    if row.cells in heads or is_numbering(filled):
        return Why.HEAD
    is_alone = len(different) == 1 or (len(different) == 2 and len(different[0]) <= 4)
    if any(END.match(text.fold(cell)) for cell in different[:2]) and len(different) <= 4:
        return Why.END
    if COUNT.match(text.fold(different[0])) or (is_over and is_alone):
        return Why.END
    words = text.fold(SECTION.sub("", different[-1], count=1))
    if (
        is_alone
        and (not said.get("product") or said["product"] == said.get("name"))
        and (_OF_PLACE.match(words) or len(different) == 2 or len(filled) > 1 or not said.get("name"))
    ):
        return Why.SECTION
    return None


def _line(prefix: str, shown: str, row: Row, said: dict[str, str], section: str, columns: Columns) -> Line:
    said = {role: "" if is_nothing(cell) and role not in STARS_APART else cell for role, cell in said.items()}
    place, district = said.get("place", ""), said.get("district", "")
    if section and not place and not district and _OF_PLACE.match(text.fold(section)):
        is_district = re.match(r"(?:huyen|thi xa|thanh pho|tp)\b", text.fold(section))
        place, district = ("", section) if is_district else (section, "")
    elif section and place and not district and re.match(r"(?:huyen|thi xa|thanh pho|tp)\b", text.fold(section)):
        district = section
    unread: dict[str, str] = {}
    stars = _of_stars(said, unread)
    decision, decided = text.nfc(said.get("decision", "")), day(said.get("decided", ""))
    if said.get("decided") and decided is None:
        unread["decided"] = said["decided"]
    if decided and not day(decision):
        decision = f"{decision} ngày {dates.short(decided)}".strip() if decision else f"ngày {dates.short(decided)}"
    decided = decided or day(decision)
    until, is_counted = _until(said.get("until"), decided, unread)
    name = text.name(said.get("name", ""))
    product = text.name(said.get("product", ""))
    return Line(
        key=f"{prefix}{row.number}",
        sheet=shown,
        number=row.number,
        name=name[:NAME_LENGTH],
        kind=kind(said.get("kind", ""), unread),
        leader=capitalised(text.name(said.get("leader", "")))[:100],
        phone=number(said.get("phone", ""))[:NUMBER_LENGTH],
        place=place[:150],
        district=district[:100],
        province=said.get("province", "")[:100],
        product=product[:NAME_LENGTH],
        stars=stars,
        decision=decision[:DECISION_LENGTH],
        until=until,
        is_counted=is_counted,
        unread=unread
        | ({"name": name} if len(name) > NAME_LENGTH else {})
        | ({"product": product} if len(product) > NAME_LENGTH else {})
        | ({"decision": decision} if len(decision) > DECISION_LENGTH else {}),
        cells=tuple(row.cells),
        letters={role: letter(at) for role, at in columns.places.items()},
        is_hidden=row.is_hidden,
    )


def number(said: str) -> str:
    """A landline loses its nought in Excel as a mobile does."""
    digits = "".join(filter(str.isdigit, said))
    if said.isdigit() and len(digits) == 10 and digits.startswith("2") and not phones.in_cell(said):
        said = f"0{digits}"
    return written_number(said)


def kind(said: str, unread: dict[str, str]) -> str:
    """Of the words for kinds, longer or shorter; "" where nothing is said."""
    folded = text.fold(said)
    if not folded:
        return ""
    found = SubjectKind.told_by(folded)
    if found != SubjectKind.HOUSEHOLD or re.search(r"\b(?:ho|co so|hkd|ca nhan|cssx|household)\b", folded):
        return found
    if folded in SubjectKind.values:
        return folded
    unread["kind"] = said
    return ""


def _of_stars(said: Mapping[str, str], unread: dict[str, str]) -> int | None:
    marked = [n for role, n in STARS_APART.items() if _is_marked(said.get(role, ""), n)]
    if len(marked) == 1:
        return marked[0]
    cell = said.get("stars", "")
    if len(marked) > 1:
        unread["stars"] = ", ".join(map(str, marked))
    elif cell and (found := stars(cell)):
        return found
    elif cell:
        unread["stars"] = cell
    return None


def _is_marked(cell: str, n: int) -> bool:
    folded = text.fold(cell).strip(" .")
    return folded in _MARKS or (bool(folded) and stars(cell) == n)


def stars(said: str) -> int | None:
    """ "4 sao", "****", "★★★★", "Hạng 4 sao", "bốn sao", "4" → 4; None for what is none, as of a product that may get some."""
    if _SIGNS.match(said):
        count = sum(said.count(one) for one in "*★⭐")
        return count if 1 <= count <= 5 else None
    folded = " ".join(re.sub(r"[().,;:]", " ", text.fold(said)).split())
    if found := _STARS.match(folded):
        return int(found[1])
    words = folded.split()
    return _WORDS.get(words[0]) if len(words) == 2 and words[1] == "sao" else None


def day(said: str) -> date | None:
    """The first day in a text: 05/02/2029, 5.2.29, ngày 05 tháng 02 năm 2029, 2029-02-05, a number of Excel's."""
    folded = text.fold(said).strip()
    if folded.isdigit():
        return _EPOCH + timedelta(days=int(folded)) if len(folded) == 5 and int(folded) in _SERIALS else None
    if found := _IN_WORDS.search(folded):
        return _made(found[3], found[2], found[1])
    if found := _ISO.search(folded):
        return _made(*found.groups())
    if found := _DAY.search(folded):
        year = found[3] if len(found[3]) == 4 else f"20{found[3]}"
        return _made(year, found[2], found[1]) or _made(year, found[1], found[2])
    return None


def _made(year: str, month: str, of_month: str) -> date | None:
    try:
        made = date(int(year), int(month), int(of_month))
    except ValueError:
        return None
    return made if made.year in _YEARS else None


def _until(said: str | None, decided: date | None, unread: dict[str, str]) -> tuple[date | None, bool]:
    """The last day; of a month its last one. Counted from the decision for "36 tháng", and where the list has no such column."""
    if said is None:
        return (months_after(decided, MONTHS_VALID), True) if decided else (None, False)
    folded = text.fold(said).strip()
    if not folded:
        return None, False
    if lasting := _LASTING.match(folded):
        months = int(lasting[1]) * (12 if lasting[2] == "nam" else 1)
        if decided and 1 <= months <= 120:
            return months_after(decided, months), True
    if found := day(said):
        return found, False
    if (month := _MONTH.match(folded)) and 1 <= int(month[1]) <= 12 and int(month[2]) in _YEARS:
        year, of_year = int(month[2]), int(month[1])
        return date(year, of_year, monthrange(year, of_year)[1]), False
    unread["until"] = said
    return None, False


def months_after(begun: date, months: int) -> date:
    """The same day of a later month, or its last one."""
    year, month = divmod(begun.year * 12 + begun.month - 1 + months, 12)
    return date(year, month + 1, min(begun.day, monthrange(year, month + 1)[1]))
