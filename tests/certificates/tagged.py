"""Reads a tagged PDF as a screen reader does: marked content of pages, its text by the fonts' own ToUnicode, the tree of tags."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pikepdf

PAINTING = {"S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "sh", "Tj", "TJ", "'", '"', "Do", "BI", "INLINE IMAGE"}
SHOWING = {"Tj", "TJ", "'", '"'}


@dataclass
class Marked:
    """What is painted inside one marked-content sequence: `mcid` None is an artifact, and neither of them a fault."""

    mcid: int | None = None
    is_artifact: bool = False
    words: str = ""
    operators: list[str] = field(default_factory=list)


def dictionaries(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Every dictionary and stream of a file, those that stand inside others as well."""
    seen: set[tuple[int, int]] = set()
    waiting: list[Any] = list(pdf.objects)
    while waiting:
        one = waiting.pop()
        if isinstance(one, (pikepdf.Dictionary, pikepdf.Stream)):
            if one.is_indirect:
                if one.objgen in seen:
                    continue
                seen.add(one.objgen)
            yield one
            waiting += [value for value in one.values() if isinstance(value, pikepdf.Object)]
        elif isinstance(one, pikepdf.Array):
            waiting += [value for value in one if isinstance(value, pikepdf.Object)]


def unicode_of(font: Any) -> dict[int, str]:
    """A font's ToUnicode: code → text."""
    if "/ToUnicode" not in font:
        return {}
    found = {}
    for code, text in re.findall(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]*)>", font.ToUnicode.read_bytes()):
        if b"endcodespacerange" in font.ToUnicode.read_bytes() and (code.lower(), text.lower()) == (b"0000", b"ffff"):
            continue
        found[int(code, 16)] = bytes.fromhex(text.decode()).decode("utf-16-be", "replace")
    return found


def codes(operands: Any) -> Iterator[int]:
    """Two-byte codes of a string or of an array with strings."""
    for part in operands:
        if isinstance(part, pikepdf.Array):
            yield from codes(part)
        elif isinstance(part, pikepdf.String):
            raw = bytes(part)
            yield from (int.from_bytes(raw[at : at + 2], "big") for at in range(0, len(raw), 2))


class Page:
    def __init__(self, page: pikepdf.Page) -> None:
        self.page = page
        self.untagged: list[str] = []
        self.nested: list[int] = []
        self.marked: dict[int, Marked] = {}
        self.used: dict[tuple[int, int], set[int]] = {}  # font → codes shown
        self.colours: set[str] = set()
        self._unicode: dict[tuple[int, int], dict[int, str]] = {}
        self._read(page, page.Resources, [])

    def _read(self, stream: Any, resources: Any, around: list[Marked]) -> None:
        open_, font = list(around), None
        for instruction in pikepdf.parse_content_stream(stream):
            operator, operands = str(instruction.operator), instruction.operands
            if operator in ("BDC", "BMC"):
                open_.append(self._begin(operator, operands, open_))
            elif operator == "EMC":
                open_.pop()
            elif operator == "Tf":
                font = resources.Font[str(operands[0])]
            elif operator in ("k", "K"):
                self.colours.add("CMYK")
            elif operator in PAINTING:
                self._paint(operator, operands, font, open_, resources)

    def _begin(self, operator: str, operands: Any, open_: list[Marked]) -> Marked:
        is_artifact = str(operands[0]) == "/Artifact"
        has_number = operator == "BDC" and isinstance(operands[1], pikepdf.Dictionary) and "/MCID" in operands[1]
        one = Marked(int(operands[1].MCID) if has_number else None, is_artifact)
        if one.mcid is not None:
            if any(outer.is_artifact or outer.mcid is not None for outer in open_) or one.mcid in self.marked:
                self.nested.append(one.mcid)
            self.marked[one.mcid] = one
        return one

    def _paint(self, operator: str, operands: Any, font: Any, open_: list[Marked], resources: Any) -> None:
        inside = next((one for one in reversed(open_) if one.is_artifact or one.mcid is not None), None)
        if inside is None:
            self.untagged.append(operator)
        else:
            inside.operators.append(operator)
        if operator in SHOWING and font is not None:
            shown = list(codes(operands))
            self.used.setdefault(font.objgen, set()).update(shown)
            if font.objgen not in self._unicode:
                self._unicode[font.objgen] = unicode_of(font)
            if inside:
                inside.words += "".join(self._unicode[font.objgen].get(code, "") for code in shown)
        if operator == "Do":
            drawn = resources.XObject[str(operands[0])]
            if drawn.Subtype == "/Form":
                self._read(drawn, drawn.get("/Resources", resources), open_)


def elements(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Structure elements in reading order."""
    if "/StructTreeRoot" in pdf.Root:
        yield from _below(pdf.Root.StructTreeRoot)


def _below(element: Any) -> Iterator[Any]:
    for kid in kids(element):
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from _below(kid)


def kids(element: Any) -> list[Any]:
    inside = element.get("/K", [])
    return list(inside) if isinstance(inside, pikepdf.Array) else [inside]


def numbers(element: Any) -> list[int]:
    """Marked content that an element holds directly."""
    return [int(kid) for kid in kids(element) if isinstance(kid, int)]


def reading(pdf: pikepdf.Pdf) -> list[str]:
    """The text of each block, in the order of the tags; of a figure its alternative, of a field what it is called."""
    page, blocks = Page(pdf.pages[0]), [""]
    for element in elements(pdf):
        if str(element.S) not in ("/Span", "/NonStruct"):
            blocks.append("")
        if "/Alt" in element or "/ActualText" in element:
            blocks[-1] += str(element.get("/Alt", element.get("/ActualText")))
        else:
            blocks[-1] += "".join(page.marked[number].words for number in numbers(element) if number in page.marked)
        for kid in kids(element):
            if isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/OBJR":
                blocks[-1] += str(kid.Obj.get("/TU", ""))
    return [" ".join(block.split()) for block in blocks if block.strip()]
