"""A snapshot as document and slides: one sentence, one chart, one table of all units; the rest behind."""

import io
import zipfile
from posixpath import dirname, join, normpath

import pytest
from django.utils import timezone
from docx import Document
from docx.enum.section import WD_ORIENT
from lxml import etree
from openpyxl import load_workbook
from pptx import Presentation
from pptx.enum.lang import MSO_LANGUAGE_ID
from wagtail.models import Site

from reports.freezing import content, documents, slides
from reports.freezing.content import Line, Sheet
from reports.models import Snapshot

pytestmark = [pytest.mark.django_db, pytest.mark.once]
SENTENCE = "Năm 2026, tính đến 29/11/2026, tỉnh Cà Mau có 391 người được tập huấn hoặc học trên hệ thống, đạt 46% chỉ tiêu 850 người."
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def snapshot(units, *, name="Hội nghị sơ kết", persons=lambda at: 1000 + at):
    """Of a place with so many units, by name; the further down the more people, as it is."""
    lines = [Line(f"Xã {at:03}", [1, 2, persons(at), None, None, 3]) for at in range(units)]
    most = content.begun(content.ranked(lines))[: content.MOST_BARS]
    courses = Sheet("Tiến độ học, theo khóa học", "Khóa học", content.OF_PROGRESS, [], Line("Tổng cộng", [1] * 6))
    said = content.Content(
        "Tỉnh Cà Mau",
        SENTENCE,
        [Line(line.label, [line.cells[2]]) for line in most],
        Sheet("Năm 2026", "Địa bàn", content.OF_YEAR, lines, Line("Tỉnh Cà Mau", [1, 2, 391, 850, 46, 3])),
        [courses],
    )
    return Snapshot(name=name, year=2026, taken_at=timezone.now(), content=said.as_json())


def document_of(units, **how):
    return Document(io.BytesIO(documents.docx(snapshot(units, **how))))


def slides_of(units, **how):
    return list(Presentation(io.BytesIO(slides.pptx(snapshot(units, **how)))).slides)


def tables_of(some):
    """Of each slide the title and the rows of its table."""
    return [
        (slide.shapes.title.text, [[cell.text for cell in row.cells] for row in shape.table.rows])
        for slide in some
        for shape in slide.shapes
        if shape.has_table
    ]


def kinds(document):
    """What stands one below the other: words of a paragraph, a chart, rows of a table."""
    for element in document.element.body:
        if element.tag == f"{WORD}tbl":
            yield "table"
        elif element.find(f".//{CHART}chart") is not None:
            yield "chart"
        elif element.tag == f"{WORD}p":
            yield "".join(element.itertext(f"{WORD}t"))


def page_breaks(document):
    return [one.text for one in document.paragraphs if one.paragraph_format.page_break_before]


def type_of(table):
    return {cell.paragraphs[0].style.font.size.pt for row in table.rows for cell in row.cells}


def test_the_document_says_the_sentence_then_the_chart_then_all_units_and_the_rest_is_an_annex():
    document = document_of(34)
    assert [words for words in kinds(document) if not words.startswith("Số liệu chốt lúc")] == [
        "Hội nghị sơ kết: Tỉnh Cà Mau",
        SENTENCE,
        "Số người năm 2026, 12 nơi nhiều người nhất",
        "chart",
        "Năm 2026, theo địa bàn",
        "table",
        "Phụ lục",
        "Tiến độ học, theo khóa học",
        "table",
    ]
    page = document.sections[0]
    assert (page.orientation, round(page.page_width.mm), round(page.page_height.mm)) == (WD_ORIENT.PORTRAIT, 210, 297)


@pytest.mark.parametrize(
    ("units", "begins_page", "size"),
    [(0, False, 9), (34, False, 9), (65, True, 8.5), (168, True, 8)],  # of a commune, the country, Cà Mau, the largest
)
def test_the_table_of_units_is_on_one_page_as_long_as_it_can_be_read(units, begins_page, size):
    document = document_of(units)
    assert ("Năm 2026, theo địa bàn" in page_breaks(document)) == begins_page
    assert "Phụ lục" in page_breaks(document)
    table = document.tables[0]
    assert [row.cells[0].text for row in table.rows] == [
        "Địa bàn",
        *(f"Xã {at:03}" for at in range(units)),
        "Tỉnh Cà Mau",
    ]
    assert type_of(table) == {size}  # also of cells without words, which make a row as high
    heads = [row._tr.find(f"./{WORD}trPr/{WORD}tblHeader") is not None for row in table.rows]
    assert heads == [True] + [False] * (units + 1)


def test_a_long_sentence_sends_the_table_to_the_next_page_rather_than_over_its_end():
    long = snapshot(34)
    long.content["sentence"] = SENTENCE * 4
    assert page_breaks(Document(io.BytesIO(documents.docx(long)))) == ["Năm 2026, theo địa bàn", "Phụ lục"]


