"""ky-ten.pdf and dai-bieu.pdf: who stands on them, in which order, for whom."""

from dataclasses import fields
from datetime import datetime, timedelta
from functools import partial

import pypdfium2
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests import cast
from workshops import actions
from workshops.models import Attendance, Session, Workshop
from workshops.rendering import sheets
from workshops.reporting.heads import bound
from workshops.reporting.rolls import Delegate

from . import filled

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def workshop(planned):
    Workshop.objects.update(capacity=None, organiser_parent="Sở Nông nghiệp")
    planned.refresh_from_db()
    return planned


@pytest.fixture
def organiser(workshop):
    return cast.client_of(cast.staff("organiser", cast.province()))


def taken(client, workshop, what="ky-ten.pdf", query=""):
    answer = client.get(f"/quan-tri/tap-huan/{workshop.pk}/giay-to/{what}{query}")
    assert answer["Content-Type"] == "application/pdf", answer.text
    return answer.content


def positions(text, *names):
    assert [name for name in names if name not in text] == [], text
    found = [text.index(name) for name in names]
    return found == sorted(found)


def invited(workshop):
    filled.subject(workshop, "Lê Thị An", cast.commune("Năm Căn"))
    filled.subject(workshop, "Trần Thị Bưởi")
    filled.official(workshop, "Nguyễn Văn Cam", "commune", unit="UBND xã")
    filled.official(workshop, "Phạm Văn Dừa", "province", cast.province(), post="Chuyên viên")
    filled.official(workshop, "Võ Thị Ổi", "centre", cast.province())


def test_groups_stand_in_the_order_of_protocol_and_subjects_by_commune(organiser, workshop):
    invited(workshop)
    text = filled.words_of(taken(organiser, workshop))
    assert positions(
        text, "SỞ NÔNG NGHIỆP", "DANH SÁCH ĐẠI BIỂU KÝ TÊN", "I. Cơ quan, đơn vị trung ương", "Võ Thị Ổi", "II. Cơ quan, đơn vị cấp tỉnh",
        "Phạm Văn Dừa", "III. Ủy ban nhân dân", "Nguyễn Văn Cam", "IV. Chủ thể OCOP", "Xã Năm Căn", "Lê Thị An", "Xã Phan Ngọc Hiển",
        "Trần Thị Bưởi", "Đại biểu bổ sung", "NGƯỜI LẬP DANH SÁCH",
    )  # fmt: skip
    assert "Danh sách: 5 đại biểu. Có mặt: …" in text


def test_a_session_that_is_named_by_its_day_says_it_once(organiser, workshop):
    workshop.sessions.update(name="Buổi sáng 25/11/2026")
    text = filled.words_of(taken(organiser, workshop))
    assert "Buổi sáng 25/11/2026, từ 10:00 đến 13:00 Địa điểm" in text
    assert "25/11/2026, 25/11/2026" not in text


def test_colleagues_of_a_unit_stand_together_wherever_they_live(organiser, workshop):
    for name, unit, place in (
        ("Lê Văn An", "Sở Công Thương", "Phan Ngọc Hiển"), ("Lê Văn Bé", "Chi cục Kiểm lâm", "Năm Căn"), ("Lê Văn Cam", "Sở Công Thương", "Năm Căn"),
        ("Lê Văn Dừa", "Chi cục Kiểm lâm", "Phan Ngọc Hiển"), ("Lê Văn Em", "", "Năm Căn"),
    ):  # fmt: skip
        filled.official(workshop, name, "province", cast.commune(place), unit=unit)
    text = filled.words_of(taken(organiser, workshop))
    assert positions(text, "Lê Văn Bé", "Lê Văn Dừa", "Lê Văn An", "Lê Văn Cam", "Lê Văn Em")


def test_or_by_given_name(organiser, workshop):
    invited(workshop)
    text = filled.words_of(taken(organiser, workshop, query="?thu_tu=name"))
    assert positions(text, "Lê Thị An", "Trần Thị Bưởi", "Nguyễn Văn Cam", "Phạm Văn Dừa", "Võ Thị Ổi")
    assert "I. Cơ quan" not in text


