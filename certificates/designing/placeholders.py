"""The parts of a typed text that are filled in on paper: an allow-list. Everything else is printed as it was typed.

One pass over the text and plain look-ups: no template language, no format specification, no attribute can be reached, and what
is filled in is never read again.
"""

import re
from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

PLACEHOLDERS = {
    "name": _("họ và tên"),
    "who": _("năm sinh, chủ thể hoặc chức danh"),
    "address": _("địa chỉ"),
    "course": _("tên khóa học"),
    "course_kind": _("hình thức, ví dụ khóa học trực tuyến"),
    "duration": _("thời lượng"),
    "period": _("thời gian học, ghi cả câu"),
    "period_short": _("thời gian học, chỉ ngày"),
    "result": _("kết quả"),
    "number": _("số giấy"),
    "register": _("số vào sổ"),
    "issued_on": _("ngày cấp, 11/10/2026"),
    "issue_date": _("ngày cấp, ghi bằng chữ"),
    "place": _("địa danh ghi trước ngày cấp"),
    "issuer": _("đơn vị cấp"),
    "issuer_parent": _("cơ quan chủ quản"),
    "signer": _("người ký"),
    "signer_post": _("chức vụ người ký"),
    "code": _("mã tra cứu"),
    "domain": _("địa chỉ trang kiểm tra"),
}
# One pair of braces around one word: {{x.y}}, {% if %} and CSS are no placeholders, whatever stands in them.
_PLACEHOLDER = re.compile(r"(?<!\{)\{\s*(\w{1,40})\s*\}(?!\})")


def fill(text: str, values: Mapping[str, str]) -> str:
    return _PLACEHOLDER.sub(
        lambda found: values.get(found[1], found[0]) if found[1] in PLACEHOLDERS else found[0], text
    )


def unknown(text: str) -> list[str]:
    """What looks like a placeholder and is none, as typed."""
    return [found[0] for found in _PLACEHOLDER.finditer(text) if found[1] not in PLACEHOLDERS]
