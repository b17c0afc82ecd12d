"""What a Word document says, paragraph by paragraph, as its reader sees it: changes accepted, numbers written out."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from . import scripts, word_math, word_numbering
from .word_xml import child, children, name, value

OPEN, CLOSE = "\ue104", "\ue105"  # around the number of a picture, while words are read
_PRIVATE = re.compile(r"[\ue000-\uf8ff]")
_AROUND = ("w:sdt", "w:sdtContent", "w:ins", "w:moveTo", "w:customXml", "w:smartTag", "w:hyperlink", "w:fldSimple",
           "w:dir", "w:bdo", "w:ruby", "w:rubyBase", "mc:AlternateContent", "mc:Choice")  # fmt: skip
_GONE = ("w:del", "w:moveFrom", "mc:Fallback")
_OFF = ("0", "false", "none", "off")
_DESCRIBED = (":docPr", ":cNvPr", ":shape")
_LONGEST_ALT = 500
_BLACK = ("", "auto", "000000", "windowText")
_WHITE = ("", "auto", "ffffff", "none", "clear")
_SYMBOLS = {  # fonts that put signs of their own where letters are
    "symbol": dict(zip(range(0x61, 0x7B), "αβχδεφγηιϕκλμνοπθρστυϖωξψζ", strict=True))
    | dict(zip(range(0x41, 0x5B), "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ", strict=True))
    | {0xA3: "≤", 0xA5: "∞", 0xAB: "↔", 0xAC: "←", 0xAD: "↑", 0xAE: "→", 0xAF: "↓", 0xB0: "°", 0xB1: "±", 0xB3: "≥",
       0xB4: "×", 0xB5: "∝", 0xB7: "•", 0xB8: "÷", 0xB9: "≠", 0xBA: "≡", 0xBB: "≈", 0xC7: "∩", 0xC8: "∪", 0xCE: "∈",
       0xD0: "∠", 0xD6: "√", 0xDB: "⇔", 0xDE: "⇒", 0xE5: "∑", 0xF2: "∫", 0xC6: "∅", 0xCC: "⊂", 0x5E: "⊥", 0x2D: "−"},
    "wingdings": {0xE0: "→", 0xDF: "←", 0xE8: "→", 0xF0: "⇨", 0xFC: "✓", 0xFB: "✗", 0xFE: "☑", 0xFD: "☒", 0xA8: "☐",
                  0x6F: "☐", 0x71: "☐", 0xA7: "▪", 0x6C: "●", 0x6E: "■", 0x76: "❖", 0xD8: "➢", 0x4A: "☺", 0x4C: "☹"},
}  # fmt: skip


@dataclass(frozen=True)
class Piece:
    words: str
    marks: frozenset[str] | None = frozenset()  # bold and the like; None for what nobody typed


@dataclass
class Paragraph:
    pieces: list[Piece] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)
    in_table: bool = False


@dataclass
class Reader:
    numbering: word_numbering.Numbering
    styles: Mapping[str, Element]
    picture: Callable[
        [str, str], str
    ]  # the number of a relation with this description; "" where it is no picture we take

    def paragraphs(self, parent: Element, *, in_table: bool = False) -> Iterator[Paragraph]:
        held: Paragraph | None = None
        for element in self._flat(parent):
            if name(element) == "w:tbl":
                yield from self._table(element)
                continue
            made = self._paragraph(element, in_table)
            if held:
                made = Paragraph(held.pieces + made.pieces, held.losses + made.losses, in_table)
            if held := made if _is_joined(element) else None:
                continue
            yield made
            yield from self._boxes(element)
        if held:
            yield held

    def _flat(self, parent: Element) -> Iterator[Element]:
        for element in parent:
            tag = name(element)
            if tag in ("w:p", "w:tbl"):
                yield element
            elif tag in _AROUND:
                yield from self._flat(element)

    def _table(self, table: Element) -> Iterator[Paragraph]:
        for row in _within(table, "w:tr"):
            if child(child(row, "trPr"), "del") is None:
                for cell in _within(row, "w:tc"):
                    yield from self.paragraphs(cell, in_table=True)

    def _boxes(self, paragraph: Element) -> Iterator[Paragraph]:
        for box in _seen(paragraph):
            if name(box) == "w:txbxContent":
                for made in self.paragraphs(box):
                    made.losses.append(
                        _("Chữ trong khung (text box) được đọc sau đoạn có khung; hãy xem lại chỗ đứng.")
                    )
                    yield made

    def _paragraph(self, element: Element, in_table: bool) -> Paragraph:
        made = Paragraph(in_table=in_table)
        style = value(child(child(element, "pPr"), "pStyle"))
        if label := self.numbering.label(element, style):
            made.pieces.append(Piece(f"{label} ", None))
        self._inside(element, made, self._marks_of_style(style))
        return made

    def _inside(self, parent: Element, made: Paragraph, marks: frozenset[str]) -> None:
        for element in parent:
            tag = name(element)
            if tag == "w:r":
                self._run(element, made, marks)
            elif tag in _AROUND:
                self._inside(element, made, marks)
            elif tag in ("m:oMath", "m:oMathPara"):
                made.pieces.append(Piece(word_math.written(element), marks))
                made.losses.append(_("Công thức chỉ còn là chữ; hãy xem lại sau khi nhập."))
            if tag in ("w:ins", "w:del", "w:moveTo", "w:moveFrom"):
                made.losses.append(_("Chỗ sửa đang theo dõi (track changes) được đọc như đã chấp nhận."))

    def _run(self, run: Element, made: Paragraph, above: frozenset[str]) -> None:
        looks = child(run, "rPr")
        marks = self._marks(looks, self._marks_of_style(value(child(looks, "rStyle")), above))
        place = value(child(looks, "vertAlign"))
        if any(_is_on(child(looks, one)) for one in ("strike", "dstrike")):
            made.losses.append(_("Chữ gạch bỏ vẫn được đọc như chữ thường."))
        if _is_on(child(looks, "vanish")):
            made.losses.append(_("Chữ ẩn vẫn được đọc như chữ thường."))
        for part in run:
            self._part(part, made, marks, place)

    def _part(self, part: Element, made: Paragraph, marks: frozenset[str], place: str) -> None:
        match name(part):
            case "w:t":
                words = _PRIVATE.sub("", part.text or "")
                turned = {"superscript": scripts.above, "subscript": scripts.below}.get(place, str)(words)
                made.pieces.append(Piece(turned, marks))
            case "w:tab" | "w:ptab":
                made.pieces.append(Piece("\t", marks))
            case "w:br" | "w:cr":
                made.pieces.append(Piece("\n", marks))
            case "w:noBreakHyphen":
                made.pieces.append(Piece("-", marks))
            case "w:sym":
                made.pieces.append(Piece(_symbol(part, made), marks))
            case "w:ruby":
                self._inside(part, made, marks)
            case tag if tag in _NOT_READ:
                made.losses.append(_NOT_READ[tag]())
            case "w:instrText" if re.match(r"\s*(EQ|SYMBOL)\b", part.text or ""):
                made.losses.append(_("Công thức viết bằng trường EQ hay SYMBOL không đọc được; hãy gõ lại."))
            case "w:drawing" | "w:pict" | "w:object" | "mc:AlternateContent":
                self._drawn(part, made)

    def _drawn(self, part: Element, made: Paragraph) -> None:
        """Pictures of a drawing; what is drawn or embedded in another way is told."""
        found = [one for one in _seen(part) if name(one) in (":blip", ":imagedata")]
        kept = [] if name(part) == "w:object" else [self.picture(_relation(one), _alt(part)) for one in found]
        made.pieces += [Piece(f"{OPEN}{number}{CLOSE}", None) for number in kept if number]
        has_words = any(name(one) == "w:txbxContent" for one in _seen(part))
        if name(part) == "w:object":
            made.losses.append(_("Công thức hay đối tượng nhúng (OLE) không nhập được; hãy gõ lại."))
        elif not all(kept) or not (found or has_words):
            made.losses.append(
                _(
                    "Hình vẽ, biểu đồ hay hình không phải PNG, JPEG, GIF, WebP không nhập được; hãy thêm hình sau khi nhập."
                )
            )

    def _marks(self, looks: Element | None, above: frozenset[str]) -> frozenset[str]:
        """What is said here counts, else what was above."""
        if looks is None:
            return above
        made = set(above)
        for mark, said in _said(looks):
            (made.add if said else made.discard)(mark)
        return frozenset(made)

    def _marks_of_style(self, named: str, above: frozenset[str] = frozenset(), depth: int = 0) -> frozenset[str]:
        style = self.styles.get(named)
        if style is None or depth > 9:
            return above
        under = self._marks_of_style(value(child(style, "basedOn")), above, depth + 1)
        return self._marks(child(style, "rPr"), under)


_NOT_READ: dict[str, Callable[[], str]] = {
    "w:footnoteReference": lambda: _("Chú thích cuối trang không nhập được."),
    "w:endnoteReference": lambda: _("Chú thích cuối bài không nhập được."),
    "w:commentReference": lambda: _("Lời bình (comment) bên lề không nhập được."),
}


def _said(looks: Element) -> Iterator[tuple[str, bool]]:
    for mark in ("b", "u", "highlight"):
        if (one := child(looks, mark)) is not None:
            yield mark, _is_on(one)
    if (one := child(looks, "color")) is not None:
        yield "color", value(one).lower() not in _BLACK
    if (one := child(looks, "shd")) is not None:
        yield "shd", value(one, "fill").lower() not in _WHITE


def _is_on(mark: Element | None) -> bool:
    return mark is not None and (value(mark) or "1").lower() not in _OFF


def _is_joined(paragraph: Element) -> bool:
    """Whether its end was deleted: the next one goes on in the same line."""
    return child(child(child(paragraph, "pPr"), "rPr"), "del") is not None


def _seen(parent: Element) -> Iterator[Element]:
    """All that stands within, but for what an older Word is shown instead."""
    for element in parent:
        if name(element) not in _GONE:
            yield element
            yield from _seen(element)


def _within(parent: Element, wanted: str) -> Iterator[Element]:
    for element in parent:
        if name(element) == wanted:
            yield element
        elif name(element) in _AROUND:
            yield from _within(element, wanted)


def _relation(picture: Element) -> str:
    return value(picture, "embed") or value(picture, "id")


def _alt(drawing: Element) -> str:
    """What somebody wrote as the description of a drawing, without the signs that end one in Markdown."""
    said = (value(one, "descr") or value(one, "alt") for one in _seen(drawing) if name(one) in _DESCRIBED)
    return " ".join(re.sub(r'[\[\]\\"]', " ", next(filter(None, said), "")).split())[:_LONGEST_ALT]


def _symbol(part: Element, made: Paragraph) -> str:
    font, code = value(part, "font").lower(), value(part, "char")
    place = int(code, 16) & 0xFF if re.fullmatch(r"[0-9A-Fa-f]{2,4}", code) else 0
    family = next((signs for named, signs in _SYMBOLS.items() if font.startswith(named)), {})
    sign = family.get(place, chr(int(code, 16)) if place and not code.upper().startswith("F0") else "")
    if not sign:
        made.losses.append(_("Có ký hiệu của phông “%(font)s” không đọc được; hãy gõ lại.") % {"font": font[:40]})
    return sign


def styles_of(root: Element | None) -> dict[str, Element]:
    return {value(style, "styleId"): style for style in children(root, "style")}
