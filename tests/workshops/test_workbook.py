"""so-lieu.xlsx: all of a workshop, for whoever may see it, and nothing in it that a program would run."""

import io

import openpyxl
import pytest

from accounts.models import Person
from certificates import actions as certificates
from tests import cast
from workshops.models import FeedbackSheet, FollowUp, FormQuestion, Registration, Session, Workshop

from . import filled

pytestmark = pytest.mark.django_db


@pytest.fixture
def workshop(planned):
    Workshop.objects.update(capacity=None)
    planned.refresh_from_db()
    return planned


@pytest.fixture
def organiser(workshop):
    return cast.client_of(cast.staff("organiser", cast.province()))


def book_of(client, workshop, query=""):
    answer = client.get(f"/quan-tri/tap-huan/{workshop.pk}/giay-to/so-lieu.xlsx{query}")
    assert answer.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}


def test_delegates_attendance_tests_and_feedback(organiser, workshop):
    asked = FormQuestion.objects.create(workshop=workshop, label="Ăn chay?", kind="yes-no")
    one = filled.subject(workshop, "Lê Thị An", answers={str(asked.pk): "yes"})
    filled.subject(workshop, "Trần Thị Bưởi")
    filled.here(one)
    filled.sat(workshop, (one, 4, 8))
    filled.feedback(workshop, 5, quotable=1)
    book = book_of(organiser, workshop)
    heads, *rows = book["Đại biểu"]
    first = dict(zip(heads, rows[0], strict=True))
    assert (first["Số thẻ"], first["Họ và tên"], first["Ăn chay?"], first["Địa bàn hiện nay"]) == (
        1, "Lê Thị An", "có", "xã Phan Ngọc Hiển, tỉnh Cà Mau",
    )  # fmt: skip
    assert [(row[1], row[-1]) for row in book["Điểm danh"][1:]] == [("Lê Thị An", 1), ("Trần Thị Bưởi", 0)]
    assert [(row[1], row[2], row[3], row[5]) for row in book["Bài kiểm tra"][1:]] == [
        ("Lê Thị An", "đầu vào", 4, "chưa đạt"), ("Lê Thị An", "đầu ra", 8, "đạt"),
    ]  # fmt: skip
    assert sorted(row[0] for row in book["Phiếu đánh giá"][1:]) == [4, 4, 4, 5, 5]


def test_two_rooms_at_once_are_one_slot_as_in_the_report(organiser, workshop):
    held = workshop.sessions.get()
    Session.objects.create(
        workshop=workshop, name="Song song", room="2", starts_at=held.starts_at, ends_at=held.ends_at
    )
    filled.here(filled.subject(workshop, "Lê Thị An"))
    _heads, row = book_of(organiser, workshop)["Điểm danh"]
    assert (len([at for at in row[3:-1] if at]), row[-1]) == (2, 1)


def test_only_the_tables_that_are_wanted(organiser, workshop):
    assert list(book_of(organiser, workshop, "?bang=attendance&bang=tests")) == ["Điểm danh", "Bài kiểm tra"]


def test_a_formula_is_a_name_and_a_number_keeps_its_plus(organiser, workshop):
    one = filled.subject(workshop, "Lê Thị An", unit='=HYPERLINK("//x";"y")')
    Person.objects.filter(pk=one.person_id).update(name="=1+1", contact_phone="+84912345678")
    Registration.objects.filter(pk=one.pk).update(post="@SUM(A1)", note="\x0b+cmd")
    answer = organiser.get(f"/quan-tri/tap-huan/{workshop.pk}/giay-to/so-lieu.xlsx")
    cells = [cell for row in openpyxl.load_workbook(io.BytesIO(answer.content))["Đại biểu"].iter_rows() for cell in row]
    said = {cell.value: cell.data_type for cell in cells}
    for words in ("=1+1", "0912345678", "@SUM(A1)", '=HYPERLINK("//x";"y")', "+cmd"):
        assert said[words] == "s"


def test_anonymous_sheets_bear_no_number_that_leads_to_a_name(organiser, workshop):
    people = [filled.subject(workshop, f"Trần Thị Thứ {number}") for number in range(5)]
    filled.sat(workshop, *[(one, 9 - one.number, 8) for one in people], anonymous=True)
    _heads, *rows = book_of(organiser, workshop)["Bài kiểm tra"]
    assert {(row[0] or "", row[1] or "") for row in rows} == {("", "")}
    assert [row[3] for row in rows if row[2] == "đầu vào"] == [4, 5, 6, 7, 8]


def test_of_fewer_than_five_nothing_is_told_row_by_row_as_in_the_report(organiser, workshop):
    people = [filled.subject(workshop, f"Trần Thị Thứ {number}") for number in range(4)]
    filled.sat(workshop, *[(one, 9 - one.number, 8) for one in people], anonymous=True)
    filled.feedback(workshop, 4)
    book = book_of(organiser, workshop)
    assert book["Phiếu đánh giá"][1:] == [["4 phiếu, dưới 5 phiếu nên không nêu từng phiếu."]]
    assert len(book["Bài kiểm tra"]) == 1
    assert "Ý kiến số" not in str(book)


