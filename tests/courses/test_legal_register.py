from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from courses.models import LegalStatus, LegalText, LessonPage
from quizzes.models import QuestionBank
from tests import cast

pytestmark = pytest.mark.django_db


def law(**fields):
    fields = {
        "key": "nd-1", "kind": "Nghị định", "number": "1/2026/NĐ-CP", "name": "Về nhãn", "review_by": date(2027, 1, 1),
        "checked_on": date(2026, 11, 23), "confidence": "sourced",
    } | fields  # fmt: skip
    return LegalText.objects.create(**fields)


def citing_lesson(text: LegalText) -> LessonPage:
    page = LessonPage(title="Nhãn", slug="nhan", locale=cast.home().locale)
    value = {"text": "<p>Hỏi xã.</p>", "legal_texts": [text.pk]}
    page.body = page.body.stream_block.to_python([{"type": "law", "value": value}])
    return cast.publish(cast.course_page(), page)


def save_in_the_admin(text: LegalText, **changes):
    form = {
        "key": text.key, "kind": text.kind, "number": text.number, "name": text.name, "status": text.status,
        "review_by": "2027-01-01", "checked_on": "2026-11-23", "confidence": text.confidence, "source": "", "note": "",
    } | changes  # fmt: skip
    admin = cast.client_of(cast.staff("administrator"))
    return admin.post(f"/quan-tri/snippets/courses/legaltext/edit/{text.pk}/", form)


def test_a_lesson_prints_status_and_date_from_the_register():
    citing_lesson(law(status=LegalStatus.SUSPENDED))
    text = Client().get("/khoa-hoc/ke-chuyen/nhan/").text
    assert "1/2026/NĐ-CP" in text
    assert "tạm ngưng" in text
    assert "cập nhật đến ngày 23/11/2026" in text


def test_one_edit_marks_every_lesson_and_question_that_rests_on_it(django_capture_on_commit_callbacks):
    text = law()
    page = citing_lesson(text)
    bank = QuestionBank.objects.create(name="Ngân hàng")
    question = cast.question(bank, "nhan-1", legal_texts=[text])
    bystander = cast.question(bank, "khac-1")
    successor = law(key="nd-2", number="2/2026/NĐ-CP")
    with django_capture_on_commit_callbacks(execute=True):
        save_in_the_admin(text, status="replaced", replaced_by=successor.pk)
    question.refresh_from_db()
    bystander.refresh_from_db()
    assert cast.row_of(page).needs_review_since is not None
    assert question.needs_review_since is not None
    assert bystander.needs_review_since is None
    assert "đã được thay thế" in Client().get("/khoa-hoc/ke-chuyen/nhan/").text


def test_an_edit_that_readers_do_not_rely_on_marks_nothing():
    text = law()
    page = citing_lesson(text)
    save_in_the_admin(text, source="trang khác")
    assert cast.row_of(page).needs_review_since is None


def test_a_lesson_shows_that_it_is_a_sample_until_a_named_reviewer_approves():
    page = citing_lesson(law())
    assert "chưa được cơ quan chuyên môn thẩm định" in Client().get("/khoa-hoc/ke-chuyen/nhan/").text
    page.is_sample = False
    with pytest.raises(ValidationError, match="thẩm định"):
        page.full_clean()
    page.reviewer_name, page.reviewer_unit, page.reviewed_on = "Nguyễn Văn A", "Chi cục X", date(2026, 11, 1)
    page.full_clean()


MARK = "Bài mẫu, chưa được cơ quan chuyên môn thẩm định"


def republish(page, commits, **fields):
    for name, value in fields.items():
        setattr(page, name, value)
    page.full_clean()
    with commits(execute=True):
        page.save_revision().publish()


def test_a_lesson_without_law_may_lose_the_mark(django_capture_on_commit_callbacks):
    page = cast.lesson_page(cast.course_page(), "Bài 1", "bai-1")
    assert MARK in Client().get("/khoa-hoc/ke-chuyen/bai-1/").text
    republish(page, django_capture_on_commit_callbacks, is_sample=False)
    text = Client().get("/khoa-hoc/ke-chuyen/bai-1/").text
    assert MARK not in text
    assert "Thẩm định:" not in text


def test_the_reviewer_is_named_once_the_mark_is_off(django_capture_on_commit_callbacks):
    page = cast.lesson_page(cast.course_page(), "Bài 1", "bai-1")
    reviewer = {"reviewer_name": "Nguyễn Văn A", "reviewer_unit": "Chi cục X", "reviewed_on": date(2026, 11, 1)}
    republish(page, django_capture_on_commit_callbacks, **reviewer)
    assert MARK in Client().get("/khoa-hoc/ke-chuyen/bai-1/").text
    republish(page, django_capture_on_commit_callbacks, is_sample=False)
    text = Client().get("/khoa-hoc/ke-chuyen/bai-1/").text
    assert MARK not in text
    assert "Thẩm định: Nguyễn Văn A, Chi cục X, " in text


def test_a_quiz_is_a_sample_while_a_lesson_of_its_course_is(django_capture_on_commit_callbacks):
    user = cast.trainee()
    course = cast.course(lessons=2, with_quiz=True)
    cast.finish(cast.enrolment(user.person, course))
    client, pages = cast.client_of(user), list(LessonPage.objects.order_by("path"))
    for page in pages:
        assert MARK in client.get("/khoa-hoc/ke-chuyen/kiem-tra/").text
        republish(page, django_capture_on_commit_callbacks, is_sample=False)
    assert MARK not in client.get("/khoa-hoc/ke-chuyen/kiem-tra/").text
