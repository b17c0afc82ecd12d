"""Automatic numbering of Word: the "A." or "Câu 1:" that nobody typed, as the reader of the page sees it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from string import ascii_uppercase
from xml.etree.ElementTree import Element

from .word_xml import child, children, value

_ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
          (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))  # fmt: skip
_SILENT = ("bullet", "none")


@dataclass
class Level:
    shape: str = "decimal"
    words: str = ""
    start: int = 1
    style: str = ""  # of paragraphs that have this number without saying so


@dataclass
class Numbering:
    """Reads labels off one paragraph after the other: a label counts what stood above."""

    lists: dict[str, dict[int, Level]] = field(default_factory=dict)  # by abstract number
    of_number: dict[str, str] = field(default_factory=dict)
    starts: dict[tuple[str, int], int] = field(default_factory=dict)  # where a number begins anew
    of_style: dict[str, tuple[str, int]] = field(default_factory=dict)
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)

    def label(self, paragraph: Element, style: str) -> str:
        """ "" for a paragraph without a number, or with a bullet."""
        number, depth = self._named(paragraph, style)
        levels = self.lists.get(self.of_number.get(number, ""), {})
        if depth not in levels:
            return ""
        counts = self._counted(number, depth, levels)
        level = levels[depth]
        return "" if level.shape in _SILENT else _written(level.words, levels, counts)

    def _named(self, paragraph: Element, style: str) -> tuple[str, int]:
        said = child(child(paragraph, "pPr"), "numPr")
        number, depth = value(child(said, "numId")), value(child(said, "ilvl"))
        styled = self.of_style.get(style, ("", 0))
        if said is None or not number:
            return styled[0], int(depth) if depth.isdigit() else styled[1]
        return number, int(depth) if depth.isdigit() else 0

    def _counted(self, number: str, depth: int, levels: dict[int, Level]) -> dict[int, int]:
        counts = self._counts.setdefault(self.of_number[number], {})
        again = self.starts.get((number, depth))
        if again is not None and (number, depth) not in self._begun:
            counts[depth] = again
        else:
            counts[depth] = counts[depth] + 1 if depth in counts else levels[depth].start
        self._begun.add((number, depth))
        for deeper in [one for one in counts if one > depth]:
            del counts[deeper]
        return counts


def read(numbering: Element | None, styles: Element | None) -> Numbering:
    made = Numbering()
    if numbering is None:
        return made
    for abstract in children(numbering, "abstractNum"):
        made.lists[value(abstract, "abstractNumId")] = dict(_levels(abstract))
    for one in children(numbering, "num"):
        number = value(one, "numId")
        made.of_number[number] = value(child(one, "abstractNumId"))
        _override(made, number, one)
    made.of_style = dict(_styled(made, styles))
    return made


def _levels(parent: Element) -> Iterator[tuple[int, Level]]:
    for one in children(parent, "lvl"):
        start = value(child(one, "start"))
        yield int(value(one, "ilvl") or 0), Level(
            value(child(one, "numFmt")) or "decimal", value(child(one, "lvlText")),
            _count(start), value(child(one, "pStyle")),
        )  # fmt: skip


def _count(written: str) -> int:
    """Where a list begins; nobody numbers ten thousand questions, and a label is written out."""
    return int(written) if written.isdecimal() and len(written) <= 4 else 1


def _override(made: Numbering, number: str, one: Element) -> None:
    """A number with levels of its own is a list of its own."""
    for changed in children(one, "lvlOverride"):
        depth, start = int(value(changed, "ilvl") or 0), value(child(changed, "startOverride"))
        if start:
            made.starts[number, depth] = _count(start)
        if own := dict(_levels(changed)):
            shared = made.of_number[number]
            if not shared.startswith("own "):
                made.of_number[number] = f"own {number}"
                made.lists[f"own {number}"] = dict(made.lists.get(shared, {}))
            made.lists[f"own {number}"] |= own


def _styled(made: Numbering, styles: Element | None) -> Iterator[tuple[str, tuple[str, int]]]:
    for style in children(styles, "style"):
        said = child(child(style, "pPr"), "numPr")
        if number := value(child(said, "numId")):
            named, depth = value(style, "styleId"), value(child(said, "ilvl"))
            levels = made.lists.get(made.of_number.get(number, ""), {})
            own = next((at for at, level in levels.items() if level.style == named), 0)
            yield named, (number, int(depth) if depth.isdigit() else own)


def _written(words: str, levels: dict[int, Level], counts: dict[int, int]) -> str:
    for depth, level in levels.items():
        if (place := f"%{depth + 1}") in words:
            words = words.replace(place, _shaped(counts.get(depth, level.start), level.shape))
    return words.strip()


def _shaped(number: int, shape: str) -> str:
    if shape in ("upperLetter", "lowerLetter"):
        letter = ascii_uppercase[(number - 1) % 26] * ((number - 1) // 26 + 1)
        return letter if shape == "upperLetter" else letter.lower()
    if shape in ("upperRoman", "lowerRoman"):
        return _roman(number) if shape == "upperRoman" else _roman(number).lower()
    return f"{number:02}" if shape == "decimalZero" else str(number)


def _roman(number: int) -> str:
    made = ""
    for worth, sign in _ROMAN:
        made, number = made + sign * (number // worth), number % worth
    return made
