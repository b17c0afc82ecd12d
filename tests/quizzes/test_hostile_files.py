"""Files that are small when sent and without end when read, and files that are damaged: refused in words, before they cost anything.

What is looked at is how little is touched, not how long it takes.
"""

import io
import json
import zipfile

import pytest
from django.core.management import call_command

from lib.foreign import decoding, foreign_xml, packing
from quizzes.formats import excel, gift, markup, word
from quizzes.formats.base import LONGEST_RAW, UnreadableError

from .files import document, moodle, plan, question, send

pytestmark = pytest.mark.once

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKED = "http://schemas.openxmlformats.org/package/2006"


def cell(place: str, words: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{words}</t></is></c>'


HEADS = f'<row r="1">{cell("A1", "Câu hỏi")}{cell("B1", "Đáp án")}</row>'


def workbook(rows: str) -> bytes:
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKED}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{KIND}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKED}/relationships">'
        f'<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKED}/relationships">'
        f'<Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">'
        '<sheets><sheet name="Câu hỏi" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>',
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return packed.getvalue()


def why(bank, data, name="tep.txt") -> str:
    (problem,) = plan(bank, data, name).refusals
    return problem.reason


@pytest.fixture
def opened(monkeypatch):
    """The workbooks that openpyxl was given."""
    found = []
    monkeypatch.setattr("openpyxl.load_workbook", lambda *args, **kwargs: found.append(args) or 1 / 0)
    return found


def test_a_workbook_of_one_endless_cell_is_refused_before_it_is_opened(bank, opened):
    data = workbook(f'<row r="1">{cell("A1", "a" * (excel.LARGEST + 1))}</row>')
    assert len(data) < 100_000
    assert "lớn quá" in why(bank, data, "a.xlsx")
    assert opened == []


def test_a_workbook_of_endless_cells_in_one_row_is_refused_before_it_is_opened(bank, opened, monkeypatch):
    monkeypatch.setattr(foreign_xml, "MOST_ELEMENTS", 1_000)
    assert "lớn quá" in why(bank, workbook(f'<row r="1">{"<c/>" * 1_001}</row>'), "a.xlsx")
    assert opened == []


def test_a_cell_that_is_longer_than_excel_holds_is_named_and_not_looked_at(bank, monkeypatch):
    looked = []
    monkeypatch.setattr(excel, "tidied", lambda words: looked.append(len(words)) or words)
    rows = f'<row r="2">{cell("A2", "a" * (excel.LONGEST + 1))}{cell("B2", "Đúng")}</row>'
    assert "Cột A: ô này dài 32768 ký tự" in why(bank, workbook(HEADS + rows), "a.xlsx")
    assert max(looked) < 100


DAMAGED = [
    f'<row r="abc">{cell("A1", "x")}</row>',
    '<row r="2"><c r="A2" t="n"><v>abc</v></c></row>',
    '<row r="2"><c r="A2" t="s"><v>999</v></c></row>',
    '<row r="2"><c r="A2" t="d"><v>hôm qua</v></c></row>',
    '<row r="2"><c r="A2"><v>1e999</v></c></row><row r="3"><c r="4"/></row>',
]


@pytest.mark.parametrize("rows", DAMAGED)
def test_a_damaged_workbook_is_refused_in_words(bank, rows):
    assert "Không đọc được tệp Excel này" in why(bank, workbook(HEADS + rows), "a.xlsx")


def test_a_damaged_workbook_is_said_by_the_page_and_by_the_command(editor, bank, tmp_path, capsys):
    page = send(editor, bank, workbook(HEADS + DAMAGED[0]), "a.xlsx")
    assert (page.status_code, "Không đọc được tệp Excel này" in page.text) == (422, True)
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook(HEADS + DAMAGED[2]))
    with pytest.raises(SystemExit) as ended:
        call_command("import_questions", path, bank=bank.name, as_json=True)
    report = json.loads(capsys.readouterr().out)
    assert (ended.value.code, report["written"]) == (1, False)
    assert "Không đọc được tệp Excel này" in report["problems"][0]["reason"]


def test_a_packed_part_that_is_damaged_is_no_traceback(bank):
    data = bytearray(workbook(HEADS))
    at = data.find(b"xl/worksheets/sheet1.xml") + len("xl/worksheets/sheet1.xml")
    data[at : at + 20] = b"\xff" * 20
    assert "Không mở được tệp nén này" in why(bank, bytes(data), "a.xlsx")


def test_a_word_document_of_one_endless_word_is_refused_before_its_letters_are_looked_at(bank, monkeypatch):
    monkeypatch.setattr(word, "_broken", lambda pieces: 1 / 0)
    assert "lớn quá" in why(bank, document("Câu 1: " + "a" * LONGEST_RAW), "a.docx")


@pytest.mark.parametrize("bound", ["MOST_LINES", "MOST_WORDS"])
def test_a_word_document_of_endless_lines_is_refused(bank, monkeypatch, bound):
    monkeypatch.setattr(word, bound, 3)
    assert "lớn quá" in why(bank, document(*["a"] * 6), "a.docx")


@pytest.mark.parametrize(
    ("name", "data"), [("a.docx", document(*"ab")), ("a.xml", moodle("<a/>")), ("a.xlsx", workbook(HEADS))]
)
def test_more_elements_than_questions_need_are_refused(bank, monkeypatch, name, data):
    monkeypatch.setattr(foreign_xml, "MOST_ELEMENTS", 1)
    monkeypatch.setattr(foreign_xml, "MOST_TAGS", 1)
    assert "chia nhỏ" in why(bank, data, name)


