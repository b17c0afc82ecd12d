"""Bytes of a text file as text. Old Vietnamese encodings are named, not guessed into nonsense."""

import codecs
import re
import unicodedata

from django.utils.translation import gettext as _

from .refused import UnreadableError

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_OURS = frozenset("àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ“”‘’–—…·•°±×÷€©®«»§½¼¾²³₫µ\xa0")
_AMIDST = re.compile(r"[^\W\d_][µ¶¸¹·¢£¥¨©ª®¯°±²³´¼½¾§«»][^\W\d_]")  # signs within words: letters of TCVN3
# Letters as UTF-8 writes them, halves of pairs among them. In CP1258 a few signs in a row look so, and most letters do not.
_OF_UTF8 = re.compile(rb"[\xc3-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
CP1258 = "CP1258 (Windows)"


def decoded(data: bytes) -> tuple[str, str]:
    """(text, name of the encoding where it is not UTF-8). Raises UnreadableError for what cannot be read for certain."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _decode(data, encoding), "" if encoding == "utf-8-sig" else "UTF-16"
    try:
        return data.decode("utf-8"), ""
    except UnicodeDecodeError as error:
        return _as_cp1258(data, error.start), CP1258


def _decode(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableError(
            _(
                "Tệp bị hỏng: có chữ không đọc được (byte %(n)s). Hãy mở tệp bằng phần mềm đã viết ra nó, lưu lại bằng mã UTF-8 (Unicode) rồi tải lên."
            )
            % {"n": error.start + 1}
        ) from error


def _as_cp1258(data: bytes, at: int) -> str:
    """Taken only when every letter is one of ours: TCVN3, VNI and others would come out as letters that nobody writes."""
    line = data[:at].count(b"\n") + 1
    if 4 * sum(map(len, _OF_UTF8.findall(data))) > 3 * len(_BEYOND_ASCII.findall(data)):
        raise UnreadableError(
            _(
                "Tệp viết bằng UTF-8 nhưng có chữ hỏng ở dòng %(line)s. Hãy gõ lại chỗ ấy, lưu bằng mã UTF-8 (Unicode) rồi tải lên."
            )
            % {"line": line}
        )
    decoded = unicodedata.normalize("NFC", data.decode("cp1258", "replace"))
    if all(c.isascii() or c.lower() in _OURS for c in decoded) and not _AMIDST.search(decoded):
        return decoded
    raise UnreadableError(
        _(
            "Tệp không phải UTF-8 (sai từ dòng %(line)s), có lẽ là bảng mã cũ như TCVN3 hay VNI. Hãy mở tệp bằng phần "
            "mềm đã viết ra nó, lưu lại bằng mã UTF-8 (Unicode) rồi tải lên."
        )
        % {"line": line}
    )
