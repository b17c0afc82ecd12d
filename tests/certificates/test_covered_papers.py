"""A box over a name, and the credential below it untouched: what is printed on a page is no part of what is signed inside."""

import io
import json
from copy import deepcopy

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from certificates import actions, looking, rendering, sealing, verifying
from certificates.looking import Page
from certificates.models import CopyKind
from certificates.proofs.findings import Finding
from tests import cast

from . import authority
from .judging import commanded
from .returned import rewritten
from .test_checking_papers import issued, judged, keys_of_this_test
from .test_sealing import configured

__all__ = ["configured", "issued", "keys_of_this_test"]
pytestmark = [pytest.mark.django_db, pytest.mark.once]
INSIDE, WHOLE = "Phần ký bên trong còn nguyên, giấy còn hiệu lực", "Tệp nguyên vẹn, giấy còn hiệu lực"
WARNING = "Những gì in trên trang thì chưa có gì bảo đảm"


def painted(data: bytes, how: str) -> bytes:
    """Something more on top of the page."""

    def change(pdf):
        page = pdf.pages[0]
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        page.add_resource(font, pikepdf.Name.Font, pikepdf.Name("/Zz"))
        page.contents_add(b"q", prepend=True)
        page.contents_add(f"Q q {how} Q".encode())

    return rewritten(data, change)


def covered(data: bytes, word: str) -> bytes:
    """A white box with another name over a word."""
    import pypdfium2

    text = pypdfium2.PdfDocument(data)[0].get_textpage()
    at, count = text.search(word).get_next()
    boxes = [text.get_charbox(one) for one in range(at, at + count)]
    left, bottom = min(one[0] for one in boxes) - 4, min(one[1] for one in boxes) - 4
    right, top = max(one[2] for one in boxes) + 4, max(one[3] for one in boxes) + 4
    box = f"1 1 1 rg {left} {bottom} {right - left} {top - bottom} re f"
    size = (top - bottom) * 0.7
    return painted(data, f"{box} 0 0 0.4 rg BT /Zz {size} Tf {left + 4} {bottom + 6} Td (Le Van Khac) Tj ET")


def told_by_the_page(data: bytes) -> str:
    return Client().post("/c/tep/", {"file": SimpleUploadedFile("gcn.pdf", data)}).text


def told_by_the_command(data: bytes, tmp_path, *flags: str) -> tuple[int, str]:
    file = tmp_path / "gcn.pdf"
    file.write_bytes(data)
    return commanded(file, *flags)


@pytest.mark.parametrize("design", ["formal", "warm"])
@pytest.mark.parametrize("what", ["name", "number"])
def test_another_name_over_the_true_one_is_noticed(issued, design, what):
    credential = issued(design=design)
    genuine = rendering.pdf(credential)
    assert (judged(genuine).finding, judged(genuine).page) == (Finding.VALID, Page.WHOLE)  # the control
    verdict = judged(covered(genuine, credential.evidence[what]))
    assert (verdict.finding, verdict.detail) == (Finding.ALTERED, "hidden")
    assert verdict.differences == [verifying.Difference(what, "", credential.evidence[what])]


def test_the_page_calls_a_covered_paper_altered(issued):
    credential = issued()
    page = told_by_the_page(covered(rendering.pdf(credential), "Trần Thị Út"))
    assert "Nội dung đã bị sửa" in page
    assert WHOLE not in page
    assert INSIDE not in page


@pytest.mark.parametrize("design", ["formal", "warm"])
def test_a_page_of_an_older_version_is_never_called_altered(issued, design):
    """All stands at another place, as in the other design, and a specimen mark across it: what is signed inside still holds."""
    credential = issued(design=design)
    other = deepcopy(credential)
    other.template_version, other.design = None, "warm" if design == "formal" else "formal"
    drawn = rendering.papers.draw(
        rendering.papers.paper_of(other),
        rendering.papers.values(other),
        rendering.archival.finisher(credential),
    )
    older = painted(drawn, "0.9 0.3 0.3 RG 3 w 0 0 m 842 595 l S BT /Zz 9 Tf 20 20 Td (Mau cu) Tj ET")
    verdict = judged(older)
    assert (verdict.finding, verdict.page, verdict.differences) == (Finding.VALID, Page.OPEN, [])


