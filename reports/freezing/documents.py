"""A snapshot for a meeting: a document of A4 pages and slides, both to be edited. Their libraries are read in on first use."""

import io
from typing import Any

from django.utils import timezone

from lib import text
from lib.dates import grouped
from reports.models import Snapshot

from .content import Content, Line, Sheet, thawed

FONT, GREEN, GREY = "Times New Roman", "0B6B4F", "E8EFEA"
SLIDE_FONT = "Arial"  # on every computer, and has the letters
LINES_OF_A_SLIDE = 14
MM = 36_000  # EMU, in which slides are measured


def moment_of(snapshot: Snapshot) -> str:
    return f"Số liệu chốt lúc {timezone.localtime(snapshot.taken_at):%H:%M ngày %d/%m/%Y}"


def docx(snapshot: Snapshot) -> bytes:
    """One sentence, a chart as bars in a table, and the table of all units, on A4 lying down; the rest follows."""
    from docx import Document
    from docx.enum.section import WD_ORIENT
    from docx.shared import Mm, Pt

    said, document = thawed(snapshot.content), Document()
    section = document.sections[0]
    section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, Mm(297), Mm(210)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(15)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(12)
    document.core_properties.title, document.core_properties.language = _line(snapshot.name), "vi-VN"
    document.add_heading(_line(f"{snapshot.name}: {said.place}"), 1)
    document.add_paragraph(_line(said.sentence)).runs[0].bold = True
    document.add_paragraph(moment_of(snapshot))
    if said.chart:
        document.add_heading(f"Số người năm {snapshot.year}", 2)
        _bars(document, said.chart)
    for sheet in (said.units, *said.sheets):
        document.add_heading(_line(sheet.title), 2)
        _table(document, sheet)
    return _saved(document)


def _bars(document: Any, chart: list[Line]) -> None:
    """Bars of signs: they stay when the document is edited, printed in black and white, or read aloud with their numbers."""
    from docx.shared import Mm, RGBColor

    top = max(line.cells[0] or 0 for line in chart)
    table = document.add_table(rows=0, cols=3)
    table.autofit = False
    for line in chart:
        number = line.cells[0] or 0
        cells = table.add_row().cells
        for cell, width in zip(cells, (70, 150, 25), strict=True):
            cell.width = Mm(width)
        cells[0].text, cells[2].text = _line(line.label), grouped(number)
        run = cells[1].paragraphs[0].add_run("█" * max(1, round(50 * number / top)))
        run.font.color.rgb = RGBColor.from_string(GREEN)


def _table(document: Any, sheet: Sheet) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    table = document.add_table(rows=1, cols=1 + len(sheet.columns))
    table.style = "Table Grid"
    for cell, words in zip(table.rows[0].cells, [sheet.head, *sheet.columns], strict=True):
        cell.text = _line(words)
        cell.paragraphs[0].runs[0].bold = True
    _repeat(table.rows[0])
    for line in (*sheet.lines, sheet.total):
        cells = table.add_row().cells
        cells[0].text = _line(line.label)
        for cell, number in zip(cells[1:], line.cells, strict=True):
            cell.text = _said(number)
            cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for cell in table.rows[-1].cells:
        for run in cell.paragraphs[0].runs:
            run.bold = True


def _repeat(row: Any) -> None:
    """The heads come again on each page."""
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def pptx(snapshot: Snapshot) -> bytes:
    """The sentence, the chart, and the table of all units, over as many slides as it takes."""
    from pptx import Presentation
    from pptx.util import Mm

    said, slides = thawed(snapshot.content), Presentation()
    slides.slide_width, slides.slide_height = Mm(338), Mm(190)  # 16:9
    slides.core_properties.title, slides.core_properties.language = _line(snapshot.name), "vi-VN"
    _first(slides, snapshot, said)
    if said.chart:
        _chart(slides, snapshot, said.chart)
    every = [*said.units.lines, said.units.total]
    for at in range(0, len(every), LINES_OF_A_SLIDE):
        _table_slide(slides, said.units, every[at : at + LINES_OF_A_SLIDE])
    return _saved(slides)


