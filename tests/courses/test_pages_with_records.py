"""Publish, unpublish, revert, schedule, move, delete: pages come and go, rows and history stay."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from courses import actions
from courses.models import Activity, CataloguePage, Course, CoursePage, Enrolment, LessonPage
from quizzes.models import Attempt, Quiz, QuizPage
from tests import cast
from tests.conftest import made_for_a_file

pytestmark = pytest.mark.django_db
KINDS = [CoursePage, LessonPage, QuizPage]


@pytest.fixture
def admin():
    return cast.client_of(cast.staff("administrator"))


def a_finished_course():
    course, person = cast.course(lessons=2, with_quiz=True), cast.person()
    cast.finish(cast.enrolment(person, course))


made_records = made_for_a_file(a_finished_course)


@pytest.fixture
def records(made_records, db):
    """A course that somebody finished; returns what must not change."""
    return lambda: (
        sorted(Course.objects.values_list("pk", "translation_key")),
        sorted(Activity.objects.values_list("pk", "translation_key")),
        sorted(Enrolment.objects.values_list("pk", "completed_at")),
        Attempt.objects.count(),
    )


def page_of(model):
    return model.objects.order_by("pk").first()


@pytest.mark.parametrize("model", KINDS)
def test_unpublishing_and_publishing_again_keeps_ids_and_history(model, records, admin):
    before, page = records(), page_of(model)
    assert admin.post(f"/quan-tri/pages/{page.pk}/unpublish/").status_code == 302
    page.refresh_from_db()
    assert not page.live
    row = cast.row_of(page)
    assert row.retired_at is not None
    page.get_latest_revision().publish()
    assert records() == before
    assert type(row).objects.get(pk=row.pk).retired_at is None


@pytest.mark.parametrize("model", KINDS)
def test_reverting_to_an_old_revision_keeps_ids_and_history(model, records, admin):
    before, page = records(), page_of(model)
    old = page.get_latest_revision()
    page.title = "Tên mới"
    page.save_revision().publish()
    old.publish()
    assert records() == before
    assert page_of(model).title != "Tên mới"


@pytest.mark.parametrize("model", KINDS)
def test_a_scheduled_page_goes_live_by_the_job(model, records, monkeypatch):
    before, page = records(), page_of(model)
    page.unpublish()
    page.go_live_at = timezone.now() + timedelta(hours=1)
    page.save_revision().publish()
    page.refresh_from_db()
    assert not page.live
    call_command("publish_scheduled")
    assert not page_of(model).live, "not before its time"
    later = timezone.now() + timedelta(hours=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    call_command("publish_scheduled")
    assert page_of(model).live
    assert records() == before


@pytest.mark.parametrize("model", KINDS)
def test_deleting_says_what_it_touches_and_keeps_history(model, records, admin):
    before, page = records(), page_of(model)
    cast.enrolment(cast.person("Lê Thị Ba"), Course.objects.get())  # has done nothing yet
    before = records()
    asked = admin.get(f"/quan-tri/pages/{page.pk}/delete/")
    assert "vẫn được giữ" in asked.text
    if model is not QuizPage:
        assert ("có 2 lượt ghi danh" if model is CoursePage else "1 người đã học xong") in asked.text
    admin.post(f"/quan-tri/pages/{page.pk}/delete/")
    assert not model.objects.filter(pk=page.pk).exists()
    assert records() == before
    assert Activity.objects.filter(retired_at__isnull=False).exists()


def test_a_lesson_that_somebody_finished_stays_in_its_course(records, admin):
    before, page = records(), page_of(LessonPage)
    other = cast.course_page("Khóa khác", "khoa-khac")
    admin.post(f"/quan-tri/pages/{page.pk}/move/{other.pk}/confirm/")
    page.refresh_from_db()
    assert page.get_parent().pk != other.pk
    assert records()[2] == before[2]


def bulk(client, verb, pages, **fields):
    ids = "&".join(f"id={page.pk}" for page in pages)
    address = f"/quan-tri/bulk/wagtailcore/page/{verb}/?{ids}&next=/quan-tri/pages/"
    return client.post(address, fields, follow=True) if fields else client.get(address)


def test_many_lessons_move_together_or_not_at_all(admin):
    course, other = cast.course(lessons=2), cast.course_page("Khóa khác", "khoa-khac")
    first, second = LessonPage.objects.order_by("path")
    enrolment = cast.enrolment(cast.person(), course)
    actions.complete_activity(enrolment=enrolment, activity=cast.row_of(first), at=cast.NOW)
    refused = bulk(admin, "move", [second, first], chooser=other.pk)
    assert "Chưa chuyển “Bài 1”: đã có người học xong" in refused.text
    assert not other.get_children().exists()
    bulk(admin, "move", [second], chooser=other.pk)
    assert cast.row_of(second).course == cast.row_of(other)


def test_a_course_moves_with_all_that_people_did_in_it(records, admin):
    before, page = records(), page_of(CoursePage)
    other = cast.publish(cast.home(), CataloguePage(title="Khóa học cũ", slug="khoa-hoc-cu", locale=page.locale))
    bulk(admin, "move", [page], chooser=other.pk)
    page.refresh_from_db()
    assert page.get_parent().pk == other.pk
    assert records() == before


@pytest.mark.parametrize("model", KINDS)
def test_deleting_many_says_what_it_touches_and_keeps_history(model, records, admin):
    before, page = records(), page_of(model)
    assert "vẫn được giữ" in bulk(admin, "delete", [page]).text
    bulk(admin, "delete", [page], sure="1")
    assert not model.objects.filter(pk=page.pk).exists()
    assert records() == before


def test_deleting_a_page_above_courses_says_how_many_are_in_them(records, admin):
    assert "có 1 lượt ghi danh" in admin.get(f"/quan-tri/pages/{cast.catalogue().pk}/delete/").text


def test_deleting_what_nobody_used_says_nothing(admin):
    cast.course(lessons=1)
    assert "vẫn được giữ" not in bulk(admin, "delete", [page_of(LessonPage), page_of(CoursePage)]).text


def test_the_order_of_pages_is_the_order_of_activities(records):
    first, second = LessonPage.objects.order_by("path")
    second.move(first, pos="left")
    assert cast.row_of(second).position < cast.row_of(first).position


def outline(course):
    """What a course offers in order, and how many minutes it says that it takes."""
    course.refresh_from_db()
    return list(course.activities.offered().values_list("title", "position")), course.minutes


def test_a_lesson_that_moves_leaves_no_gap_in_the_course_from_which_it_came():
    old, new = cast.course(lessons=3), cast.row_of(cast.course_page("Khóa khác", "khoa-khac"))
    LessonPage.objects.get(slug="bai-1").move(CoursePage.objects.get(slug="khoa-khac"), pos="last-child")
    assert outline(old) == ([("Bài 2", 1), ("Bài 3", 2)], 20)
    assert outline(new) == ([("Bài 1", 1)], 10)


def test_a_lesson_that_moves_into_a_draft_course_is_offered_by_neither_until_that_is_published():
    old = cast.course(lessons=2)
    draft = CoursePage(title="Nháp", slug="nhap", topic=cast.topic(), locale=cast.home().locale, live=False)
    cast.catalogue().add_child(instance=draft)
    lesson = LessonPage.objects.get(slug="bai-1")
    lesson.move(draft, pos="last-child")
    assert outline(old) == ([("Bài 2", 1)], 10)
    assert cast.row_of(lesson).retired_at
    CoursePage.objects.get(slug="nhap").save_revision().publish()
    assert outline(cast.row_of(draft)) == ([("Bài 1", 1)], 10)


@pytest.mark.parametrize("model", KINDS)
def test_a_preview_shows_the_page_with_the_public_policy(model, records, admin):
    records()
    page = page_of(model)
    shown = admin.get(f"/quan-tri/pages/{page.pk}/view_draft/")
    assert shown.status_code == 200
    assert page.title in shown.text
    assert "unsafe-inline" not in shown["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in shown["Content-Security-Policy"]


def test_a_quiz_of_a_draft_course_that_moves_into_a_live_one_has_its_rules(admin):
    live = cast.course_page()
    draft = cast.catalogue().add_child(
        instance=CoursePage(title="Nháp", slug="nhap", topic=cast.topic(), locale=live.locale, live=False)
    )
    quiz = cast.draft_quiz(draft)
    cast.ask(quiz)
    quiz.save_revision().publish()
    assert admin.post(f"/quan-tri/pages/{quiz.pk}/move/{live.pk}/confirm/").status_code == 302
    assert admin.get("/khoa-hoc/ke-chuyen/kiem-tra/").status_code == 200
    assert Quiz.objects.filter(activity__course=cast.row_of(live)).exists()
