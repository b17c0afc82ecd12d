"""Two papers in one file, put together by hand: what a program reads depends on which of its parts it goes by."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

FURTHER = 1000  # what is added to the numbers of the second paper
CATALOG = b"/Type /Catalog"


@dataclass(frozen=True)
class Papers:
    """Both as objects by their numbers, none of which is in both. The second's catalog is not called one."""

    ours: dict[int, bytes]
    forged: dict[int, bytes]
    root: int
    info: int

    @classmethod
    def of(cls, ours: bytes, forged: bytes) -> "Papers":
        """Of files without packed objects."""
        tail = ours[ours.rindex(b"trailer") :]
        root, info = (int(re.search(rb"/%s (\d+) 0 R" % name, tail)[1]) for name in (b"Root", b"Info"))
        return cls(
            _bodies(ours), {number + FURTHER: _moved(body) for number, body in _bodies(forged).items()}, root, info
        )

    @property
    def page(self) -> int:
        return next(
            number for number, body in self.ours.items() if re.search(rb"/Type /Page\b", body.partition(b"stream")[0])
        )

    @property
    def forged_page(self) -> bytes:
        return self.forged[self.page + FURTHER]


def _bodies(data: bytes) -> dict[int, bytes]:
    """What stands between the number and its end, by its number."""
    table = int(re.findall(rb"startxref\s+(\d+)", data)[-1])
    places = sorted(int(one) for one in re.findall(rb"(\d{10}) 00000 n", data[table:]))
    parts = [data[begin:end] for begin, end in zip(places, [*places[1:], table], strict=True)]
    found = [re.match(rb"(\d+) 0 obj\n(.*)\nendobj", part, re.DOTALL) for part in parts]
    return {int(one[1]): one[2] for one in found}


def _moved(body: bytes) -> bytes:
    said, keyword, content = body.partition(b"stream\n")
    said = said.replace(CATALOG, b"")
    return re.sub(rb"(\d+) 0 R\b", lambda one: b"%d 0 R" % (int(one[1]) + FURTHER), said) + keyword + content


class File:
    """Written from its beginning; `places` of what was put down so far."""

    def __init__(self) -> None:
        self.data, self.places = b"%PDF-1.7\n", dict[int, int]()

    def put(self, objects: Mapping[int, bytes]) -> "File":
        for number, body in objects.items():
            self.places[number] = len(self.data)
            self.data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
        return self

    def end(self, numbers: Mapping[int, bytes], trailer: bytes, more: bytes = b"") -> bytes:
        """With a table of these, and the words that lead to it."""
        return self.table(numbers, trailer, more) + b"startxref\n%d\n%%%%EOF\n" % len(self.data)

    def table(self, numbers: Mapping[int, bytes], trailer: bytes, more: bytes = b"") -> bytes:
        parts = [b"%d 1\n%010d 00000 n \n" % (number, self.places[number]) for number in sorted(numbers)]
        table = b"xref\n0 1\n0000000000 65535 f \n" + b"".join(parts)
        return self.data + table + more + b"trailer\n<< /Size %d %s >>\n" % (1 + max(numbers), trailer)

    def packed_end(self, entries: Mapping[int, tuple[int, int, int]], trailer: bytes) -> bytes:
        """With a table that is a stream."""
        number, at = 9000, len(self.data)
        entries = dict(entries) | {number: (1, at, 0)}
        index = b" ".join(b"%d 1" % one for one in sorted(entries))
        rows = b"".join(
            kind.to_bytes(1) + where.to_bytes(4) + turn.to_bytes(2)
            for _number, (kind, where, turn) in sorted(entries.items())
        )
        said = b"<< /Type /XRef /Size %d /W [ 1 4 2 ] /Index [ %s ] /Length %d %s >>" % (
            number + 1,
            index,
            len(rows),
            trailer,
        )
        self.put({number: said + b"\nstream\n" + rows + b"\nendstream"})
        return self.data + b"startxref\n%d\n%%%%EOF\n" % at


