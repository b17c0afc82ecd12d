"""What a file holds is told by its tables and by nothing else: another paper beside ours, wherever it hides, makes it another file."""

import ctypes
import io

import pikepdf
import pypdfium2
import pytest
from pypdfium2 import raw

from certificates.office import alike, objects
from certificates.office.reading import has_one_reading

from . import forged_files
from .authority import sign_at_the_office
from .test_one_reading import FORGED, made_papers, paper, papers, plainly

__all__ = ["made_papers", "paper", "papers"]
pytestmark = [pytest.mark.django_db, pytest.mark.once]
OURS = "Trần Thị Út"


@pytest.fixture
def both(papers):
    return forged_files.Papers.of(*map(plainly, papers))


def loaded_from_the_net(data: bytes) -> str:
    """The words that a browser shows, which opens a file while it is still on its way."""
    here = raw.FX_FILEAVAIL(version=1)
    here.IsDataAvail = type(here.IsDataAvail)(lambda *_: 1)

    def read(_file, place, into, size):
        ctypes.memmove(into, data[place : place + size], size)
        return 1

    access = raw.FPDF_FILEACCESS(m_FileLen=len(data))
    access.m_GetBlock = type(access.m_GetBlock)(read)
    loading = raw.FPDFAvail_Create(here, access)
    try:
        assert raw.FPDFAvail_IsDocAvail(loading, raw.FX_DOWNLOADHINTS(version=1)) == raw.PDF_DATA_AVAIL
        with pypdfium2.PdfDocument(raw.FPDFAvail_GetDocument(loading, None)) as pdf:
            return pdf[0].get_textpage().get_text_range()
    finally:
        raw.FPDFAvail_Destroy(loading)


@pytest.mark.parametrize(
    "way", [forged_files.for_the_net, forged_files.with_a_page_for_the_net, forged_files.for_the_net_and_revised]
)
def test_a_file_for_the_net_shows_another_name_in_a_browser_and_is_not_ours(both, paper, way):
    sent = way(both)
    with pypdfium2.PdfDocument(paper) as before, pypdfium2.PdfDocument(sent) as after:
        assert alike.look_the_same(before, after)
    assert FORGED in loaded_from_the_net(sent)
    assert OURS in loaded_from_the_net(paper)  # the control
    assert not alike.hold_the_same(paper, sent)


def hidden_behind_a_comment(both):
    return forged_files.for_the_net(both, begin=b"%d %%\n0 obj\n")


HIDING = [
    forged_files.between,
    forged_files.in_an_older_table,
    forged_files.of_another_generation,
    forged_files.packed_twice,
    forged_files.packed_and_unused,
    forged_files.with_a_second_trailer,
    forged_files.with_a_hidden_hybrid,
    hidden_behind_a_comment,
    forged_files.from_the_root_of_before,
    forged_files.on_one_line,
    forged_files.with_a_zero_for_a_blank,
    forged_files.with_two_ends,
    forged_files.with_a_bare_dictionary,
    forged_files.with_two_catalogs,
    forged_files.within_a_stream,
    forged_files.packed_behind_another,
    forged_files.packed_between_two,
]


@pytest.mark.parametrize("way", HIDING)
def test_another_paper_beside_ours_makes_it_another_file(both, paper, way):
    """Though its page is drawn as ours, and what its newest table leads to is the same."""
    with pypdfium2.PdfDocument(paper) as before, pypdfium2.PdfDocument(way(both)) as after:
        assert alike.look_the_same(before, after)
    with pikepdf.open(io.BytesIO(paper)) as before, pikepdf.open(io.BytesIO(way(both))) as after:
        assert objects.hold_the_same(before, after)
        assert not after.get_warnings()
    assert not alike.hold_the_same(paper, way(both))


@pytest.mark.parametrize("head", [b"%d +0 obj", b"%d 0.0 obj", b"%d 0obj", b"%d\xa00\xa0obj", b"%d\v0\vobj"])
def test_so_does_one_that_is_spelt_as_only_some_programs_read_it(both, paper, head):
    assert not alike.hold_the_same(paper, forged_files.spelt_otherwise(both, head))


def test_nor_is_one_ours_whose_table_tells_a_page_twice(both, paper):
    sent = forged_files.told_twice(both)
    with (
        pypdfium2.PdfDocument(sent) as pdf,
        pikepdf.open(io.BytesIO(paper)) as before,
        pikepdf.open(io.BytesIO(sent)) as after,
    ):
        assert FORGED in pdf[0].get_textpage().get_text_range()
        assert objects.hold_the_same(before, after)
    assert not alike.hold_the_same(paper, sent)


def test_nor_is_one_that_is_encrypted(paper):
    kept = io.BytesIO()
    with pikepdf.open(io.BytesIO(paper)) as pdf:
        pdf.save(kept, encryption=pikepdf.Encryption(owner="x", user=""))
    assert not alike.hold_the_same(paper, kept.getvalue())


@pytest.mark.parametrize("way", [forged_files.plain, forged_files.packed_once, forged_files.added_to])
def test_ours_written_in_another_way_is_ours(both, paper, way):
    assert alike.hold_the_same(paper, way(both))


def test_a_program_may_leave_its_name_before_the_end(paper):
    begin, word, end = plainly(paper).rpartition(b"startxref")
    assert alike.hold_the_same(paper, begin + b"%iText-7.2.5\n" + word + end)


def test_what_an_office_adds_to_it_is_told_as_well(paper):
    once = sign_at_the_office(paper)
    assert has_one_reading(once)
    assert has_one_reading(sign_at_the_office(plainly(paper)))
    saved = io.BytesIO()
    with pypdfium2.PdfDocument(paper) as pdf:
        pdf.save(saved)
    assert alike.hold_the_same(paper, sign_at_the_office(saved.getvalue()))
