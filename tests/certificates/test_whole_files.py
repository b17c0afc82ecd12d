"""A file whose page looks untouched may say something else to a screen reader, a machine or a script: then it isn't called whole."""

import io

import pikepdf
import pytest

from certificates import rendering
from certificates.looking import Page, objects
from certificates.proofs.findings import Finding

from . import authority
from .returned import rewritten
from .test_checking_papers import issued, judged, keys_of_this_test

__all__ = ["issued", "keys_of_this_test"]
pytestmark = [pytest.mark.django_db, pytest.mark.once]
OTHER = "Nguyễn Văn Giả"


def other_evidence(pdf):
    file = pdf.attachments["evidence.json"].get_file()
    file.obj.write(file.read_bytes().replace("Trần Thị Út".encode(), OTHER.encode()))


def other_title(pdf):
    pdf.docinfo["/Title"] = f"Giấy chứng nhận của {OTHER}"


def other_title_in_xmp(pdf):
    with pdf.open_metadata() as xmp:
        xmp["dc:title"] = OTHER


def read_aloud_otherwise(pdf):
    waiting, found = [pdf.Root.StructTreeRoot], 0
    while waiting:
        node = waiting.pop()
        if isinstance(node, pikepdf.Array):
            waiting += list(node)
        elif isinstance(node, pikepdf.Dictionary):
            if "/S" in node:
                node["/ActualText"], found = OTHER, found + 1
            waiting += [node["/K"]] if "/K" in node else []
    assert found > 5


def with_a_script(pdf):
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert('x')")


def with_a_line_that_is_not_seen(pdf):
    pdf.pages[0].contents_add(b"BT 3 Tr /F0 1 Tf (x) Tj ET")


def with_one_more_attachment(pdf):
    pdf.attachments["khac.json"] = b"{}"


def without_its_record(pdf):
    del pdf.attachments["evidence.json"]


CHANGES = [
    other_evidence,
    other_title,
    other_title_in_xmp,
    read_aloud_otherwise,
    with_a_script,
    with_a_line_that_is_not_seen,
    with_one_more_attachment,
    without_its_record,
]


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_changed_beside_the_page_is_not_vouched_for(issued, change):
    genuine = rendering.pdf(issued())
    assert judged(rewritten(genuine)).page == Page.SAME  # the control
    verdict = judged(rewritten(genuine, change))
    assert (verdict.finding, verdict.page) == (Finding.VALID, Page.OPEN)


def packed_otherwise(data: bytes, **how) -> bytes:
    kept = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.save(kept, **how)
    return kept.getvalue()


@pytest.mark.parametrize(
    "how",
    [
        {"linearize": True},
        {"compress_streams": False, "stream_decode_level": pikepdf.StreamDecodeLevel.generalized},
        {"object_stream_mode": pikepdf.ObjectStreamMode.generate},
        {"qdf": True},
        {"encryption": pikepdf.Encryption(owner="chu", user="")},
    ],
)
def test_however_a_file_is_packed_it_is_the_same(issued, how):
    assert judged(packed_otherwise(rendering.pdf(issued()), **how)).page == Page.SAME


def test_a_signature_that_is_not_seen_changes_nothing_of_what_a_file_holds(issued):
    genuine = rendering.pdf(issued())
    signed = authority.sign_at_the_office(genuine)
    with pikepdf.open(io.BytesIO(genuine)) as before, pikepdf.open(io.BytesIO(signed)) as after:
        assert objects.hold_the_same(before, after)


def test_a_tree_without_end_is_walked_once(issued):
    def circle(pdf):
        pdf.Root.Circle = pdf.make_indirect(pikepdf.Dictionary())
        pdf.Root.Circle.Itself = pdf.Root.Circle

    twice = rewritten(rendering.pdf(issued()), circle)
    with pikepdf.open(io.BytesIO(twice)) as before, pikepdf.open(io.BytesIO(twice)) as after:
        assert objects.hold_the_same(before, after)
