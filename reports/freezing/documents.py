"""A snapshot for a meeting as a document of A4 pages, to be edited: the sentence, a chart, the table of all units; the rest as an annex.

Its libraries are read in on first use.
"""

import io
from math import ceil
from typing import Any

from reports.models import Snapshot

from . import bars
from .content import Content, Line, Sheet, thawed
from .wording import LANGUAGE, moment_of, number, over_chart, plain, tell, title_of

FONT, PALE = "Times New Roman", "E8EFEA"
WIDTH, HEIGHT, FIGURE = 180, 269, 20  # mm between the margins; of a column of figures
SIZES = (9, 8.5, 8)  # of a table, in points; smaller cannot be read
A_ROW = 0.43  # mm of height for each point of type, its rule included
A_BAR, HEADINGS = 5, 20  # mm; the latter above a table that begins a page
EMU = 36_000  # a mm


def docx(snapshot: Snapshot) -> bytes:
    from docx import Document

    said, document = thawed(snapshot.content), Document()
    _set_up(document, snapshot, said)
    document.add_heading(title_of(snapshot, said), 1)
    document.add_paragraph(plain(said.sentence)).runs[0].bold = True
    document.add_paragraph(moment_of(snapshot))
    if said.chart:
        document.add_heading(over_chart(snapshot, said), 2)
        _chart(document, said.chart, over_chart(snapshot, said))
    _table_of_units(document, said.units, _room_below(snapshot, said))
    for at, sheet in enumerate(said.sheets):
        if at == 0:
            document.add_heading("Phụ lục", 1).paragraph_format.page_break_before = True
        document.add_heading(plain(sheet.title), 2)
        _table(document, sheet, _size(sheet, HEIGHT - HEADINGS))
    output = io.BytesIO()
    document.save(output)
    return output.getvalue()


def _table_of_units(document: Any, units: Sheet, room: int) -> None:
    """Below the chart if it fits there in any type, else from the next page on."""
    heading = document.add_heading(plain(f"{units.title}, theo {units.head.lower()}"), 2)
    heading.paragraph_format.page_break_before = not _fits(units, SIZES[-1], room)
    _table(document, units, _size(units, room if _fits(units, SIZES[-1], room) else HEIGHT - HEADINGS))


def _size(sheet: Sheet, room: int) -> float:
    """The largest type in which the table is one; the smallest when it goes over several pages anyway."""
    return next((size for size in SIZES if _fits(sheet, size, room)), SIZES[-1])


def _fits(sheet: Sheet, size: float, room: int) -> bool:
    """With heads of two lines, and the total."""
    return (len(sheet.lines) + 3) * size * A_ROW <= room


def _room_below(snapshot: Snapshot, said: Content) -> int:
    """What is left of the first page below the chart, in mm, by and large."""
    above = 8 * ceil(len(title_of(snapshot, said)) / 55) + 5.5 * ceil(len(said.sentence) / 80) + 24
    return HEIGHT - round(above) - (_height(said.chart) + 8 if said.chart else 0)


def _height(chart: list[Line]) -> int:
    return 4 + A_BAR * len(chart)


def _set_up(document: Any, snapshot: Snapshot, said: Content) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt, RGBColor

    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(15)
    section.top_margin = section.bottom_margin = Mm(14)
    section.header_distance = section.footer_distance = Mm(7)
    for name, size, before, after in (("Normal", 12, 0, 4), ("Heading 1", 16, 0, 4), ("Heading 2", 12, 6, 3)):
        style = document.styles[name]
        style.font.name, style.font.size = FONT, Pt(size)
        _one_font(style.element.get_or_add_rPr().get_or_add_rFonts())
        space = style.paragraph_format
        space.space_before, space.space_after, space.line_spacing = Pt(before), Pt(after), 1
        if name != "Normal":
            style.font.color.rgb = RGBColor(0, 0, 0)
    for language in document.styles.element.iter(qn("w:lang")):  # else each word is underlined as wrong English
        language.set(qn("w:val"), LANGUAGE)
    tell(document.core_properties, snapshot, said)
    foot, page = section.footer.paragraphs[0], OxmlElement("w:fldSimple")
    document.styles["Footer"].font.size = Pt(8)
    foot.add_run(f"{moment_of(snapshot)}. Trang ")
    page.set(qn("w:instr"), "PAGE")
    foot._p.append(page)


