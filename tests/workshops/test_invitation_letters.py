"""giay-moi.pdf: a letter for each delegate or each unit, with the ticket on it."""

from datetime import timedelta

import pypdfium2
import pytest

from lib import qr
from tests import cast
from workshops import actions
from workshops.models import LegalBasis, Session, Workshop

from . import filled

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def workshop(planned):
    Workshop.objects.update(capacity=None, organiser_parent="Sở Nông nghiệp")
    planned.refresh_from_db()
    filled.subject(planned, "Lê Thị An", unit="HTX Rạch Gốc")
    filled.subject(planned, "Trần Thị Bưởi", unit="HTX  rạch gốc", post="Giám đốc", at=cast.NOW + timedelta(minutes=5))
    filled.official(planned, "Phạm Văn Dừa", "province", cast.commune(), unit="Sở Công Thương", post="Chuyên viên")
    filled.official(planned, "Võ Thị Ổi", "province", cast.commune("Năm Căn"), unit="Sở Công Thương")
    return planned


@pytest.fixture
def organiser(workshop):
    return cast.client_of(cast.staff("organiser", cast.province()))


@pytest.fixture
def ask(workshop, organiser):
    return lambda query="": organiser.get(f"/quan-tri/tap-huan/{workshop.pk}/giay-to/giay-moi.pdf{query}", follow=True)


def pages_of(answer) -> list[str]:
    assert answer["Content-Type"] == "application/pdf", answer.text
    pages = pypdfium2.PdfDocument(answer.content)
    assert {(round(page.get_width()), round(page.get_height())) for page in pages} == {(595, 842)}
    return [" ".join(page.get_textpage().get_text_range().split()) for page in pages]


def test_a_letter_says_what_the_decree_asks_and_when_where_what_and_whom_to_ask(workshop, ask):
    LegalBasis.objects.create(
        workshop=workshop, kind="GM", number="112/GM-VPĐP", issued_on="2026-11-02", issued_by="Văn phòng Mẫu"
    )
    (page,) = pages_of(ask("?so=3&chuc_vu=Chánh Văn phòng&nguoi_ky=Người Ký Mẫu"))
    for said in (
        "SỞ NÔNG NGHIỆP VĂN PHÒNG MẪU", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Số: 112/GM-VPĐP", "Cà Mau, ngày 02 tháng 11 năm 2026", "GIẤY MỜI",
        "Dự lớp tập huấn: Bộ tiêu chí mới", "Kính gửi: Ông (Bà) Phạm Văn Dừa Chuyên viên, Sở Công Thương Thực hiện Kế hoạch số 170/KH-UBND",
        "Văn phòng Mẫu trân trọng kính mời Ông (Bà) tới dự", "1. Thời gian: 10:00–13:00, ngày 25 tháng 11 năm 2026.",
        "2. Địa điểm: Hội trường xã, xã Phan Ngọc Hiển, tỉnh Cà Mau.", "3. Nội dung: Bộ tiêu chí: khác gì trước.", "4. Liên hệ: 0290 300 0000.",
        "Nơi nhận:", "- Như trên;", "- Lưu: VT.", "CHÁNH VĂN PHÒNG", "Người Ký Mẫu", "Số thẻ 003",
    ):  # fmt: skip
        assert said in page, page
    assert "112/GM-VPĐP" not in page.partition("GIẤY MỜI")[2]


def test_a_title_that_says_already_what_it_is_does_not_hear_it_twice(workshop, ask):
    workshop.activity.title = "Tập huấn bán hàng"
    workshop.activity.save(update_fields=["title"])
    (page,) = pages_of(ask("?so=3"))
    assert "Dự lớp: Tập huấn bán hàng" in page
    assert "tới dự lớp “Tập huấn bán hàng”" in page


def test_each_delegate_gets_a_page_in_the_order_of_protocol(ask):
    pages = pages_of(ask())
    found = [
        next(name for name in ("An", "Bưởi", "Dừa", "Ổi") if f"{name} " in page.partition("Kính gửi")[2])
        for page in pages
    ]
    assert found == ["Dừa", "Ổi", "An", "Bưởi"]
    assert "xã Phan Ngọc Hiển, tỉnh Cà Mau Thực hiện" in pages[2]


def test_a_unit_gets_one_letter_with_all_whom_it_sends(ask):
    pages = pages_of(ask("?theo=unit"))
    assert len(pages) == 2
    for said in ("Kính gửi: Sở Công Thương Thực hiện", "cử 2 đại biểu có tên dưới đây", "Phạm Văn Dừa", "Võ Thị Ổi"):
        assert said in pages[0]
    for said in ("Kính gửi: HTX Rạch Gốc xã Phan Ngọc Hiển", "Lê Thị An", "Trần Thị Bưởi Giám đốc 2"):
        assert said in pages[1]


