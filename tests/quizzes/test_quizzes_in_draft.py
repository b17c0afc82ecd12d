"""A quiz in draft: its questions are set before it opens, it does not open without any, and its course waits for it."""

import pytest
from django.test import Client
from django.utils import timezone

from certificates.models import Credential
from courses import actions
from courses.models import Activity, Course, CoursePage, Enrolment
from quizzes import actions as quiz_actions
from quizzes.models import QuestionBank, Quiz, QuizPage
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return cast.client_of(cast.staff("editor"))


def draft(parent: CoursePage, **fields) -> QuizPage:
    page = QuizPage(title="Bài kiểm tra", slug="kiem-tra", locale=parent.locale, live=False, **fields)
    parent.add_child(instance=page)
    page.save_revision()
    return page


def draft_course() -> CoursePage:
    page = CoursePage(title="Kể chuyện", slug="ke-chuyen", topic=cast.topic(), locale=cast.home().locale, live=False)
    cast.catalogue().add_child(instance=page)
    return page


def ask(page: QuizPage) -> None:
    bank = QuestionBank.objects.create(name="Kể", topic=cast.topic())
    cast.question(bank, "ke-1")
    slots = [quiz_actions.SlotSpec(bank=bank)]
    quiz_actions.configure_quiz(
        activity=page.quiz.activity, pass_percent=70, attempts_allowed=3, slots=slots, at=cast.NOW
    )


def form(**fields) -> dict:
    return {
        "title": "Bài kiểm tra", "slug": "kiem-tra", "summary": "Tóm tắt vừa gõ", "intro": "null", "minutes": "10",
        "is_required": "on", "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0",
    } | fields  # fmt: skip


def test_questions_are_set_while_quiz_and_course_are_drafts(editor):
    page = draft(draft_course())
    address = f"/quan-tri/bai-kiem-tra/{page.quiz.pk}/cau-hoi/"
    assert address in editor.get(f"/quan-tri/pages/{page.pk}/edit/").text
    assert editor.get(address).status_code == 200
    assert not Course.objects.offered().exists()
    assert not Activity.objects.offered().exists()
    assert not Course.objects.with_history().exists()


def test_what_was_prepared_is_what_goes_live(editor):
    course = draft_course()
    page = draft(course)
    ask(page)
    course.save_revision().publish()
    page.get_latest_revision().publish()
    assert Quiz.objects.get().activity == Activity.objects.offered().get()
    assert Course.objects.offered().get().title == "Kể chuyện"


def test_without_usable_questions_it_does_not_go_live_and_what_was_typed_stays(editor):
    page = draft(cast.course_page())
    for button in ("action-publish", "action-submit"):
        answer = editor.post(f"/quan-tri/pages/{page.pk}/edit/", form(**{button: "1"}))
        assert "chưa có câu hỏi nào đã duyệt" in answer.text
        assert "Tóm tắt vừa gõ" in answer.text
    page.refresh_from_db()
    assert not page.live
    assert not page.workflow_in_progress
    assert editor.post(f"/quan-tri/pages/{page.pk}/edit/", form()).status_code == 302
    ask(page)
    editor.post(f"/quan-tri/pages/{page.pk}/edit/", form(**{"action-publish": "1"}))
    page.refresh_from_db()
    assert page.live


def test_a_new_quiz_cannot_be_published_at_once(editor):
    course = cast.course_page()
    answer = editor.post(f"/quan-tri/pages/add/quizzes/quizpage/{course.pk}/", form(**{"action-publish": "1"}))
    assert "chưa có câu hỏi nào đã duyệt" in answer.text
    assert not QuizPage.objects.exists()


def test_many_pages_are_not_published_with_an_empty_quiz_among_them(editor):
    course = cast.course_page()
    page = draft(course)
    address = f"/quan-tri/bulk/wagtailcore/page/publish/?id={course.pk}"
    said = editor.post(address, {"include_descendants": "on"}, follow=True).text
    assert "“Bài kiểm tra”" in said
    page.refresh_from_db()
    assert not page.live
    ask(page)
    editor.post(address, {"include_descendants": "on"})
    page.refresh_from_db()
    assert page.live


