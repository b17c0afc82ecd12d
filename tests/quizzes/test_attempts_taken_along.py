"""Attempts as a file: one row an attempt, on request one row an answer, of one's own places and nobody else's."""

import io
from datetime import timedelta

import pytest
from django.db.models import QuerySet
from openpyxl import load_workbook

from accounts import actions as accounts
from accounts.models import User
from lib import sheets
from quizzes import actions
from quizzes.models import Attempt, Item, QuestionBank, Quiz
from tests import cast

from .samples import SAMPLES
from .test_item_analysis import take

pytestmark = pytest.mark.django_db
CANARY = "Chim Hoàng Yến"


@pytest.fixture
def attempt(quiz) -> Attempt:
    """Of an afternoon in Cà Mau; and there is a canary's in Lào Cai."""
    far = cast.person(CANARY, place=cast.commune("Sa Pa", "Lào Cai"))
    take(quiz, "aaa", enrolment=cast.enrolment(far, quiz.activity.course))
    taken = take(quiz, "ab-")
    Attempt.objects.filter(pk=taken.pk).update(finished_at=cast.NOW + timedelta(minutes=12))
    return taken


@pytest.fixture
def officer(quiz):
    return cast.client_of(cast.staff("manager", cast.province()))


def body(answer) -> bytes:
    return b"".join(answer.streaming_content)


def lines(client, more="") -> list[str]:
    return body(client.get(f"/quan-tri/attempt/?export=csv{more}")).decode("utf-8-sig").splitlines()


def book(client, more=""):
    return load_workbook(io.BytesIO(body(client.get(f"/quan-tri/attempt/?export=xlsx{more}"))))


def cells(sheet) -> list[dict]:
    heads, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(heads, row, strict=True)) for row in rows]


def test_one_row_an_attempt_with_place_minutes_and_percent(attempt, officer):
    (row,) = cells(book(officer)["Lượt làm"])
    assert (row["Học viên"], row["Lượt"], row["Tình trạng"], row["Kết quả"]) == ("Người 1", 1, "đã nộp", "chưa đạt")
    assert row["Địa bàn lúc ghi danh"] == "xã Phan Ngọc Hiển, tỉnh Cà Mau"
    assert (row["Khóa học"], row["Bài kiểm tra"]) == ("Kể chuyện", "Bài kiểm tra")
    assert (row["Số phút"], row["Điểm"], row["Điểm tối đa"], row["Điểm (%)"]) == (12, 1, 3, 33.3)


def test_the_same_as_csv(attempt, officer):
    head, row = lines(officer)
    assert head.startswith("Học viên,Địa bàn lúc ghi danh,Khóa học")
    assert row.endswith(",12,1,3,33.3,chưa đạt,,"), "in no cohort"


def test_answers_come_on_request_in_words_with_question_and_version(attempt, officer):
    assert len(book(officer).sheetnames) == 1
    rows = cells(book(officer, "&answers=1")["Câu trả lời"])
    found = {row["Mã câu hỏi"]: (row["Phiên bản"], row["Trả lời"], row["Điểm"]) for row in rows}
    first, second, third = sorted(found)
    assert found == {first: (1, "Kể thật", 1), second: (1, "Bịa cho hay", 0), third: (1, "", 0)}


def answered(staff) -> tuple[list[str], list[dict]]:
    """The ids of the questions whose answers this user takes along, and what is said of the rest."""
    taken = book(cast.client_of(User.objects.get(pk=staff.pk)), "&answers=1")
    left_out = taken["Không kèm câu trả lời"] if "Không kèm câu trả lời" in taken.sheetnames else None
    return [row["Mã câu hỏi"] for row in cells(taken["Câu trả lời"])], cells(left_out) if left_out else []


def test_answers_out_of_which_the_key_follows_are_taken_along_by_no_officer_who_learns_here(attempt):
    learner, other = (cast.staff("manager", cast.province(), phone) for phone in ("0987654331", "0987654332"))
    learner.person = cast.person("Cán bộ cũng học")
    learner.save()
    assert answered(learner) == answered(other), "who learns nothing here"
    cast.enrolment(learner.person, attempt.quiz.activity.course)
    found, left_out = answered(learner)
    assert found == []
    assert [(row["Khóa học"], row["Bài kiểm tra"]) for row in left_out] == [("Kể chuyện", "Bài kiểm tra")]
    assert "anh/chị cũng học khóa này" in left_out[0]["Vì sao không kèm câu trả lời"]
    assert len(answered(other)[0]) == 3
    assert answered(other)[1] == []