def test_each_page_of_a_long_list_has_its_number_and_the_heads_again(organiser, workshop):
    for number in range(60):
        filled.subject(workshop, f"Trần Thị Út {number}")
    pages = pypdfium2.PdfDocument(taken(organiser, workshop, query="?dong_trong=20"))
    texts = [page.get_textpage().get_text_range() for page in pages]
    assert all(f"Trang {at}/{len(pages)}" in text for at, text in enumerate(texts, 1))
    assert all("Ký tên" in text for text in texts[:-1])
    assert "80" in texts[-1]


@pytest.mark.parametrize("people", [7, 15, 20, 28, 40, 120])
@pytest.mark.parametrize("spare", [0, 10])
def test_whoever_signs_signs_below_names_and_no_page_is_without_one(workshop, people, spare):
    names = [f"Trần Thị Số{number:03}" for number in range(people)]
    listed = [_listed(number, name) for number, name in enumerate(names, 1)]
    for draw in (
        partial(sheets.attendance, workshop.sessions.get(), listed, order="protocol", spare=spare),
        partial(sheets.delegate_list, workshop, listed, order="protocol"),
    ):
        texts = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(draw())]
        assert [at for at, text in enumerate(texts) if not any(name in text for name in names)] == []
        assert ["NGƯỜI LẬP" in text for text in texts] == [False] * (len(texts) - 1) + [True]


def test_a_short_list_keeps_to_one_page_with_fewer_spare_lines_unless_their_number_is_said(organiser, workshop):
    """Five of four groups and eight lines for others are more than a page: two of them stood on a page that was half empty."""
    invited(workshop)
    pages = pypdfium2.PdfDocument(taken(organiser, workshop))
    assert len(pages) == 1
    text = " ".join(pages[0].get_textpage().get_text_range().split())
    assert positions(text, "Võ Thị Ổi", "Trần Thị Bưởi", "Đại biểu bổ sung", " 6 7 8 ", "NGƯỜI LẬP DANH SÁCH")
    assert " 13 " not in text
    assert len(pypdfium2.PdfDocument(taken(organiser, workshop, query="?dong_trong=8"))) == 2


def test_beside_spare_lines_on_a_second_page_stands_one_name_and_the_others_fill_the_first(workshop):
    names = [f"Trần Thị Số{number:03}" for number in range(12)]
    listed = [_listed(number, name) for number, name in enumerate(names, 1)]
    data = sheets.attendance(workshop.sessions.get(), listed, order="name", spare=8)
    texts = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data)]
    assert [sum(name in text for name in names) for text in texts] == [11, 1]


def _listed(number, name):
    place = "Xã Phan Ngọc Hiển" if number % 3 else "Xã Năm Căn"
    values = {one.name: "" for one in fields(Delegate)}
    known = {
        "pk": number,
        "number": number,
        "name": name,
        "is_official": False,
        "unit": "Hộ kinh doanh",
        "state": "held",
    }
    return Delegate(**values | known | {"place": place, "commune": place, "place_order": ("", place, "")})


def test_many_spare_lines_fill_pages_and_the_last_ones_stand_above_the_signatures(organiser, workshop):
    filled.subject(workshop, "Lê Thị An")
    pages = pypdfium2.PdfDocument(taken(organiser, workshop, query="?dong_trong=60"))
    texts = [page.get_textpage().get_text_range() for page in pages]
    assert ("Lê Thị An" in texts[0], "bổ sung" in texts[0]) == (True, True)
    assert all(said in texts[-1] for said in ("59", "60", "61", "NGƯỜI LẬP"))


def test_what_was_recorded_stands_on_it_when_it_is_asked_for(organiser, workshop):
    one, other = filled.subject(workshop, "Lê Thị An"), filled.subject(workshop, "Trần Thị Bưởi")
    filled.here(one, other)
    Attendance.objects.filter(registration=other).update(taken_back_at=cast.NOW, taken_back_why="nhầm")
    text = filled.words_of(taken(organiser, workshop, query="?co_mat=on"))
    assert (text.count("có mặt"), "Có mặt: 1 (theo điểm danh)" in text) == (1, True)
    assert "có mặt" not in filled.words_of(taken(organiser, workshop))


