"""The register as a book: the columns of the paper one, what became of each certificate, and no formula anywhere."""

import io
from dataclasses import replace
from datetime import timedelta

import pypdfium2
import pytest
from django.core.management import CommandError, call_command
from python_calamine import CalamineWorkbook

from accounts.models import User
from certificates import actions, register
from certificates.models import Award, Credential, Issuer
from certificates.register import pages
from certificates.rules import SPECIMEN_MARK
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.once]
LIST = "/quan-tri/credential/"


@pytest.fixture
def register_of_three():
    """One replaced, the one in its place, and one revoked; all run out after a year."""
    course = cast.course(lessons=1)
    cast.award(course, name="Văn phòng Mẫu", parent_name="Sở Mẫu")
    Award.objects.update(validity_months=12)
    for number, name in enumerate(["Trần Thị Út", "Lê Văn Ba"]):
        enrolment = cast.enrolment(cast.trainee(name, f"091234567{number}").person, course)
        cast.finish(enrolment)
        actions.issue(enrolment_id=enrolment.pk, at=cast.NOW)
    first, second = Credential.objects.order_by("pk")
    first.person.name, first.person.birth_year = "=Ba", 1975
    first.person.save()
    by = cast.staff("organiser", cast.province())
    actions.reissue(credential=first, why="name", words="", by=by, at=cast.NOW)
    actions.revoke(credential=second, reason="Cấp nhầm", by=by, at=cast.NOW)
    return cast.client_of(by)


def cells(content: bytes) -> list[list[str]]:
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    heads = next(number for number, row in enumerate(rows) if row[0] == "STT")
    return rows[heads:]


def words(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in document)


def downloaded(client, form: str, **query) -> bytes:
    return b"".join(client.get(LIST, query | {"so": form}).streaming_content)


def test_each_certificate_stands_in_the_columns_of_the_paper_book(register_of_three):
    head, first, second, third = cells(downloaded(register_of_three, "xlsx"))
    assert head == [name for name, _width in register.COLUMNS]
    said = dict(zip(head, third, strict=True))
    assert said["Họ và tên"] == "=Ba"  # words, not a formula
    assert (said["Năm sinh"], said["Đơn vị, chủ thể"]) == ("1975", "Tôm khô Út")
    assert (said["Xã, phường, đặc khu"], said["Tỉnh, thành phố"]) == ("Xã Phan Ngọc Hiển", "Tỉnh Cà Mau")
    assert (said["Số giấy chứng nhận"], said["Số vào sổ"]) == ("0003/GCN-MẪU", "0003/2026")
    assert said["Ghi chú"].startswith("Cấp lại thay giấy số 0001/GCN-MẪU. Có giá trị đến hết ngày 23/11/2027")
    assert first[-1].startswith("Thay bằng giấy số 0003/GCN-MẪU ngày 23/11/2026 (sửa họ tên)")
    assert second[-1].startswith("Thu hồi ngày 23/11/2026: Cấp nhầm")


def test_what_ran_out_says_so(register_of_three):
    with cast.on(cast.NOW + timedelta(days=400)):
        officer = cast.client_of(User.objects.get(phone="+84987654321"))
        rows = cells(downloaded(officer, "xlsx"))
    assert "Hết hạn từ ngày 24/11/2027" in rows[3][-1]


def test_what_was_issued_before_the_columns_were_kept_apart_fills_them_too(register_of_three):
    for one in Credential.objects.all():
        for key in ("birth_year", "unit", "commune", "province", "expires_on"):
            one.evidence.pop(key)
        one.save()
    row = cells(downloaded(register_of_three, "xlsx"))[3]
    assert row[2] == "1975"
    assert row[4:7] == ["Tôm khô Út", "Xã Phan Ngọc Hiển", "Tỉnh Cà Mau"]


def test_the_pages_have_the_office_the_heads_and_a_number(register_of_three):
    content = downloaded(register_of_three, "pdf", year="2026")
    page = pypdfium2.PdfDocument(content)[0]
    assert round(page.get_width()) == 842
    said = words(content)
    for expected in ("SỞ MẪU", "VĂN PHÒNG MẪU", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Năm 2026", "=Ba", "ghi 3 giấy"):
        assert expected in said


def test_the_filters_of_the_list_hold_for_the_book(register_of_three):
    assert len(cells(downloaded(register_of_three, "xlsx", status="revoked"))) == 2
    assert len(cells(downloaded(register_of_three, "xlsx", year="2025"))) == 1
    assert len(cells(downloaded(register_of_three, "xlsx", q="ba"))) > 1
    assert f"{LIST}?year=2026&amp;so=pdf" in register_of_three.get(LIST, {"year": "2026"}).text


def test_another_province_has_an_empty_book(register_of_three):
    other = cast.client_of(cast.staff("manager", cast.province("Lào Cai"), "0987654322"))
    assert len(cells(downloaded(other, "xlsx"))) == 1


def test_what_is_too_long_to_wait_for_is_said(register_of_three, monkeypatch):
    monkeypatch.setattr(register, "MOST_ON_REQUEST", 2)
    answer = register_of_three.get(LIST, {"so": "pdf", "year": "2026"}, follow=True)
    assert answer.redirect_chain == [(f"{LIST}?year=2026", 302)]
    assert "Hãy lọc theo năm" in answer.text


@pytest.mark.once
def test_a_long_book_has_every_row_once_and_pages_without_a_gap(register_of_three, monkeypatch):
    """Laid out in lots: the last page of each is left to the next one."""
    monkeypatch.setattr(pages, "AT_ONCE", 25)

    class Long(register.Book):
        def rows(self):
            row = next(super().rows())
            for number in range(1, 66):
                yield (str(number), f"Người thứ {number}.", *row[2:-1], "")

    book = register.book_of(Credential.objects.all())
    output = io.BytesIO()
    register.write_pdf(Long(**vars(book)), output)
    found = [
        " ".join(page.get_textpage().get_text_range().split()) for page in pypdfium2.PdfDocument(output.getvalue())
    ]
    said = " ".join(found)
    assert [number for number in range(1, 66) if said.count(f"Người thứ {number}.") != 1] == []
    assert all("Ghi chú" in page for page in found)
    assert [n for n, page in enumerate(found, start=1) if (f" {n} {SPECIMEN_MARK}" in page[-40:]) != (n > 1)] == []
    rows_on = [page.count("Người thứ") for page in found]
    assert max(rows_on[1:-1]) - min(rows_on[1:-1]) <= 1


def test_the_command_writes_both_and_names_what_it_cannot(register_of_three, tmp_path, capsys):
    for form in ("xlsx", "pdf"):
        call_command("certificate_register", "--issuer", "MẪU", "--year", "2026", str(tmp_path / f"so.{form}"))
    assert len(cells((tmp_path / "so.xlsx").read_bytes())) == 4
    assert "Năm 2026" in words((tmp_path / "so.pdf").read_bytes())
    with pytest.raises(CommandError, match=r"\.xlsx"):
        call_command("certificate_register", str(tmp_path / "so.doc"))
    with pytest.raises(CommandError, match="Không có đơn vị cấp"):
        call_command("certificate_register", "--issuer", "X", str(tmp_path / "so.pdf"))


def test_several_issuers_have_no_office_at_the_head(register_of_three):
    issuer = Issuer.objects.get()
    issuer.pk, issuer.code = None, "KHÁC"
    issuer.save()
    Credential.objects.filter(sequence=1).update(issuer=issuer)
    book = register.book_of(Credential.objects.all())
    assert book.issuer is None
    assert replace(book, about="x").about == "x"
