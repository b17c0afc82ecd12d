"""A quiz in draft: its questions are set before it opens, it does not open without any, and its course waits for it."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from wagtail.models import PageLogEntry, Revision, Workflow

from certificates.models import Credential
from courses import actions
from courses.models import Activity, Course, CoursePage, Enrolment
from courses.queries import requirements_of
from quizzes.models import Question, Quiz, QuizPage
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def editor():
    return cast.client_of(cast.staff("editor"))


def draft_course() -> CoursePage:
    page = CoursePage(title="Kể chuyện", slug="ke-chuyen", topic=cast.topic(), locale=cast.home().locale, live=False)
    cast.catalogue().add_child(instance=page)
    return page


def form(**fields) -> dict:
    return {
        "title": "Bài kiểm tra", "slug": "kiem-tra", "summary": "Tóm tắt vừa gõ", "intro": "null", "minutes": "10",
        "is_required": "on", "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0",
    } | fields  # fmt: skip


def test_questions_are_set_while_quiz_and_course_are_drafts(editor):
    page = cast.draft_quiz(draft_course())
    address = f"/quan-tri/bai-kiem-tra/{page.quiz.pk}/cau-hoi/"
    assert address in editor.get(f"/quan-tri/pages/{page.pk}/edit/").text
    assert editor.get(address).status_code == 200
    assert not Course.objects.offered().exists()
    assert not Activity.objects.offered().exists()
    assert not Course.objects.with_history().exists()


def test_what_was_prepared_is_what_goes_live(editor):
    course = draft_course()
    page = cast.draft_quiz(course)
    cast.ask(page)
    course.save_revision().publish()
    page.get_latest_revision().publish()
    assert Quiz.objects.get().activity == Activity.objects.offered().get()
    assert Course.objects.offered().get().title == "Kể chuyện"


def test_without_usable_questions_it_does_not_go_live_and_what_was_typed_stays(editor):
    page = cast.draft_quiz(cast.course_page())
    for button in (
        {"action-publish": "1"},
        {"action-submit": "1"},
        {"action-restart-workflow": "1"},
        {"action-workflow-action": "1", "workflow-action-name": "approve"},
    ):
        answer = editor.post(f"/quan-tri/pages/{page.pk}/edit/", form(**button))
        assert "chưa có câu hỏi nào đã duyệt" in answer.text
        assert "Tóm tắt vừa gõ" in answer.text
    page.refresh_from_db()
    assert not page.live
    assert not page.workflow_in_progress
    assert editor.post(f"/quan-tri/pages/{page.pk}/edit/", form()).status_code == 302
    cast.ask(page)
    editor.post(f"/quan-tri/pages/{page.pk}/edit/", form(**{"action-publish": "1"}))
    page.refresh_from_db()
    assert page.live


def test_who_publishes_one_that_is_short_of_questions_is_told_by_how_many(editor):
    page = cast.draft_quiz(cast.course_page())
    cast.ask(page)
    page.quiz.slots.update(draw=5)
    edit, publish = f"/quan-tri/pages/{page.pk}/edit/", form(**{"action-publish": "1"})
    assert "chỉ hỏi được 1 câu thay vì 5" in editor.post(edit, publish, follow=True).text
    page.quiz.slots.update(draw=1)
    assert "chỉ hỏi được" not in editor.post(edit, publish, follow=True).text


def test_a_new_quiz_cannot_be_published_at_once(editor):
    course = cast.course_page()
    answer = editor.post(f"/quan-tri/pages/add/quizzes/quizpage/{course.pk}/", form(**{"action-publish": "1"}))
    assert "chưa có câu hỏi nào đã duyệt" in answer.text
    assert not QuizPage.objects.exists()


def test_of_many_pages_an_empty_quiz_stays_a_draft_and_is_named(editor):
    course = cast.course_page()
    page = cast.draft_quiz(course)
    for one, fields in ((course, {"include_descendants": "on"}), (page, {})):
        address = f"/quan-tri/bulk/wagtailcore/page/publish/?id={one.pk}&next=/quan-tri/"
        assert "Chưa đăng “Bài kiểm tra”" in editor.post(address, fields, follow=True).text
        page.refresh_from_db()
        assert not page.live
    cast.ask(page)
    assert "Chưa đăng" not in editor.post(address, {}, follow=True).text
    page.refresh_from_db()
    assert page.live


def test_a_copied_course_goes_live_without_its_quiz_until_that_has_questions(editor):
    cast.course(lessons=1, with_quiz=True)
    course = CoursePage.objects.get()
    fields = {
        "new_title": "Bản sao", "new_slug": "ban-sao", "new_parent_page": course.get_parent().pk,
        "copy_subpages": "on", "publish_copies": "on",
    }  # fmt: skip
    said = editor.post(f"/quan-tri/pages/{course.pk}/copy/", fields, follow=True).text
    assert "Chưa đăng “Bài kiểm tra”" in said
    copy = CoursePage.objects.get(slug="ban-sao")
    assert copy.live
    quiz = QuizPage.objects.child_of(copy).get()
    assert not quiz.live
    assert quiz.quiz is not None
    assert "còn là bản nháp và chưa có câu hỏi" in editor.get("/quan-tri/").text


def test_a_copy_that_stays_a_draft_has_its_rules(editor):
    cast.course(lessons=1, with_quiz=True)
    course = CoursePage.objects.get()
    fields = {
        "new_title": "Bản sao", "new_slug": "ban-sao", "new_parent_page": course.get_parent().pk, "copy_subpages": "on",
    }  # fmt: skip
    editor.post(f"/quan-tri/pages/{course.pk}/copy/", fields)
    assert QuizPage.objects.get(live=False).quiz is not None


def test_approval_opens_no_quiz_whose_questions_went_back_to_draft():
    page = cast.draft_quiz(cast.course_page())
    cast.ask(page)
    Workflow.objects.get(name="Duyệt bài").start(page, cast.staff("editor", phone="0987654322"))
    Question.objects.update(status="draft")
    step, state = page.current_workflow_task, page.current_workflow_task_state
    step.on_action(state, cast.staff("editor"), "approve")
    assert not page.workflow_states.active().exists()
    page.refresh_from_db()
    assert not page.live
    assert PageLogEntry.objects.filter(page=page.pk, action="quizzes.withheld").exists()


def test_at_its_hour_an_empty_quiz_stays_a_draft_as_if_it_had_never_been_live(editor):
    page = cast.draft_quiz(cast.course_page())
    page.go_live_at = timezone.now() + timedelta(hours=1)
    page.save_revision().publish()
    QuizPage.objects.update(go_live_at=cast.NOW)
    Revision.objects.filter(object_id=str(page.pk)).update(approved_go_live_at=cast.NOW)
    revision = page.get_latest_revision()
    revision.content["go_live_at"] = cast.NOW.isoformat()
    revision.save()
    call_command("publish_scheduled")
    page.refresh_from_db()
    assert (page.live, page.first_published_at, page.approved_schedule) == (False, None, False)
    assert "chưa có câu hỏi nào đã duyệt" in editor.get(f"/quan-tri/pages/{page.pk}/history/").text
    cast.ask(page)
    page.get_latest_revision().publish()
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
    page = cast.draft_quiz(course)
    assert "chưa ai hoàn thành được khóa học" in editor.get(f"/quan-tri/pages/{page.pk}/edit/").text
    assert not finished(course, django_capture_on_commit_callbacks)
    assert not Credential.objects.exists()


def test_a_reader_is_told_that_the_quiz_is_still_to_come(course, editor, django_capture_on_commit_callbacks):
    address = "/khoa-hoc/ke-chuyen/"
    assert "đang được chuẩn bị" not in Client().get(address).text
    with django_capture_on_commit_callbacks(execute=True):
        page = cast.draft_quiz(course)
    everybody = Client().get(address).text
    assert "Đọc đủ các bài và đạt bài kiểm tra. Bài kiểm tra của khóa đang được chuẩn bị." in everybody
    finished(course, django_capture_on_commit_callbacks)
    reader = cast.client_of(Enrolment.objects.get().person.user)
    for told in (reader.get(address).text, reader.get("/hoc/").text):
        assert "Bài kiểm tra của khóa đang được chuẩn bị. Kết quả của anh/chị vẫn được giữ" in told
        assert "đăng lại" not in told
    assert "Đã xong 1/2" in reader.get(address).text
    assert "50%" in reader.get("/hoc/").text
    cast.ask(page)
    with django_capture_on_commit_callbacks(execute=True):
        page.get_latest_revision().publish()
    assert "đang được chuẩn bị" not in reader.get(address).text


def test_a_draft_that_is_not_required_holds_nobody_back(course, editor, django_capture_on_commit_callbacks):
    page = cast.draft_quiz(course)
    fields = form()
    del fields["is_required"]
    editor.post(f"/quan-tri/pages/{page.pk}/edit/", fields)
    assert "chưa ai hoàn thành được khóa học" not in editor.get(f"/quan-tri/pages/{page.pk}/edit/").text
    assert finished(course, django_capture_on_commit_callbacks)


@pytest.fixture
def quiz(course) -> QuizPage:
    page = cast.draft_quiz(course)
    cast.ask(page)
    page.get_latest_revision().publish()
    page.refresh_from_db()
    return page


def asked_for(course: CoursePage) -> set[int]:
    return {step.activity_id for step in requirements_of(cast.row_of(course).pk)}


def test_a_further_draft_holds_nobody_back_in_a_course_that_has_its_quiz(course, quiz, editor):
    before = asked_for(course)
    further = cast.draft_quiz(course, slug="bai-thu-hai")
    assert asked_for(course) == before
    assert "đang được chuẩn bị" not in Client().get("/khoa-hoc/ke-chuyen/").text
    assert "chưa ai hoàn thành được khóa học" not in editor.get(f"/quan-tri/pages/{further.pk}/edit/").text


def test_nor_while_that_quiz_is_being_corrected_which_itself_is_asked_for(course, quiz):
    before = asked_for(course)
    quiz.unpublish()
    cast.draft_quiz(course, slug="bai-thu-hai")
    assert asked_for(course) == before


def test_a_draft_that_is_moved_waits_in_the_course_where_it_stands(course, django_capture_on_commit_callbacks):
    page = cast.draft_quiz(course)
    page.move(cast.course_page("Khóa khác", "khoa-khac"), pos="last-child")
    assert Quiz.objects.get().activity.course.title == "Khóa khác"
    assert finished(course, django_capture_on_commit_callbacks)


def test_a_draft_that_is_deleted_is_no_longer_asked_for(course, django_capture_on_commit_callbacks):
    cast.draft_quiz(course).delete()
    assert finished(course, django_capture_on_commit_callbacks)


def test_a_course_that_is_only_prepared_has_not_been_open(editor):
    course = draft_course()
    cast.draft_quiz(course)
    cast.lesson_page(course, "Bài 1", "bai-1")
    assert "Khóa học này chưa mở." in Client().get("/khoa-hoc/ke-chuyen/bai-1/").text
