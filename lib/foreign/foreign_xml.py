"""XML of other programs as elements: with bounds, without entities, and with its faults said by line and column."""

from xml.etree.ElementTree import Element, ParseError
from xml.parsers.expat import ErrorString, errors

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext as _

from .refused import UnreadableError

MOST_ELEMENTS = 400_000  # more than two thousand questions have; each takes some hundred bytes of memory
MOST_TAGS = 200_000  # of a file of questions with the HTML in it, each of which takes much longer


def root(data: bytes, *, forbid_dtd: bool = False) -> Element:
    """Raises UnreadableError. Where a document type is allowed, entities and fetching are still refused."""
    if elements_in(data) + data.count(b"&lt;") // 2 > MOST_TAGS:
        raise UnreadableError(_("Tệp này có quá nhiều phần tử XML nên chưa đọc. Hãy chia nhỏ rồi tải lên."))
    try:
        found: Element = fromstring(data, forbid_dtd=forbid_dtd)
    except DefusedXmlException as error:
        raise UnreadableError(
            _("Chưa đọc tệp này, vì trong tệp có khai báo DTD hoặc thực thể, có thể gây hại. Hãy xuất lại tệp.")
        ) from error
    except ParseError as error:
        raise UnreadableError(_fault(error)) from error
    except (ValueError, LookupError) as error:
        raise UnreadableError(
            _("Tệp XML khai báo một bảng mã không đọc được. Hãy xuất lại tệp bằng mã UTF-8 rồi chọn lại.")
        ) from error
    return found


def elements_in(data: bytes) -> int:
    return data.count(b"<") - data.count(b"</")


def _fault(error: ParseError) -> str:
    line, column = error.position
    why = _WHY.get(ErrorString(error.code) or "", lambda: _("có chỗ viết không đúng quy tắc XML"))()
    said = _("Tệp XML bị lỗi ở dòng %(line)s, cột %(column)s: %(why)s. Hãy xuất lại tệp rồi chọn lại.")
    return said % {"line": line, "column": column + 1, "why": why}


_WHY = {
    errors.XML_ERROR_NO_ELEMENTS: lambda: _("tệp kết thúc giữa chừng"),
    errors.XML_ERROR_UNCLOSED_TOKEN: lambda: _("một thẻ bị cắt ngang"),
    errors.XML_ERROR_UNCLOSED_CDATA_SECTION: lambda: _("phần CDATA chưa đóng"),
    errors.XML_ERROR_INVALID_TOKEN: lambda: _(
        "có ký tự không được đứng ở đây, ví dụ dấu & hay < chưa viết thành &amp; &lt;"
    ),
    errors.XML_ERROR_TAG_MISMATCH: lambda: _("thẻ đóng không khớp với thẻ mở"),
    errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT: lambda: _("có nội dung thừa sau phần tử ngoài cùng"),
    errors.XML_ERROR_UNDEFINED_ENTITY: lambda: _("có tên ký tự (&…;) mà XML không biết"),
    errors.XML_ERROR_DUPLICATE_ATTRIBUTE: lambda: _("một thẻ có hai thuộc tính cùng tên"),
    errors.XML_ERROR_UNBOUND_PREFIX: lambda: _("có tiền tố chưa khai báo (xmlns)"),
    errors.XML_ERROR_UNKNOWN_ENCODING: lambda: _("bảng mã khai báo ở đầu tệp không đọc được"),
    errors.XML_ERROR_INCORRECT_ENCODING: lambda: _("bảng mã khai báo ở đầu tệp không đúng với tệp"),
}