def test_who_came_instead_names_the_other_and_who_cancelled_is_gone(organiser, workshop):
    one, gone = filled.subject(workshop, "Lê Thị An"), filled.subject(workshop, "Trần Thị Bưởi")
    actions.replace(registration=one, person=cast.person("Danh Sà Mây"), at=cast.NOW, by=cast.staff("administrator", phone="0987654399"), unit="Hội Phụ nữ", post="")  # fmt: skip
    actions.cancel(registration=gone, at=cast.NOW)
    text = filled.words_of(taken(organiser, workshop))
    assert "đi thay Lê Thị An" in text
    assert "Bưởi" not in text
    assert text.count("Lê Thị An") == 1


def test_who_was_there_and_gave_the_seat_to_another_afterwards_is_counted_and_listed(organiser, workshop):
    one = filled.subject(workshop, "Lê Thị An")
    filled.here(one)
    actions.replace(registration=one, person=cast.person("Danh Sà Mây"), at=cast.NOW, by=None, unit="Hội Phụ nữ", post="")  # fmt: skip
    text = filled.words_of(taken(organiser, workshop, query="?co_mat=on"))
    assert "Danh sách: 2 đại biểu. Có mặt: 1 (theo điểm danh)" in text
    assert "có mặt; sau có người đi thay" in text


def test_a_session_is_chosen_by_its_time_in_this_country(organiser, workshop):
    """Half past six in the morning is the day before in Greenwich."""
    dawn = timezone.make_aware(datetime(2026, 11, 26, 6, 30))
    Session.objects.create(workshop=workshop, name="Buổi sớm", starts_at=dawn, ends_at=dawn + timedelta(hours=2))
    assert "Buổi sớm, 06:30 26/11/2026" in organiser.get(f"/quan-tri/tap-huan/{workshop.pk}/giay-to/").text


def test_of_a_session_that_is_chosen(organiser, workshop):
    other = Session.objects.create(
        workshop=workshop, name="Buổi tối", starts_at=cast.NOW, ends_at=cast.NOW + timedelta(hours=1), room="Phòng 2"
    )
    text = filled.words_of(taken(organiser, workshop, query=f"?buoi={other.pk}"))
    assert "Buổi tối" in text
    assert "Phòng 2" in text


@pytest.mark.parametrize("query", ["?buoi=999999", "?buoi=x", "?dong_trong=61", "?dong_trong=-1", "?thu_tu=khac"])
def test_what_cannot_be_wanted_is_said_beside_its_form(organiser, workshop, query):
    answer = organiser.get(f"/quan-tri/tap-huan/{workshop.pk}/giay-to/ky-ten.pdf{query}")
    assert (answer.status_code, "error-message" in answer.text) == (422, True)


def test_without_a_session_there_is_none_and_it_says_so(organiser, workshop):
    Session.objects.update(cancelled_at=cast.NOW)
    answer = organiser.get(f"/quan-tri/tap-huan/{workshop.pk}/giay-to/ky-ten.pdf", follow=True)
    assert "Lớp chưa có buổi nào" in answer.text


def test_who_merely_looks_gets_those_of_the_own_places(workshop):
    filled.subject(workshop, "Lê Thị An")
    filled.subject(workshop, "Trần Thị Bưởi", cast.commune("Bảo Nhai", "Lào Cai"))
    manager = cast.client_of(cast.staff("manager", cast.province()))
    for what in ("ky-ten.pdf", "dai-bieu.pdf"):
        text = filled.words_of(taken(manager, workshop, what))
        assert ("Lê Thị An" in text, "Bưởi" in text) == (True, False)


