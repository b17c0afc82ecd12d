"""Whether a file that comes back signed is still the certificate that went out.

Most tools write the signature behind the file, whose bytes stay in front of it; some write the file anew. Either way what counts is
what a reader is shown now: a further revision can replace a page as well. So the page is drawn without the marks of whoever signed
and compared by the dot, its words letter by letter, what is attached byte by byte; those marks cover nothing that is certified; and
whatever is not seen (scripts, layers, what is read aloud) is as it went out.
"""

from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from certificates.models import Credential
from lib import apart
from lib.refusals import Refusal

from . import alike
from .marks import refuse_covering

if TYPE_CHECKING:
    import pypdfium2


SECONDS, MEGABYTES = 10, 400  # a usual file takes a fifth of a second


class Way(StrEnum):
    APPENDED = "appended"  # every byte that went out is there, and the signature behind them
    REWRITTEN = "rewritten"  # the file was written anew, and shows and holds the same


def compare(original: bytes, signed: bytes, credential: Credential) -> Way:
    """Raises Refusal that says what differs, and for what its reader stumbles over. What a file wants of memory and time is bounded."""
    import pikepdf  # noqa: F401 (here, so that no process has to import it for itself)

    credential.template_version  # noqa: B018 (read here, as the database cannot be asked there)
    try:
        difference = apart.run(lambda: _difference(original, signed, credential), seconds=SECONDS, megabytes=MEGABYTES)
    except apart.ApartError as fault:
        raise Refusal(_("Không đọc được tệp PDF này.")) from fault
    if difference:
        raise Refusal(difference)
    return Way.APPENDED if signed.startswith(original) else Way.REWRITTEN


def _difference(original: bytes, signed: bytes, credential: Credential) -> str:
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(original) as before, pypdfium2.PdfDocument(signed) as after:
            _refuse_other(before, after)
            refuse_covering(after, credential)
        if not alike.hold_the_same(original, signed):
            raise Refusal(
                _(
                    "Phần không nhìn thấy của tệp (mã chạy, lớp ẩn, chữ đọc lên) khác bản đã tải về. Hãy tải lại bản chưa ký rồi ký."
                )
            )
    except Refusal as refusal:
        return str(refusal)
    return ""


def _refuse_other(before: "pypdfium2.PdfDocument", after: "pypdfium2.PdfDocument") -> None:
    if len(after) != len(before) or after[0].get_size() != before[0].get_size():
        raise Refusal(_("Số trang hoặc khổ giấy khác bản đã tải về."))
    if _words(after) != _words(before):
        raise Refusal(_("Chữ trên giấy khác bản đã tải về."))
    if not alike.look_the_same(before, after):
        raise Refusal(_("Hình trên giấy khác bản đã tải về."))
    if _attached(after) != _attached(before):
        raise Refusal(_("Dữ liệu đính kèm khác bản đã tải về."))


def _words(pdf: "pypdfium2.PdfDocument") -> str:
    return str(pdf[0].get_textpage().get_text_range())


def _attached(pdf: "pypdfium2.PdfDocument") -> list[tuple[str, bytes]]:
    """Several may have one name."""
    files = [pdf.get_attachment(at) for at in range(pdf.count_attachments())]
    return sorted((file.get_name(), bytes(file.get_data())) for file in files)