def leading(both: Papers) -> bytes:
    return b"/Root %d 0 R /Info %d 0 R" % (both.root, both.info)


def for_the_net(both: Papers, begin: bytes = b"%d 0 obj\n") -> bytes:
    """Whoever loads a file from the net goes by the table and the page that its beginning names."""
    length = table = 0
    places = dict.fromkeys(both.forged, 0)
    for _round in range(2):  # the beginning tells of what follows
        file = File()
        said = b"<< /Linearized 1 /L %010d /H [ 500 100 ] /O %d /E %010d /N 1 /T %010d >>"
        file.places[8000] = len(file.data)
        file.data += begin % 8000 + said % (length, both.page + FURTHER, table, table) + b"\nendobj\n"
        file.places |= places
        file.data = file.table(both.forged, b"/Root %d 0 R" % (both.root + FURTHER)) + b"startxref\n0\n%%EOF\n"
        file.put(both.ours).put(both.forged)
        places, table = {number: file.places[number] for number in both.forged}, len(file.data)
        told = dict(both.ours) | ({8000: b""} if begin.startswith(b"%d 0") else {})
        data = file.end(told, leading(both))
        length = len(data)
    return data


def with_a_page_for_the_net(both: Papers) -> bytes:
    """All is told by the one table, which stands at the beginning; the beginning names another page as the first."""
    every, length, end = both.ours | both.forged | {8000: b""}, 0, 0
    places, data = dict.fromkeys(every, 0), b""
    for _round in range(2):
        file, said = File(), b"<< /Linearized 1 /L %010d /H [ 500 100 ] /O %d /E %010d /N 1 /T %010d >>"
        file.put({8000: said % (length, both.page + FURTHER, end, end)})
        first, file.places = len(file.data), places | file.places
        file.data = file.table(every, leading(both)) + b"startxref\n0\n%%EOF\n"
        file.put(both.ours).put(both.forged)
        places, end = dict(file.places), len(file.data)
        data = file.data + b"startxref\n%d\n%%%%EOF\n" % first
        length = len(data)
    return data


def between(both: Papers) -> bytes:
    """A page that no table tells of, under the number of ours and behind it."""
    file = File().put(both.ours)
    place = file.places[both.page]
    file.put(both.forged).put({both.page: both.forged_page})
    file.places[both.page] = place
    return file.end(both.ours | both.forged, leading(both))


def in_an_older_table(both: Papers) -> bytes:
    """The newer table stands in front of the older."""
    file = File().put(both.ours).put(both.forged)
    every, first = both.ours | both.forged, len(file.data)
    file.data = file.table(every, leading(both) + b" /Prev 0123456789") + b"startxref\n0\n%%EOF\n"
    file.put({both.page: both.forged_page})
    second = b"/Prev %010d" % len(file.data)
    file.data = file.table({both.page: b"", max(every): b""}, leading(both)) + b"startxref\n%d\n%%%%EOF\n" % first
    return file.data.replace(b"/Prev 0123456789", second)


def of_another_generation(both: Papers) -> bytes:
    """A script that is referred to by a generation which it has not."""
    file = File()
    root = both.ours[both.root].rstrip()
    file.put(both.ours | {both.root: root[:-2] + b" /OpenAction 8000 0 R >>"})
    file.places[8000] = len(file.data)
    file.data += b"8000 1 obj\n<< /S /JavaScript /JS (app.alert\\(1\\)) >>\nendobj\n"
    return file.end(both.ours | {8000: b""}, leading(both)).replace(
        b"8000 1\n%010d 00000" % file.places[8000], b"8000 1\n%010d 00001" % file.places[8000]
    )


