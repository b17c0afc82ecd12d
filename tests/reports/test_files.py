"""What a page of figures shows is had as a workbook, as CSV and as A4 pages: the same numbers, each in its scope (A2), in bounded memory."""

import csv
import html
import io
import re
import tracemalloc

import pypdfium2
import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook

from accounts.actions import write_subject
from courses.models import Course
from lib import sheets
from lib.dates import grouped
from reports import papers
from reports.calling import actions
from tests import cast
from tests.reports.boards import BOARD, manager

pytestmark = pytest.mark.django_db
CALLS, SENT = "/quan-tri/can-lien-he/", "/quan-tri/can-lien-he/da-nhan/"
PAGES = [BOARD, f"{BOARD}ke-hoach/", f"{BOARD}can-quan-tam/", f"{BOARD}xu-huong/", f"{BOARD}bao-phu/", CALLS]


def body(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def lines(client, page: str, **query) -> list[list[str]]:
    answer = client.get(f"{page}csv/", query)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    data = body(answer)
    assert data.startswith("\ufeff".encode()), "Excel would read it in an old encoding"
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


def words_of_pdf(client, page: str, **query) -> str:
    answer = client.get(f"{page}pdf/", query)
    assert answer["Content-Type"] == "application/pdf"
    document = pypdfium2.PdfDocument(body(answer))
    assert {tuple(round(side) for side in page.get_size()) for page in document} == {(842, 595)}, "A4 lying down"
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())


def rows_of_book(client, page: str, **query) -> list[list]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(body(client.get(f"{page}xlsx/", query))))
    return [row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()]


def plain(row: list) -> tuple[str, ...]:
    """A line without its empty ends, numbers as they are written in CSV."""
    said = [f"{cell:.0f}" if isinstance(cell, float) else str(cell) for cell in row]
    return tuple(" ".join(said).split())


@pytest.mark.parametrize("page", PAGES)
def test_all_three_say_the_same_and_the_page_leads_to_them(course, page):
    client = manager("Cà Mau")
    shown = client.get(page).text
    assert all(f'href="{page}{kind}/"' in shown for kind in papers.KINDS)
    in_book = [plain(row) for row in rows_of_book(client, page) if any(row)]
    in_csv = [plain(row) for row in lines(client, page) if any(row)]
    assert set(in_book) <= set(in_csv)
    on_paper = words_of_pdf(client, page)
    numbers = [cell for row in lines(client, page) for cell in row[1:] if cell.isdecimal()]
    assert numbers
    assert all(grouped(int(number)) in on_paper for number in numbers)
    assert "Đất Mũi" in on_paper
    assert "Lào Cai" not in on_paper + str(in_csv)


def test_the_filters_and_the_place_go_along(course):
    client, chosen = manager(None), {"dia-ban": cast.province().pk, "doi_tuong": "subject", "khoa": course.pk}
    for page in (BOARD, f"{BOARD}xu-huong/"):
        shown = client.get(page, chosen).text
        assert f"dia-ban={cast.province().pk}&amp;doi_tuong=subject" in shown.partition(f'href="{page}csv/?')[2][:80]
        assert "đối tượng chủ thể OCOP" in words_of_pdf(client, page, **chosen)
    assert lines(client, BOARD, **chosen)[0][0].startswith("Tỉnh Cà Mau, khóa “Kể chuyện”, đối tượng chủ thể OCOP, ")


def cells_of_page(shown: str) -> list[list[str]]:
    """The lines of the first table on screen."""
    table = shown.partition("<tbody>")[2].partition("</table>")[0]
    rows = [re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL) for row in table.split("<tr>")[1:]]
    return [[" ".join(html.unescape(re.sub(r"<[^>]+>", " ", cell)).split()) for cell in row] for row in rows]


def test_coverage_as_a_file_says_each_place_as_the_screen_does_and_when(course):
    client, page = manager("Cà Mau"), f"{BOARD}bao-phu/"
    by_place = client.get(page).text.partition("Theo xã, phường</h2>")[2]
    shown = {row[0]: re.findall(r"\d+", row[1])[:2] for row in cells_of_page(by_place)}
    title, _heads, *rows = lines(client, page)
    rows = rows[: rows.index([])]  # by kind stands below
    assert {row[0]: row[1:3][::-1] for row in rows} == {name: led if led else ["0", "0"] for name, led in shown.items()}
    assert re.fullmatch(r"Bao phủ: Tỉnh Cà Mau, tính đến \d\d:\d\d \d\d/\d\d/\d{4}", title[0])


