"""Whether a PDF can be read in one way only.

Programs find the objects of a file by the table that its end names, and each forgives other mistakes there: a file may hold two papers, and
show one of them here and the other on somebody's screen. So only an end that leaves nothing to forgive is compared at all.
"""

import io
import re
from collections.abc import Collection

from . import tables

HEAD = b"%PDF-"
WORD = b"startxref"
END = re.compile(rb"(?<=[\r\n])startxref[ \t]*(?:\r\n|\r|\n)[ \t]*(\d{1,10})[ \t]*(?:\r\n|\r|\n)%%EOF(?=[\r\n]|\Z)")
TABLE = re.compile(rb"xref\s|\d{1,10}\s+\d{1,5}\s+obj\b")
HYBRID = b"XRefStm"  # a second table, which old programs pass over
OF_A_FIRST_PART = 0  # what a file says that begins with its first page, for the net


def has_one_reading(data: bytes, known: Collection[tables.Packing] | None = None) -> bool:
    """True where each end of the file (one for each time it was added to) is written as ISO 32000-1, 7.5.5 has it, names a place where a table
    begins, nothing stands before the first or behind the last line, and the tables tell all that is there (`known` as `tables.tell_all` has it)."""
    ends = list(END.finditer(data))
    if not data.startswith(HEAD) or not ends or len(ends) != data.count(WORD) or HYBRID in data:
        return False
    places = [int(one[1]) for one in ends]
    is_whole = not data[ends[-1].end() :].strip()
    is_led = places[-1] > 0 and all(one == OF_A_FIRST_PART or TABLE.match(data, one) for one in places)
    return is_whole and is_led and _tables_tell_all(data, places[-1], known)


def _tables_tell_all(data: bytes, place: int, known: Collection[tables.Packing] | None) -> bool:
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            return tables.tell_all(data, pdf, place, known)
    except (pikepdf.PdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, StopIteration):
        return False