def _one_font(fonts: Any) -> None:
    """Word takes Vietnamese letters for those of other scripts now and then."""
    from docx.oxml.ns import qn

    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), FONT)


def _chart(document: Any, chart: list[Line], title: str) -> None:
    """A chart of Word's own: python-docx has none, so that of the slides' library is put in, with its workbook."""
    from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    made, package = bars.drawn(chart, title, FONT, 9), document.part.package
    part = Part(PackURI("/word/charts/chart1.xml"), CONTENT_TYPE.DML_CHART, made.blob, package)
    book = made.chart_workbook.xlsx_part.blob
    numbers = Part(PackURI("/word/embeddings/chart1.xlsx"), CONTENT_TYPE.SML_SHEET, book, package)
    part.load_rel(RELATIONSHIP_TYPE.PACKAGE, numbers, made._element.externalData.rId)
    inline = parse_xml(
        f'<w:drawing {nsdecls("w", "wp", "a", "c", "r")}><wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{WIDTH * EMU}" cy="{_height(chart) * EMU}"/><wp:docPr id="1" name="Biểu đồ"/>'
        "<wp:cNvGraphicFramePr/>"
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
        f'<c:chart r:id="{document.part.relate_to(part, RELATIONSHIP_TYPE.CHART)}"/>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing>"
    )
    inline[0].docPr.set("descr", f"{title}: {bars.told(chart)}")
    document.add_paragraph().add_run()._r.append(inline)


def _style(document: Any, size: float) -> Any:
    """A style of its own, since a cell without words is as high as its paragraph's style says."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Pt

    name = f"Bảng {size:g}"
    if name in document.styles:
        return document.styles[name]
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style, style.font.size = document.styles["Normal"], Pt(size)
    style.paragraph_format.space_after = Pt(0)
    return style


def _table(document: Any, sheet: Sheet, size: float) -> None:
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls, qn
    from docx.shared import Mm

    table = document.add_table(rows=0, cols=1 + len(sheet.columns), style="Table Grid")
    table.autofit = False
    sides = "".join(f'<w:{side} w:w="57" w:type="dxa"/>' for side in ("left", "right"))  # a mm
    look = table._tbl.tblPr.find(qn("w:tblLook"))
    look.addprevious(parse_xml(f"<w:tblCellMar {nsdecls('w')}>{sides}</w:tblCellMar>"))
    widths = [WIDTH - FIGURE * len(sheet.columns), *[FIGURE] * len(sheet.columns)]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    style = _style(document, size)
    _row(table, [sheet.head, *sheet.columns], widths, style, is_head=True)
    for line in (*sheet.lines, sheet.total):
        cells = [line.label, *map(number, line.cells)]
        _row(table, cells, widths, style, is_total=line is sheet.total)


def _row(
    table: Any, words: list[str], widths: list[int], style: Any, *, is_head: bool = False, is_total: bool = False
) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement, parse_xml
    from docx.oxml.ns import nsdecls
    from docx.shared import Mm

    row = table.add_row()
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if is_head:
        properties.append(OxmlElement("w:tblHeader"))  # again on each page
    for at, (cell, said, width) in enumerate(zip(row.cells, words, widths, strict=True)):
        cell.width = Mm(width)
        paragraph = cell.paragraphs[0]
        paragraph._p.style = style.style_id  # by its name python-docx goes through all styles for each cell
        if said:
            paragraph.add_run(plain(said)).bold = is_head or is_total or None
        if at:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if is_head else WD_ALIGN_PARAGRAPH.RIGHT
        if is_head:
            cell._tc.get_or_add_tcPr().append(
                parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{PALE}"/>')
            )
