"""Whether the objects of a PDF are what its tables say, and nothing else is in the file.

A program that does not believe a table, for whatever mistake it does not forgive, looks through the whole file for objects and takes the
last one of each number. So every object that is there has to be told by a table, and the one that counts has to be the last. Then it
does not matter who believes what.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from . import objects
from .layout import GAP, OBJECT, STREAM, is_in_order, parsed

if TYPE_CHECKING:
    import pikepdf

BEGIN = re.compile(rb"%PDF-\d\.\d[^\r\n]*[\r\n]" + GAP + rb"*")
PART = re.compile(rb"(\d{1,10}) (\d{1,6}) *(?:\r\n|\r|\n)")
ENTRY = re.compile(rb"(\d{10}) (\d{5}) ([nf])(?: \r| \n|\r\n)")
TRAILER = re.compile(rb"trailer(.*?>>)" + GAP + rb"*startxref", re.DOTALL)
HEAD = re.compile(rb"(.*?)(?:stream\r?\n|endobj)", re.DOTALL)
GAPS, LAST_GAPS = re.compile(GAP + rb"*"), re.compile(GAP + rb"*\Z")
FREE, PLAIN, PACKED = 0, 1, 2
MOST = 50  # tables: one each time a file was added to, and one more

type Packing = tuple[bytes, tuple[tuple[str, str], ...]]  # of a stream: what lies in it, and what it says of that


@dataclass(frozen=True)
class Entry:
    """`where`: of a plain object its place in the file, of a packed one the number of the stream that it lies in."""

    kind: int
    where: int
    index: int


@dataclass(frozen=True)
class Table:
    place: int
    number: int | None  # of its own object, where it is a stream
    trailer: Any
    entries: dict[int, Entry]


def tell_all(data: bytes, pdf: "pikepdf.Pdf", place: int, known: Collection[Packing] | None = None) -> bool:
    """`place`: of the newest table; `known`: what may lie there unused (some programs save the packing of before as well), None for
    anything. Raises ValueError, KeyError and the like for what is no table."""
    tables = list(_tables(data, place))
    there = [(int(one[1]), one.start()) for one in OBJECT.finditer(data) if int(one[2]) == 0]
    packed = _packed_in(tables)
    return (
        _are_told(data, tables, there)
        and _are_the_last(tables, dict(there))
        and all(_listed(pdf, stream) == numbers for stream, numbers in packed.items())
        and (known is None or set(_unused(pdf, tables, packed)) <= set(known))
        and _lead_to_one_root(tables, pdf)
        and is_in_order(data, pdf, [at for _number, at in there], [one.place for one in tables if one.number is None])
        and _begins_as_told(data, pdf, tables[0], there)
    )


def packings(pdf: "pikepdf.Pdf") -> dict[int, Packing]:
    """The streams in which objects or tables lie, by their numbers."""
    return {one.objgen[0]: _packing(one) for one in pdf.objects if _type(one) in ("/ObjStm", "/XRef")}


def _packing(stream: Any) -> Packing:
    said = [(name, _said(value)) for name, value in stream.items() if name not in objects.OF_STREAM]
    return bytes(stream.read_bytes()), tuple(sorted(said))


def _said(value: Any) -> str:
    return str(value.objgen) if getattr(value, "is_indirect", False) else repr(value)


def _unused(pdf: "pikepdf.Pdf", tables: list[Table], packed: Collection[int]) -> Iterator[Packing]:
    used = {table.number for table in tables}.union(packed)
    return (one for number, one in packings(pdf).items() if number not in used)


def _tables(data: bytes, place: int) -> Iterator[Table]:
    """From the newest on, as one leads to the next."""
    met: set[int] = set()
    at: Any = place
    while at is not None:
        if at in met or len(met) == MOST:
            raise ValueError("tables in a circle, or too many")
        met.add(at)
        found = _written(data, at) if data.startswith(b"xref", at) else _packed(data, at)
        yield found
        at = found.trailer.get("/Prev")


def _written(data: bytes, place: int) -> Table:
    entries, at = {}, _after(re.compile(rb"xref *(?:\r\n|\r|\n)"), data, place).end()
    while part := PART.match(data, at):
        at = part.end()
        for number in range(int(part[1]), int(part[1]) + int(part[2])):
            one = _after(ENTRY, data, at)
            if number in entries:
                raise ValueError("told twice")  # some go by the first, some by the second
            entries[number] = Entry(PLAIN if one[3] == b"n" else FREE, int(one[1]), int(one[2]))
            at = one.end()
    trailer = parsed(_after(TRAILER, data, at)[1])
    return Table(place, None, trailer, entries)


def _packed(data: bytes, place: int) -> Table:
    import pikepdf

    begun = _after(OBJECT, data, place)
    head = _after(STREAM, data, begun.end())
    trailer = parsed(head[1])
    raw = data[head.end() : head.end() + int(trailer["/Length"])]
    with pikepdf.new() as blank:
        rows = pikepdf.Stream(blank, raw, trailer).read_bytes()
    widths = [int(one) for one in trailer["/W"]]
    numbers = list(_numbers(trailer, len(rows)))
    if len(widths) != 3 or len(rows) != sum(widths) * len(numbers) or len(numbers) != len(set(numbers)):
        raise ValueError("another number of rows, or one told twice")
    row = iter(rows)
    entries = {number: _entry(*(_number(row, width) for width in widths)) for number in numbers}
    return Table(place, int(begun[1]), trailer, entries)


def _numbers(trailer: Any, most: int) -> Iterator[int]:
    parts = [int(one) for one in trailer.get("/Index", [0, trailer["/Size"]])]
    for first, count in zip(parts[::2], parts[1::2], strict=True):
        if count > most:
            raise ValueError("more than there are")
        yield from range(first, first + count)


def _number(row: Iterator[int], width: int) -> int | None:
    return int.from_bytes(bytes(next(row) for _at in range(width))) if width else None


def _entry(kind: int | None, where: int | None, index: int | None) -> Entry:
    return Entry(PLAIN if kind is None else kind, where or 0, index or 0)


def _after(pattern: re.Pattern[bytes], data: bytes, at: int) -> re.Match[bytes]:
    if found := pattern.match(data, at):
        return found
    raise ValueError("no table")


def _are_told(data: bytes, tables: list[Table], there: list[tuple[int, int]]) -> bool:
    every = [(number, one) for table in tables for number, one in table.entries.items() if one.kind != FREE]
    told = {(number, one.where) for number, one in every if one.kind == PLAIN}
    own = {(table.number, table.place) for table in tables if table.number is not None}
    written = len(tables) - len(own)
    return (
        set(there) == told | own
        and all(one.kind == PACKED or (one.kind == PLAIN and one.index == 0) for _number, one in every)
        and data.count(b"trailer") == written
        and data.count(b"xref") == data.count(b"startxref") + written
        and not any("/XRefStm" in table.trailer for table in tables)
    )


def _lead_to_one_root(tables: list[Table], pdf: "pikepdf.Pdf") -> bool:
    """Some programs begin with the oldest trailer, and some look for a catalog; an encrypted file is none of ours."""
    roots = {tuple(map(int, one.trailer["/Root"])) for one in tables if "/Root" in one.trailer}
    catalogs = {one.objgen for one in pdf.objects if _type(one) == "/Catalog"}
    return roots == {pdf.Root.objgen} and catalogs <= roots and not any("/Encrypt" in one.trailer for one in tables)


def _are_the_last(tables: list[Table], last: dict[int, int]) -> bool:
    """What counts is the newest of its number, wherever that stands; a program that looks for itself takes the last."""
    counting: dict[int, Entry] = {}
    for table in tables:
        for number, one in table.entries.items():
            counts = counting.setdefault(number, one)
            if one.kind != FREE and (counts.kind == FREE or _place(one, last) > _place(counts, last)):
                return False
    return max(counting, default=0) < int(tables[0].trailer["/Size"])


def _packed_in(tables: list[Table]) -> dict[int, dict[int, int]]:
    """What the tables say lies in each stream: numbers with their turns."""
    found: dict[int, dict[int, int]] = {}
    for table in tables:
        for number, one in table.entries.items():
            if one.kind == PACKED:
                found.setdefault(one.where, {})[number] = one.index
    return found


def _place(one: Entry, last: dict[int, int]) -> int:
    return one.where if one.kind == PLAIN else last[one.where]


def _type(one: Any) -> str:
    import pikepdf

    return str(one.get("/Type")) if isinstance(one, (pikepdf.Stream, pikepdf.Dictionary)) else ""


def _listed(pdf: "pikepdf.Pdf", stream: int) -> dict[int, int]:
    """What a stream says lies in it: each number with its turn. Raises ValueError for one that lies there twice, and where one does not
    follow the other: some programs go by the places, some read on from the first. Raises pikepdf.PdfError for what is not one object."""
    found = pdf.get_object(stream, 0)
    data, first = found.read_bytes(), int(found.First)
    head = [int(one) for one in re.sub(GAP, b" ", data[:first]).split()]
    numbers, places = head[: 2 * int(found.N) : 2], [first + at for at in head[1::2]]
    if len(set(numbers)) != len(numbers) or len(head) != 2 * len(numbers):
        raise ValueError("one twice")
    if places and not GAPS.fullmatch(data, first, places[0]):
        raise ValueError("something before the first")
    for begin, end in pairwise([*places, len(data)]):
        parsed(LAST_GAPS.sub(b"", data[begin:end]))
    return {number: turn for turn, number in enumerate(numbers)}


def _begins_as_told(data: bytes, pdf: "pikepdf.Pdf", newest: Table, there: list[tuple[int, int]]) -> bool:
    """Some programs read a file that is made for the net by what stands at its beginning: another table, and a page by its number."""
    import pikepdf

    (_number, at), (_next, behind) = there[:2]
    begun = _after(BEGIN, data, 0)
    if begun.end() != at:
        return False
    # As it stands there, though a later one may count.
    first = parsed(_after(HEAD, data, _after(OBJECT, data, at).end())[1])
    if not isinstance(first, pikepdf.Dictionary) or "/Linearized" not in first or int(first.get("/L", 0)) != len(data):
        return True
    return newest.place <= behind and pdf.is_linearized and pdf.check_linearization()
