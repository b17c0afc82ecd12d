"""The chart of a snapshot: bars that office programs draw and edit, with their numbers in a workbook within the file."""

from typing import Any

from .content import Line
from .wording import GREEN, LANGUAGE, number, plain


def drawn(lines: list[Line], title: str, font: str, size: int) -> Any:
    """The part of a package of slides that holds the chart; `.blob` is its XML. A document takes it as it is."""
    from pptx import Presentation
    from pptx.enum.chart import XL_CHART_TYPE
    from pptx.parts.chart import ChartPart

    part = ChartPart.new(XL_CHART_TYPE.BAR_CLUSTERED, data(lines, title), Presentation().part.package)
    shape(part.chart, font, size)
    return part


def data(lines: list[Line], title: str) -> Any:
    from pptx.chart.data import CategoryChartData

    made, rising = CategoryChartData(number_format="#,##0"), lines[::-1]  # bars are drawn from below
    made.categories = [plain(line.label) for line in rising]
    made.add_series(title, [line.cells[0] or 0 for line in rising])
    return made


def shape(chart: Any, font: str, size: int) -> None:
    """Each bar with its name and number, from nought, without a frame."""
    from pptx.dml.color import RGBColor
    from pptx.util import Pt

    chart.has_legend = chart.has_title = chart.value_axis.has_major_gridlines = chart.value_axis.visible = False
    chart.value_axis.minimum_scale = 0
    chart.font.size, chart.font.name = Pt(size), font
    plot = chart.plots[0]
    plot.has_data_labels, plot.vary_by_categories, plot.gap_width = True, False, 40
    plot.data_labels.show_value = True
    fill = plot.series[0].format.fill
    fill.solid()
    fill.fore_color.rgb = RGBColor.from_string(GREEN)
    _finish(chart._chartSpace)


def _finish(space: Any) -> None:
    """What python-pptx has no words for: language, square corners, no line around it, each name shown; and marks of
    axes that are no negative numbers, which the schema forbids."""
    from lxml.etree import SubElement
    from pptx.oxml import parse_xml
    from pptx.oxml.ns import nsdecls, qn

    after = space.find(qn("c:date1904"))
    for name, value in (("roundedCorners", "0"), ("lang", LANGUAGE)):
        after.addnext(parse_xml(f'<c:{name} {nsdecls("c")} val="{value}"/>'))
    bare = f"<c:spPr {nsdecls('c', 'a')}><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>"
    space.find(qn("c:chart")).addnext(parse_xml(bare))
    skip = SubElement(space.find(f".//{qn('c:catAx')}"), qn("c:tickLblSkip"))
    skip.set("val", "1")
    skip.getparent().find(qn("c:noMultiLvlLbl")).addprevious(skip)
    for mark in space.iter(qn("c:axId"), qn("c:crossAx")):
        mark.set("val", mark.get("val").lstrip("-"))
    for end in space.iter(qn("a:endParaRPr")):
        end.set("lang", LANGUAGE)


def told(lines: list[Line]) -> str:
    """What a reader of screens says in its place."""
    return plain("; ".join(f"{line.label} {number(line.cells[0])}" for line in lines))
