"""Ornaments that are drawn once a process and repeated afterwards: reading the paths of an SVG anew costs more than the rest of a page.

A drawing is kept only if it needs nothing of the document that it was drawn into: flat colours, no text, no gradient, no opacity.
Leans on four things of WeasyPrint 70: a document asks its cache for a picture before it opens it, an image is whatever has
`get_intrinsic_size` and `draw`, a stream can be cloned with resources of its own, and its operators are a list. tests/certificates/test_ornaments.py compares pictures with and without.
"""

import re
from typing import Any

OPAQUE = re.compile(rb"/[aA]1(?:\.0)? gs\s+")  # said before each path; said once for all of them by `draw`
STATES = "ExtGState"
OURS = "print:svg"


class Ornament:
    """A picture of ours as WeasyPrint draws it, kept by size (in pixels of CSS)."""

    def __init__(self, picture: Any) -> None:
        self.picture = picture
        self.drawn: dict[tuple[float, float], bytes | None] = {}

    def get_intrinsic_size(self, resolution: float, font_size: float) -> Any:
        return self.picture.get_intrinsic_size(resolution, font_size)

    def draw(self, stream: Any, width: float, height: float, style: Any) -> None:
        size = (width, height)
        if size not in self.drawn:
            self.drawn[size] = _recorded(self.picture, stream, width, height, style)
        operators = self.drawn[size]
        if operators is None:
            self.picture.draw(stream, width, height, style)
            return
        with stream.stacked():
            stream.set_alpha(1, stroke=True, fill=True)
            stream.stream.append(operators)


def _recorded(picture: Any, stream: Any, width: float, height: float, style: Any) -> bytes | None:
    """Operators of the drawing; None where they name something of the document, such as a font, a gradient or a group."""
    import pydyf

    resources = {kind: pydyf.Dictionary() for kind in stream._resources}
    beside = stream.clone(resources=resources, compress=False)
    picture.draw(beside, width, height, style)
    states = resources.pop(STATES)
    is_flat = all(value == 1 for state in states.values() for value in state.values())
    if any(resources.values()) or not is_flat or not all(isinstance(item, bytes) for item in beside.stream):
        return None
    return OPAQUE.sub(b"", b"\n".join(beside.stream))


class Pictures(dict[str, Any]):
    """What a document has opened by address; our drawings open as ornaments."""

    def __init__(self, kept: dict[str, Ornament], fetcher: Any) -> None:
        super().__init__(kept)
        self.fetcher = fetcher

    def __contains__(self, url: object) -> bool:
        from weasyprint.images import SVGImage, get_image_from_uri

        if not super().__contains__(url) and isinstance(url, str) and url.startswith(OURS):
            opened = get_image_from_uri({}, self.fetcher, {}, url)
            if isinstance(opened, SVGImage):
                self[url] = Ornament(opened)
        return super().__contains__(url)
