"""The paper keeps to PDF/A-3a and PDF/UA-1, and each rule that says so would find the fault that it is for."""

import io
import json
import socket
from collections.abc import Callable
from copy import deepcopy

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from certificates import rendering
from certificates.designing import WARM
from certificates.rendering import archival, papers

from . import clauses
from .tagged import dictionaries, elements, reading

pytestmark = [pytest.mark.django_db, pytest.mark.once]
NAMES = ["Út", "Nguyễn Thị Ngọc Diễm", "Nguyễn Phước Quý Thạnh Bảo Ngọc Huyền Trân", "H’Hen Niê Kđăm"]
KHMER = "ដាញ់ សា មៃ"


@pytest.fixture
def credential(in_each_look):
    return in_each_look


@pytest.fixture(scope="module")
def whole(made_credential):
    """One good file that the tests below break, each in a copy."""
    one = deepcopy(made_credential)
    one.design = WARM
    return rendering.pdf(one)


@pytest.mark.parametrize("name", NAMES)
def test_the_paper_of_any_name_is_one_page_that_says_it_and_keeps_to_every_clause(credential, name):
    credential.evidence = credential.evidence | {"name": name}
    data = rendering.pdf(credential)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert len(pdf.pages) == 1
        assert any(name in block for block in reading(pdf))
    assert clauses.findings(data) == []
    assert clauses.vera(data) == []


def test_words_in_khmer_keep_to_them_and_are_read_as_they_are_written(credential):
    credential.evidence = credential.evidence | {"khmer_name": KHMER}
    data = rendering.pdf(credential)
    assert clauses.findings(data) == []
    assert KHMER in reading(pikepdf.open(io.BytesIO(data)))


def test_the_printer_s_own_file_would_not_keep_to_them(credential):
    """What WeasyPrint leaves wrong is mended by us: once it mends that itself, the mending can go."""
    credential.evidence = credential.evidence | {"khmer_name": KHMER}
    data = papers.draw(papers.paper_of(credential), papers.values(credential))
    ornaments = set() if credential.design == "plain" else {"transparency"}
    assert clauses.broken(data) == {"metadata", "tags", "figures", "fonts"} | ornaments


def test_it_is_read_aloud_in_the_order_of_its_meaning(credential):
    said = reading(pikepdf.open(io.BytesIO(rendering.pdf(credential))))
    evidence = credential.evidence
    for expected in [evidence["issuer"], "Chứng nhận", evidence["name"], evidence["course"], "Mã QR", "Mã tra cứu"]:
        assert any(expected.casefold() in block.casefold() for block in said), expected
    wanted = [evidence["issuer"], evidence["name"], evidence["who_line"], evidence["course"], evidence["duration"]]
    places = [next(at for at, block in enumerate(said) if each in block) for each in wanted]
    assert places == sorted(places)
    assert said[-1].startswith("Không phải giấy chứng nhận sản phẩm OCOP")
    order = ["số:", "số vào sổ", evidence["issue_date"].casefold(), evidence["signer"].casefold()]
    at = [next(at for at, block in enumerate(said) if each in block.casefold()) for each in order]
    assert at == sorted(at)


class TestTheTwin:
    def twin(self, data: bytes) -> bytes:
        pdf = pikepdf.open(io.BytesIO(data))
        assert list(pdf.attachments) == ["evidence.json"]
        return pdf.attachments["evidence.json"].get_file().read_bytes()

    def test_what_is_printed_is_attached_for_machines(self, credential):
        record = json.loads(self.twin(rendering.pdf(credential)))
        assert record["evidence"] == credential.evidence
        assert record["code"] == credential.code
        assert record["issued_at"] == "2026-11-23T03:00:00Z"

    def test_its_relation_is_said(self, whole):
        with pikepdf.open(io.BytesIO(whole)) as pdf:
            file = twin(pdf)
            assert (file.AFRelationship, file.EF.F.Subtype) == (Name.Source, Name("/application/json"))
            assert str(file.EF.F.Params.ModDate) == "D:20261123030000Z"
            assert "0001/GCN-MẪU" in str(file.Desc)

    def test_two_prints_have_the_same_bytes(self, credential):
        assert rendering.pdf(credential) == rendering.pdf(credential)

    def test_two_people_s_prints_have_not(self, credential):
        first = rendering.pdf(credential)
        credential.evidence = credential.evidence | {"name": "Trần Thị Út"}
        assert rendering.pdf(credential) != first

    def test_several_files_are_attached_in_the_order_of_their_names(self, credential, monkeypatch):
        two = [archival.Attachment(name, b"{}", "application/json", "Tệp") for name in ("b.json", "a.json")]
        monkeypatch.setattr(archival, "attachments", lambda credential: two)
        data = rendering.pdf(credential)
        assert clauses.findings(data) == []
        with pikepdf.open(io.BytesIO(data)) as pdf:
            assert [str(file.UF) for file in pdf.Root.AF] == ["a.json", "b.json"]

    def test_nothing_is_fetched_for_it(self, credential, monkeypatch):
        def refuse(*arguments, **named):
            raise AssertionError("a certificate reached for the network")

        monkeypatch.setattr(socket.socket, "connect", refuse)
        assert self.twin(rendering.pdf(credential))


