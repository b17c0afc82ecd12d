"""A file that comes back from an office may look untouched and say something else to a screen reader, a machine or a script."""

import io
import re
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pikepdf
import pypdfium2
import pytest
from django.test import override_settings

from certificates import rendering
from certificates.office import objects
from tests.conftest import made_for_a_file

from . import authority
from .returned import rewritten
from .test_checking_papers import somebody_s

pytestmark = [pytest.mark.django_db, pytest.mark.once]
OTHER = "Nguyễn Văn Giả"


def a_paper() -> bytes:
    with TemporaryDirectory() as folder, override_settings(CERTIFICATE_KEYS=Path(folder)):
        return rendering.pdf(somebody_s())


paper = made_for_a_file(a_paper)


def hold_the_same(before: bytes, after: bytes) -> bool:
    with pikepdf.open(io.BytesIO(before)) as one, pikepdf.open(io.BytesIO(after)) as other:
        return objects.hold_the_same(one, other)


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
    pdf.Root.OpenAction = script()


def with_a_line_that_is_not_seen(pdf):
    pdf.pages[0].contents_add(b"BT 3 Tr /F0 1 Tf (x) Tj ET")


def with_one_more_attachment(pdf):
    pdf.attachments["khac.json"] = b"{}"


def without_its_record(pdf):
    del pdf.attachments["evidence.json"]


def script():
    return pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert('x')")


def signature(pdf, **more):
    """A field that nobody signed, and that takes no room."""
    field = {"Type": pikepdf.Name.Annot, "Subtype": pikepdf.Name.Widget, "FT": pikepdf.Name.Sig, "T": "s", "F": 4}
    return pdf.make_indirect(pikepdf.Dictionary(**field, Rect=[0, 0, 0, 0], **more))


def with_a_field(pdf, field):
    pdf.pages[0].Annots = pikepdf.Array([*pdf.pages[0].get("/Annots", []), field])
    pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([field]), SigFlags=3)


def with_a_form(pdf, **more):
    pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([signature(pdf)]), **more)


def with_a_text_field_that_runs_a_script(pdf):
    field = pdf.make_indirect(pikepdf.Dictionary(FT=pikepdf.Name.Tx, T="a", AA=pikepdf.Dictionary(C=script())))
    pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([field]))


def with_an_order_of_reckoning(pdf):
    with_a_form(pdf, CO=pikepdf.Array([signature(pdf)]))


def with_another_kind_of_form(pdf):
    with_a_form(pdf, XFA=pdf.make_stream(b"<xdp/>"))


def with_a_signature_that_runs_a_script(pdf):
    with_a_field(pdf, signature(pdf, AA=pikepdf.Dictionary(PO=script())))


def with_a_signature_that_runs_a_script_and_stands_in_no_form(pdf):
    pdf.pages[0].Annots = pikepdf.Array([signature(pdf, A=script())])


def with_a_signature_that_is_read_aloud(pdf):
    with_a_field(pdf, signature(pdf, TU=OTHER))


def with_a_signature_whose_place_some_read_otherwise(pdf):
    """Five numbers: nothing for some programs, and for others the first four."""
    field = signature(pdf)
    field.Rect = pikepdf.Array([250, 300, 550, 400, 0])
    with_a_field(pdf, field)


def with_a_signature_that_grows_when_the_page_is_made_smaller(pdf):
    field = signature(pdf)
    field.F = 4 | 8
    with_a_field(pdf, field)


def note_under_the_name_of_a_signature(pdf):
    """Some programs show a note, and who wrote it, though it takes no room."""
    note = signature(pdf)
    note.Subtype = pikepdf.Name.Text
    pdf.pages[0].Annots = pikepdf.Array([note])


def stamp_under_the_name_of_a_signature(pdf):
    with_halves_of_a_field(pdf, Subtype=pikepdf.Name.Stamp)


def half_of_a_field_of_another_kind(pdf):
    with_halves_of_a_field(pdf, FT=pikepdf.Name.Tx)


def with_halves_of_a_field(pdf, **more):
    """As some programs write it: what the field is, and where it stands."""
    whole = pdf.make_indirect(pikepdf.Dictionary(FT=more.get("FT", pikepdf.Name.Sig), T="s"))
    half = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=more.get("Subtype", pikepdf.Name.Widget), F=4)
    half.Rect, half.Parent = pikepdf.Array([0, 0, 0, 0]), whole
    whole.Kids = pikepdf.Array([pdf.make_indirect(half)])
    pdf.pages[0].Annots = pikepdf.Array([*whole.Kids])
    pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([whole]), SigFlags=3, NeedAppearances=False)


def with_a_half_that_is_not_on_the_page(pdf):
    with_halves_of_a_field(pdf)
    half = pdf.make_indirect(pikepdf.Dictionary(Subtype=pikepdf.Name.Widget, Rect=[0, 0, 0, 0], A=script()))
    pdf.Root.AcroForm.Fields[0].Kids.append(half)


def read_aloud_under_the_name_of_a_signature(pdf):
    node = pdf.Root.StructTreeRoot
    while not isinstance(node.K, pikepdf.Array):
        node = node.K
    fields = {"Type": pikepdf.Name.StructElem, "S": pikepdf.Name.P, "FT": pikepdf.Name.Sig, "ActualText": OTHER}
    node.K.append(pdf.make_indirect(pikepdf.Dictionary(**fields, P=node, K=pikepdf.Array())))


def attached_under_the_name_of_a_signature(pdf):
    file = pdf.make_stream(b"{}", Type=pikepdf.Name.EmbeddedFile)
    named = pikepdf.Dictionary(Type=pikepdf.Name.Filespec, F="b.json", UF="b.json", EF=pikepdf.Dictionary(F=file))
    named.FT = pikepdf.Name.Sig
    pdf.Root.AF.append(pdf.make_indirect(named))


