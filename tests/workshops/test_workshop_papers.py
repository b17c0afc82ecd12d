"""chuong-trinh.pdf and ve.pdf: drawn apart, by the printer of certificates."""

from datetime import time, timedelta

import pypdfium2
import pytest

from lib import apart
from tests import cast
from workshops import actions
from workshops.models import AgendaItem, LegalBasis, RegistrationSource, Session

from .conftest import ADDRESS

pytestmark = pytest.mark.django_db
PROGRAMME = f"{ADDRESS}chuong-trinh.pdf"


def text_of(answer) -> str:
    assert answer["Content-Type"] == "application/pdf"
    pages = pypdfium2.PdfDocument(answer.content)
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in pages).split())


def test_a_programme_is_laid_out_as_the_decree_asks(planned, anybody):
    LegalBasis.objects.create(workshop=planned, kind="GM", number="112/GM-VPĐP", issued_by="Văn phòng Mẫu")
    text = text_of(anybody.get(PROGRAMME))
    for said in (
        "VĂN PHÒNG MẪU", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "CHƯƠNG TRÌNH", "Bộ tiêu chí mới", "Giấy mời số 112/GM-VPĐP",
        "ngày 25 tháng 11 năm 2026, từ 10:00 đến 13:00", "Hội trường xã, xã Phan Ngọc Hiển, tỉnh Cà Mau", "Chủ thể OCOP",
        "13:30", "Bộ tiêu chí: khác gì trước?", "TS. Báo Cáo Mẫu", "Trang 1/1",
    ):  # fmt: skip
        assert said in text


def test_a_long_one_goes_on_on_further_pages_and_what_is_cancelled_is_left_out(planned, change, anybody):
    session = Session.objects.create(
        workshop=planned, name="Buổi sáng", starts_at=cast.NOW, ends_at=cast.NOW + timedelta(hours=2)
    )
    for minute in range(60):
        AgendaItem.objects.create(session=session, starts_at=time(8, minute), topic="Một nội dung dài " * 6)
    Session.objects.create(
        workshop=planned, name="Buổi bỏ", starts_at=cast.NOW, ends_at=cast.NOW + timedelta(hours=2), room="2",
        cancelled_at=cast.NOW,
    )  # fmt: skip
    change()
    answer = anybody.get(PROGRAMME)
    assert len(pypdfium2.PdfDocument(answer.content)) > 2
    assert "Buổi bỏ" not in text_of(answer)


def test_it_is_drawn_once_until_something_changes(planned, change, anybody, monkeypatch):
    anybody.get(PROGRAMME)
    monkeypatch.setattr(apart, "Running", None)
    assert anybody.get(PROGRAMME).status_code == 200
    monkeypatch.undo()
    change(audience="Cán bộ xã")
    with cast.on(cast.NOW):
        assert "Cán bộ xã" in text_of(anybody.get(PROGRAMME))


def test_where_it_cannot_be_drawn_the_page_says_so(planned, anybody, monkeypatch):
    class Failing:
        def __init__(self, *_work, **_bounds):
            pass

        def result(self):
            raise apart.FailedError("died")

    monkeypatch.setattr(apart, "Running", Failing)
    assert "Chưa vẽ được" in anybody.get(PROGRAMME, follow=True).text


def test_papers_are_vietnamese_for_an_english_reader_too(planned, anybody):
    assert "Thời gian" in text_of(anybody.get("/en" + PROGRAMME))


def test_words_of_organisers_fetch_nothing(planned, change, anybody):
    change(venue='<img src="http://169.254.169.254/x">')
    assert '<img src="http://169.254.169.254/x">' in text_of(anybody.get(PROGRAMME))


def test_a_ticket_has_the_number_the_name_and_when_and_where(planned, anybody):
    held = actions.register(workshop=planned, person=cast.person(), source=RegistrationSource.NOMINATED, at=cast.NOW)
    text = text_of(anybody.get(f"/tap-huan/ve/{held.code}/ve.pdf"))
    for said in ("Số thẻ 1", "Trần Thị Út", "10:00 – 13:00, ngày 25/11/2026", "Hội trường xã"):
        assert said in text


def test_those_of_a_specimen_are_marked(planned, change, anybody, settings):
    settings.DEMO = False
    assert "BẢN MẪU" not in text_of(anybody.get(PROGRAMME))
    change(is_specimen=True)
    assert "BẢN MẪU" in text_of(anybody.get(PROGRAMME))


def test_a_consent_form_has_the_words_of_today_and_lines_for_the_pen(planned):
    client = cast.client_of(cast.staff("organiser", cast.province()))
    answer = client.get(f"/quan-tri/tap-huan/{planned.pk}/giay-to/phieu-dong-y.pdf")
    assert len(pypdfium2.PdfDocument(answer.content)) == 1
    said = text_of(answer)
    lines = ("PHIẾU ĐỒNG Ý", "Họ và tên:", "Số điện thoại (nếu có):", "NGƯỜI ĐỒNG Ý", "Bộ tiêu chí mới")
    for words in (*lines, *(one.sentences[0][:40] for one in cast.texts())):
        assert words in said
