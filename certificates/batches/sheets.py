"""Certificates on sheets for a printer: several a sheet, with marks where to cut, all in one PDF.

What many papers share (colour profile, ornaments, parts of fonts) is in the file once, so that a thousand take 10 MB and not 40. Each
slot of a sheet holds a pile: whoever cuts the whole stack and lays the piles on each other has the certificates in their order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

from certificates.models import Layout

MM = 72 / 25.4
PAPER = (297.0, 210.0)  # mm, lying
MARK, AWAY = 4.0, 1.0  # mm: how long a mark is, and how far from the corner it begins
THIN = 0.25  # points


@dataclass(frozen=True)
class Arrangement:
    """In mm. `corners` are the lower left ones of the papers on a sheet, the upper ones first, each row from the left."""

    sheet: tuple[float, float]
    corners: tuple[tuple[float, float], ...]
    scale: float = 1.0
    is_cut: bool = True

    @property
    def size(self) -> tuple[float, float]:
        return PAPER[0] * self.scale, PAPER[1] * self.scale


def _laid(sheet: tuple[float, float], scale: float, *, columns: int = 1) -> Arrangement:
    """In two rows, with the same air around and between them on each axis."""
    width, height = PAPER[0] * scale, PAPER[1] * scale
    beside, above = (sheet[0] - columns * width) / (columns + 1), (sheet[1] - 2 * height) / 3
    lefts = [beside + number * (width + beside) for number in range(columns)]
    return Arrangement(sheet, tuple((left, bottom) for bottom in (2 * above + height, above) for left in lefts), scale)


ARRANGEMENTS = {
    Layout.ONE: Arrangement(PAPER, ((0.0, 0.0),), is_cut=False),
    Layout.TWO_SMALL: _laid((210.0, 297.0), 0.65),
    # A6 would be half: then marks have no air, and no printer reaches the edge.
    Layout.FOUR: _laid(PAPER, 0.46, columns=2),
    Layout.TWO_LARGE: _laid((320.0, 450.0), 1.0),
}


class UnreadableError(Exception):
    """A file that cannot be put on a sheet; `path` says which."""

    def __init__(self, path: Path) -> None:
        super().__init__(path.name)
        self.path = path


def put(paths: Sequence[Path], layout: str, output: BinaryIO, *, title: str) -> str:
    """`write`, for a process of its own: the name of the file that cannot be put on a sheet, or ""."""
    try:
        write(paths, layout, output, title=title)
    except UnreadableError as problem:
        return problem.path.name
    output.flush()
    return ""


def write(paths: Sequence[Path], layout: str, output: BinaryIO, *, title: str) -> int:
    """Returns the number of sheets. Raises UnreadableError."""
    import pikepdf

    arrangement = ARRANGEMENTS[Layout(layout)]
    with pikepdf.new() as book:
        known = _Known(book)
        papers = [_paper(path, known) for path in paths]
        sheets = -(-len(papers) // len(arrangement.corners))
        for number in range(sheets):
            _add_sheet(book, arrangement, papers[number::sheets])
        book.docinfo["/Title"] = title
        book.Root.Lang = pikepdf.String("vi")
        book.Root.ViewerPreferences = pikepdf.Dictionary(PrintScaling=pikepdf.Name("/None"))
        book.save(output, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return sheets


def _paper(path: Path, known: "_Known") -> Any:
    """The first page of a file as a form that any sheet can show, with what signers' tools have put on it."""
    import pikepdf

    try:
        with pikepdf.open(path) as source:
            source.flatten_annotations("print")
            page = source.pages[0]
            page.contents_coalesce()
            return known.form(page)
    except (pikepdf.PdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
        raise UnreadableError(path) from problem


def _add_sheet(book: Any, arrangement: Arrangement, papers: Sequence[Any]) -> None:
    import pikepdf

    width, height = (side * MM for side in arrangement.sheet)
    drawn, shown = [], {}
    for place, (paper, corner) in enumerate(zip(papers, arrangement.corners, strict=False)):
        shown[f"/P{place}"] = paper
        drawn.append(_placed(f"/P{place}", corner, arrangement.scale))
        if arrangement.is_cut:
            drawn.append(_marks(corner, arrangement.size))
    page = book.add_blank_page(page_size=(width, height))
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(shown))
    page.Contents = book.make_stream("\n".join(drawn).encode())
    if not arrangement.is_cut:
        page.obj.TrimBox = page.obj.MediaBox


