"""What a page writes and then hides: somebody put a box over a name, and another name on it.

It finds the clumsy forger, and proves no other file good. What others made is looked at in a process of its own.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from lib import apart

if TYPE_CHECKING:
    import pypdfium2
    from PIL.Image import Image

PATIENCE, MEGABYTES = 4, 400
MOST_LETTERS = 20_000
SCALE = 2
INK, ALIKE = 180, 60  # of 255: darker than the first is ink; two dots that differ by less are the same
VISIBLE = 0.5  # of the ink of a name: another name on a box over it leaves less, a specimen mark across it more


def hidden(data: bytes, wanted: Mapping[str, list[str]]) -> list[str]:
    """`wanted`: by name, in which words it may stand on the page of a PDF. None where that cannot be looked at."""
    import pypdfium2  # noqa: F401 (here, so that no process has to import it for itself)

    try:
        return apart.run(lambda: _hidden(data, wanted), seconds=PATIENCE, megabytes=MEGABYTES)
    except apart.ApartError:
        return []


def _hidden(data: bytes, wanted: Mapping[str, list[str]]) -> list[str]:
    import pypdfium2

    with pypdfium2.PdfDocument(data) as pdf:
        return [name for name, words in wanted.items() if _is_hidden(pdf, words)]


def _is_hidden(pdf: "pypdfium2.PdfDocument", words: list[str]) -> bool:
    """The page writes it, and nowhere can it be seen. Not of what was never ink, such as white letters on a dark ground."""
    page = pdf[0]
    whole = page.render(scale=SCALE).to_pil().convert("L")
    seen = [share for word in words for share in _shares(page, word, whole)]
    return bool(seen) and max(seen) < VISIBLE


def _shares(page: "pypdfium2.PdfPage", word: str, whole: "Image") -> list[float]:
    """How much of its ink the page shows, for each place where the word stands."""
    shares = (_share(_alone(page, writers), whole) for writers in _written(page, word))
    return [one for one in shares if one is not None]


def _written(page: "pypdfium2.PdfPage", word: str) -> list[set[int]]:
    """For each place, the addresses of the objects that write it. Case, blanks and ends of lines do not matter."""
    import ctypes

    from pypdfium2 import raw

    text = page.get_textpage()
    codes = [(at, chr(raw.FPDFText_GetUnicode(text, at))) for at in range(min(text.count_chars(), MOST_LETTERS))]
    letters = [
        (at, folded) for at, one in codes if not one.isspace() and one.isprintable() for folded in one.casefold()
    ]
    said, sought, found, start = "".join(one for _at, one in letters), "".join(word.casefold().split()), [], 0
    while sought and (begin := said.find(sought, start)) >= 0:
        writers = (raw.FPDFText_GetTextObject(text, at) for at, _one in letters[begin : begin + len(sought)])
        found.append({ctypes.cast(one, ctypes.c_void_p).value or 0 for one in writers})
        start = begin + len(sought)
    return found


def _alone(page: "pypdfium2.PdfPage", writers: set[int]) -> "Image":
    """The page with nothing but these."""
    import ctypes

    from pypdfium2 import raw

    others = [raw.FPDFPage_GetObject(page, at) for at in range(raw.FPDFPage_CountObjects(page))]
    others = [one for one in others if ctypes.cast(one, ctypes.c_void_p).value not in writers]
    for one in others:
        raw.FPDFPageObj_SetIsActive(one, False)
    image = page.render(scale=SCALE, draw_annots=False, may_draw_forms=False).to_pil().convert("L")
    for one in others:
        raw.FPDFPageObj_SetIsActive(one, True)
    return image


def _share(alone: "Image", whole: "Image") -> float | None:
    from PIL import ImageChops

    ink = alone.point([255 if value < INK else 0 for value in range(256)])
    same = ImageChops.difference(alone, whole).point([255 if value < ALIKE else 0 for value in range(256)])
    count = ink.histogram()[255]
    return ImageChops.darker(ink, same).histogram()[255] / count if count else None
