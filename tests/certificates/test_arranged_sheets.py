"""Where papers and marks lie on a sheet: measured, and looked at as a picture."""

import io
from itertools import combinations

import pikepdf
import pypdfium2
import pytest
import zxingcpp

from certificates import actions, rendering
from certificates.batches import sheets
from certificates.batches.sheets import ARRANGEMENTS, AWAY, MARK, MM, PAPER
from certificates.models import Layout
from tests import cast

COLOURS = [(255, 0, 0), (0, 160, 0), (0, 0, 255), (200, 120, 0), (0, 160, 200)]
SHEETS = {Layout.ONE: (1, 1.0), Layout.TWO_SMALL: (2, 0.65), Layout.FOUR: (4, 0.46), Layout.TWO_LARGE: (2, 1.0)}


def boxes(layout):
    """(left, bottom, right, top) of each paper in mm."""
    found = ARRANGEMENTS[layout]
    wide, tall = found.size
    return [(left, bottom, left + wide, bottom + tall) for left, bottom in found.corners]


@pytest.fixture
def papers(tmp_path):
    """Each of one colour to its edges."""
    made = []
    for number, colour in enumerate(COLOURS):
        with pikepdf.new() as book:
            page = book.add_blank_page(page_size=(PAPER[0] * MM, PAPER[1] * MM))
            red, green, blue = (value / 255 for value in colour)
            page.Contents = book.make_stream(f"{red:.3f} {green:.3f} {blue:.3f} rg 0 0 842 596 re f".encode())
            book.save(tmp_path / f"{number}.pdf")
        made.append(tmp_path / f"{number}.pdf")
    return made


def test_every_way_of_laying_them_is_there():
    assert {layout: (len(one.corners), one.scale) for layout, one in ARRANGEMENTS.items()} == SHEETS


@pytest.mark.parametrize("layout", Layout)
def test_papers_lie_on_the_sheet_and_on_no_other_paper(layout):
    wide, tall = ARRANGEMENTS[layout].sheet
    for left, bottom, right, top in boxes(layout):
        assert (left >= 0, bottom >= 0, right <= wide + 1e-6, top <= tall + 1e-6) == (True,) * 4
    for one, other in combinations(boxes(layout), 2):
        assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


@pytest.mark.parametrize("layout", [one for one in Layout if one != Layout.ONE])
def test_marks_have_air_on_all_sides_of_every_paper(layout):
    """None reaches another paper or leaves the sheet."""
    (wide, tall), found = ARRANGEMENTS[layout].sheet, boxes(layout)
    reach = AWAY + MARK
    assert min(min(left, bottom, wide - right, tall - top) for left, bottom, right, top in found) >= reach
    for one, other in combinations(found, 2):
        beside = max(one[0], other[0]) - min(one[2], other[2])
        above = max(one[1], other[1]) - min(one[3], other[3])
        assert max(beside, above) >= reach


@pytest.mark.parametrize("layout", Layout)
def test_a_pile_in_each_place_gives_all_in_their_order(papers, layout):
    """Whoever cuts the stack lays the piles on each other, row by row from the left."""
    output, found = io.BytesIO(), ARRANGEMENTS[layout]
    count = sheets.write(papers, layout, output, title="Đợt in")
    book = pypdfium2.PdfDocument(output.getvalue())
    assert len(book) == count == -(-len(COLOURS) // len(found.corners))
    piles = []
    for left, bottom, right, top in boxes(layout):
        for page in book:
            assert page.get_size() == pytest.approx([side * MM for side in found.sheet], abs=0.1)
            drawn = page.render(scale=1).to_pil().convert("RGB")
            piles.append(
                drawn.getpixel((int((left + right) / 2 * MM), int((found.sheet[1] - (bottom + top) / 2) * MM)))
            )
    white = (255, 255, 255)
    assert [one for one in piles if one != white] == [pytest.approx(colour, abs=2) for colour in COLOURS]


@pytest.mark.django_db
def test_codes_on_a_quarter_of_a_sheet_are_read_as_an_office_prints_them(tmp_path, settings):
    settings.CERTIFICATE_KEYS = tmp_path / "keys"
    award, credentials = cast.award(cast.course()), []
    actions.make_key(issuer=award.issuer, by=None, at=cast.NOW)  # its statement makes the code dense
    for number, name in enumerate(("Trần Thị Út", "Lê Văn Bé")):
        enrolment = cast.enrolment(cast.trainee(name, f"091234567{number}").person, award.course)
        cast.finish(enrolment)
        credentials.append(actions.issue(enrolment_id=enrolment.pk, at=cast.NOW))
    paths = [tmp_path / f"{one.code}.pdf" for one in credentials]
    for path, one in zip(paths, credentials, strict=True):
        path.write_bytes(rendering.pdf(one))
    output = io.BytesIO()
    sheets.write(paths, Layout.FOUR, output, title="Đợt in")
    drawn = pypdfium2.PdfDocument(output.getvalue())[0].render(scale=300 / 72).to_pil().convert("L")
    found = "".join(one.text for one in zxingcpp.read_barcodes(drawn))
    assert [f"/c/{one.code}#" in found for one in credentials] == [True, True]
