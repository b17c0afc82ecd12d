"""Why something was not sent, in plain words: what is stored are codes, which are safe to keep and mean little to an officer."""

from django.utils.translation import gettext as _


def why(error: str) -> str:
    """Of an error as a channel or a mail server left it; the code stays in brackets, for whoever looks after the server."""
    if not error:
        return ""
    kind, _colon, code = error.partition(": ")
    said = {
        "gateway": _("cổng tin nhắn không nhận"),
        "mail": _("máy chủ thư không nhận") if code.startswith("SMTP ") else _("không nối được máy chủ thư"),
        "called off": _("người nhận không muốn nhận nữa"),
        "gone": _("không còn trong hộp gửi"),
    }.get(kind, _("lỗi của hệ thống"))
    return f"{said} ({error})"