def a_font(pdf):
    return next(one for one in dictionaries(pdf) if one.get("/Type") == "/Font" and "/DescendantFonts" in one)


def first(pdf, tag: str):
    return next(one for one in elements(pdf) if str(one.S) == tag)


def image(pdf):
    return next(one for one in dictionaries(pdf) if one.get("/Subtype") == "/Image")


def xmp(old: str, new: str) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf):
        said = pdf.Root.Metadata.read_bytes().decode()
        assert old in said
        pdf.Root.Metadata.write(said.replace(old, new).encode())

    return change


def painted(more: bytes) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf):
        pdf.pages[0].Contents.write(pdf.pages[0].Contents.read_bytes() + more)

    return change


def state(**values) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf):
        pdf.pages[0].Resources.ExtGState["/broken"] = Dictionary(**values)

    return change


def on(find: Callable, change: Callable) -> Callable[[pikepdf.Pdf], None]:
    return lambda pdf: change(find(pdf))


def root(pdf):
    return pdf.Root


def twin(pdf):
    return pdf.Root.AF[0]


def put(key: str, value) -> Callable:
    def change(one):
        one[key] = value

    return change


def take(key: str) -> Callable:
    def change(one):
        del one[key]

    return change


def descriptor(pdf):
    return a_font(pdf).DescendantFonts[0].FontDescriptor


def shorter_unicode(font):
    font.ToUnicode.write(b"1 begincodespacerange <0000> <ffff> endcodespacerange")


def widths(font):
    font.DescendantFonts[0].W = Array([0, 60000, 1])


def annotation(**values) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf):
        one = Dictionary(Type=Name.Annot, Rect=Array([0, 0, 9, 9]), F=4, **values)
        pdf.pages[0].obj["/Annots"] = Array([pdf.make_indirect(one)])

    return change


def action(kind: str) -> Callable[[pikepdf.Pdf], None]:
    return on(root, put("/OpenAction", Dictionary(S=Name(kind))))