def test_who_has_no_unit_is_asked_alone(workshop, ask):
    for name in ("Ngô Thị Cúc", "Ngô Thị Dịu"):
        filled.official(workshop, name, "commune")
    pages = pages_of(ask("?theo=unit&so=5-6"))
    assert [
        f"Kính gửi: Ông (Bà) Ngô Thị {name} xã" in page for name, page in zip(("Cúc", "Dịu"), pages, strict=True)
    ] == [True] * 2


@pytest.mark.parametrize("query", ["?so=2", "?so=2&theo=unit"])
def test_the_code_is_that_of_the_ticket(workshop, ask, settings, monkeypatch, query):
    settings.BASE_URL = "https://hoc.example"
    seen, real = [], qr.picture
    monkeypatch.setattr("workshops.rendering.papers.picture", lambda said: seen.append(said) or real(said))
    ask(query)
    assert seen == [f"https://hoc.example/tap-huan/ve/{workshop.registrations.get(number=2).code}/"]


@pytest.mark.parametrize(("query", "shown"), [("?so=1,4", {"001", "004"}), ("?tu_luc=2026-11-23T10:03", {"002"})])
def test_only_some(ask, query, shown):
    text = " ".join(pages_of(ask(query)))
    assert {number for number in ("001", "002", "003", "004") if f"Số thẻ {number}" in text} == shown


def test_who_gave_the_seat_up_gets_none(workshop, ask):
    actions.cancel(registration=workshop.registrations.get(number=1), at=cast.NOW)
    assert "Lê Thị An" not in " ".join(pages_of(ask()))


def test_several_sessions_are_listed_and_what_is_cancelled_is_not(workshop, ask):
    held = workshop.sessions.get()
    for name, room, cancelled in (("Buổi tối", "Phòng 2", None), ("Buổi bỏ", "Phòng 3", cast.NOW)):
        starts = held.starts_at + timedelta(hours=9)
        Session.objects.create(
            workshop=workshop, name=name, starts_at=starts, ends_at=starts + timedelta(hours=2), room=room, cancelled_at=cancelled,
        )  # fmt: skip
    (page,) = pages_of(ask("?so=1"))
    assert (
        "- Buổi chiều: 10:00–13:00, ngày 25 tháng 11 năm 2026; - Buổi tối: 19:00–21:00, ngày 25 tháng 11 năm 2026, Phòng 2."
        in page
    )
    assert "Buổi bỏ" not in page


@pytest.mark.parametrize("query", ["?so=a", "?theo=xa", "?tu_luc=hom-qua"])
def test_what_is_no_choice_is_said(ask, query):
    assert ask(query).status_code == 422


def test_where_nobody_is_left_it_says_so(ask):
    assert "Không có đại biểu nào để mời" in ask("?so=77").text


@pytest.mark.parametrize("gone", ["sessions", "workshop"])
def test_to_what_is_not_held_nobody_is_invited(workshop, ask, gone):
    (Session if gone == "sessions" else Workshop).objects.update(cancelled_at=cast.NOW)
    assert "chưa in giấy mời được" in ask().text


def test_words_of_people_fetch_nothing(workshop, ask):
    filled.subject(workshop, "<img src=//x> & Út", unit="{{ 7 }} <script>")
    assert "<img src=//x> & Út {{ 7 }} <script>" in pages_of(ask("?so=5"))[0]


def test_those_of_a_specimen_are_marked(workshop, ask, settings):
    settings.DEMO = False
    assert "BẢN MẪU" not in " ".join(pages_of(ask()))
    Workshop.objects.update(is_specimen=True)
    assert all("BẢN MẪU" in page for page in pages_of(ask()))


def test_who_merely_looks_gets_none_and_of_another_province_nobody(workshop):
    address = f"/quan-tri/tap-huan/{workshop.pk}/giay-to/giay-moi.pdf"
    assert cast.client_of(cast.staff("manager", cast.province())).get(address).status_code in (302, 403, 404)
    other = cast.client_of(cast.staff("organiser", cast.province("Lào Cai"), phone="0987654322"))
    assert other.get(address).status_code == 404


def test_a_letter_that_runs_on_numbers_its_own_pages_from_the_second(workshop, ask):
    """Two units of fourteen: the second letter begins anew, without a number."""
    for unit in ("HTX Một", "HTX Hai"):
        for number in range(14):
            filled.subject(workshop, f"Kim Sa {unit[4:]} {number}", unit=unit)
    pages = list(pypdfium2.PdfDocument(ask("?theo=unit&so=5-40").content))
    above = [page.get_textpage().get_text_bounded(bottom=page.get_height() - 50).split() for page in pages]
    begins = ["GIẤY MỜI" in " ".join(page.get_textpage().get_text_range().split()) for page in pages]
    assert begins == [True, False, True, False]
    assert [[word for word in words if word.isdigit()] for words in above] == [[], ["2"], [], ["2"]]
