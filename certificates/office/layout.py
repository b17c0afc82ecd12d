"""Whether between the beginning and the end of a PDF nothing stands but objects, tables and comments, each where it seems to stand.

A program that looks through the file for itself goes by words: one object ends with the first `endobj`, a stream where its length says or
at the first `endstream`, and a dictionary that belongs to no object may count as a trailer. So no object may reach into another.
"""

import re
from collections.abc import Collection
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pikepdf

# Blanks and comments, which may stand between any two words.
GAP = rb"(?:[\0\t\n\f\r ]|%[^\r\n]*[\r\n])"
OBJECT = re.compile(rb"(\d{1,10})" + GAP + rb"+(\d{1,10})" + GAP + rb"+obj")
# What only some take for a number (+0, 0.0) or a blank (a vertical tab, a hard space), or read without a blank.
WIDE = rb"(?:[\v\xa0]|" + GAP + rb")"
ALIKE = re.compile(rb"[-+.\d]" + WIDE + rb"+[-+.\d]{1,20}" + WIDE + rb"*obj")
# Some look only at the beginnings of lines, and for these blanks alone.
PLAINLY = re.compile(rb"(?<=[\r\n])\d{1,10} \d{1,10} obj(?![^\s<\[(/])")
STREAM = re.compile(rb"(.*?)stream\r?\n", re.DOTALL)
END = re.compile(rb"endobj" + GAP + rb"*\Z")
END_OF_STREAM = re.compile(rb"[\0\t\n\f\r ]*endstream" + GAP + rb"*\Z")
END_OF_FILE = re.compile(rb"startxref\s+\d+\s+%%EOF(?:[\r\n]" + GAP + rb"*)?\Z")
REFERENCE = re.compile(rb"(\d+)\s+(\d+)\s+R\b")


def parsed(text: bytes) -> Any:
    """An object. What it refers to becomes a pair of numbers. Raises pikepdf.PdfError for what is not one object."""
    import pikepdf

    return pikepdf.Object.parse(REFERENCE.sub(rb"[\1 \2]", text))


def is_in_order(data: bytes, pdf: "pikepdf.Pdf", places: Collection[int], tables: Collection[int]) -> bool:
    """`places`: of all objects; `tables`: of those tables that are no streams. Raises ValueError and the like for what is no object."""
    ends = [one.start() for one in re.finditer(rb"startxref", data)]
    marks = sorted([*places, *tables, *ends, len(data)])
    parts = {begin: data[begin:end] for begin, end in pairwise(marks)}
    return (
        len(ALIKE.findall(data)) == len(PLAINLY.findall(data)) == len(places)
        and all(_is_one_object(parts[place], pdf) for place in places)
        and all(END_OF_FILE.match(parts[place]) for place in ends)
    )


def _is_one_object(part: bytes, pdf: "pikepdf.Pdf") -> bool:
    begun, end = OBJECT.match(part), END.search(part)
    if begun is None or end is None or part.count(b"endobj") != 1:
        return False
    body = part[begun.end() : end.start()]
    head = STREAM.match(body)
    if head is None:
        return b"endstream" not in body
    return END_OF_STREAM.fullmatch(body, head.end() + _length(head[1], pdf)) is not None


def _length(said: bytes, pdf: "pikepdf.Pdf") -> int:
    """Of a stream by its dictionary; may stand in an object of its own."""
    import pikepdf

    length = parsed(said)["/Length"]
    return int(pdf.get_object(*map(int, length)) if isinstance(length, pikepdf.Array) else length)  # type: ignore[call-overload]