def _placed(name: str, corner: tuple[float, float], scale: float) -> str:
    left, bottom = (value * MM for value in corner)
    return f"q {scale:.4f} 0 0 {scale:.4f} {left:.3f} {bottom:.3f} cm {name} Do Q"


def _marks(corner: tuple[float, float], size: tuple[float, float]) -> str:
    """Two at each corner of a paper, outside of it."""
    lines = []
    for x, outwards in ((corner[0], -1), (corner[0] + size[0], 1)):
        for y, upwards in ((corner[1], -1), (corner[1] + size[1], 1)):
            near, far = AWAY, AWAY + MARK
            lines.append((x + outwards * near, y, x + outwards * far, y))
            lines.append((x, y + upwards * near, x, y + upwards * far))
    strokes = " ".join(f"{a * MM:.3f} {b * MM:.3f} m {c * MM:.3f} {d * MM:.3f} l" for a, b, c, d in lines)
    return f"q {THIN} w 0 G {strokes} S Q"


class _Known:
    """What was copied into the book already. Streams that stand for themselves are recognised by what they are."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.streams: dict[bytes, Any] = {}

    def form(self, page: Any) -> Any:
        import pikepdf

        box = page.mediabox
        form = self.book.make_stream(page.Contents.read_bytes())
        form.Type, form.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
        form.BBox, form.Matrix = pikepdf.Array(list(box)), pikepdf.Array([1, 0, 0, 1, -box[0], -box[1]])
        form.Resources = self.copy(page.resources, {})
        return form

    def copy(self, one: Any, seen: dict[tuple[int, int], Any]) -> Any:
        """`seen`: what of the same file was copied or is being copied, by its number."""
        import pikepdf

        if not isinstance(one, pikepdf.Object):
            return one
        if one.is_indirect and one.objgen in seen:
            return seen[one.objgen]
        if isinstance(one, pikepdf.Stream):
            return self._stream(one, seen)
        if isinstance(one, pikepdf.Array):
            return pikepdf.Array([self.copy(item, seen) for item in one])
        if not isinstance(one, pikepdf.Dictionary):
            return pikepdf.Object.parse(one.unparse())
        made = pikepdf.Dictionary()
        if one.is_indirect:
            made = seen[one.objgen] = self.book.make_indirect(made)
        for key, value in one.items():
            made[key] = self.copy(value, seen)
        return made

    def _stream(self, one: Any, seen: dict[tuple[int, int], Any]) -> Any:
        head = {key: value for key, value in one.stream_dict.items() if key != "/Length"}
        data = one.read_raw_bytes()
        name = _fingerprint(head, data)
        if name is not None and name in self.streams:
            made = seen[one.objgen] = self.streams[name]
            return made
        made = seen[one.objgen] = self.book.make_stream(data)
        if name is not None:
            self.streams[name] = made
        for key, value in head.items():
            made[key] = self.copy(value, seen)
        return made


def _fingerprint(head: dict[str, Any], data: bytes) -> bytes | None:
    """None for one that refers to others: these may differ where it looks the same."""
    said = b"".join(_bare(key) + _bare(head[key]) for key in sorted(head))
    return None if b" R" in said else sha256(said + data).digest()


def _bare(one: Any) -> bytes:
    import pikepdf

    return one.unparse() if isinstance(one, pikepdf.Object) else repr(one).encode()
