"""Word documents as Word itself writes them: runs cut anywhere, numbers that nobody typed, changes that are tracked."""

import io
import zipfile

import pytest

from quizzes.formats import word
from quizzes.formats.base import UnreadableError

pytestmark = pytest.mark.once

content = word.Document.content
PNG = b"\x89PNG muoi"

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SPACES = (
    f'xmlns:w="{W}" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
LEVELS = (
    '<w:abstractNum w:abstractNumId="0">'
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="Câu %1:"/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="upperLetter"/><w:lvlText w:val="%2."/></w:lvl>'
    '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
)
KEY = "<w:p><w:r><w:t>Đáp án: B</w:t></w:r></w:p>"
ASKED = "<w:p><w:r><w:t>Câu 1: Muối nào?</w:t></w:r></w:p>"


def run(words: str, looks: str = "") -> str:
    return f'<w:r><w:rPr>{looks}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'


def line(*runs: str, more: str = "") -> str:
    return f"<w:p><w:pPr>{more}</w:pPr>{''.join(one if one.startswith('<') else run(one) for one in runs)}</w:p>"


def numbered(words: str, depth: int, number: int = 1) -> str:
    return line(words, more=f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>')


def read(*body: str, **parts: str | bytes):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("word/document.xml", f"<w:document {SPACES}><w:body>{''.join(body)}</w:body></w:document>")
        for name, content in parts.items():
            if isinstance(content, bytes):
                archive.writestr(f"word/media/{name}.png", content)
            elif name == "relations":
                archive.writestr("word/_rels/document.xml.rels", f"<Relationships>{content}</Relationships>")
            else:
                archive.writestr(f"word/{name}.xml", f"<w:{name} {SPACES}>{content}</w:{name}>")
    return word.read(packed.getvalue())


def choices(parsed, at: int = 0) -> list[tuple[str, bool]]:
    assert parsed.refusals == []
    return [(row["text"], row["right"]) for row in parsed.drafts[at].data["choices"]]


def test_numbers_that_word_writes_itself_are_read_as_seen():
    body = [numbered(words, depth) for words, depth in (
        ("Muối nào?", 0), ("Cà Mau", 1), ("Bạc Liêu", 1), ("Nước nào?", 0), ("mặn", 1), ("ngọt", 1)
    )]  # fmt: skip
    parsed = read(*body[:3], KEY, *body[3:], KEY, numbering=LEVELS)
    assert [draft.stem for draft in parsed.drafts] == ["Muối nào?", "Nước nào?"]
    assert choices(parsed) == [("Cà Mau", False), ("Bạc Liêu", True)]
    assert choices(parsed, 1) == [("mặn", False), ("ngọt", True)]


def test_a_list_that_begins_anew_under_each_question():
    lists = (
        '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/>'
        '<w:lvlText w:val="%1)"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    )
    first = [numbered(words, 0) for words in ("Cà Mau", "Bạc Liêu")]
    second = [numbered(words, 0, number=2) for words in ("mặn", "ngọt")]
    parsed = read(ASKED, *first, KEY, line("Câu 2: Nước?"), *second, KEY, numbering=lists)
    assert choices(parsed, 1) == [("mặn", False), ("ngọt", True)]


def test_a_number_that_comes_with_the_style_and_bullets_that_are_none():
    lists = LEVELS.replace('<w:numFmt w:val="upperLetter"/>', '<w:numFmt w:val="upperLetter"/><w:pStyle w:val="Chon"/>')
    bullets = (
        '<w:abstractNum w:abstractNumId="5"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/></w:lvl>'
        '</w:abstractNum><w:num w:numId="5"><w:abstractNumId w:val="5"/></w:num>'
    )
    style = '<w:style w:styleId="Chon"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    styled = [line(words, more='<w:pStyle w:val="Chon"/>') for words in ("Cà Mau", "Bạc Liêu")]
    parsed = read(ASKED, numbered("sạch", 0, 5), *styled, KEY, numbering=lists + bullets, styles=style)
    assert parsed.drafts[0].stem == "Muối nào?\nsạch"
    assert choices(parsed) == [("Cà Mau", False), ("Bạc Liêu", True)]


@pytest.mark.parametrize(
    "looks", ["<w:b/>", '<w:u w:val="single"/>', '<w:highlight w:val="yellow"/>', '<w:color w:val="FF0000"/>',
              '<w:shd w:val="clear" w:fill="FFFF00"/>', '<w:rStyle w:val="Manh"/>']
)  # fmt: skip
def test_a_key_that_is_shown_by_its_looks(looks):
    style = '<w:style w:styleId="Goc"><w:rPr><w:b/></w:rPr></w:style><w:style w:styleId="Manh"><w:basedOn w:val="Goc"/></w:style>'
    parsed = read(
        ASKED, line("A. Cà Mau"), line(run("B. ", looks), run("Bạc ", looks), run("Liêu", looks), "."), styles=style
    )
    assert choices(parsed) == [("Cà Mau", False), ("Bạc Liêu.", True)]


@pytest.mark.parametrize("looks", ['<w:u w:val="single"/>', '<w:color w:val="C00000"/>'])
def test_the_letter_alone_may_mark_the_key_where_all_letters_are_bold(looks):
    parsed = read(ASKED, line(run("A", "<w:b/>"), run(". Cà Mau")), line(run("B", f"<w:b/>{looks}"), run(". Bạc Liêu")))
    assert choices(parsed) == [("Cà Mau", False), ("Bạc Liêu", True)]


def test_automatic_colour_white_ground_and_a_bold_that_is_taken_back_mark_nothing():
    plain = '<w:b w:val="0"/><w:color w:val="auto"/><w:shd w:val="clear" w:fill="auto"/><w:u w:val="none"/>'
    parsed = read(ASKED, line(run("A. Cà Mau", plain)), line(run("B. Bạc Liêu", "<w:b/>")))
    assert choices(parsed) == [("Cà Mau", False), ("Bạc Liêu", True)]


def test_a_key_that_is_bold_in_part_is_refused_by_its_letter_and_one_word_that_is_stressed_marks_nothing():
    half = line("B. Bạc ", run("Liêu", "<w:b/>"))
    (problem,) = read(ASKED, line("A. Cà Mau"), half).problems
    assert "phương án B chỉ được tô đậm" in problem.reason
    assert problem.excerpt == "Câu 1: Muối nào?"
    assert choices(read(ASKED, line(run("A. Cà Mau", "<w:u/>")), half)) == [("Cà Mau", True), ("Bạc Liêu", False)]


def test_choices_that_are_marked_in_different_ways_are_refused():
    (problem,) = read(
        ASKED, line(run("A. Cà Mau", "<w:b/>")), line(run("B. Bạc Liêu", "<w:u/>")), line("C. Huế")
    ).problems
    assert "theo những cách khác nhau" in problem.reason


def test_choices_beside_each_other_with_tabs_wide_blanks_and_soft_breaks():
    beside = line("A. Cà Mau", "<w:r><w:tab/></w:r>", "B. Bạc Liêu", "<w:r><w:br/></w:r>", "C. Huế      D. Lào\xa0Cai")
    parsed = read(ASKED, beside, KEY)
    assert [words for words, _right in choices(parsed)] == ["Cà Mau", "Bạc Liêu", "Huế", "Lào\xa0Cai"]


def test_choices_in_the_cells_of_a_table_and_a_cell_after_a_table_within_a_table():
    def cell(*inside):
        return f"<w:tc>{''.join(inside)}</w:tc>"

    inner = f"<w:tbl><w:tr>{cell(line('A. Cà Mau'))}</w:tr></w:tbl>"
    gone = f"<w:tr><w:trPr><w:del/></w:trPr>{cell(line('C. bỏ'))}</w:tr>"
    parsed = read(ASKED, f"<w:tbl><w:tr>{cell(inner)}{cell(line('B. Bạc Liêu'))}</w:tr>{gone}</w:tbl>", KEY)
    assert choices(parsed) == [("Cà Mau", False), ("Bạc Liêu", True)]
    assert parsed.problems == []


def test_a_table_of_data_in_what_is_asked_is_told():
    cells = "".join(f"<w:tc>{line(words)}</w:tc>" for words in ("Mặn", "35"))
    parsed = read(ASKED, f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>", line("A. Cà Mau"), line("B. Huế"), KEY)
    assert parsed.drafts[0].stem == "Muối nào?\nMặn\n35"
    assert ["Bảng trong lời hỏi" in problem.reason for problem in parsed.problems] == [True]


def test_tracked_changes_are_read_as_accepted_and_told():
    changed = (
        "<w:p><w:r><w:t>B. Bạc </w:t></w:r><w:ins><w:r><w:t>Liêu</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>Hà</w:delText></w:r></w:del><w:moveFrom><w:r><w:t>xa</w:t></w:r></w:moveFrom></w:p>"
    )
    joined = "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>A. Cà</w:t></w:r></w:p>"
    parsed = read(ASKED, joined, line(" Mau"), changed, KEY)
    assert choices(parsed) == [("Cà Mau", False), ("Bạc Liêu", True)]
    (problem,) = parsed.problems
    assert (problem.place, problem.is_loss, "track changes" in problem.reason) == (1, True, True)


def test_words_of_a_box_are_read_once_and_told():
    box = f"<w:txbxContent>{line('A. Cà Mau')}{line('B. Bạc Liêu')}</w:txbxContent>"
    drawn = (
        f"<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    parsed = read(line("Câu 1: Muối nào?", drawn), KEY)
    assert choices(parsed) == [("Cà Mau", False), ("Bạc Liêu", True)]
    assert parsed.drafts[0].stem == "Muối nào?"
    assert ["text box" in problem.reason for problem in parsed.problems] == [True]


def test_links_fields_tags_and_controls_hold_words_like_any_other():
    words = line(
        "Câu 1: ", f"<w:hyperlink>{run('Muối')}</w:hyperlink>", f"<w:smartTag>{run(' nào')}</w:smartTag>",
        f'<w:fldSimple w:instr="REF a">{run(" ở")}</w:fldSimple>', f"<w:sdt><w:sdtContent>{run(' đây')}</w:sdtContent></w:sdt>",
        '<w:r><w:fldChar w:fldCharType="begin"/><w:instrText> PAGE </w:instrText><w:noBreakHyphen/></w:r>', "?",
    )  # fmt: skip
    parsed = read(words, line("A. Cà Mau"), line("B. Bạc Liêu"), KEY)
    assert parsed.drafts[0].stem == "Muối nào ở đây-?"
    assert parsed.problems == []


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        ('<w:r><w:sym w:font="Symbol" w:char="F0B3"/></w:r>', "≥"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F0E0"/></w:r>', "→"),
        (run("m") + run("2", '<w:vertAlign w:val="superscript"/>'), "m²"),
        (run("H") + run("2", '<w:vertAlign w:val="subscript"/>') + run("O"), "H₂O"),
        (run("10") + run("x", '<w:vertAlign w:val="superscript"/>'), "10^x"),
    ],
)
def test_signs_and_letters_above_and_below_the_line(inside, words):
    parsed = read(ASKED, line("A. ", inside), line("B. Bạc Liêu"), KEY)
    assert (choices(parsed)[0][0], parsed.problems) == (words, [])


EQUATION = (
    "<m:oMath><m:f><m:num><m:r><m:t>a+b</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f>"
    "<m:sSup><m:e><m:r><m:t>x</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup>"
    "<m:rad><m:deg/><m:e><m:r><m:t>y</m:t></m:r></m:e></m:rad></m:oMath>"
)


@pytest.mark.parametrize(
    ("inside", "why"),
    [
        (EQUATION, "Công thức chỉ còn là chữ"),
        ("<w:r><w:footnoteReference/></w:r>", "Chú thích cuối trang"),
        ("<w:r><w:commentReference/></w:r>", "Lời bình"),
        ("<w:r><w:object/></w:r>", "OLE"),
        ("<w:r><w:drawing/></w:r>", "Hình vẽ, biểu đồ"),
        ('<w:r><w:sym w:font="Webdings" w:char="F022"/></w:r>', "phông “webdings”"),
        ("<w:r><w:instrText> EQ \\f(1,2)</w:instrText></w:r>", "trường EQ"),
        (run("cũ", "<w:strike/>"), "gạch bỏ"),
        (run("kín", "<w:vanish/>"), "Chữ ẩn"),
    ],
)
def test_what_word_holds_and_a_question_does_not_is_told_with_its_question(inside, why):
    second = line("Câu 2: Nước ", inside, "?")
    parsed = read(ASKED, line("A. a"), line("B. b"), KEY, second, line("A. c"), line("B. d"), KEY)
    (problem,) = parsed.problems
    assert why in problem.reason
    assert (problem.is_loss, problem.excerpt.startswith("Câu 2: Nước")) == (True, True)


def test_an_equation_is_written_in_one_line():
    assert read(line("Câu 1: ", EQUATION), line("Đáp án: 5")).drafts[0].stem == "(a+b)/2x²√y"


def test_pictures_come_along_in_their_places():
    drawn = '<w:r><w:drawing><a:blip r:embed="rId7"/></w:drawing></w:r>'
    relations = '<Relationship Id="rId7" Target="media/muoi.png"/><Relationship Id="rId8" Target="media/cu.emf"/>'
    far = '<w:r><w:pict><v:imagedata r:id="rId8"/></w:pict></w:r>'
    parsed = read(
        line("Câu 1: Muối nào?", drawn), line("A. ", drawn), line("B. Huế", far), KEY, relations=relations, muoi=PNG
    )
    (draft,) = parsed.drafts
    assert draft.stem == "Muối nào?![](tep:muoi.png)"
    assert draft.data["choices"][0]["text"] == "![](tep:muoi.png)"
    assert dict(draft.pictures) == {"muoi.png": PNG}
    assert ["Hình vẽ" in problem.reason for problem in parsed.problems] == [True]


def test_a_picture_that_is_shown_a_hundred_times_is_unpacked_once(monkeypatch):
    opened = []
    monkeypatch.setattr(word.Document, "content", lambda self, name: opened.append(name) or content(self, name))
    drawn = '<w:r><w:drawing><a:blip r:embed="rId7"/></w:drawing></w:r>'
    relations = '<Relationship Id="rId7" Target="media/muoi.png"/>'
    parsed = read(line("Câu 1: Muối?", *[drawn] * 100), line("A. a"), line("B. b"), KEY, relations=relations, muoi=PNG)
    assert parsed.drafts[0].stem.count("tep:muoi.png") == 100
    assert opened.count("word/media/muoi.png") == 1


def test_pictures_that_are_too_much_together_are_refused(monkeypatch):
    monkeypatch.setattr(word, "MOST_OF_ALL", len(PNG))
    drawn = [f'<w:r><w:drawing><a:blip r:embed="rId{n}"/></w:drawing></w:r>' for n in (1, 2)]
    relations = "".join(f'<Relationship Id="rId{n}" Target="media/m{n}.png"/>' for n in (1, 2))
    with pytest.raises(UnreadableError, match="lớn quá"):
        read(line("Câu 1: Muối?", *drawn), KEY, relations=relations, m1=PNG, m2=PNG)


@pytest.mark.parametrize("shape", ["upperRoman", "upperLetter", "decimal"])
@pytest.mark.parametrize("start", ["9" * 9, "9" * 40, "²"])
def test_a_list_that_begins_at_a_number_without_sense_begins_with_one(shape, start):
    levels = (
        f'<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="{start}"/><w:numFmt w:val="{shape}"/>'
        '<w:lvlText w:val="%1."/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    )
    parsed = read(numbered("Muối nào?", 0), numbering=levels)
    assert len(parsed.refusals) == 1


def test_the_strict_dialect_is_read_too():
    strict = f"<w:document {SPACES}><w:body>{ASKED}{line('A. a')}{line('B. b')}{KEY}</w:body></w:document>"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("word/document.xml", strict.replace(W, "http://purl.oclc.org/ooxml/wordprocessingml/main"))
    assert choices(word.read(packed.getvalue())) == [("a", False), ("b", True)]
