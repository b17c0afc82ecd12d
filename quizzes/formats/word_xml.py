"""Names within a Word document, whichever of its two dialects (transitional, strict) it is written in."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

_PREFIXES = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "w",
    "http://purl.oclc.org/ooxml/wordprocessingml/main": "w",
    "http://schemas.openxmlformats.org/officeDocument/2006/math": "m",
    "http://purl.oclc.org/ooxml/officeDocument/math": "m",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
}


def name(element: Element) -> str:
    """ "w:p", "m:t"; ":blip" for what is of another vocabulary."""
    space, _brace, local = str(element.tag).rpartition("}")
    return f"{_PREFIXES.get(space[1:], '')}:{local}"


def children(parent: Element | None, local: str) -> Iterator[Element]:
    return (one for one in (parent if parent is not None else ()) if name(one) == f"w:{local}")


def child(parent: Element | None, local: str) -> Element | None:
    return next(children(parent, local), None)


def value(element: Element | None, attribute: str = "val") -> str:
    if element is None:
        return ""
    return next((said for key, said in element.items() if key.rpartition("}")[2] == attribute), "")
