"""Lists that are downloaded pass row by row, whatever their length."""

import io

import pytest
from django.db.models import QuerySet
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import Person
from lib import sheets
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_download_never_holds_all_rows(monkeypatch, kind):
    usual = QuerySet._fetch_all

    def refuse_people(rows):
        assert rows.model is not Person or rows.query.is_sliced, "all people at once"
        usual(rows)

    cast.person("Trần Thị Út")
    officer = cast.client_of(cast.staff("manager", cast.commune()))
    monkeypatch.setattr(QuerySet, "_fetch_all", refuse_people)
    response = officer.get(f"/quan-tri/person/?export={kind}")
    assert response.status_code == 200
    assert len(b"".join(response.streaming_content)) > len("Trần Thị Út")


def test_what_many_rows_share_is_put_into_words_once_and_not_for_another_place():
    places = [cast.commune(), cast.commune("Đất Mũi"), cast.commune()]
    for number, place in enumerate(places):
        cast.person(f"Danh Sà {'ABC'[number]}", place=place)
    officer = cast.client_of(cast.staff("manager", cast.province()))
    lines = b"".join(officer.get("/quan-tri/person/?export=csv").streaming_content).decode().splitlines()
    assert [("Phan Ngọc Hiển" in line, "Đất Mũi" in line) for line in lines[1:]] == [
        (True, False), (False, True), (True, False),
    ]  # fmt: skip


def book_of(user, address):
    """The workbook and its file's name."""
    answer = cast.client_of(user).get(f"/quan-tri/{address}")
    name = answer["Content-Disposition"].split('filename="')[1].rstrip('"')
    return load_workbook(io.BytesIO(b"".join(answer.streaming_content))), name


def test_a_list_is_a_sheet_of_its_name_with_columns_that_their_contents_fit_into():
    cast.enrolment(cast.person("Trần Thị Út"), cast.course(lessons=1))
    book, _name = book_of(cast.staff("manager", cast.commune()), "enrolment/?export=xlsx")
    sheet = book["Lượt ghi danh"]
    widths = [wide.width for wide in sheet.column_dimensions.values() for _ in range(wide.min, wide.max + 1)]
    wide = dict(zip([head.value for head in sheet[1]], widths, strict=True))
    assert wide["Ghi danh lúc"] >= len("hh:mm dd/mm/yyyy") + 1  # narrower, and Excel shows ########
    assert wide["Địa bàn lúc ghi danh"] > len("xã Phan Ngọc Hiển, tỉnh Cà Mau")
    assert wide["Điện thoại"] < wide["Địa bàn lúc ghi danh"]


def test_several_downloads_are_told_apart_by_place_course_and_day():
    home, course = cast.commune(), cast.course(lessons=1)
    officer, organiser = cast.staff("manager", home), cast.staff("organiser", None, "0987654322")
    today = f"{timezone.localtime():%Y-%m-%d}.xlsx"
    assert book_of(officer, "person/?export=xlsx")[1] == f"hoc-vien-xa-phan-ngoc-hien-tinh-ca-mau-{today}"
    chosen = f"enrolment/?export=xlsx&place={cast.province().pk}&course={course.pk}"
    assert book_of(organiser, chosen)[1] == f"luot-ghi-danh-tinh-ca-mau-ke-chuyen-{today}"
    assert book_of(organiser, "credential/?export=xlsx")[1] == f"danh-sach-giay-chung-nhan-{today}"


def test_a_filter_that_cannot_be_read_gives_a_file_without_rows():
    cast.person("Trần Thị Út")
    book, name = book_of(cast.staff("manager", cast.province()), "person/?export=xlsx&place=Mường Không Có")
    assert (book.active.max_row, name.startswith("hoc-vien-tinh-ca-mau-")) == (1, True)


def test_a_workbook_waits_on_disk_until_it_is_sent(monkeypatch):
    """In memory, a million lines would be some hundred megabytes."""
    usual, files = sheets.write_tables, []

    def watched(output, tables, **kwargs):
        files.append(output.fileno())
        usual(output, tables, **kwargs)

    monkeypatch.setattr(sheets, "write_tables", watched)
    cast.person("Trần Thị Út")
    book, _name = book_of(cast.staff("manager", cast.commune()), "person/?export=xlsx")
    assert book.active["A2"].value == "Trần Thị Út"
    assert len(files) == 1