def test_nor_of_a_quiz_that_hides_its_key_by_officers_as_in_the_analysis(attempt):
    officer, centre = cast.staff("manager", cast.province()), cast.staff("manager", phone="0987654333")
    Quiz.objects.update(shown_after=["score"])
    for staff in (officer, centre):
        found, left_out = answered(staff)
        assert (found, len(left_out)) == ([], 1)
        assert "✓" not in cast.client_of(staff).get(f"/quan-tri/bai-kiem-tra/{attempt.quiz_id}/phan-tich/").text
    accounts.grant_role(user=centre, role="editor", place=None, by=None, at=cast.NOW)
    assert len(answered(centre)[0]) == 6
    assert answered(centre)[1] == []
    Quiz.objects.update(shown_after=["score", "answers"])
    assert len(answered(officer)[0]) == 3


def test_what_somebody_wrote_is_in_it_as_it_was_written(quiz, officer):
    essay = cast.question(QuestionBank.objects.get(), "viet", kind="essay", data=SAMPLES["essay"])
    slots = [actions.SlotSpec(question=essay)]
    actions.configure_quiz(activity=quiz.activity, pass_percent=60, attempts_allowed=3, slots=slots, at=cast.NOW)
    enrolment = cast.enrolment(cast.person(), quiz.activity.course)
    started = actions.start_attempt(enrolment=enrolment, quiz=quiz, language="vi", at=cast.NOW)
    started.items.update(answer="=1+1 *Nhà tôi*")
    assert cells(book(officer, "&answers=1")["Câu trả lời"]) == []  # still the person's own
    actions.submit_attempt(attempt=started, at=cast.NOW)
    (row,) = cells(book(officer, "&answers=1")["Câu trả lời"])
    assert (row["Trả lời"], row["Điểm"]) == ("=1+1 *Nhà tôi*", None)


@pytest.mark.parametrize("more", ["", "&answers=1", f"&q={CANARY}", "&place=Lào Cai", "&answers=1&place=Sa Pa"])
def test_the_canary_of_another_province_never_appears(attempt, officer, more):
    assert CANARY not in "\n".join(lines(officer, more))
    sheets_ = [cells(sheet) for sheet in book(officer, more)]
    assert CANARY not in str(sheets_)


def test_who_looks_after_the_whole_country_finds_it_and_may_narrow_by_place(attempt):
    centre = cast.client_of(cast.staff("manager", phone="0987654322"))
    assert CANARY in "\n".join(lines(centre))
    assert CANARY not in "\n".join(lines(centre, "&place=Cà Mau"))
    assert len(lines(centre, "&place=Lào Cai")) == 2


@pytest.mark.parametrize("kind", ["csv", "xlsx", "xlsx&answers=1"])
def test_who_sees_no_records_takes_none_along(attempt, kind):
    editor = cast.client_of(cast.staff("editor", phone="0987654329"))
    assert editor.get(f"/quan-tri/attempt/?export={kind}").status_code in (302, 403)


def test_a_list_too_long_for_a_sheet_is_refused_in_words(attempt, officer, monkeypatch):
    monkeypatch.setattr(sheets, "MOST_ROWS", 2)
    said = officer.get("/quan-tri/attempt/?export=xlsx&answers=1", follow=True)
    assert "quá nhiều câu trả lời" in said.text
    assert len(cells(book(officer)["Lượt làm"])) == 1


def test_answers_pass_row_by_row(attempt, officer, monkeypatch):
    usual = QuerySet._fetch_all

    def refuse_all(rows):
        assert rows.model not in (Item, Attempt) or rows.query.is_sliced, "all at once"
        usual(rows)

    monkeypatch.setattr(QuerySet, "_fetch_all", refuse_all)
    assert len(cells(book(officer, "&answers=1")["Câu trả lời"])) == 3


def test_the_list_offers_the_files(attempt, officer):
    page = officer.get("/quan-tri/attempt/").text
    assert "export=xlsx&amp;answers=1" in page
    assert "Tải XLSX kèm từng câu trả lời" in page