def _slide(slides: Any, title: str) -> Any:
    slide = slides.slides.add_slide(slides.slide_layouts[5])  # a title alone
    box = slide.shapes.title
    box.left, box.top, box.width, box.height = 12 * MM, 6 * MM, 314 * MM, 22 * MM
    _write(box.text_frame, title, 28, bold=True)
    return slide


def _write(frame: Any, words: str, size: int, *, bold: bool = False) -> None:
    from pptx.util import Pt

    frame.word_wrap = True
    frame.text = _line(words)
    for paragraph in frame.paragraphs:
        for run in paragraph.runs:
            run.font.name, run.font.size, run.font.bold = SLIDE_FONT, Pt(size), bold


def _first(slides: Any, snapshot: Snapshot, said: Content) -> None:
    slide = _slide(slides, f"{snapshot.name}: {said.place}")
    _write(slide.shapes.add_textbox(12 * MM, 45 * MM, 314 * MM, 90 * MM).text_frame, said.sentence, 30)
    _write(slide.shapes.add_textbox(12 * MM, 165 * MM, 314 * MM, 14 * MM).text_frame, moment_of(snapshot), 16)


def _chart(slides: Any, snapshot: Snapshot, chart: list[Line]) -> None:
    from pptx.chart.data import CategoryChartData
    from pptx.dml.color import RGBColor
    from pptx.enum.chart import XL_CHART_TYPE
    from pptx.util import Pt

    data, title = CategoryChartData(), f"Số người năm {snapshot.year}"
    rising = chart[::-1]  # bars are drawn from below
    data.categories = [_line(line.label) for line in rising]
    data.add_series(title, [line.cells[0] or 0 for line in rising])
    frame = _slide(slides, title).shapes.add_chart(
        XL_CHART_TYPE.BAR_CLUSTERED, 12 * MM, 30 * MM, 314 * MM, 152 * MM, data
    )
    drawn = frame.chart
    drawn.has_legend = drawn.has_title = drawn.value_axis.has_major_gridlines = False
    drawn.font.size, drawn.font.name = Pt(16), SLIDE_FONT
    plot = drawn.plots[0]
    plot.has_data_labels, plot.gap_width = True, 40
    plot.series[0].format.fill.solid()
    plot.series[0].format.fill.fore_color.rgb = RGBColor.from_string(GREEN)


def _table_slide(slides: Any, sheet: Sheet, lines: list[Line]) -> None:
    from pptx.enum.text import PP_ALIGN

    slide = _slide(slides, f"{sheet.title}, theo {sheet.head.lower()}")
    columns = 1 + len(sheet.columns)
    shape = slide.shapes.add_table(len(lines) + 1, columns, 12 * MM, 30 * MM, 314 * MM, 9 * MM * (len(lines) + 1))
    table = shape.table
    table.columns[0].width = 98 * MM
    for column in range(1, columns):
        table.columns[column].width = 216 * MM // len(sheet.columns)
    for column, words in enumerate([sheet.head, *sheet.columns]):
        _write(table.cell(0, column).text_frame, words, 13, bold=True)
    for row, line in enumerate(lines, start=1):
        _write(table.cell(row, 0).text_frame, line.label, 13, bold=line is sheet.total)
        for column, number in enumerate(line.cells, start=1):
            frame = table.cell(row, column).text_frame
            _write(frame, _said(number), 13, bold=line is sheet.total)
            frame.paragraphs[0].alignment = PP_ALIGN.RIGHT


def _said(number: int | None) -> str:
    return "" if number is None else grouped(number)


def _line(words: str) -> str:
    """Without what XML forbids."""
    return text.nfc(words)


def _saved(document: Any) -> bytes:
    output = io.BytesIO()
    document.save(output)
    return output.getvalue()