WRONG = {
    "no part of PDF/A": ("metadata", xmp("<pdfaid:part>3<", "<pdfaid:part>2<")),
    "a lower level": ("metadata", xmp("<pdfaid:conformance>A<", "<pdfaid:conformance>B<")),
    "PDF/UA not claimed": ("metadata", xmp("<pdfuaid:part>1</pdfuaid:part>", "")),
    "PDF/UA not explained": ("metadata", xmp("ns/id/</pdfaSchema:namespaceURI>", "x</pdfaSchema:namespaceURI>")),
    "another title": ("metadata", xmp("</rdf:li></rdf:Alt></dc:title>", "!</rdf:li></rdf:Alt></dc:title>")),
    "another date": ("metadata", xmp("<xmp:ModifyDate>2026", "<xmp:ModifyDate>2027")),
    "no date of its own": ("metadata", on(lambda pdf: pdf.docinfo, take("/CreationDate"))),
    "no XMP": ("metadata", on(root, take("/Metadata"))),
    "no profile": ("output intent", on(root, take("/OutputIntents"))),
    "a profile that is none": ("output intent", lambda pdf: pdf.Root.OutputIntents[0].DestOutputProfile.write(b"x" * 99)),
    "CMYK": ("output intent", painted(b"\n/Artifact BMC 1 0 0 0 k EMC")),
    "a font from elsewhere": ("fonts", on(descriptor, take("/FontFile2"))),
    "no text of glyphs": ("fonts", on(a_font, take("/ToUnicode"))),
    "text of some glyphs": ("fonts", on(a_font, shorter_unicode)),
    "no map to glyphs": ("fonts", on(lambda pdf: a_font(pdf).DescendantFonts[0], take("/CIDToGIDMap"))),
    "an empty CIDSet": ("fonts", lambda pdf: put("/CIDSet", pdf.make_stream(b"\0"))(descriptor(pdf))),
    "a whole font": ("fonts", on(a_font, put("/BaseFont", Name("/Print-Sans")))),
    "wrong widths": ("fonts", on(a_font, widths)),
    "half transparent": ("transparency", state(ca=0.5)),
    "half transparent lines": ("transparency", state(CA=0.5)),
    "a blend mode": ("transparency", state(BM=Name.Multiply)),
    "a soft mask": ("transparency", state(SMask=Dictionary(S=Name.Luminosity))),
    "a mask of an image": ("transparency", lambda pdf: put("/SMask", pdf.make_stream(b"\0"))(image(pdf))),
    "a group": ("transparency", lambda pdf: put("/Group", Dictionary(S=Name.Transparency))(pdf.pages[0].obj)),
    "JavaScript": ("actions", on(root, put("/OpenAction", Dictionary(S=Name.JavaScript, JS=String("1"))))),
    "JavaScript by name": ("actions", lambda pdf: put("/JavaScript", Dictionary(Names=Array()))(pdf.Root.Names)),
    "a program is started": ("actions", action("/Launch")),
    "an action of the page": ("actions", lambda pdf: put("/AA", Dictionary())(pdf.pages[0].obj)),
    "fields without appearance": ("actions", on(root, put("/AcroForm", Dictionary(NeedAppearances=True, Fields=Array())))),
    "a smoothed image": ("images", on(image, put("/Interpolate", True))),
    "another image for paper": ("images", on(image, put("/Alternates", Array()))),
    "no kind of attachment": ("attachments", lambda pdf: take("/Subtype")(twin(pdf).EF.F)),
    "no date of attachment": ("attachments", lambda pdf: take("/ModDate")(twin(pdf).EF.F.Params)),
    "another attachment": ("attachments", lambda pdf: twin(pdf).EF.F.write(b"{}")),
    "no relationship": ("attachments", on(twin, take("/AFRelationship"))),
    "no description": ("attachments", on(twin, take("/Desc"))),
    "no file in it": ("attachments", on(twin, take("/EF"))),
    "not associated": ("attachments", on(root, put("/AF", Array()))),
    "not by name": ("attachments", lambda pdf: take("/EmbeddedFiles")(pdf.Root.Names)),
    "no language": ("document", on(root, take("/Lang"))),
    "not marked": ("document", on(root, take("/MarkInfo"))),
    "suspects": ("document", lambda pdf: put("/Suspects", True)(pdf.Root.MarkInfo)),
    "the file's name as title": ("document", on(root, take("/ViewerPreferences"))),
    "another tab order": ("document", lambda pdf: put("/Tabs", Name.R)(pdf.pages[0].obj)),
    "an unknown tag": ("tags", lambda pdf: put("/S", Name.Poster)(first(pdf, "/Sect"))),
    "a list of paragraphs": ("tags", lambda pdf: put("/S", Name.P)(first(pdf, "/LI"))),
    "a heading left out": ("tags", lambda pdf: put("/S", Name.H4)(first(pdf, "/H2"))),
    "a heading in a heading": ("tags", lambda pdf: put("/S", Name.P)(first(pdf, "/H1").K[0])),
    "no alternative": ("figures", lambda pdf: take("/Alt")(first(pdf, "/Figure"))),
    "a figure elsewhere": ("figures", lambda pdf: put("/BBox", Array([0, 0, 1, 1]))(first(pdf, "/Figure").A)),
    "painted outside": ("content", painted(b"\n0 0 9 9 re f")),
    "a tag that nobody holds": ("content", painted(b"\n/Span <</MCID 999>> BDC 0 0 9 9 re f EMC")),
    "twice the same": ("content", painted(b"\n/Span <</MCID 0>> BDC 0 0 9 9 re f EMC")),
    "content without its tag": ("content", lambda pdf: put("/Nums", Array())(pdf.Root.StructTreeRoot.ParentTree)),
    "a link on the page": ("fields", annotation(Subtype=Name.Link)),
    "a hidden field": ("fields", annotation(Subtype=Name.Widget, TU=String("x"))),
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_a_file_broken_in_one_clause_is_found_in_that_clause_alone(whole, wrong):
    name, change = WRONG[wrong]
    pdf = pikepdf.open(io.BytesIO(whole))
    change(pdf)
    kept = io.BytesIO()
    pdf.save(kept, static_id=True)
    assert clauses.broken(kept.getvalue()) == {name}


def test_a_tree_that_is_missing_is_found(whole):
    pdf, kept = pikepdf.open(io.BytesIO(whole)), io.BytesIO()
    del pdf.Root["/StructTreeRoot"]
    pdf.save(kept)
    assert clauses.broken(kept.getvalue()) >= {"tags", "content"}


def test_an_encrypted_file_is_found(whole):
    pdf, kept = pikepdf.open(io.BytesIO(whole)), io.BytesIO()
    pdf.save(kept, encryption=pikepdf.Encryption(owner="x", user=""))
    assert "encryption" in clauses.broken(kept.getvalue())


@pytest.mark.parametrize("change", [lambda data: b" " + data, lambda data: data + b"more"])
def test_a_file_with_something_around_it_is_found(whole, change):
    assert "file" in clauses.broken(change(whole))


def test_every_rule_has_a_control(whole):
    assert {name for name, _ in WRONG.values()} | {"encryption", "file"} == set(clauses.RULES)


def test_the_order_of_reading_is_that_of_the_tags(whole):
    """Control: tags in another order read otherwise."""
    pdf = pikepdf.open(io.BytesIO(whole))
    before = reading(pdf)
    part = next(one for one in elements(pdf) if one.S == "/Art")
    part.K = Array(list(part.K)[::-1])
    assert sorted(reading(pdf)) == sorted(before)
    assert reading(pdf) != before
