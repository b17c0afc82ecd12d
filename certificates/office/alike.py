"""What is asked of a file that comes back signed, beside the one that went out: the same look, the same content out of sight, one reading."""

import io
from typing import TYPE_CHECKING

from . import objects, tables
from .reading import has_one_reading

if TYPE_CHECKING:
    import pypdfium2


def look_the_same(before: "pypdfium2.PdfDocument", after: "pypdfium2.PdfDocument") -> bool:
    """By the dot, on the screen and on paper: a layer may be seen on one of them alone."""
    return all(_dots(after, way) == _dots(before, way) for way in (False, True))


def hold_the_same(original: bytes, signed: bytes) -> bool:
    """What is not seen. Not so where its reader stumbles, or another might read it otherwise."""
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(original)) as before, pikepdf.open(io.BytesIO(signed)) as after:
            if not has_one_reading(signed, set(tables.packings(before).values())):
                return False
            return objects.hold_the_same(before, after) and not after.get_warnings()
    except (pikepdf.PdfError, ValueError, TypeError, AttributeError, ArithmeticError):  # somebody else made it
        return False


def _dots(pdf: "pypdfium2.PdfDocument", is_for_print: bool) -> bytes:
    """Without the marks of whoever signed."""
    from pypdfium2 import raw

    flags = raw.FPDF_PRINTING if is_for_print else 0
    drawn = pdf[0].render(scale=1, may_draw_forms=False, draw_annots=False, extra_flags=flags)
    return bytes(drawn.to_pil().tobytes())
