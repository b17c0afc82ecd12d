"""Who signs at an office may put a signature onto the paper, and nothing over what is certified."""

import io

import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name, String

from certificates import rendering
from certificates.designing import standard
from certificates.models import TemplateVersion
from certificates.office.comparing import Way, compare
from lib.refusals import Refusal

from .authority import sign_at_the_office
from .returned import bring, refusals, rewritten
from .test_clauses import NAMES

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.usefixtures("own_folder")]

BLANK = (20, 20, 40, 40)
LONG = "Kể câu chuyện sản phẩm OCOP của bà con vùng đất Mũi cho người mua ở xa nghe và tin - phần mở đầu"


def in_language(credential, language: str):
    more = {"course": LONG, "course_en": "Telling a story", "expires_on": "23/11/2028"}
    credential.evidence = credential.evidence | more
    credential.template_version = TemplateVersion(data=standard("formal", language).as_data())
    return credential


def place_of(data: bytes, words: str) -> tuple[float, ...]:
    """Where a page says something; of several places the last."""
    text = pypdfium2.PdfDocument(data)[0].get_textpage()
    search, found = text.search(words), None
    while hit := search.get_next():
        found = hit
    boxes = [text.get_charbox(at) for at in range(found[0], sum(found))]
    left, bottom, right, top = zip(*boxes, strict=True)
    return min(left), min(bottom), max(right), max(top)


def field(pdf, box: tuple[float, ...], **values) -> None:
    one = pdf.make_indirect(
        Dictionary(Type=Name.Annot, Subtype=Name.Widget, T=String("x"), F=4, Rect=list(box), **values)
    )
    pdf.pages[0].obj["/Annots"] = pdf.make_indirect(Array([one]))
    pdf.Root.AcroForm = pdf.make_indirect(Dictionary(Fields=Array([one])))


def covered(credential, data: bytes, box: tuple[float, ...]) -> str:
    """What is said of a signature there."""
    try:
        compare(data, rewritten(data, lambda pdf: field(pdf, box, FT=Name.Sig)), credential)
    except Refusal as refusal:
        return str(refusal)
    return ""


CERTIFIED = {
    "vi": ["Nguyễn Thị", "Kể câu chuyện", "nghe và tin", "0001/GCN", "Đạt", "23/11/2028"],
    "en": ["Nguyễn Thị", "Telling a story", "0001/GCN", "Passed", "23 November 2028"],
    "both": ["Kể câu chuyện", "nghe và tin", "Telling a story", "Đạt", "Passed"],
}


@pytest.mark.parametrize("language", CERTIFIED)
def test_nothing_certified_is_covered_in_the_language_in_which_it_is_printed(credential, language):
    paper = in_language(credential, language)
    data = rendering.pdf(paper)
    code = rendering.readable_code(paper.code)
    said = {words: covered(paper, data, place_of(data, words)) for words in [*CERTIFIED[language], code]}
    assert [words for words, why in said.items() if "che tên" not in why] == []
    assert covered(paper, data, (560, 90, 760, 130)) == ""


def test_the_qr_code_is_not_covered(credential):
    data = rendering.pdf(credential)
    page = pypdfium2.PdfDocument(data)[0]
    boxes = [one.get_bounds() for one in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])]
    left, bottom, right, top = next(box for box in boxes if 50 < box[2] - box[0] < 120)
    assert "che tên" in covered(credential, data, (left + 20, bottom + 20, right - 20, top - 20))


def test_where_the_words_are_not_found_no_word_at_all_is_covered(credential):
    """As with a font whose letters no reader knows."""
    data = rendering.pdf(credential)
    credential.evidence = credential.evidence | {"name": "ថាច់"}
    assert "che tên" in covered(credential, data, place_of(data, "Chứng nhận"))
    assert covered(credential, data, BLANK) == ""


@pytest.mark.parametrize("name", [*NAMES, "ដាញ់ សា មៃ", "ថាច់ សុវណ្ណារ៉ា"])
def test_any_name_is_found_where_it_stands(credential, name):
    credential.evidence = credential.evidence | {"name": name}
    data = rendering.pdf(credential)
    assert covered(credential, data, (560, 90, 760, 130)) == ""


def test_a_box_upside_down_covers_as_well(credential):
    data = rendering.pdf(credential)
    left, bottom, right, top = place_of(data, "Nguyễn Thị")
    assert "che tên" in covered(credential, data, (right, top, left, bottom))


def stamp(pdf):
    one = Dictionary(Type=Name.Annot, Subtype=Name.Square, Rect=[10, 10, 50, 50])
    pdf.pages[0].obj["/Annots"] = pdf.make_indirect(Array([pdf.make_indirect(one)]))


def field_of_text(pdf):
    """A field that says more than was certified."""
    drawn = pdf.make_stream(b"1 0 0 rg 0 0 200 60 re f", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 200, 60])
    field(pdf, (60, 10, 260, 30), FT=Name.Tx, V=String("Loại xuất sắc"), AP=Dictionary(N=drawn))


@pytest.mark.parametrize("change", [stamp, field_of_text])
def test_what_is_no_signature_is_refused(credential, officer, change):
    marked = sign_at_the_office(rewritten(rendering.pdf(credential), change))
    assert "được thêm vào" in refusals(bring(marked, by=officer))[0]


def test_a_signature_in_a_blank_place_is_taken(credential):
    data = rendering.pdf(credential)
    assert compare(data, sign_at_the_office(data), credential) == Way.APPENDED


def nameless(pdf):
    """An attachment without a file in it."""
    names = pdf.Root.Names.EmbeddedFiles.Names
    names.append(String("z"))
    names.append(pdf.make_indirect(Dictionary(Type=Name.Filespec, F=String("z"), UF=String("z"))))


def test_a_file_over_which_its_reader_stumbles_is_refused_and_the_others_are_taken(credential, officer):
    good = sign_at_the_office(rendering.pdf(credential))
    odd = sign_at_the_office(rewritten(rendering.pdf(credential), nameless))
    outcomes = bring(good, odd, good, by=officer)
    assert [one.refused for one in outcomes] == ["", "Không đọc được tệp PDF này.", ""]


def test_a_second_attachment_of_the_same_name_is_found(credential, officer):
    def twice(pdf):
        names = pdf.Root.Names.EmbeddedFiles.Names
        file = pdf.make_stream(b"{}")
        more = Dictionary(
            Type=Name.Filespec, F=String("evidence.json"), UF=String("evidence.json"), EF=Dictionary(F=file)
        )
        old = list(names)
        pdf.Root.Names.EmbeddedFiles.Names = Array([String("evidence"), pdf.make_indirect(more), *old])

    changed = rewritten(rendering.pdf(credential), twice)
    with pikepdf.open(io.BytesIO(changed)) as pdf:
        assert len(pdf.Root.Names.EmbeddedFiles.Names) == 4
    assert "Dữ liệu đính kèm khác" in refusals(bring(sign_at_the_office(changed), by=officer))[0]
