"""A Word document (.docx): its paragraphs as lines, bold, underlined or highlighted ones marked."""

import io
import re
import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext as _

from .base import Parsed, Problem, UnreadableError
from .lettered import Line
from .lettered import read as read_lines

LARGEST = 30_000_000  # bytes of the text part when unpacked
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MARKS = ("b", "u", "highlight")
_LETTER = re.compile(r"\s*\*?\s*[A-Za-z]\s*[.)]")
_OFF = ("0", "false", "none", "off")


def read(data: bytes) -> Parsed:
    """Raises UnreadableError when it is no Word document."""
    body = _body(data)
    parsed = read_lines(_lines(body))
    if next(body.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}blip"), None) is not None:
        parsed.problems.append(
            Problem(0, _("Hình trong tệp Word không lấy được; hãy thêm hình sau khi nhập."), is_loss=True)
        )
    return parsed


def _too_large() -> UnreadableError:
    return UnreadableError(_("Tệp Word này lớn quá nên chưa đọc. Hãy chia nhỏ rồi tải lên."))


def _body(data: bytes) -> Element:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            info = packed.getinfo("word/document.xml")
            if info.file_size > LARGEST:
                raise _too_large()
            with packed.open(info) as part:
                content = part.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise _too_large()
        root: Element = fromstring(content, forbid_dtd=True)
    except (
        zipfile.BadZipFile,
        KeyError,
        ParseError,
        ValueError,
        NotImplementedError,  # how `zipfile` says that it cannot unpack this way of packing …
        RuntimeError,  # … and that a password is asked for
        DefusedXmlException,
    ) as error:
        raise UnreadableError(_("Không đọc được tệp Word này. Hãy lưu lại dạng .docx rồi tải lên.")) from error
    return root


def _lines(root: Element) -> Iterator[Line]:
    """Line breaks within a paragraph end a line as well; automatic numbering is no text and is not seen."""
    number = 0
    for paragraph in root.iter(f"{_W}p"):
        for pieces in _broken(paragraph):
            number += 1
            for part in _beside(pieces):
                told = [marked for words, marked in part if words.strip()]
                yield Line(number, "".join(words for words, _marked in part), bool(told) and all(told))


def _beside(pieces: list[tuple[str, bool]]) -> list[list[tuple[str, bool]]]:
    """Choices that stand beside each other with tabs between are lines of their own; any other tab is a blank."""
    parts: list[list[tuple[str, bool]]] = [[]]
    for words, marked in pieces:
        head, *rest = words.split("\t")
        parts[-1].append((head, marked))
        parts += [[(one, marked)] for one in rest]
    said = [part for part in parts if "".join(words for words, _marked in part).strip()]
    if len(said) > 1 and all(_LETTER.match("".join(words for words, _marked in part)) for part in said):
        return said
    return [[(words.replace("\t", " "), marked) for words, marked in pieces]]


def _broken(paragraph: Element) -> list[list[tuple[str, bool]]]:
    lines: list[list[tuple[str, bool]]] = [[]]
    for run in paragraph.iter(f"{_W}r"):
        is_marked = _is_marked(run)
        for part in run:
            if part.tag == f"{_W}t":
                lines[-1].append((part.text or "", is_marked))
            elif part.tag == f"{_W}tab":
                lines[-1].append(("\t", is_marked))
            elif part.tag in (f"{_W}br", f"{_W}cr"):
                lines.append([])
    return lines


def _is_marked(run: Element) -> bool:
    looks = run.find(f"{_W}rPr")
    if looks is None:
        return False
    found = (looks.find(f"{_W}{name}") for name in _MARKS)
    return any(mark is not None and mark.get(f"{_W}val", "1").lower() not in _OFF for mark in found)