def test_the_chart_is_of_words_own_with_its_numbers_to_be_edited():
    document = document_of(34)
    (drawing,) = document.element.body.iter(f"{CHART}chart")
    part = document.part.related_parts[drawing.values()[0]]
    space = etree.fromstring(part.blob)
    shown = [
        [point.findtext(f"{CHART}v") for point in side.iter(f"{CHART}pt")]
        for side in space.iter(f"{CHART}cat", f"{CHART}val")
    ]
    assert shown == [[f"Xã {at:03}" for at in range(22, 34)], [str(1000 + at) for at in range(22, 34)]]
    (outside,) = space.iter(f"{CHART}externalData")
    book = load_workbook(io.BytesIO(part.related_parts[outside.values()[0]].blob))
    assert [[cell.value for cell in row] for row in book.active][-1] == ["Xã 033", 1033]
    (about,) = document.inline_shapes[0]._inline.xpath("./wp:docPr/@descr")
    assert about.startswith("Số người năm 2026, 12 nơi nhiều người nhất: Xã 033 1.033; Xã 032 1.032")


def test_without_anybody_there_is_no_chart():
    assert "chart" not in list(kinds(document_of(3, persons=lambda at: 0)))
    assert not [shape for slide in slides_of(3, persons=lambda at: 0) for shape in slide.shapes if shape.has_chart]


def test_few_units_are_on_one_slide():
    ((title, rows),) = tables_of(slides_of(12))
    assert title == "Năm 2026, theo địa bàn"
    assert [row[0] for row in rows] == ["Địa bàn", *(f"Xã {at:03}" for at in range(12)), "Tỉnh Cà Mau"]


def test_of_many_units_those_with_the_most_people_are_shown_and_all_are_behind():
    (title, first), *annex = tables_of(slides_of(65))
    assert title == "Năm 2026: 12 nơi nhiều người nhất"
    assert [row[0] for row in first] == [
        "Địa bàn",
        *(f"Xã {at:03}" for at in range(64, 52, -1)),
        "và 53 nơi khác",
        "Tỉnh Cà Mau",
    ]
    assert first[-2][1:] == [""] * 6
    assert [title for title, rows in annex] == [f"Phụ lục: năm 2026, theo địa bàn ({at}/6)" for at in range(1, 7)]
    assert {rows[0][0] for title, rows in annex} == {"Địa bàn"}
    assert [row[0] for title, rows in annex for row in rows[1:]] == [
        *(f"Xã {at:03}" for at in range(65)),
        "Tỉnh Cà Mau",
    ]


@pytest.mark.parametrize("units", [12, 34, 168])
def test_tables_are_read_from_the_last_row_and_stay_on_their_slides(units):
    some = slides_of(units)
    runs = [
        (run.font.size.pt, run.font.language_id)
        for slide in some for shape in slide.shapes if shape.has_table
        for cell in shape.table.iter_cells() for paragraph in cell.text_frame.paragraphs for run in paragraph.runs
    ]  # fmt: skip
    assert set(runs) == {(18, MSO_LANGUAGE_ID.VIETNAMESE)}
    ends = [
        shape.top.mm + sum(row.height.mm for row in shape.table.rows)
        for slide in some
        for shape in slide.shapes
        if shape.has_table
    ]
    assert max(ends) < 190


def test_the_slides_have_the_same_chart():
    (chart,) = [shape.chart for slide in slides_of(34) for shape in slide.shapes if shape.has_chart]
    assert list(chart.plots[0].categories) == [f"Xã {at:03}" for at in range(22, 34)]
    assert list(chart.plots[0].series[0].values) == [1000 + at for at in range(22, 34)]


@pytest.mark.parametrize(("named", "author"), [("OCOP Cà Mau", "OCOP Cà Mau"), ("", "Học OCOP")])
def test_the_files_are_the_sites_and_in_vietnamese(named, author):
    Site.objects.update(site_name=named)
    frozen = snapshot(2)
    document, shown = documents.docx(frozen), slides.pptx(frozen)
    for told in (Document(io.BytesIO(document)).core_properties, Presentation(io.BytesIO(shown)).core_properties):
        assert (told.title, told.language) == ("Hội nghị sơ kết: Tỉnh Cà Mau", "vi-VN")
        assert (told.author, told.last_modified_by, told.comments) == (author, author, "")
        assert told.created.date() == frozen.taken_at.date()
    styles = zipfile.ZipFile(io.BytesIO(document)).read("word/styles.xml").decode()
    assert 'w:lang w:val="vi-VN"' in styles


@pytest.mark.parametrize("make", [documents.docx, slides.pptx])
def test_every_part_is_there_is_declared_and_can_be_read(make):
    package = zipfile.ZipFile(io.BytesIO(make(snapshot(65, name="Sơ kết <\ufffe&> “sáu”"))))
    names = package.namelist()
    assert len(names) == len(set(names))
    types = etree.fromstring(package.read("[Content_Types].xml"))
    declared = {one.get("PartName") or one.get("Extension") for one in types}
    assert all(f"/{name}" in declared or name.rpartition(".")[2] in declared for name in names[1:])
    for name in names:
        if name.endswith((".xml", ".rels")):
            etree.fromstring(package.read(name))
        if name.endswith(".rels"):
            base = dirname(dirname(name))
            targets = [
                one.get("Target") for one in etree.fromstring(package.read(name)) if one.get("TargetMode") != "External"
            ]
            assert {normpath(join("/", base, target)).lstrip("/") for target in targets} <= set(names)
    (chart,) = [name for name in names if "/charts/chart" in name]
    space = etree.fromstring(package.read(chart))
    assert all(int(mark.get("val")) > 0 for mark in space.iter(f"{CHART}axId", f"{CHART}crossAx"))
