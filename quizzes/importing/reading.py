"""Which format a file has, and how much of it is read."""

import re
from collections.abc import Callable
from pathlib import PurePath

from django.utils.translation import gettext as _

from lib.foreign import decoding, packing
from quizzes.formats import aiken, excel, gift, moodle_xml, qti, word
from quizzes.formats.base import Parsed, Problem, UnreadableError

LARGEST = 20_000_000  # bytes
MOST = 2_000  # questions in one file: SQLite has one writer, and others wait five seconds for it
MOST_PICTURES = 500
MOST_LINES = 200_000  # of a text file


def _of_text(read: Callable[[str], Parsed]) -> Callable[[bytes], Parsed]:
    def reader(data: bytes) -> Parsed:
        content, encoding = decoding.decoded(data)
        if content.count("\n") > MOST_LINES:
            raise UnreadableError(_("Tệp này có hơn %(n)s dòng. Hãy chia nhỏ rồi tải lên.") % {"n": MOST_LINES})
        parsed = read(content)
        if encoding:
            said = _("Tệp viết bằng bảng mã %(name)s; đã đọc được. Lần sau nên lưu bằng UTF-8.") % {"name": encoding}
            parsed.problems.insert(0, Problem(0, said, is_loss=True))
        return parsed

    return reader


FORMATS: dict[str, Callable[[bytes], Parsed]] = {
    "gift": _of_text(gift.read),
    "aiken": _of_text(aiken.read),
    "xml": moodle_xml.read,
    "word": word.read,
    "excel": excel.read,
    "qti": qti.read,
}
ALIASES = {"moodle_xml": "xml", "docx": "word", "xlsx": "excel"}  # as an export calls them
_XML = re.compile(rb"<[?!A-Za-z]")
_GIFT = re.compile(rb"\{\s*(?:[=~#]|(?:T|F|TRUE|FALSE)\s*[#}])")
_AIKEN = re.compile(rb"(?m)^ANSWER:\s*[A-Z]\s*$")
_QTI = re.compile(rb"<(?:\w+:)?(?:assessment(?:Item|Test)|qti-assessment-(?:item|test)|questestinterop|manifest)\b")
_SUFFIXES = {".gift": "gift", ".docx": "word", ".xlsx": "excel", ".zip": "qti"}
_PARTS = {"imsmanifest.xml": "qti", "xl/workbook.xml": "excel", "word/document.xml": "word"}


def check_size(size: int) -> None:
    """Raises UnreadableError for a file that is not even read."""
    if size > LARGEST:
        raise UnreadableError(_("Tệp này lớn quá 20 MB. Hãy chia nhỏ rồi tải lên."))


def read(data: bytes, name: str, form: str) -> Parsed:
    check_size(len(data))
    if not data.strip():
        raise UnreadableError(_("Tệp này trống."))
    parsed = FORMATS[ALIASES.get(form, form) or guessed(data, name)](data)
    if len(parsed.drafts) > MOST:
        raise UnreadableError(_("Tệp này có hơn %(n)s câu. Hãy chia nhỏ rồi tải lên.") % {"n": MOST})
    if sum(len(draft.pictures) for draft in parsed.drafts) > MOST_PICTURES:
        raise UnreadableError(_("Tệp này có hơn %(n)s hình. Hãy chia nhỏ rồi tải lên.") % {"n": MOST_PICTURES})
    if not parsed.drafts and not parsed.problems:
        raise UnreadableError(
            _(
                "Không thấy câu hỏi nào trong tệp này. Hãy xem lại mẫu viết câu hỏi và ô “Dạng tệp”, rồi chọn tệp lần nữa."
            )
        )
    return parsed


def guessed(data: bytes, name: str) -> str:
    """By suffix where it says something, else by what the content looks like."""
    suffix = PurePath(name.lower()).suffix
    if suffix in _SUFFIXES:
        return _SUFFIXES[suffix]
    if data.startswith(b"PK"):
        return next((form for part, form in _PARTS.items() if part in packing.names(data)), "word")
    head = data.lstrip(b"\xef\xbb\xbf \t\r\n")
    if _XML.match(head) or suffix == ".xml":
        return "qti" if _QTI.search(head) else "xml"
    if head.startswith((b"//", b"::", b"$CATEGORY")) or _GIFT.search(data):
        return "gift"
    return "aiken" if b"{" not in data or _AIKEN.search(data) else "gift"
