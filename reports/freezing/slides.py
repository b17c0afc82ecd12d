"""A snapshot for a meeting as slides, to be edited: the sentence, a chart, a table; all units as an annex.

Their library is read in on first use.
"""

import io
from typing import Any

from lib.dates import grouped
from reports.models import Snapshot

from . import bars
from .content import Content, Line, Sheet, ranked, thawed
from .wording import GREEN, moment_of, number, over_chart, plain, tell, title_of

FONT = "Arial"  # on every computer, and has the letters
LINES = 12  # of a table: what is read from the last row of a hall
SIZE, ROW, HEADS = 18, 9, 17  # points; mm of height
WIDTH, FIGURE = 314, 37  # mm between the edges; of a column of figures
MM = 36_000  # EMU, in which slides are measured


def pptx(snapshot: Snapshot) -> bytes:
    from pptx import Presentation
    from pptx.util import Mm

    said, slides = thawed(snapshot.content), Presentation()
    slides.slide_width, slides.slide_height = Mm(338), Mm(190)  # 16:9
    tell(slides.core_properties, snapshot, said)
    _first(slides, snapshot, said)
    if said.chart:
        _chart(slides, over_chart(snapshot, said), said.chart)
    _tables(slides, said.units)
    output = io.BytesIO()
    slides.save(output)
    return output.getvalue()


def _tables(slides: Any, units: Sheet) -> None:
    """All units on one slide; where they are too many those with the most people, and all of them behind."""
    lines = units.lines
    if len(lines) <= LINES:
        _table(slides, f"{units.title}, theo {units.head.lower()}", units, lines)
        return
    left_out = Line(f"và {grouped(len(lines) - LINES)} nơi khác", [None] * len(units.columns))
    _table(slides, f"{units.title}: {LINES} nơi nhiều người nhất", units, [*ranked(lines)[:LINES], left_out])
    pages = [lines[at : at + LINES] for at in range(0, len(lines), LINES)]
    for at, page in enumerate(pages, start=1):
        title = f"Phụ lục: {units.title.lower()}, theo {units.head.lower()} ({at}/{len(pages)})"
        _table(slides, title, units, page, with_total=at == len(pages))


def _slide(slides: Any, title: str) -> Any:
    slide = slides.slides.add_slide(slides.slide_layouts[5])  # a title alone
    box = slide.shapes.title
    box.left, box.top, box.width, box.height = 12 * MM, 6 * MM, WIDTH * MM, 22 * MM
    _write(box.text_frame, title, 28, bold=True)
    return slide


def _write(frame: Any, words: str, size: int, *, bold: bool = False) -> None:
    from pptx.enum.lang import MSO_LANGUAGE_ID
    from pptx.util import Pt

    frame.word_wrap = True
    frame.text = plain(words)
    for paragraph in frame.paragraphs:
        for run in paragraph.runs:
            run.font.name, run.font.size, run.font.bold = FONT, Pt(size), bold
            run.font.language_id = MSO_LANGUAGE_ID.VIETNAMESE


def _first(slides: Any, snapshot: Snapshot, said: Content) -> None:
    slide = _slide(slides, title_of(snapshot, said))
    _write(slide.shapes.add_textbox(12 * MM, 45 * MM, WIDTH * MM, 90 * MM).text_frame, said.sentence, 30)
    _write(slide.shapes.add_textbox(12 * MM, 165 * MM, WIDTH * MM, 14 * MM).text_frame, moment_of(snapshot), 16)


def _chart(slides: Any, title: str, chart: list[Line]) -> None:
    from pptx.enum.chart import XL_CHART_TYPE

    frame = _slide(slides, title).shapes.add_chart(
        XL_CHART_TYPE.BAR_CLUSTERED, 12 * MM, 30 * MM, WIDTH * MM, 152 * MM, bars.data(chart, title)
    )
    frame._element.nvGraphicFramePr.cNvPr.set("descr", f"{title}: {bars.told(chart)}")
    bars.shape(frame.chart, FONT, 16)


def _table(slides: Any, title: str, sheet: Sheet, lines: list[Line], *, with_total: bool = True) -> None:
    every = [*lines, sheet.total] if with_total else lines
    columns = len(sheet.columns)
    height = HEADS + ROW * len(every)
    shapes = _slide(slides, title).shapes
    table = shapes.add_table(len(every) + 1, 1 + columns, 12 * MM, 30 * MM, WIDTH * MM, height * MM).table
    for at, width in enumerate([WIDTH - FIGURE * columns, *[FIGURE] * columns]):
        table.columns[at].width = width * MM
    _row(table.rows[0], [sheet.head, *sheet.columns], HEADS, bold=True)
    _green(table.rows[0])
    for row, line in zip(list(table.rows)[1:], every, strict=True):
        _row(row, [line.label, *map(number, line.cells)], ROW, bold=line is sheet.total)


def _row(row: Any, words: list[str], height: int, *, bold: bool) -> None:
    from pptx.enum.text import MSO_ANCHOR, PP_ALIGN

    row.height = height * MM
    for at, (cell, said) in enumerate(zip(row.cells, words, strict=True)):
        cell.margin_top = cell.margin_bottom = MM // 3
        cell.margin_left = cell.margin_right = 2 * MM
        cell.vertical_anchor = MSO_ANCHOR.MIDDLE
        _write(cell.text_frame, said, SIZE, bold=bold)
        if at:
            cell.text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT


def _green(heads: Any) -> None:
    from pptx.dml.color import RGBColor

    for cell in heads.cells:
        cell.fill.solid()
        cell.fill.fore_color.rgb = RGBColor.from_string(GREEN)