def test_the_page_says_of_what_it_cannot_vouch_for_right_below_its_headline(issued, tmp_path):
    credential = issued()
    older = painted(rendering.pdf(credential), "BT /Zz 9 Tf 20 20 Td (Mau cu) Tj ET")
    page = told_by_the_page(older)
    assert INSIDE in page
    assert WHOLE not in page
    assert page.index("<h1>") < page.index(WARNING) < page.index('<dl class="facts">')
    code, words = told_by_the_command(older, tmp_path)
    assert (code, words.splitlines()[0]) == (2, f"VALID INSIDE: {INSIDE}")
    assert WARNING in words.splitlines()[1]
    report = json.loads(told_by_the_command(older, tmp_path, "--json")[1])
    assert (report["finding"], report["is_page_whole"]) == ("valid", False)
    assert WARNING in report["warning"]


def test_the_paper_as_it_was_given_out_is_whole(issued, tmp_path):
    genuine = rendering.pdf(issued())
    page = told_by_the_page(genuine)
    assert WHOLE in page
    assert WARNING not in page
    report = json.loads(told_by_the_command(genuine, tmp_path, "--json")[1])
    assert (report["is_page_whole"], report["warning"]) == (True, "")
    assert judged(rewritten(genuine)).page == Page.OPEN  # saved anew by another program


def test_a_stranger_s_seal_on_another_page_protects_nothing(issued):
    credential = issued()
    sealed = authority.sign_at_the_office(painted(rendering.pdf(credential), "BT /Zz 9 Tf 20 20 Td (X) Tj ET"))
    assert judged(sealed).page == Page.OPEN


def test_the_copy_that_the_office_signed_is_whole_once_it_was_given_out(issued):
    credential = issued()
    signed = authority.sign_at_the_office(rendering.pdf(credential))
    assert judged(signed).page == Page.OPEN  # the control
    actions.take_copy(
        credential=credential, kind=CopyKind.SIGNED, data=signed, signers="", signed_at=cast.NOW, by=None, at=cast.NOW
    )
    assert rendering.delivered(credential) == signed
    assert judged(signed).page == Page.WHOLE


def test_what_we_sealed_is_whole_until_something_is_added(issued, configured):
    configured()
    sealed = rendering.delivered(issued())
    assert judged(sealed).page == Page.WHOLE
    writer, later = IncrementalPdfFileWriter(io.BytesIO(sealed)), io.BytesIO()
    writer.update_root()
    writer.write(later)
    assert judged(later.getvalue()).page == Page.OPEN


def test_what_we_sealed_with_a_certificate_of_before_is_still_whole(issued, configured):
    configured()
    credential = issued()
    given = rendering.delivered(credential)
    configured(authority.Authority().pkcs12(authority.ec_key()))
    rendering.forget_sealed([credential.code])
    assert sealing.Finding.OURS not in sealing.check(given).findings
    assert (judged(given).finding, judged(given).page) == (Finding.VALID, Page.WHOLE)


def test_an_annotation_over_the_page_makes_it_another_one(issued):
    def change(pdf):
        note = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FreeText, Rect=[100, 100, 300, 200], F=2, DA=b"/Zz 9 Tf"
        )
        pdf.pages[0].Annots = pikepdf.Array([*pdf.pages[0].get("/Annots", []), pdf.make_indirect(note)])

    assert judged(rewritten(rendering.pdf(issued()), change)).page == Page.OPEN


def test_a_page_that_cannot_be_looked_at_is_not_vouched_for(issued, monkeypatch):
    def forever(*_):
        while True:
            pass

    monkeypatch.setattr(looking.covering, "_hidden", forever)
    monkeypatch.setattr(looking.covering, "PATIENCE", 0.2)
    data = painted(rendering.pdf(issued()), "")
    assert (judged(data).finding, judged(data).page) == (Finding.VALID, Page.OPEN)