def test_html_that_is_written_as_letters_counts_as_elements(bank, monkeypatch):
    monkeypatch.setattr(foreign_xml, "MOST_TAGS", 50)
    assert "chia nhỏ" in why(bank, moodle(question("essay", "").replace("Hỏi?", "&lt;b&gt;" * 200)), "a.xml")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.gift", "[markdown]" + "[" * LONGEST_RAW + "{T}"),
        ("a.gift", "Hỏi? {=" + "a =" * LONGEST_RAW + "b}"),
        ("a.txt", "Hỏi?\nA. " + "a" * LONGEST_RAW + "\nB. b\nANSWER: B"),
        ("a.txt", "Hỏi?\n" + "A. a\n" * LONGEST_RAW + "B. b\nANSWER: B"),
        ("a.docx", document(*["Hỏi?", *["A. a"] * (LONGEST_RAW // 4), "Đáp án: A"])),
        ("a.xml", moodle(question("essay", "", "<p>" + "a" * LONGEST_RAW + "</p>"))),
    ],
)
def test_words_without_end_are_refused_before_they_are_formatted(bank, monkeypatch, name, data):
    monkeypatch.setattr(markup.wording, "quoted", lambda words: 1 / 0)
    monkeypatch.setattr(markup, "_from_markdown", lambda words: 1 / 0)
    monkeypatch.setattr("quizzes.formats.foreign_html._Converter", lambda **how: 1 / 0)
    assert "dài quá nên" in why(bank, data, name)


def test_a_question_of_gift_that_never_ends_is_named_by_its_line(bank):
    data = "Một? {T}\n\nHai? {\n" + "=a\n\n" * 2_000
    assert "Câu ở dòng 3 không thấy chỗ kết thúc" in why(bank, data, "a.gift")


def test_more_lines_than_questions_need_are_refused_before_they_are_parted(bank, monkeypatch):
    monkeypatch.setattr("quizzes.importing.reading.MOST_LINES", 10)
    monkeypatch.setattr(gift, "_blocks", lambda lines: 1 / 0)
    assert "hơn 10 dòng" in why(bank, "\n" * 11 + "Hỏi? {T}", "a.gift")


def test_more_questions_of_moodle_than_anybody_reads_are_refused_at_once(bank, monkeypatch):
    monkeypatch.setattr("quizzes.formats.moodle_xml.MOST_READ", 2)
    assert "Tệp này có 3 câu" in why(bank, moodle(*[question("essay", "")] * 3), "a.xml")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("<quiz>\n<question></quiz>", "ở dòng 2, cột 13: thẻ đóng không khớp với thẻ mở"),
        ("<quiz>\n a & b</quiz>", "ở dòng 2, cột 5: có ký tự không được đứng ở đây"),
        ("<quiz>", "tệp kết thúc giữa chừng"),
        ("<quiz", "một thẻ bị cắt ngang"),
        ("<quiz/>\n<quiz/>", "ở dòng 2, cột 1: có nội dung thừa"),
        ("<quiz>&nbsp;</quiz>", "mà XML không biết"),
        ("<m:quiz/>", "tiền tố chưa khai báo"),
        ("<quiz><![CDATA[", "CDATA chưa đóng"),
        ('<quiz a="1" a="2"/>', "hai thuộc tính cùng tên"),
        ('<?xml version="1.0" encoding="utf-16"?><quiz/>', "không đúng với tệp"),
        ('<?xml version="1.0" encoding="big5"?><quiz/>', "bảng mã không đọc được"),
        ('<?xml version="1.0" encoding="la"?><quiz/>', "bảng mã không đọc được"),
        ("quiz", "không đúng quy tắc XML"),
    ],
)
@pytest.mark.parametrize("form", ["xml", "qti"])
def test_broken_xml_is_said_by_line_and_column_and_in_one_language(data, said, form):
    with pytest.raises(UnreadableError) as refused:
        foreign_xml.root(data.encode(), forbid_dtd=form == "xml")
    assert said in str(refused.value)
    assert not any(word in str(refused.value) for word in ("token", "element", "line", "mismatched"))


@pytest.mark.parametrize("form", ["xml", "qti"])
def test_both_formats_of_xml_say_their_faults_so(bank, form):
    (problem,) = plan(bank, "<quiz>\n<question></quiz>", "a.xml", form=form).refusals
    assert "dòng 2, cột 13" in problem.reason


@pytest.mark.parametrize("broken", [b"\xed\xa0\x80", "Muối đỏ ".encode() + b"\xff"])
def test_damaged_utf8_is_no_old_file_of_windows(bank, broken):
    assert "chữ hỏng ở dòng 3" in why(bank, b"// 1\n\nHoi " + broken + b" {T}")
    with pytest.raises(UnreadableError):
        decoding.decoded(broken)


def test_a_packed_file_is_measured_by_what_it_holds_and_not_by_what_it_is_named():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("xl/media/a.png", "<a/>" * 10)
    with packing.opened(packed.getvalue()) as archive:
        assert packing.holds_too_much(archive, 39)
        assert not packing.holds_too_much(archive, 40)


@pytest.mark.parametrize("written", ["Anh nói: “Chi là…”", "Bà hát “à…”. Rôi", "“Món quê…” cua bà"])
def test_signs_in_a_row_of_an_old_encoding_are_no_broken_utf8(written):
    assert decoding.decoded(written.encode("cp1258")) == (written, decoding.CP1258)
