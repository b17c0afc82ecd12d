"""Whether what stands on a paper fits: measured in the page that WeasyPrint laid out, as nothing on paper can be scrolled."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Self

from django.utils.translation import gettext as _

from certificates.designing import Paper
from lib import apart

from . import papers

SLACK = 1.5  # CSS pixels (0.4 mm) that rounding may cost
BESIDE = 4.0  # the same for a line's two ends: large letters begin a little further left than small ones
REGIONS = ("issuer", "nation", "main", "check", "sign", "number", "not")


@dataclass(frozen=True)
class Rectangle:
    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def of(cls, box: Any) -> Self:
        left, top = box.border_box_x(), box.border_box_y()
        return cls(left, top, left + box.border_width(), top + box.border_height())

    def meets(self, other: "Rectangle") -> bool:
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across > SLACK and down > SLACK


def problems(paper: Paper, case: str) -> list[str]:
    """Sentences; none where all fits. Raises Refusal where it cannot be drawn."""
    content, printer = papers.page(paper, papers.sample(case)), papers.ready(paper)
    laid_out = partial(printer.laid_out, content, paper.look, paper.accent)
    return papers.result_of(apart.Running(lambda: _problems(laid_out(), paper), seconds=papers.PATIENCE))


def _problems(document: Any, paper: Paper) -> list[str]:
    page = document.pages[0]._page_box
    boxes = {name: found for name in REGIONS if (found := _named(page, name)) is not None}
    words = {name: list(_words(box)) for name, box in boxes.items() if name != "main" or paper.look != "warm"}
    if "main" not in words:
        words["main"] = [word for box in boxes["main"].children if _class(box) != "issuer" for word in _words(box)]
    found = [*_too_many_pages(document), *_crowded(words), *_too_wide(boxes, words)]
    logo = _named(page, "logo")
    if logo is not None and any(Rectangle.of(logo).meets(word) for word in words["main"]):
        found.append(_("Chữ đè lên biểu trưng."))
    return found


def _too_many_pages(document: Any) -> list[str]:
    return [_("Giấy dài hơn một trang.")] if len(document.pages) > 1 else []


def _crowded(words: dict[str, list[Rectangle]]) -> list[str]:
    """The text in the middle grows downwards, heads and foot stand still."""
    said = {
        "issuer": _("Tên đơn vị cấp chạm vào chữ ở giữa."),
        "number": _("Số giấy chạm vào chữ khác."),
        "check": _("Chữ ở giữa chạm vào mã QR."),
        "sign": _("Chữ ở giữa chạm vào phần ký."),
    }
    middle = words["main"]
    met = [name for name in said if any(one.meets(other) for one in words.get(name, []) for other in middle)]
    heads = any(
        one.meets(other)
        for one in words.get("issuer", [])
        for other in [*words.get("nation", []), *words.get("number", [])]
    )
    foot = any(one.meets(other) for name in ("check", "sign") for one in words.get(name, []) for other in words["not"])
    return [
        *(said[name] for name in met),
        *([_("Tên đơn vị cấp dài quá, chạm vào dòng bên phải.")] if heads else []),
        *([_("Phần ký hoặc phần mã QR cao quá, chạm vào dòng cuối trang.")] if foot else []),
    ]


def _too_wide(boxes: dict[str, Any], words: dict[str, list[Rectangle]]) -> list[str]:
    wide = False
    for name, box in boxes.items():
        place = Rectangle.of(box)
        wide |= any(word.left < place.left - BESIDE or word.right > place.right + BESIDE for word in words[name])
    return [_("Có dòng chữ dài quá, tràn ra ngoài chỗ của dòng.")] if wide else []


def _class(box: Any) -> str:
    element = getattr(box, "element", None)
    return (element.get("class") or "").split(" ")[0] if element is not None else ""


def _named(page: Any, name: str) -> Any:
    return next((box for box in page.descendants(placeholders=True) if _class(box) == name), None)


def _words(box: Any) -> Iterator[Rectangle]:
    """Where letters, pictures and rules stand; a line's own height would count its air as well."""
    for one in box.descendants(placeholders=True):
        if (type(one).__name__ == "TextBox" and one.text.strip()) or "Replaced" in type(one).__name__:
            yield Rectangle.of(one)
