"""Whether a file that comes back signed is still the certificate that went out.

Most tools write the signature behind the file, whose bytes stay in front of it; some write the file anew. Either way what counts is
what a reader is shown now: a further revision can replace a page as well. So the page is drawn without the marks of whoever signed
and compared by the dot, its words letter by letter, what is attached byte by byte; and those marks cover nothing that is certified.
"""

import ctypes
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from certificates.models import Credential
from lib.refusals import Refusal

if TYPE_CHECKING:
    import pypdfium2

CERTIFIED = ("name", "course", "number", "result")


class Way(StrEnum):
    APPENDED = "appended"  # every byte that went out is there, and the signature behind them
    REWRITTEN = "rewritten"  # the file was written anew, and shows and holds the same


def compare(original: bytes, signed: bytes, credential: Credential) -> Way:
    """Raises Refusal that says what differs."""
    import pypdfium2

    before, after = pypdfium2.PdfDocument(original), pypdfium2.PdfDocument(signed)
    try:
        if len(after) != len(before) or after[0].get_size() != before[0].get_size():
            raise Refusal(_("Số trang hoặc khổ giấy khác bản đã tải xuống."))
        if _words(after) != _words(before):
            raise Refusal(_("Chữ trên giấy khác bản đã tải xuống."))
        if _dots(after) != _dots(before):
            raise Refusal(_("Hình trên giấy khác bản đã tải xuống."))
        if _attached(after) != _attached(before):
            raise Refusal(_("Dữ liệu đính kèm khác bản đã tải xuống."))
        _refuse_covering(after, credential)
    finally:
        before.close()
        after.close()
    return Way.APPENDED if signed.startswith(original) else Way.REWRITTEN


def _words(pdf: "pypdfium2.PdfDocument") -> str:
    return str(pdf[0].get_textpage().get_text_range())


def _dots(pdf: "pypdfium2.PdfDocument") -> bytes:
    return bytes(pdf[0].render(scale=1, may_draw_forms=False, draw_annots=False).to_pil().tobytes())


def _attached(pdf: "pypdfium2.PdfDocument") -> dict[str, bytes]:
    files = [pdf.get_attachment(at) for at in range(pdf.count_attachments())]
    return {file.get_name(): bytes(file.get_data()) for file in files}


def _refuse_covering(pdf: "pypdfium2.PdfDocument", credential: Credential) -> None:
    from pypdfium2 import raw

    page = pdf[0]
    certified = [box for key in CERTIFIED for box in _boxes(page, str(credential.evidence[key]))]
    for at in range(raw.FPDFPage_GetAnnotCount(page)):
        mark = raw.FPDFPage_GetAnnot(page, at)
        kind, place = raw.FPDFAnnot_GetSubtype(mark), raw.FS_RECTF()
        raw.FPDFAnnot_GetRect(mark, ctypes.byref(place))
        raw.FPDFPage_CloseAnnot(mark)
        if kind != raw.FPDF_ANNOT_WIDGET:
            raise Refusal(_("Trên giấy có ghi chú hoặc hình được thêm vào, không phải chữ ký."))
        if any(_overlap((place.left, place.bottom, place.right, place.top), box) for box in certified):
            raise Refusal(_("Hình chữ ký che tên, khóa học, số hoặc kết quả. Hãy ký vào chỗ trống."))


def _boxes(page: Any, phrase: str) -> list[tuple[float, ...]]:
    words, found = page.get_textpage(), []
    search = words.search(phrase, match_case=False)
    while hit := search.get_next():
        found += [words.get_rect(at) for at in range(words.count_rects(*hit))]
    return found


def _overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
