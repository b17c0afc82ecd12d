"""What whoever signed put onto the page: signatures alone, and none over what is certified."""

import ctypes
import io
from base64 import b64decode
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from unicodedata import category, normalize

from django.utils.translation import gettext as _

from certificates import rendering
from certificates.designing import words
from certificates.models import Credential
from certificates.rendering.papers import paper_of
from lib.refusals import Refusal

if TYPE_CHECKING:
    import pypdfium2

type Box = tuple[float, float, float, float]  # left, bottom, right, top

ALWAYS = ("name", "course", "number", "code")  # of these no paper goes without
WHERE_PRINTED = ("course_en", "result", "expires_on")


def refuse_covering(pdf: "pypdfium2.PdfDocument", credential: Credential) -> None:
    """Raises Refusal for what is no signature, and for one over name, course, number, code, result, last day or QR code."""
    marks = list(_signatures(pdf))
    if not marks:
        return
    certified = _certified(pdf[0], credential)
    if any(_overlap(mark, box) for mark in marks for box in certified):
        raise Refusal(_("Hình chữ ký che tên, khóa học, số, mã, kết quả, thời hạn hoặc mã QR. Hãy ký vào chỗ trống."))


def _signatures(pdf: "pypdfium2.PdfDocument") -> Iterator[Box]:
    from pypdfium2 import raw

    pdf.init_forms()
    page = pdf[0]
    for at in range(raw.FPDFPage_GetAnnotCount(page)):
        mark, place = raw.FPDFPage_GetAnnot(page, at), raw.FS_RECTF()
        kind = raw.FPDFAnnot_GetFormFieldType(pdf.formenv, mark) if pdf.formenv else -1
        raw.FPDFAnnot_GetRect(mark, ctypes.byref(place))
        raw.FPDFPage_CloseAnnot(mark)
        if kind != raw.FPDF_FORMFIELD_SIGNATURE:
            raise Refusal(_("Trên giấy có ghi chú, ô chữ hoặc hình được thêm vào, không phải chữ ký."))
        (left, right), (bottom, top) = sorted((place.left, place.right)), sorted((place.bottom, place.top))
        yield left, bottom, right, top


def _certified(page: "pypdfium2.PdfPage", credential: Credential) -> list[Box]:
    """Where what is certified stands. What must be there and is not found may be anywhere: then all words count."""
    values, letters = {key: str(value) for key, value in rendering.values(credential).items()}, _letters(page)
    boxes = _qr_code(page, values["qr_src"])
    for said in _languages(credential, values):
        always = [_boxes(letters, said[key]) for key in ALWAYS]
        if not all(always):
            return boxes + [box for _letter, box in letters]
        boxes += [box for some in always for box in some]
        boxes += [box for key in WHERE_PRINTED for box in _boxes(letters, said.get(key, ""))]
    return boxes


def _languages(credential: Credential, values: dict[str, str]) -> Iterator[dict[str, str]]:
    """The words as this paper says them."""
    language = paper_of(credential).language
    if language != "en":
        yield values
    if language != "vi":
        yield values | words.english(values)


def _letters(page: "pypdfium2.PdfPage") -> list[tuple[str, Box]]:
    """Of the page in the order in which they are read."""
    from pypdfium2 import raw

    text = page.get_textpage()
    found = []
    for at in range(text.count_chars()):
        found += [(part, text.get_charbox(at)) for part in _bare(chr(raw.FPDFText_GetUnicode(text, at)))]
    return found


def _boxes(letters: list[tuple[str, Box]], phrase: str) -> list[Box]:
    page, wanted, at, found = "".join(letter for letter, _box in letters), _bare(phrase), -1, list[Box]()
    while wanted and (at := page.find(wanted, at + 1)) >= 0:
        found += [box for _letter, box in letters[at : at + len(wanted)]]
    return found


def _bare(text: str) -> str:
    """Letters, their marks and digits: a line may break anywhere, and a dash at its end is read as another sign."""
    return "".join(c for c in normalize("NFD", text.casefold()) if category(c)[0] in "LMN")


def _qr_code(page: "pypdfium2.PdfPage", address: str) -> list[Box]:
    """By its size in dots; another picture of the same size is left free as well, and all where none has it."""
    from PIL import Image
    from pypdfium2 import raw

    size = Image.open(io.BytesIO(b64decode(address.partition(",")[2]))).size
    pictures: list[Any] = list(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE]))
    return [one.get_bounds() for one in pictures if one.get_px_size() == size] or [one.get_bounds() for one in pictures]


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
