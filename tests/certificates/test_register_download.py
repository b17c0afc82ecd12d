"""The register of certificates as a file says what the list and the papers say."""

import io
from datetime import UTC, date, datetime

import pytest
from django.utils.formats import date_format
from python_calamine import CalamineWorkbook

from certificates.models import Credential
from tests import cast

pytestmark = pytest.mark.django_db
EVENING_IN_LONDON = datetime(2026, 3, 9, 21, 22, tzinfo=UTC)  # already the tenth in Vietnam
FORMULA = '=HYPERLINK("http://evil.example","x")'


@pytest.fixture
def register(django_capture_on_commit_callbacks):
    """One certificate, revoked with a reason that looks like a formula."""
    course = cast.course(lessons=1)
    cast.award(course)
    with django_capture_on_commit_callbacks(execute=True):
        cast.finish(cast.enrolment(cast.person(), course))
    Credential.objects.update(
        issued_at=EVENING_IN_LONDON, status="revoked", status_at=EVENING_IN_LONDON, status_reason=FORMULA
    )
    officer = cast.client_of(cast.staff("manager", cast.province()))
    return lambda form: b"".join(officer.get(f"/quan-tri/credential/?export={form}").streaming_content)


def test_the_sheet_has_the_day_of_the_certificate_and_words_for_the_status(register):
    rows = CalamineWorkbook.from_filelike(io.BytesIO(register("xlsx"))).get_sheet_by_index(0).to_python()
    assert [cell for cell in rows[1] if isinstance(cell, datetime)] == [datetime(2026, 3, 10, 4, 22)]
    assert "đã thu hồi" in rows[1]
    assert FORMULA in rows[1]


def test_the_sheet_comes_whatever_an_older_row_holds(register):
    Credential.objects.update(status_reason="Cấp nhầm\x0bngười\x01")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(register("xlsx"))).get_sheet_by_index(0).to_python()
    assert "người" in rows[1][-1]
    assert "\x0b" not in rows[1][-1]


def test_the_csv_opens_in_excel_as_text(register):
    words = register("csv").decode()
    assert words.startswith("\ufeff")
    assert "10/03/2026 04:22" in words or "04:22 10/03/2026" in words
    assert "đã thu hồi" in words
    assert "'=HYPERLINK" in words
    assert ",=HYPERLINK" not in words
    assert ',"=HYPERLINK' not in words


def test_the_days_until_which_papers_hold_are_days_as_they_are_written_here(register):
    Credential.objects.update(expires_on=date(2027, 3, 9))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(register("xlsx"))).get_sheet_by_index(0).to_python()
    assert date(2027, 3, 9) in [cell for cell in rows[1] if type(cell) is date]
    assert date_format(date(2027, 3, 9), "SHORT_DATE_FORMAT") in register("csv").decode()


def test_the_book_and_the_rows_of_the_list_are_told_apart_by_their_words_and_their_names(register):
    officer = cast.client_of(cast.staff("organiser", cast.province(), "0987654322"))
    page = officer.get("/quan-tri/credential/").text
    assert "Sổ cấp (Excel)" in page
    assert "Tải danh sách đang lọc (Excel)" in page
    assert "Tải danh sách đang lọc (CSV)" in page
    book = officer.get("/quan-tri/credential/?so=xlsx")["Content-Disposition"]
    rows = officer.get("/quan-tri/credential/?export=xlsx")["Content-Disposition"]
    assert 'filename="so-cap-giay-chung-nhan-' in book
    assert 'filename="danh-sach-giay-chung-nhan-' in rows


def test_a_list_that_is_not_meant_to_be_downloaded_is_not_found():
    officer = cast.client_of(cast.staff("manager", cast.province()))
    assert officer.get("/quan-tri/consent/").status_code == 200
    assert officer.get("/quan-tri/consent/?export=csv").status_code == 404
