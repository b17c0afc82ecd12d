"""The report as DOCX, to be edited: styles of its own name, real headings and tables, so that a word processor can work with it.

python-docx is read in on first use.
"""

import io
from typing import TYPE_CHECKING, Any

from lib import text

from .blocks import BLANK, Annex, Block, Heading, Paragraph, Photos, Report, Table

if TYPE_CHECKING:
    from docx.document import Document

TIMES, RED, GREY = "Times New Roman", "B3261E", "444444"
BODY, SMALL, INDENT = 13, 11, 12.7  # points, points, mm
WIDTH, RULE = 164, 44  # mm between the margins; of the line below the title
ALIGNS = {"l": 0, "c": 1, "r": 2}
QUOC_HIEU, TIEU_NGU = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"


def docx(report: Report) -> bytes:
    from docx import Document

    document = Document()
    _set_up(document, report)
    _head(document, report)
    _centred(document, report.title, size=14, bold=True, before=14)
    _centred(document, report.about, bold=True)
    _rule(document.add_paragraph(), (WIDTH - RULE) // 2)
    if report.addressee:
        _centred(document, f"Kính gửi: {report.addressee}", before=10, after=4)
    for block in report.blocks:
        _write(document, block)
    _closing(document, report)
    for at, annex in enumerate(report.annexes):
        _titled(document, annex, report.attached, begins_page=at == 0 or not annex.is_short)
        for block in annex.blocks:
            _write(document, block)
    output = io.BytesIO()
    document.save(output)
    return output.getvalue()


def _set_up(document: "Document", report: Report) -> None:
    from docx.shared import Mm, Pt, RGBColor

    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(16)
    section.different_first_page_header_footer = True
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = TIMES, Pt(BODY)
    _fonts(normal.element.get_or_add_rPr())
    normal.paragraph_format.space_after = Pt(0)
    style = document.styles["Heading 1"]
    style.font.name, style.font.size, style.font.bold, style.font.color.rgb = TIMES, Pt(BODY), True, RGBColor(0, 0, 0)
    _fonts(style.element.get_or_add_rPr())
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(8), Pt(2)
    _vietnamese(document.styles.element)
    properties = document.core_properties
    properties.title, properties.author, properties.language = report.about[:255], report.heads.own[:255], "vi-VN"
    properties.comments = ""
    _running(section.header, report, with_number=True)
    _running(section.first_page_header, report, with_number=False)
    for footer in (section.footer, section.first_page_footer):
        _say(footer.paragraphs[0], report.running, size=9, colour=GREY)


def _vietnamese(styles: Any) -> None:
    """Else a word processor reads it as English, and underlines each word."""
    from docx.oxml.ns import qn

    for language in styles.iter(qn("w:lang")):
        language.set(qn("w:val"), "vi-VN")


def _fonts(properties: Any) -> None:
    """Word takes Vietnamese letters for those of other scripts now and then: one font for all of them."""
    from docx.oxml.ns import qn

    fonts = properties.get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), TIMES)


def _running(header: Any, report: Report, *, with_number: bool) -> None:
    """The page's number at the top in the middle, but on the first; the mark of what has no value on each."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    paragraph = header.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if with_number:
        _field(paragraph, "PAGE")
    if report.specimen:
        marked = header.add_paragraph()
        marked.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        _say(marked, report.specimen, size=9, bold=True, colour=RED)


def _field(paragraph: Any, code: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    paragraph._p.append(field)


def _head(document: "Document", report: Report) -> None:
    table = _bare(document, [66, 98])
    left, right = table.rows[0].cells
    first = left.paragraphs[0]
    if report.heads.parent:
        _said_in(first, report.heads.parent, size=12)
        first = left.add_paragraph()
    _said_in(first, report.heads.own, size=12, bold=True)
    _rule(left.add_paragraph(), 20)
    _said_in(right.paragraphs[0], QUOC_HIEU, size=12, bold=True)
    _said_in(right.add_paragraph(), TIEU_NGU, size=13, bold=True, underline=True)
    left, right = table.add_row().cells
    _said_in(left.paragraphs[0], report.number, before=6)
    _said_in(right.paragraphs[0], report.place_and_day, italic=True, before=6)


def _closing(document: "Document", report: Report) -> None:
    table = _bare(document, [82, 82])
    left, right = table.rows[0].cells
    _say(left.paragraphs[0], "Nơi nhận:", size=12, bold=True, italic=True)
    for one in report.recipients:
        _say(left.add_paragraph(), f"- {one}", size=11)
    _said_in(right.paragraphs[0], report.post, bold=True)
    for _line in range(5):
        right.add_paragraph()
    _said_in(right.add_paragraph(), report.signer, bold=True)


def _rule(paragraph: Any, aside: int) -> None:
    """A thin line, `aside` mm from either edge of what it stands in."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    shape = paragraph.paragraph_format
    shape.left_indent = shape.right_indent = Mm(aside)
    shape.line_spacing = Pt(3)
    borders, line = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "5"), ("space", "1"), ("color", "000000")):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    paragraph._p.get_or_add_pPr().insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _titled(document: "Document", annex: Annex, attached: str, *, begins_page: bool) -> None:
    """“Phụ lục I”, its title, and to what it belongs."""
    heading = document.add_heading(level=1)
    heading.paragraph_format.page_break_before = begins_page
    _said_in(heading, f"Phụ lục {annex.number}", size=14)
    heading.runs[0].add_break()
    _say(heading, annex.title.upper())
    _centred(document, attached, italic=True, after=4)


