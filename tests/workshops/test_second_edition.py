"""What the report says of calls months later: of those that were made, in the words of who answered, and without a name."""

import pytest

from accounts.models import Person
from tests import cast
from workshops.models import FollowUp, ReportPhoto, Workshop
from workshops.papers import making

from . import filled
from .test_lists_to_sign import positions
from .test_report import words_of_docx

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def workshop(planned):
    Workshop.objects.update(capacity=None)
    planned.refresh_from_db()
    return planned


def called(workshop, answers, *, left=0, unreached=0):
    """Calls of which each that was answered says what was done and what is in the way; `left` are still to be made."""
    rows = [{"outcome": "answered", "used": "done", "what": what, "hindrance": why} for what, why in answers]
    rows += [{"outcome": "unreached"}] * unreached + [{}] * left
    for number, said in enumerate(rows):
        one = filled.subject(workshop, f"Trần Thị Thứ {number}")
        Person.objects.filter(pk=one.person_id).update(contact_phone="+84912345678")
        filled.here(one)
        FollowUp.objects.create(registration=one, drawn_at=cast.NOW, **said)


def both(workshop):
    return words_of_docx(making.report(workshop, "docx").data), filled.words_of(making.report(workshop, "pdf").data)


def test_who_is_still_to_be_called_was_not_called(workshop):
    called(workshop, [("", "")] * 5, left=3, unreached=1)
    for text in both(workshop):
        assert "đã gọi 6 trong 9 đại biểu được chọn ngẫu nhiên theo xã; 5 người trả lời." in text


def test_once_all_are_called_it_is_of_all(workshop):
    called(workshop, [("", "")] * 5, unreached=1)
    for text in both(workshop):
        assert "đã gọi 6 đại biểu được chọn ngẫu nhiên theo xã; 5 người trả lời." in text
        assert "Phụ lục V" not in text  # nobody told more than yes or no


def test_what_was_done_and_what_is_in_the_way_stands_in_an_annex_of_its_own_without_a_name(workshop):
    called(
        workshop,
        [("Sửa nhãn", "Thiếu vốn"), ("Sửa  nhãn.", ""), ("Bán qua mạng", ""), ("Đã nộp hồ sơ", "Ít người"), ("", "")],
    )
    for text in both(workshop):
        assert "tại Phụ lục IV." in text
        said = text[text.index("Phụ lục IV ÁP DỤNG SAU LỚP") : text.index("Phụ lục V DANH SÁCH")]
        assert "Việc đã làm, kết quả: 4 người nói. - Bán qua mạng. - Đã nộp hồ sơ. - Sửa nhãn (2 người)." in said
        assert "Còn vướng, cần giúp: 2 người nói. - Ít người. - Thiếu vốn." in said
        assert "Trần Thị Thứ" not in said


def test_photos_come_after_all_other_annexes(workshop):
    called(workshop, [("Sửa nhãn", "")] * 5)
    ReportPhoto.objects.create(
        workshop=workshop,
        data=cast.picture().data,
        width=1,
        height=1,
        position=1,
        caption="Khai mạc",
        added_at=cast.NOW,
    )
    for text in both(workshop):
        assert positions(text, "Phụ lục IV ÁP DỤNG", "Phụ lục V DANH SÁCH", "Phụ lục VI HÌNH ẢNH", "Hình 1. Khai mạc")


def test_of_few_answers_no_word_is_told(workshop):
    called(workshop, [("Sửa nhãn", "Thiếu vốn")] * 4)
    for text in both(workshop):
        assert "4 người trả lời, dưới 5 người nên không nêu kết quả." in text
        assert "Sửa nhãn" not in text
        assert "Thiếu vốn" not in text