def test_calls_of_places_as_a_file_are_the_lines_of_the_screen_and_those_it_folds_up(course):
    write_subject(
        name="HTX Vắng", place=cast.commune(), kind="cooperative", leader="", phone="", by=None, at=timezone.now()
    )
    actions.draw_due(at=timezone.now())
    client = manager("Cà Mau")
    page = client.get(CALLS)
    shown = {row[0]: re.findall(r"\d+", " ".join(row[1:])) for row in cells_of_page(page.text)}
    title, _heads, *rows = lines(client, CALLS)
    listed = {row[0]: [row[1], row[3], row[2], row[4], row[6], row[5]] for row in rows if row[2] != "0"}
    assert shown == listed
    assert shown
    folded = page.text.partition('<ul class="board__without">')[2]
    assert {row[0] for row in rows} - {*listed} == set(re.findall(r'<a href="\?dia-ban=\d+">(.+?)</a>', folded))
    assert title[0].startswith("Cần liên hệ tuần này: Tỉnh Cà Mau, tuần từ ")


@pytest.mark.parametrize("kind", papers.KINDS)
@pytest.mark.parametrize("page", [*PAGES, SENT])
def test_a_foreign_place_is_had_as_no_file(course, page, kind):
    client = manager("Cà Mau")
    assert client.get(f"{page}{kind}/", {"dia-ban": cast.province("Lào Cai").pk}).status_code == 404
    assert cast.client_of(cast.trainee()).get(f"{page}{kind}/").status_code in (302, 403)


def test_a_name_that_looks_like_a_formula_or_html_stays_a_name_and_a_number_below_nothing_a_number(course):
    Course.objects.update(title='=1 <b>"ngon"</b>')
    client = manager("Cà Mau")
    assert any(row and row[0] == '\'=1 <b>"ngon"</b>' for row in lines(client, BOARD))
    assert '=1 <b>"ngon"</b>' in words_of_pdf(client, BOARD)
    assert papers._cell(-3) == -3
    assert papers._words(-3000) == ("−3.000", True)


def test_a_table_too_long_for_paper_is_said_on_the_page(course, monkeypatch):
    monkeypatch.setattr(papers, "MOST_LINES", 3)
    client = manager("Cà Mau")
    answer = client.get(f"{BOARD}pdf/", follow=True)
    assert answer.redirect_chain == [(BOARD, 302)]
    assert "không in thành PDF được" in answer.text
    narrowed = "?doi_tuong=official"
    monkeypatch.setattr(papers, "MOST_LINES", 0)
    assert client.get(f"{BOARD}pdf/{narrowed}").url == f"{BOARD}{narrowed}"


def peak_of(kind: str, number: int) -> int:
    """Bytes at the most while a list of so many lines goes out."""
    table = sheets.Table(
        "Học viên", [("Họ và tên", 30), ("Năm sinh", 12)], ([f"Trần Thị {n}", n] for n in range(number))
    )
    tracemalloc.start()
    if kind == "csv":
        for _line in papers._lines([table]):
            pass
    else:
        with open("/dev/null", "wb") as nowhere:
            sheets.write_tables(_Sink(nowhere), [table], moments=sheets.DAYS)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


class _Sink(io.RawIOBase):
    """A file that forgets what was written: what is left in memory is the writer's own."""

    def __init__(self, nowhere) -> None:
        self.nowhere, self.at = nowhere, 0

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:
        self.at += len(data)
        return len(data)

    def tell(self) -> int:
        return self.at


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_a_list_of_any_length_takes_is_the_same_memory(kind):
    peak_of(kind, 100)  # libraries are read in
    few, many = peak_of(kind, 1000), peak_of(kind, 20_000)
    assert many < few + 1_000_000


def test_numbers_are_grouped_on_paper_as_on_screen():
    assert papers._words(1234567) == ("1.234.567", True)
    assert re.fullmatch(r"\d", papers._words(5)[0])