def _bare(document: "Document", widths: list[int]) -> Any:
    from docx.shared import Mm

    table = document.add_table(rows=1, cols=len(widths))
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for cell, width in zip(table.rows[0].cells, widths, strict=True):
        cell.width = Mm(width)
    return table


def _said_in(paragraph: Any, words: str, *, before: int = 0, **how: Any) -> None:
    from docx.shared import Pt

    paragraph.alignment = ALIGNS["c"]
    paragraph.paragraph_format.space_before = Pt(before)
    _say(paragraph, words, **how)


def _centred(document: "Document", words: str, *, before: int = 0, after: int = 0, **how: Any) -> None:
    from docx.shared import Pt

    paragraph = document.add_paragraph()
    _said_in(paragraph, words, before=before, **how)
    paragraph.paragraph_format.space_after = Pt(after)


def _say(
    paragraph: Any,
    words: str,
    *,
    size: float | None = None,
    bold: bool = False,
    italic: bool = False,
    underline: bool = False,
    colour: str = "",
) -> None:
    from docx.shared import Pt, RGBColor

    run = paragraph.add_run(text.nfc_lines(words))  # XML takes no control characters
    run.bold, run.italic, run.underline = bold or None, italic or None, underline or None
    if size:
        run.font.size = Pt(size)
    if colour:
        run.font.color.rgb = RGBColor.from_string(colour)


def _write(document: "Document", block: Block) -> None:
    match block:
        case Heading():
            _heading(document, block)
        case Paragraph():
            _paragraph(document, block)
        case Table():
            _table(document, block)
        case Photos():
            _photos(document, block)


def _heading(document: "Document", block: Heading) -> None:
    from docx.shared import Mm

    heading = document.add_heading(level=1)
    heading.paragraph_format.first_line_indent = Mm(INDENT)
    _say(heading, block.text)
    heading.runs[0].font.all_caps = True


def _paragraph(document: "Document", block: Paragraph) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
    from docx.shared import Mm, Pt

    paragraph = document.add_paragraph()
    shape = paragraph.paragraph_format
    shape.space_before = Pt(6)
    shape.first_line_indent = Mm(INDENT)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    if block.lead:
        _say(paragraph, block.lead, bold=True)
        paragraph.add_run(" ")
    _say(paragraph, block.text, italic=block.style in ("quote", "note"))
    if block.style == BLANK:
        shape.tab_stops.add_tab_stop(Mm(WIDTH), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
        paragraph.add_run("\t")


def _table(document: "Document", block: Table) -> None:
    from docx.shared import Mm

    caption = document.add_paragraph()
    _said_in(caption, block.caption, before=8, italic=True)
    caption.paragraph_format.keep_with_next = True
    table = document.add_table(rows=0, cols=len(block.heads), style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, block.widths, strict=True):
        column.width = Mm(width)
    _row(table, block, block.heads, "c" * len(block.heads), bold=True)
    _repeated(table.rows[0])
    for number, row in enumerate(block.rows, 1):
        _row(table, block, row, block.aligns, bold=block.has_total and number == len(block.rows))


def _row(table: Any, block: Table, words: Any, aligns: str, *, bold: bool) -> None:
    """`table.cell` counts all cells each time it is asked; those of one row are asked once."""
    from docx.shared import Mm

    row = table.add_row()
    for cell, width, said, align in zip(row.cells, block.widths, words, aligns, strict=True):
        cell.width = Mm(width)
        paragraph = cell.paragraphs[0]
        paragraph.alignment = ALIGNS[align]
        _say(paragraph, said, size=SMALL, bold=bold)


def _repeated(row: Any) -> None:
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _photos(document: "Document", block: Photos) -> None:
    from docx.shared import Mm

    for at in range(0, len(block.told), 2):
        table = _bare(document, [82, 82])
        _whole(table.rows[0])
        for cell, (picture, words) in zip(table.rows[0].cells, block.told[at : at + 2], strict=False):
            shape = cell.paragraphs[0].add_run().add_picture(io.BytesIO(picture.data), width=Mm(78))
            shape._inline.docPr.set("descr", text.nfc(words))  # what a reader of screens says
            _said_in(cell.add_paragraph(), words, size=SMALL, italic=True)


def _whole(row: Any) -> None:
    """A picture and the words below it stay on one page."""
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
