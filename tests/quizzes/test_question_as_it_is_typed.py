"""Beside the form of a question stands what trainees would meet, while it is being typed."""

import pytest

from quizzes.kinds import KINDS
from quizzes.models import Question, QuestionVersion
from tests import cast
from tests.quizzes.question_forms import ADD, ROWS, choices, edit, rows, typed

pytestmark = pytest.mark.once

NEW = "/quan-tri/cau-hoi/xem-thu/"
FILLED = {
    "single": choices(),
    "multiple": choices(),
    "truefalse": {"kind-right": "true", "kind-feedback_right": "Đúng rồi"},
    "short": rows({"text": "nắng"}),
    "numeric": {"kind-units-TOTAL_FORMS": 0} | rows({"value": "3,5", "tolerance": "0,1"}),
    "matching": rows({"text": "Muối", "match": "Bạc Liêu"}, {"text": "Cua", "match": "Cà Mau"}),
    "ordering": rows({"text": "Rửa"}, {"text": "Phơi"}, {"text": "Đóng gói"}),
    "gaps": {"kind-written": "Phơi [nắng] ở [*ruộng|nhà]."},
    "essay": rows({"text": "Có thật", "points": "3"}),
    "description": {},
}
assert FILLED.keys() == KINDS.keys()
SEEN = {
    "single": "chọn một ý", "multiple": "chọn tất cả ý đúng", "truefalse": "Sai", "short": "viết ngắn", "numeric": "trả lời bằng số",
    "matching": "ghép từng cặp", "ordering": "Đóng gói", "gaps": "điền chỗ trống", "essay": "Có thật", "description": "đoạn để đọc",
}  # fmt: skip
KEY = {
    "single": "Kể thật", "multiple": "Kể thật", "truefalse": "Đúng rồi", "short": "nắng", "numeric": "3,5", "matching": "Bạc Liêu",
    "ordering": "2. Phơi", "gaps": "ruộng", "essay": "tin lời thật", "description": "không có ở trang kết quả",
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_shown_as_it_is_asked_and_nothing_is_saved(editor, bank, kind):
    page = editor.post(NEW, typed(bank, kind, stem="Kể chuyện **thật** thế nào?", **FILLED[kind]))
    assert page.status_code == 200
    assert "Kể chuyện <strong>thật</strong> thế nào?" in page.text
    assert SEEN[kind] in page.text
    assert "tin lời thật" not in page.text
    assert not Question.objects.exists()


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_shown_with_its_key_and_explanation_as_a_result_page_shows_them(editor, bank, kind):
    page = editor.post(f"{NEW}?after", typed(bank, kind, **FILLED[kind])).text
    assert KEY[kind] in page
    assert ("tin lời thật" in page) == (kind != "description")


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_form_says_what_is_missing(editor, kind):
    for address in (NEW, f"{NEW}?after"):
        page = editor.post(address, {"kind": kind})
        assert page.status_code == 200
        assert "Còn thiếu hoặc còn phải sửa" in page.text
        assert "Câu hỏi: Ô này phải điền." in page.text


@pytest.mark.parametrize("kind", KINDS)
def test_words_are_shown_before_the_answers_are_there(editor, bank, kind):
    page = editor.post(NEW, typed(bank, kind, stem="Kể chuyện **thật** thế nào?"))
    assert page.status_code == 200
    assert "Kể chuyện <strong>thật</strong> thế nào?" in page.text


def test_so_are_the_answers_that_are_there_by_now(editor, bank):
    page = editor.post(NEW, typed(bank, "single", **rows({"text": "Kể thật"}))).text
    assert "Cần ít nhất hai phương án." in page
    assert "Kể thật" in page
    assert "Số phương án đúng" in page
    page = editor.post(f"{NEW}?after", typed(bank, "single", **rows({"text": "Kể thật"}))).text
    assert "Cần ít nhất hai phương án." in page
    assert "Kể thật" not in page  # a result page would need the key


@pytest.mark.parametrize("written", ["Phơi [nắng", "Phơi []", "Không có chỗ trống", "[*a|*b]", "]["])
def test_gaps_that_cannot_be_read_leave_the_words(editor, bank, written):
    page = editor.post(NEW, typed(bank, "gaps", stem="Điền vào", **{"kind-written": written}))
    assert page.status_code == 200
    assert "Điền vào" in page.text
    assert "Còn thiếu hoặc còn phải sửa" in page.text


def test_a_mistake_in_a_row_is_said_with_its_row(editor, bank):
    shown = editor.post(NEW, typed(bank, **choices([*ROWS, ("", False, "Không có phương án")])))
    assert "Dòng 3 – Phương án: Hãy ghi phương án cho dòng này, hoặc bỏ cả dòng." in shown.text


def test_a_choice_that_nobody_marked_as_right_is_told(editor, bank):
    shown = editor.post(NEW, typed(bank, **choices([("Kể thật", False, ""), ("Bịa", False, "")])))
    assert "Số phương án đúng chưa hợp với dạng này" in shown.text


def test_what_is_not_part_of_the_words_may_be_missing(editor, bank):
    shown = editor.post(NEW, typed(bank) | {"bank": "", "status": "", "key": "có dấu cách"})
    assert "Bịa cho hay" in shown.text


@pytest.mark.parametrize("kind", ["", "wrong"])
def test_without_a_kind_there_is_nothing_to_show(editor, kind):
    assert "Chưa chọn dạng câu hỏi." in editor.post(NEW, {"kind": kind, "stem": "Gì?"}).text


def test_a_question_that_is_being_changed_is_shown_with_the_change_and_stays_as_it_was(editor, bank):
    question = cast.question(bank, "ke-1")
    page = editor.post(f"/quan-tri/cau-hoi/{question.pk}/xem-thu/", typed(bank, stem="Hỏi cách khác?"))
    assert "Hỏi cách khác?" in page.text
    assert QuestionVersion.objects.get().stem == "Câu hỏi ke-1?"


def test_the_frame_is_a_page_of_the_public_site_under_its_own_policy(editor, bank):
    page = editor.post(NEW, typed(bank))
    assert "frame-ancestors 'self'" in page["Content-Security-Policy"]
    assert "unsafe-inline" not in page["Content-Security-Policy"]
    assert "<form" not in page.text


def test_what_is_too_long_is_told_and_what_has_no_end_is_not_read(editor, bank):
    assert "Câu hỏi: " in editor.post(NEW, typed(bank, stem="x" * 10_001)).text
    assert editor.post(NEW, typed(bank, stem="x" * 3_000_000)).status_code == 413


@pytest.mark.parametrize("role", ["manager", "organiser"])
def test_only_authors_try_questions(bank, role):
    question = cast.question(bank, "ke-1")
    other = cast.client_of(cast.staff(role))
    for address in (NEW, f"/quan-tri/cau-hoi/{question.pk}/xem-thu/"):
        assert other.post(address, typed(bank)).status_code == 302


def test_a_question_is_not_tried_without_a_token_of_its_form(bank):
    strict = cast.client_of(cast.staff("editor"))
    strict.handler.enforce_csrf_checks = True
    assert strict.post(NEW, typed(bank)).status_code == 403


def test_a_question_in_english_admin_is_shown_before_it_has_a_translation(editor, bank):
    from wagtail.users.models import UserProfile

    UserProfile.objects.update_or_create(user_id=editor.session["_auth_user_id"], defaults={"preferred_language": "en"})
    page = editor.post(NEW, typed(bank))
    assert page.status_code == 200
    assert "Kể chuyện thế nào?" in page.text


def test_the_form_names_where_it_is_tried(editor, bank):
    question = cast.question(bank, "ke-1")
    assert f'data-address="{NEW}?after"' in editor.get(f"{ADD}?kind=single").text
    assert f'data-address="/quan-tri/cau-hoi/{question.pk}/xem-thu/"' in editor.get(edit(question)).text
