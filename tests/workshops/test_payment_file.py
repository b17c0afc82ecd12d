"""thanh-toan.pdf: blank, or with what the organiser typed; nothing is computed from law, nothing of identity papers is kept."""

import pypdfium2
import pytest

from tests import cast
from workshops import actions
from workshops.models import LegalBasis, Speaker, Workshop

from . import filled

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def workshop(planned):
    Workshop.objects.update(capacity=None)
    planned.refresh_from_db()
    filled.subject(planned, "Lê Thị An")
    here = filled.subject(planned, "Trần Thị Bưởi")
    filled.official(planned, "Nguyễn Văn Cam", "commune", unit="UBND xã")
    filled.here(here)
    LegalBasis.objects.create(workshop=planned, kind="QĐ", number="58/QĐ-VPĐP", issued_by="Văn phòng")
    return planned


@pytest.fixture
def organiser(workshop):
    return cast.client_of(cast.staff("organiser", cast.province()))


@pytest.fixture
def send(workshop, organiser):
    return lambda **sent: organiser.post(f"/quan-tri/tap-huan/{workshop.pk}/giay-to/thanh-toan.pdf", sent)


def test_blank_it_has_all_sheets_and_no_sum(send):
    answer = send()
    text = filled.words_of(answer.content)
    for said in (
        "DANH SÁCH KÝ NHẬN HỖ TRỢ ĐẠI BIỂU", "A. Đại biểu không hưởng lương", "B. Đại biểu hưởng lương", "Số CCCD", "theo Quyết định số 58/QĐ-VPĐP",
        "BẢNG KÊ THÙ LAO BÁO CÁO VIÊN", "GIẤY BIÊN NHẬN", "TS. Báo Cáo Mẫu", "DANH MỤC HỒ SƠ THANH TOÁN", "Dự toán kinh phí",
        "Kế hoạch số 170/KH-UBND", "Bộ tiêu chí: khác gì trước?",
    ):  # fmt: skip
        assert said in text
    assert "000" not in text


def test_delegates_without_a_state_salary_stand_apart(send):
    text = filled.words_of(send(to="support").content)
    places = [
        text.index(said)
        for said in (
            "A. Đại biểu",
            "Lê Thị An",
            "Trần Thị Bưởi",
            "Cộng A (2 người)",
            "B. Đại biểu",
            "Nguyễn Văn Cam",
            "Cộng B (1 người)",
        )
    ]
    assert places == sorted(places)


def test_sums_are_those_that_were_typed(send, workshop):
    speaker = workshop.speakers.get()
    text = filled.words_of(
        send(an_chu_the="150.000", di_chu_the="200 000 đ", **{f"thu_lao_{speaker.pk}": "1.500.000"}).content
    )
    assert text.count("350.000") == 2  # a row of each of two people
    assert "700.000" in text
    assert text.count("1.500.000") == 3  # the list, its total, the receipt


def test_the_total_of_all_waits_until_each_part_has_a_sum(send):
    nothing = {"to": "support", "di_chu_the": "0", "di_can_bo": "0"}
    text = filled.words_of(send(an_chu_the="350000", **nothing).content)
    assert text.count("700.000") == 2  # of meals, and of the part
    text = filled.words_of(send(an_chu_the="350000", an_can_bo="100000", **nothing).content)
    assert "800.000" in text


@pytest.mark.parametrize("typed", [{"an_chu_the": "150.000"}, {"di_chu_the": "150.000"}])
def test_the_sum_of_a_row_waits_for_what_is_left_to_the_pen(send, typed):
    """A sum of meals alone would look final, and be signed for."""
    text = filled.words_of(send(to="support", **typed).content)
    assert text.count("150.000") == 2  # a row each, in the column of its own
    assert text.count("300.000") == 1  # that column's sum, and none of the part


def test_only_those_who_were_there(send):
    text = filled.words_of(send(to="support", chi_co_mat="on").content)
    assert ("Bưởi" in text, "Lê Thị An" in text, "B. Đại biểu" in text) == (True, False, False)


def test_who_was_there_and_gave_the_seat_to_another_afterwards_was_there(send, workshop):
    here = workshop.registrations.get(person__name="Trần Thị Bưởi")
    actions.replace(registration=here, person=cast.person("Danh Sà Mây"), at=cast.NOW, by=None, unit="", post="")
    text = filled.words_of(send(to="support", chi_co_mat="on").content)
    assert ("Bưởi" in text, "Sà Mây" in text) == (True, False)


def test_in_the_list_of_fees_the_topics_can_be_read(send):
    assert "Bộ tiêu chí: khác gì trước?" in filled.words_of(send(to="fees").content)


def test_each_paper_begins_without_a_number_above_it(send):
    """The number of a page stands at the top of the second page of a paper, and these are all first ones."""
    pages = list(pypdfium2.PdfDocument(send().content))
    numbers = {str(number) for number in range(1, len(pages) + 1)}
    for page in pages:
        above = page.get_textpage().get_text_bounded(bottom=page.get_height() - 50)
        assert numbers.isdisjoint(above.split())


def test_lists_lie_and_receipts_stand(send):
    pages = pypdfium2.PdfDocument(send().content)
    assert [page.get_width() > page.get_height() for page in pages] == [True, True, False, False]


def test_of_a_specimen_nothing_is_made_out_to_somebody_real(send, workshop):
    """Speakers of the news stand in the demo with name and post alone."""
    Workshop.objects.update(is_specimen=True)
    text = filled.words_of(send(to=["fees", "receipts"]).content)
    assert "Báo Cáo Mẫu" not in text
    assert text.count("không lập bảng kê, giấy biên nhận đứng tên người thật") == 2
    Speaker.objects.create(workshop=workshop, name="Nguyễn Thị Mẫu", post="Chuyên viên (mẫu)")
    text = filled.words_of(send(to=["fees", "receipts"]).content)
    assert ("Báo Cáo Mẫu" in text, "Tôi tên là: Nguyễn Thị Mẫu" in text) == (False, True)
    Workshop.objects.update(is_specimen=False)
    assert "Tôi tên là: TS. Báo Cáo Mẫu" in filled.words_of(send(to="receipts").content)


@pytest.mark.parametrize("typed", ["abc", "-5", "1" * 12, "1.5e9"])
def test_what_is_no_sum_is_said_and_kept(send, typed):
    answer = send(an_chu_the=typed, di_chu_the="200.000")
    assert answer.status_code == 422
    assert 'value="200.000"' in answer.text
    assert "Ghi số tiền bằng chữ số" in answer.text


def test_sums_never_stand_in_an_address(organiser, workshop):
    assert organiser.get(f"/quan-tri/tap-huan/{workshop.pk}/giay-to/thanh-toan.pdf").status_code == 405
    assert (
        f'method="post" action="/quan-tri/tap-huan/{workshop.pk}/giay-to/thanh-toan.pdf"'
        in organiser.get(f"/quan-tri/tap-huan/{workshop.pk}/giay-to/").text
    )


def test_who_merely_looks_gets_none(workshop):
    manager = cast.client_of(cast.staff("manager", cast.province()))
    assert manager.post(f"/quan-tri/tap-huan/{workshop.pk}/giay-to/thanh-toan.pdf").status_code in (302, 403, 404)
