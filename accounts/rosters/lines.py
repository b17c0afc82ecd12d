"""Rows of a list as people: what "nt" stands for, two numbers in a cell, a year out of whatever was written; and what is no person."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial

from accounts.rules import capitalised
from lib import phones, text
from lib.lists import Columns, Row, Sheet, letter
from lib.lists.rows import COUNT, END, SECTION, Other, Why, is_nothing, is_numbering, is_same, told_apart

_NEVER_SAME = frozenset({"name", "given", "born", "born_too", "women", "men"})
_HONORIFIC = re.compile(
    r"^(?:(?:ông|bà|anh|chị|cô|chú|bác|đồng chí|đ/c|đc|mr|mrs|ms|ts|ths|pgs|gs|cn|ks|bs|ds|ncs)[.:]?\s+|(?:ts|ths|pgs|gs|ks|bs)\.)+",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<!\d)(19\d\d|20\d\d)(?!\d)")
_SHORT_DAY = re.compile(r"\d{1,2}[/.\-]\d{1,2}[/.\-](\d\d)(?!\d)")
_EPOCH = date(1899, 12, 30)  # as Excel counts days
_SERIALS = range(7_000, 46_000)  # days from 1919 to 2025


@dataclass(frozen=True)
class Line:
    """A person as the list says. `born` is a year or what stands there, `phones` E.164; `said` is each cell as it was written."""

    key: str
    sheet: str
    number: int
    name: str
    born: str = ""
    phones: tuple[str, ...] = ()
    unit: str = ""
    post: str = ""
    place: str = ""
    district: str = ""
    province: str = ""
    said: Mapping[str, str] = field(default_factory=dict)
    cells: tuple[str, ...] = ()
    letters: Mapping[str, str] = field(default_factory=dict)
    is_hidden: bool = False

    @property
    def where(self) -> str:
        return f"{self.sheet}, {self.number}" if self.sheet else str(self.number)

    @property
    def is_year(self) -> bool:
        return _YEAR.fullmatch(self.born) is not None


def people[L: Line](
    sheets: Sequence[Sheet], columns: Sequence[Columns], made: Callable[[Line, Mapping[str, str]], L]
) -> tuple[list[L], list[Other]]:
    """`made` adds what a list of its kind says besides: it is given the line and the cell of each column."""
    return told_apart(sheets, columns, partial(_of, made))


def _of[L: Line](
    made: Callable[[Line, Mapping[str, str]], L], sheet: Sheet, columns: Columns, prefix: str, shown: str
) -> Iterator[L | Other]:
    heads = [row.cells for row in sheet.rows if row.number < columns.begin]
    above: dict[str, str] = {}
    section, is_over = "", False
    for row in sheet.rows:
        words = " ".join(dict.fromkeys(filter(None, row.cells)))
        if row.number < columns.begin:
            yield Other(shown, row.number, Why.HEAD, words[:200])
            continue
        said = {role: row.cells[at].strip() if at < len(row.cells) else "" for role, at in columns.places.items()}
        why = _no_person(row, said, heads, is_over, columns)
        if why is Why.SECTION:
            section, above = SECTION.sub("", words, count=1), {}
        is_over = is_over or why is Why.END
        if why:
            yield Other(shown, row.number, why, words[:200])
            continue
        is_over = False
        full = {
            role: above.get(role, "") if role not in _NEVER_SAME and is_same(cell) else cell
            for role, cell in said.items()
        }
        above |= {role: cell for role, cell in full.items() if cell} | {
            role: "" for role, cell in full.items() if not cell
        }
        yield made(_line(prefix, shown, row, full, section, columns), full)


def _no_person(
    row: Row, said: Mapping[str, str], heads: list[list[str]], is_over: bool, columns: Columns
) -> Why | None:
    filled = [cell for cell in row.cells if cell]
    different = list(dict.fromkeys(filled))
    if row.cells in heads or is_numbering(filled):
        return Why.HEAD
    folded = text.fold(different[0])
    about = [
        cell for role, cell in said.items() if role not in ("name", "given", "note") and cell and cell != said["name"]
    ]
    is_person = bool(phones.in_cell(said.get("phone", ""))) or any(
        _YEAR.search(said.get(one, "")) for one in ("born", "born_too")
    )
    if not is_person and any(END.match(text.fold(cell)) for cell in different[:2]) and len(different) <= 4:
        return Why.END
    if not is_person and COUNT.match(folded):
        return Why.END
    if is_over and not is_person and not row.cells[0].isdigit():
        return Why.END
    is_alone = len(different) == 1 or (len(different) == 2 and len(different[0]) <= 4 and not different[0].isdigit())
    if is_alone and not about and (_is_title(different, said, columns)):
        return Why.SECTION
    return None


def _is_title(different: list[str], said: Mapping[str, str], columns: Columns) -> bool:
    """A row with words in one cell alone: of a commune or a unit, and not somebody of whom nothing else is known."""
    words = different[-1]
    folded = text.fold(SECTION.sub("", words, count=1))
    return (
        re.match(
            r"(?:xa|phuong|thi tran|huyen|thanh pho|tp|tinh|cap|ubnd|so|phong|hoi|cac|khoi|don vi|dai bieu|chu the|htx|ban|nhom|to)\b",
            folded,
        )
        is not None
        or len(different) == 2
        or words != said["name"]
    )


def _line(prefix: str, shown: str, row: Row, said: dict[str, str], section: str, columns: Columns) -> Line:
    place, unit = said.get("place", ""), said.get("unit", "")
    if section and not place and "place" not in columns.places:
        place = section
    if section and not unit and "unit" not in columns.places:
        unit = section
    born = said.get("born", "") or said.get("born_too", "")
    return Line(
        key=f"{prefix}{row.number}",
        sheet=shown,
        number=row.number,
        name=named(f"{said['name']} {said.get('given', '')}") if said["name"] else "",
        born=year(born),
        phones=tuple(phones.in_cell(said.get("phone", ""))),
        unit="" if is_nothing(unit) else unit[:150],
        post=said.get("post", "")[:100],
        place="" if is_nothing(place) else place[:150],
        district=said.get("district", "")[:100],
        province=said.get("province", "")[:100],
        said={"born": born, "phone": "" if is_nothing(said.get("phone", "")) else said.get("phone", "")} | {
            "name": said["name"], "place": place,
        },
        cells=tuple(row.cells),
        letters={role: letter(at) for role, at in columns.places.items()},
        is_hidden=row.is_hidden,
    )  # fmt: skip


def named(said: str) -> str:
    """Without a word of respect before it and a remark behind it; capitals as usual. A first letter that an old font showed as
    a capital is one."""
    name = text.name(re.sub(r"\([^)]*\)|[*]+|^\d+[.)]\s*", " ", said))
    bare = _HONORIFIC.sub("", name).strip(" .,-–;")
    name = capitalised(bare if len(bare.split()) > 1 else name.strip(" .,-–;"))
    words = name.split()
    if len(words) > 1 and sum(word[0].isupper() for word in words) * 2 > len(words):
        name = " ".join(
            capitalised(word) if word.islower() or (word.isupper() and len(word) > 1) else word for word in words
        )
    return name[:100]


def year(said: str) -> str:
    """A year, or what stands there and cannot be read; a dash for an unknown one says nothing."""
    if found := _YEAR.search(said):
        return found[1]
    if found := _SHORT_DAY.search(said):
        return f"19{found[1]}" if int(found[1]) > 20 else f"20{found[1]}"
    if said.isdigit() and int(said) in _SERIALS:
        return str((_EPOCH + timedelta(days=int(said))).year)
    return said[:30] if any(map(str.isalnum, said)) and not is_nothing(said) else ""
