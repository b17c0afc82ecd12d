"""Whether what a PDF shows is what we gave out: its credential says nothing of that, and somebody may have put a box over a name.

The page is ours where our seal covers all of the file, where it is the one that was sealed here (perhaps with a certificate of before) or
that the office signed, or where it looks like the paper drawn
anew and the file holds the same as that. A paper of an older version of this platform may look otherwise: it is called open, not altered. Altered is only what its own ink
proves: a name, course or number that the page writes and then hides. What others made is looked at in a process of its own.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from certificates import rendering, sealing
from certificates.models import CopyKind, Credential, SignedCopy
from lib import apart
from lib.refusals import Refusal

from . import alike

if TYPE_CHECKING:
    import pypdfium2
    from PIL.Image import Image

PATIENCE, MEGABYTES = 4, 400
MOST_LETTERS = 20_000
SCALE = 2
INK, ALIKE = 180, 60  # of 255: darker than the first is ink; two dots that differ by less are the same
VISIBLE = 0.5  # of the ink of a name: another name on a box over it leaves less, a specimen mark across it more


class Page(StrEnum):
    NONE = ""  # no PDF, or not looked at
    PROTECTED = "protected"  # by a seal over all of it
    SAME = "same"  # as the paper drawn anew
    OPEN = "not protected"


@dataclass(frozen=True)
class Look:
    page: Page
    hidden: tuple[str, ...] = ()  # of what was asked for


def look(
    data: bytes,
    credential: Credential,
    report: sealing.Report | None,
    *,
    wanted: Mapping[str, list[str]],
    judged: Collection[str],
) -> Look:
    """`wanted`: by name, in which words it may stand on the page. `judged`: the credentials in it, as they were read."""
    import pikepdf  # noqa: F401 (here, so that no process has to import them for itself)
    import pypdfium2  # noqa: F401

    if _is_sealed_by_us(report) or _is_the_office_s(data, credential) or rendering.is_kept(credential, data):
        return Look(Page.PROTECTED)
    try:
        original = rendering.pdf(credential)
        if data == original:
            return Look(Page.SAME)
        return apart.run(lambda: _compared(original, data, wanted, judged), seconds=PATIENCE, megabytes=MEGABYTES)
    except (Refusal, apart.ApartError):
        return Look(Page.OPEN)


def look_at_badge(data: bytes, credential: Credential, kind: "rendering.badges.Kind") -> Page:
    """A picture is ours where it is the one that is drawn anew: anybody can paint another around the same credential."""
    try:
        return Page.SAME if data == rendering.badge(credential, kind) else Page.OPEN
    except (Refusal, apart.ApartError):
        return Page.OPEN


def _is_sealed_by_us(report: sealing.Report | None) -> bool:
    """To its end: a further signature may bring a picture that covers the page."""
    ours = {sealing.Finding.OURS, sealing.Finding.WHOLE}
    return report is not None and any(seal.holds and ours <= seal.findings for seal in report.seals)


def _is_the_office_s(data: bytes, credential: Credential) -> bool:
    signed = SignedCopy.objects.filter(credential=credential, kind=CopyKind.SIGNED)
    return signed.filter(sha256=hashlib.sha256(data).hexdigest()).exists()


def _compared(original: bytes, sent: bytes, wanted: Mapping[str, list[str]], judged: Collection[str]) -> Look:
    import pypdfium2

    with pypdfium2.PdfDocument(original) as before, pypdfium2.PdfDocument(sent) as after:
        if _is_same(before, after):
            return Look(Page.SAME if alike.hold_the_same(original, sent, judged) else Page.OPEN)
        return Look(Page.OPEN, tuple(name for name, words in wanted.items() if _is_hidden(after, words)))


def _is_same(before: "pypdfium2.PdfDocument", after: "pypdfium2.PdfDocument") -> bool:
    return _marks(after) == _marks(before) and alike.look_the_same(before, after, with_marks=True)


def _marks(pdf: "pypdfium2.PdfDocument") -> int:
    """Annotations that take up room: some viewers draw what others do not. A seal that is not to be seen takes none."""
    import ctypes

    from pypdfium2 import raw

    found = 0
    for at in range(raw.FPDFPage_GetAnnotCount(pdf[0])):
        mark, box = raw.FPDFPage_GetAnnot(pdf[0], at), raw.FS_RECTF()
        has_box = raw.FPDFAnnot_GetRect(mark, ctypes.byref(box))
        found += bool(has_box and box.right != box.left and box.top != box.bottom)
        raw.FPDFPage_CloseAnnot(mark)
    return found


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
