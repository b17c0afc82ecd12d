"""What is asked of two PDFs wherever they are compared: a file that somebody checks, and one that an office brings back signed."""

import io
from collections.abc import Collection
from typing import TYPE_CHECKING

from . import objects, tables
from .reading import has_one_reading

if TYPE_CHECKING:
    import pypdfium2


def have_the_same_size(before: "pypdfium2.PdfDocument", after: "pypdfium2.PdfDocument") -> bool:
    return len(after) == len(before) and after[0].get_size() == before[0].get_size()


def look_the_same(before: "pypdfium2.PdfDocument", after: "pypdfium2.PdfDocument", *, with_marks: bool) -> bool:
    """By the dot, on the screen and on paper: a layer may be seen on one of them alone. `with_marks`: of signatures, and notes."""
    if not have_the_same_size(before, after):
        return False
    return all(_dots(after, way, with_marks) == _dots(before, way, with_marks) for way in (False, True))


def hold_the_same(original: bytes, sent: bytes, judged: Collection[str] = ()) -> bool:
    """Whatever is not seen as well; `judged` as in `objects.hold_the_same`. Not so where its reader stumbles, or another might read it otherwise."""
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(original)) as before, pikepdf.open(io.BytesIO(sent)) as after:
            if not has_one_reading(sent, set(tables.packings(before).values())):
                return False
            return objects.hold_the_same(before, after, judged) and not after.get_warnings()
    except (pikepdf.PdfError, ValueError, TypeError, AttributeError, ArithmeticError):  # somebody else made it
        return False


def _dots(pdf: "pypdfium2.PdfDocument", is_for_print: bool, with_marks: bool) -> bytes:
    from pypdfium2 import raw

    flags = raw.FPDF_PRINTING if is_for_print else 0
    drawn = pdf[0].render(scale=1, may_draw_forms=with_marks, draw_annots=with_marks, extra_flags=flags)
    return bytes(drawn.to_pil().tobytes())