def test_what_is_live_may_be_corrected_although_its_questions_are_gone(editor):
    course = cast.course(lessons=0, with_quiz=True)
    page = QuizPage.objects.get()
    Quiz.objects.get().slots.update(cancelled_at=timezone.now())
    editor.post(f"/quan-tri/pages/{page.pk}/edit/", form(title="Kiểm tra cuối khóa", **{"action-publish": "1"}))
    assert course.activities.get().title == "Kiểm tra cuối khóa"


def finished(page: CoursePage, capture) -> bool:
    enrolment = cast.enrolment(cast.trainee().person, cast.row_of(page))
    with capture(execute=True):
        actions.complete_activity(
            enrolment=enrolment, activity=enrolment.course.activities.get(kind="lesson"), at=cast.NOW
        )
    enrolment.refresh_from_db()
    return enrolment.completed_at is not None


@pytest.fixture
def course():
    page = cast.course_page()
    cast.lesson_page(page, "Bài 1", "bai-1")
    cast.award(cast.row_of(page))
    return page


def test_nobody_is_certified_before_the_required_quiz_is_first_published(
    course, editor, django_capture_on_commit_callbacks
):
    page = draft(course)
    assert "chưa ai hoàn thành được khóa học" in editor.get(f"/quan-tri/pages/{page.pk}/edit/").text
    assert not finished(course, django_capture_on_commit_callbacks)
    assert not Credential.objects.exists()


def test_a_reader_is_told_that_the_quiz_is_still_to_come(course, editor, django_capture_on_commit_callbacks):
    address = "/khoa-hoc/ke-chuyen/"
    assert "đang được chuẩn bị" not in Client().get(address).text
    with django_capture_on_commit_callbacks(execute=True):
        page = draft(course)
    everybody = Client().get(address).text
    assert "Đọc đủ các bài và đạt bài kiểm tra. Bài kiểm tra của khóa đang được chuẩn bị." in everybody
    finished(course, django_capture_on_commit_callbacks)
    reader = cast.client_of(Enrolment.objects.get().person.user)
    for told in (reader.get(address).text, reader.get("/hoc/").text):
        assert "Bài kiểm tra của khóa đang được chuẩn bị. Kết quả của anh/chị vẫn được giữ" in told
        assert "đăng lại" not in told
    assert "Đã xong 1/2" in reader.get(address).text
    assert "50%" in reader.get("/hoc/").text
    ask(page)
    with django_capture_on_commit_callbacks(execute=True):
        page.get_latest_revision().publish()
    assert "đang được chuẩn bị" not in reader.get(address).text


def test_a_draft_that_is_not_required_holds_nobody_back(course, editor, django_capture_on_commit_callbacks):
    page = draft(course)
    fields = form()
    del fields["is_required"]
    editor.post(f"/quan-tri/pages/{page.pk}/edit/", fields)
    assert "chưa ai hoàn thành được khóa học" not in editor.get(f"/quan-tri/pages/{page.pk}/edit/").text
    assert finished(course, django_capture_on_commit_callbacks)


def test_a_draft_that_is_moved_waits_in_the_course_where_it_stands(course, django_capture_on_commit_callbacks):
    page = draft(course)
    page.move(cast.course_page("Khóa khác", "khoa-khac"), pos="last-child")
    assert Quiz.objects.get().activity.course.title == "Khóa khác"
    assert finished(course, django_capture_on_commit_callbacks)


def test_a_draft_that_is_deleted_is_no_longer_asked_for(course, django_capture_on_commit_callbacks):
    draft(course).delete()
    assert finished(course, django_capture_on_commit_callbacks)


def test_a_course_that_is_only_prepared_has_not_been_open(editor):
    course = draft_course()
    draft(course)
    cast.lesson_page(course, "Bài 1", "bai-1")
    assert "Khóa học này chưa mở." in Client().get("/khoa-hoc/ke-chuyen/bai-1/").text