def _with_pages_packed(both: Papers, pages: list[bytes], turn: int, told: slice = slice(None), first: int = 0) -> bytes:
    """`told`: which of them the stream tells of; `first`: the number of the first, where it is another."""
    bodies, places, head = b"", [], b""
    for page in pages:
        places.append(len(bodies))
        bodies += page + b"\n"
    places = places[told]
    numbers = [first or both.page, *[both.page] * (len(places) - 1)]
    head = b" ".join(b"%d %d" % one for one in zip(numbers, places, strict=True)) + b"\n"
    said = b"<< /Type /ObjStm /N %d /First %d /Length %d >>" % (len(places), len(head), len(head + bodies))
    file = File().put({number: body for number, body in both.ours.items() if number != both.page}).put(both.forged)
    file.put({8000: said + b"\nstream\n" + head + bodies + b"\nendstream"})
    entries = {number: (1, at, 0) for number, at in file.places.items()} | {both.page: (2, 8000, turn)}
    entries |= {first: (2, 8000, 0)} if first else {}
    return file.packed_end(entries, leading(both))


def packed_once(both: Papers) -> bytes:
    """The control."""
    return _with_pages_packed(both, [both.ours[both.page]], 0)


def packed_twice(both: Papers) -> bytes:
    """Some programs go by the number, some by the turn."""
    return _with_pages_packed(both, [both.forged_page, both.ours[both.page]], 1)


def packed_and_unused(both: Papers) -> bytes:
    body = b"%d 0\n" % both.page
    said = b"<< /Type /ObjStm /N 1 /First %d /Length %d >>" % (len(body), len(body + both.forged_page))
    more = {8000: said + b"\nstream\n" + body + both.forged_page + b"\nendstream"}
    return File().put(both.ours).put(both.forged).put(more).end(both.ours | both.forged | more, leading(both))


def with_a_second_trailer(both: Papers) -> bytes:
    file = File().put(both.ours).put(both.forged)
    file.data += b"trailer << /Root %d 0 R /Size 9000 >>\n" % (both.root + FURTHER)
    return file.end(both.ours | both.forged, leading(both))


def with_a_hidden_hybrid(both: Papers) -> bytes:
    """A second table, which some programs read after the first; its name is spelt with a number."""
    file = File().put(both.ours).put(both.forged)
    at = len(file.data)
    row = b"\x01" + file.places[both.page + FURTHER].to_bytes(4) + b"\0\0"
    said = (
        b"<< /Type /XRef /Size 9999 /W [ 1 4 2 ] /Index [ %d 1 ] /Length 7 >>\nstream\n" % (both.page + FURTHER)
        + row
        + b"\nendstream"
    )
    file.put({8000: said})
    return file.end(both.ours | both.forged | {8000: b""}, leading(both) + b" /XRefSt#6d %d" % at)


def plain(both: Papers) -> bytes:
    """The control: nothing but ours."""
    return File().put(both.ours).end(both.ours, leading(both))


def spelt_otherwise(both: Papers, head: bytes) -> bytes:
    """A page under the number of ours and behind it, at a head that only some programs read, in a stream that nothing uses."""
    said = head % both.page + b"\n" + both.forged_page + b"\n"
    more = {8000: b"<< /Length %d >>\nstream\n%s\nendstream" % (len(said), said)}
    return File().put(both.ours).put(both.forged).put(more).end(both.ours | both.forged | more, leading(both))


def revised(both: Papers, head: bytes = b"\n%d 0 obj\n", root: bytes = b"", end: bytes = b"\nendobj\n") -> bytes:
    """The page of before is the forged one; ours comes behind it, at this head. A program that misses it shows the other."""
    file, every = File().put(both.forged).put(both.ours | {both.page: both.forged_page}), both.ours | both.forged
    first, leads = len(file.data), leading(both)
    file.data = file.end(every, root or leads)
    file.put({8000: b"null"})
    file.data = file.data[:-1]
    file.places[both.page] = len(file.data) + re.search(rb"[^\n ]", head).start()
    file.data += head % both.page + both.ours[both.page] + end
    return file.end({both.page: b"", 8000: b""}, leads + b" /Prev %d" % first)


def from_the_root_of_before(both: Papers) -> bytes:
    return revised(both, root=b"/Root %d 0 R /ID [ <00> <00> ]" % (both.root + FURTHER))


def on_one_line(both: Papers) -> bytes:
    return revised(both, b" %d 0 obj\n")