def test_a_question_that_few_answered_stays_empty_and_says_why(organiser, workshop):
    filled.feedback(workshop, 6)
    scale = FormQuestion.objects.get(kind="scale")
    for sheet in FeedbackSheet.objects.all()[:2]:
        FeedbackSheet.objects.filter(pk=sheet.pk).update(
            answers={key: said for key, said in sheet.answers.items() if key != str(scale.pk)}
        )
    heads, *rows = book_of(organiser, workshop)["Phiếu đánh giá"]
    assert heads[0] == "Nội dung (dưới 5 người trả lời nên không nêu)"
    assert {row[0] or "" for row in rows} == {""}
    assert {row[1] for row in rows} == {3}


def test_who_is_a_woman_stands_there_as_far_as_a_list_said_it(organiser, workshop):
    for name, gender in (("Lê Thị An", "female"), ("Lê Văn Bảy", "male"), ("Kim Sa Rây", "")):
        Registration.objects.filter(pk=filled.subject(workshop, name).pk).update(gender=gender)
    heads, *rows = book_of(organiser, workshop)["Đại biểu"]
    assert [row[heads.index("Giới tính")] or "" for row in rows] == ["nữ", "nam", ""]


def test_who_merely_looks_gets_the_own_places_and_nothing_that_is_of_all(workshop):
    one = filled.subject(workshop, "Lê Thị An")
    other = filled.subject(workshop, "Trần Thị Bưởi", cast.commune("Bảo Nhai", "Lào Cai"))
    filled.here(one, other)
    filled.sat(workshop, (one, 4, 8), (other, 5, 9))
    filled.feedback(workshop, 5)
    book = book_of(cast.client_of(cast.staff("manager", cast.province())), workshop)
    assert "Bưởi" not in str(book)
    assert len(book["Bài kiểm tra"]) == 3
    assert len(book["Phiếu đánh giá"]) == 1
    whole = book_of(cast.client_of(cast.staff("manager", None, phone="0987654300")), workshop)
    assert len(whole["Phiếu đánh giá"]) == 6


def test_too_many_are_refused_as_of_other_papers(organiser, workshop, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"print_workshop": "2/m/ip"}
    address = f"/quan-tri/tap-huan/{workshop.pk}/giay-to/so-lieu.xlsx"
    assert [organiser.get(address).status_code for _ in range(3)] == [200, 200, 429]
    assert organiser.get(f"/quan-tri/tap-huan/{workshop.pk}/bao-cao/bao-cao.docx").status_code == 429
    assert organiser.get(f"/quan-tri/tap-huan/{workshop.pk}/giay-to/").status_code == 200


def test_who_completed_and_the_number_of_the_certificate_stand_beside_the_delegate(organiser, workshop):
    one = filled.subject(workshop, "Lê Thị An")
    filled.subject(workshop, "Trần Thị Bưởi")
    cast.award(workshop.activity.course)
    enrolment = cast.enrolment(one.person, workshop.activity.course)
    cast.finish(enrolment)
    number = certificates.issue(enrolment_id=enrolment.pk, at=cast.NOW).number
    heads, *rows = book_of(organiser, workshop)["Đại biểu"]
    told = [dict(zip(heads, row, strict=True)) for row in rows]
    assert [(row["Hoàn thành lớp"] or "", row["Số giấy chứng nhận"] or "") for row in told] == [
        ("có", number), ("", ""),
    ]  # fmt: skip


def test_calls_stand_there_with_all_three_answers(organiser, workshop):
    one, other = filled.subject(workshop, "Lê Thị An"), filled.subject(workshop, "Trần Thị Bưởi")
    said = {"outcome": "answered", "used": "done", "what": "Sửa nhãn", "hindrance": "=Thiếu vốn", "called_at": cast.NOW}
    Person.objects.filter(pk=other.person_id).update(contact_phone="+84912345678")
    filled.here(other)
    FollowUp.objects.create(registration=other, drawn_at=cast.NOW)
    FollowUp.objects.create(registration=one, drawn_at=cast.NOW, **said)
    _heads, first, second = book_of(organiser, workshop, "?bang=calls")["Gọi lại sau lớp"]
    assert first[:4] == [1, "Lê Thị An", "Cơ sở Lê Thị An", "đã trả lời"]
    assert first[5:] == ["đã làm được", "Sửa nhãn", "=Thiếu vốn"]
    assert [cell or "" for cell in second] == [2, "Trần Thị Bưởi", "Cơ sở Trần Thị Bưởi", "chưa gọi", "", "", "", ""]


def test_what_was_told_on_the_phone_by_people_elsewhere_is_not_in_it(organiser, workshop):
    one = filled.subject(workshop, "Lê Thị An", cast.commune("Bảo Nhai", "Lào Cai"))
    FollowUp.objects.create(registration=one, drawn_at=cast.NOW, outcome="answered", used="done", what="Sửa nhãn")
    book = book_of(organiser, workshop)
    assert "Lê Thị An" in str(book["Đại biểu"])
    assert len(book["Gọi lại sau lớp"]) == 1
