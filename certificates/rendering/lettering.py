"""Words as outlines: a drawing of them looks the same wherever it is opened, with no font beside it.

Letters stand one by one, which Vietnamese allows: in NFC each has a glyph of its own.
"""

from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

FONTS = Path(__file__).parent.parent / "designs" / "fonts"
SANS, SERIF = "be-vietnam-pro-600-normal.ttf", "noto-serif-display-600-normal.ttf"
KHMER = "noto-serif-khmer-400-normal.ttf"
LEADING = 1.28  # stacked marks of two lines must not touch
NARROWER = 0.97


class Fitted(NamedTuple):
    size: int
    lines: list[str]


class Face(NamedTuple):
    letters: dict[int, str]
    glyphs: Any
    em: int


@cache
def _face(name: str) -> Face:
    from fontTools.ttLib import TTFont

    font = TTFont(FONTS / name, lazy=True)
    return Face(font.getBestCmap(), font.getGlyphSet(), font["head"].unitsPerEm)


def _glyphs(text: str, font: str) -> list[tuple[Any, float]]:
    """Each with its share of an em; a letter that none of our fonts has is left out."""
    faces = [_face(font), _face(KHMER)]
    found = [next((face for face in faces if ord(letter) in face.letters), None) for letter in text]
    named = [(face, face.letters[ord(letter)]) for face, letter in zip(found, text, strict=True) if face]
    return [(face.glyphs[name], 1 / face.em) for face, name in named]


def width(text: str, size: float, font: str = SANS) -> float:
    return sum(glyph.width * share for glyph, share in _glyphs(text, font)) * size


def fitted(text: str, sizes: tuple[int, ...], *, wide: float, tall: float, font: str = SANS) -> Fitted:
    """The largest size at which the words have room, in lines of about one length. At the smallest one what is too much is left
    out, and "…" says so."""
    for size in sizes:
        lines = _broken(text.split(), size, wide, font)
        if len(lines) * size * LEADING <= tall and all(width(line, size, font) <= wide for line in lines):
            return Fitted(size, _even(lines, size, wide, font))
    most, lines = int(tall / sizes[-1] / LEADING), _broken(text.split(), sizes[-1], wide, font)
    return Fitted(sizes[-1], lines if len(lines) <= most else [*lines[: most - 1], lines[most - 1] + " …"])


def _even(lines: list[str], size: float, wide: float, font: str) -> list[str]:
    """As many lines in as narrow a column as they have room in, so that none holds one word alone."""
    words, found = " ".join(lines).split(), lines
    while len(found) == len(lines) and all(width(line, size, font) <= wide for line in found):
        lines, wide = found, wide * NARROWER
        found = _broken(words, size, wide, font)
    return lines


def _broken(words: list[str], size: float, wide: float, font: str) -> list[str]:
    lines: list[str] = []
    for word in words:
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, size, font) <= wide:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def outline(text: str, size: float, x: float, y: float) -> str:
    """The "d" of a path of SVG: one line of words, its middle at `x`, its foot at `y`."""
    from fontTools.pens.svgPathPen import SVGPathPen
    from fontTools.pens.transformPen import TransformPen

    pen, left = SVGPathPen(None, ntos=lambda value: f"{value:.1f}".removesuffix(".0")), x - width(text, size) / 2
    for glyph, share in _glyphs(text, SANS):
        glyph.draw(TransformPen(pen, (size * share, 0, 0, -size * share, left, y)))
        left += glyph.width * share * size
    return str(pen.getCommands())