@pytest.mark.parametrize("what", ["giay-to/the.pdf", "bao-cao/bao-cao.pdf", "bao-cao/bao-cao.docx", "bao-cao/"])
def test_who_merely_looks_gets_no_badges_and_no_report(workshop, what):
    manager = cast.client_of(cast.staff("manager", cast.province()))
    assert manager.get(f"/quan-tri/tap-huan/{workshop.pk}/{what}").status_code in (302, 403, 404)
    page = manager.get(f"/quan-tri/tap-huan/{workshop.pk}/giay-to/").text
    assert ("ky-ten.pdf" in page, "the.pdf" in page, "thanh-toan.pdf" in page) == (True, False, False)


def test_of_another_provinces_workshop_nothing(workshop):
    other = cast.client_of(cast.staff("organiser", cast.province("Lào Cai"), phone="0987654322"))
    for what in ("", "ky-ten.pdf", "dai-bieu.pdf", "the.pdf", "so-lieu.xlsx"):
        assert other.get(f"/quan-tri/tap-huan/{workshop.pk}/giay-to/{what}").status_code == 404


def test_names_are_words_and_fetch_nothing(organiser, workshop):
    filled.subject(workshop, "<img src=//x> & Út", unit="{{ 7 }} <script>")
    text = filled.words_of(taken(organiser, workshop, "dai-bieu.pdf"))
    assert "<img src=//x> & Út" in text
    assert "{{ 7 }} <script>" in text


def test_the_list_of_delegates_has_numbers_and_places(organiser, workshop):
    filled.subject(workshop, "Lê Thị An")
    text = filled.words_of(taken(organiser, workshop, "dai-bieu.pdf"))
    assert positions(
        text,
        "DANH SÁCH ĐẠI BIỂU",
        "Lê Thị An",
        "Cơ sở Lê Thị An",
        "Danh sách có 1 đại biểu",
    )


@pytest.mark.parametrize(
    "said",
    [
        "SỞ NÔNG NGHIỆP VÀ_PHÁT TRIỂN NÔNG_THÔN~TỈNH_CÀ_MAU", "SỞ NÔNG NGHIỆP VÀ_MÔI_TRƯỜNG~TỈNH_CÀ_MAU", "UBND~THÀNH_PHỐ_HỒ_CHÍ_MINH", "Tập huấn OCOP~năm_2026",
        "Hội Phụ nữ xã Phan Ngọc_Hiển,~tỉnh_Cà_Mau", "Văn_phòng", "Sở", "", f"VĂN PHÒNG {'A' * 20}~{'B' * 20}",
    ],
)  # fmt: skip
def test_lines_break_before_the_name_of_a_place_and_leave_no_word_alone(said):
    """~ is where a line may break last, _ a blank that holds."""
    assert bound(said.replace("~", " ").replace("_", " ")) == said.replace("~", " ").replace("_", "\N{NO-BREAK SPACE}")


def test_papers_of_a_specimen_are_marked(organiser, workshop, settings):
    settings.DEMO = False
    filled.subject(workshop, "Lê Thị An")
    assert "BẢN MẪU" not in filled.words_of(taken(organiser, workshop))
    Workshop.objects.update(is_specimen=True)
    for what in ("ky-ten.pdf", "dai-bieu.pdf", "the.pdf"):
        assert "BẢN MẪU" in filled.words_of(taken(organiser, workshop, what))


def test_the_steps_of_a_workshop_lead_here_also_when_it_is_over(organiser, workshop):
    Workshop.objects.update(closed_at=cast.NOW)
    page = organiser.get(f"/quan-tri/tap-huan/{workshop.pk}/").text
    assert f"/tap-huan/{workshop.pk}/giay-to/" in page
    assert f"/tap-huan/{workshop.pk}/bao-cao/" in page


def test_the_number_of_queries_does_not_grow(organiser, workshop, django_assert_num_queries):
    filled.subject(workshop, "Lê Thị An")
    taken(organiser, workshop)
    with CaptureQueriesContext(connection) as one:
        taken(organiser, workshop)
    for number in range(6):
        filled.subject(workshop, f"Trần Thị Út {number}", cast.commune("Năm Căn"))
    with django_assert_num_queries(len(one)):
        taken(organiser, workshop)