def with_a_zero_for_a_blank(both: Papers) -> bytes:
    return revised(both, b"\n%d\x000\x00obj\n")


def with_two_ends(both: Papers) -> bytes:
    """What stands between two ends belongs to no object."""
    return revised(both, end=b"\nendobj\n<< /Root %d 0 R >>\nendobj\n" % (both.root + FURTHER))


def with_a_bare_dictionary(both: Papers) -> bytes:
    return revised(both, end=b"\nendobj\n<< /Root %d 0 R >>\n" % (both.root + FURTHER))


def with_two_catalogs(both: Papers) -> bytes:
    root = both.root + FURTHER
    file = File().put(both.ours).put(both.forged | {root: both.forged[root].replace(b"<<", b"<< " + CATALOG, 1)})
    return file.end(both.ours | both.forged, leading(both))


def within_a_stream(both: Papers) -> bytes:
    """Ours lies where a stream that nothing uses reaches, by its length."""
    file, every = File().put(both.forged).put(both.ours | {both.page: both.forged_page}), both.ours | both.forged
    first, empty = len(file.data), b"<< /Length %010d >>\nstream\n\nendstream"
    file.data = file.end(every, leading(both))
    file.put({8000: empty % 0})
    begin = len(file.data) - len(b"\nendstream\nendobj\n")
    file.put({both.page: both.ours[both.page], 8001: empty % 0})
    end = len(file.data) - len(b"\nendstream\nendobj\n")
    file.data = file.data.replace(empty % 0, empty % (end - begin), 1)
    return file.end({both.page: b"", 8000: b"", 8001: b""}, leading(both) + b" /Prev %d" % first)


def told_twice(both: Papers) -> bytes:
    """Some programs go by the first of two lines, some by the second; each page is told by an older table as well."""
    file, every = File().put(both.forged).put(both.ours), both.ours | both.forged
    ours, first = file.places[both.page], len(file.data)
    file.data = file.end(every, leading(both))
    file.put({both.page: both.forged_page})
    lines = b"".join(b"%d 1\n%010d 00000 n \n" % (both.page, at) for at in (ours, file.places[both.page]))
    at, size = len(file.data), 1 + max(every)
    file.data += b"xref\n" + lines + b"trailer\n<< /Size %d %s /Prev %d >>\n" % (size, leading(both), first)
    return file.data + b"startxref\n%d\n%%%%EOF\n" % at


def packed_behind_another(both: Papers) -> bytes:
    """Some programs go by the place of what is packed, some read on from the first."""
    return _with_pages_packed(both, [both.forged_page, both.ours[both.page]], 0, slice(1, None))


def packed_between_two(both: Papers) -> bytes:
    return _with_pages_packed(both, [b"null", both.forged_page, both.ours[both.page]], 1, slice(None, None, 2), 8001)


def for_the_net_and_revised(both: Papers) -> bytes:
    """The beginning is made for the net, though a later object takes its number."""
    older, length, end = both.ours | {both.page: both.forged_page} | both.forged, 0, 0
    places = dict.fromkeys(older, 0)
    for _round in range(2):
        file, said = File(), b"<< /Linearized 1 /L %010d /H [ 500 100 ] /O %d /E %010d /N 1 /T %010d >>"
        file.put({8000: said % (length, both.page, end, end)})
        first, file.places = len(file.data), places | file.places
        file.data = file.table(older | {8000: b""}, leading(both)) + b"startxref\n0\n%%EOF\n"
        file.put(older)
        places, end = dict(file.places), len(file.data)
        file.put({8000: b"null", both.page: both.ours[both.page]})
        data = file.end({8000: b"", both.page: b""}, leading(both) + b" /Prev %d" % first)
        length = len(data)
    return data


def added_to(both: Papers) -> bytes:
    """The control: nothing but ours, and its page a second time."""
    file = File().put(both.ours)
    first, file.data = len(file.data), file.end(both.ours, leading(both))
    file.put({both.page: both.ours[both.page]})
    return file.end({both.page: b"", max(both.ours): b""}, leading(both) + b" /Prev %d" % first)