def with_a_half_whose_field_runs_a_script_and_stands_in_no_form(pdf):
    with_halves_of_a_field(pdf)
    pdf.pages[0].Annots[0].Parent.AA = pikepdf.Dictionary(C=script())
    del pdf.Root.AcroForm


def with_numbers_of_another_size(pdf):
    pdf.pages[0].MediaBox = [one + Decimal("0.1") for one in pdf.pages[0].MediaBox]


def true_where_there_was_one(pdf):
    pdf.pages[0].obj.StructParents = bool(pdf.pages[0].obj.StructParents)


def left_out_elsewhere(pdf):
    """What a root may have is nothing that a page may have."""
    pdf.pages[0].obj.Metadata = pdf.make_stream(b"<x/>", Type=pikepdf.Name.Metadata)


def with_another_token(pdf, *names):
    ef = pdf.attachments["credential.jwt"].obj.EF
    for name in names:
        ef[name] = pdf.make_stream(b"eyJ.khac.token", Type=pikepdf.Name.EmbeddedFile, Subtype=ef.UF.Subtype)


def with_another_token_under_the_name_that_is_not_read(pdf):
    with_another_token(pdf, "/F")


def a_script_below_a_place(pdf):
    name, dictionary = pikepdf.Name, pikepdf.Dictionary
    script = dictionary(S=name.JavaScript, JS="app.alert(1)")
    low = pdf.make_indirect(dictionary(FT=name.Tx, T="x", Rect=[0, 0, 0, 0], AA=dictionary(C=script)))
    place = pdf.make_indirect(dictionary(FT=name.Sig, T="m", Kids=[low]))
    top = pdf.make_indirect(dictionary(FT=name.Sig, T="s", Kids=[place]))
    low.Parent, place.Parent = place, top
    pdf.Root.AcroForm = dictionary(Fields=[top], SigFlags=3)


def a_title_for_other_readers(pdf):
    said = pdf.Root.Metadata.read_bytes()
    usual = re.search(rb'<rdf:li xml:lang="x-default">[^<]*</rdf:li>', said)[0]
    more = f'<rdf:li xml:lang="vi">Giấy của {OTHER}</rdf:li>'.encode()
    pdf.Root.Metadata.write(said.replace(usual, usual + more, 1))


def a_title_with_more_behind_it(pdf):
    """Some programs show all the words within a title."""
    said = pdf.Root.Metadata.read_bytes()
    pdf.Root.Metadata.write(said.replace(b"</dc:title>", OTHER.encode() + b"</dc:title>", 1))


def a_second_title_in_short(pdf):
    said = pdf.Root.Metadata.read_bytes()
    names = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    more = f'<rdf:Description rdf:about="" {names} dc:title="{OTHER}"/></rdf:RDF>'
    pdf.Root.Metadata.write(said.replace(b"</rdf:RDF>", more.encode(), 1))


CHANGES = [
    other_evidence,
    other_title,
    other_title_in_xmp,
    read_aloud_otherwise,
    with_a_script,
    with_a_line_that_is_not_seen,
    with_one_more_attachment,
    without_its_record,
    with_a_text_field_that_runs_a_script,
    with_an_order_of_reckoning,
    with_another_kind_of_form,
    with_a_signature_that_runs_a_script,
    with_a_signature_that_runs_a_script_and_stands_in_no_form,
    with_a_signature_that_is_read_aloud,
    with_a_signature_whose_place_some_read_otherwise,
    with_a_signature_that_grows_when_the_page_is_made_smaller,
    note_under_the_name_of_a_signature,
    stamp_under_the_name_of_a_signature,
    half_of_a_field_of_another_kind,
    with_a_half_that_is_not_on_the_page,
    with_a_half_whose_field_runs_a_script_and_stands_in_no_form,
    with_numbers_of_another_size,
    true_where_there_was_one,
    read_aloud_under_the_name_of_a_signature,
    attached_under_the_name_of_a_signature,
    left_out_elsewhere,
    with_another_token_under_the_name_that_is_not_read,
    a_script_below_a_place,
    a_title_for_other_readers,
    a_title_with_more_behind_it,
    a_second_title_in_short,
]


def test_what_was_only_saved_anew_holds_the_same(paper):
    """The control of all below; so does a field that nobody signed."""
    assert hold_the_same(paper, rewritten(paper))
    assert hold_the_same(paper, rewritten(paper, lambda pdf: with_a_field(pdf, signature(pdf))))
    assert hold_the_same(paper, rewritten(paper, with_a_form))
    assert hold_the_same(paper, rewritten(paper, with_halves_of_a_field))


def test_who_saved_it_by_a_program_that_rounds_changed_nothing(paper):
    kept = io.BytesIO()
    pypdfium2.PdfDocument(paper).save(kept)
    assert hold_the_same(paper, kept.getvalue())


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_changed_beside_the_page_does_not(paper, change):
    assert not hold_the_same(paper, rewritten(paper, change))


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
def test_however_a_file_is_packed_it_holds_the_same(paper, how):
    assert hold_the_same(paper, packed_otherwise(paper, **how))


@pytest.mark.parametrize("box", [(560, 90, 760, 130), (0, 0, 0, 0)])
def test_a_signature_changes_nothing_of_what_a_file_holds(paper, box):
    assert hold_the_same(paper, authority.sign_at_the_office(paper, box=box))


def test_a_tree_without_end_is_walked_once(paper):
    def circle(pdf):
        pdf.Root.Circle = pdf.make_indirect(pikepdf.Dictionary())
        pdf.Root.Circle.Itself = pdf.Root.Circle

    twice = rewritten(paper, circle)
    assert hold_the_same(twice, twice)
