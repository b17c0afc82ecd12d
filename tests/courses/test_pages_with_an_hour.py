"""A page that was given an hour changes nothing before it, leaves nothing when the hour is cancelled, and opens after it."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from wagtail.models import Locale, Page

from courses import actions, personal
from courses.models import Activity, Course, CoursePage, LessonPage
from lib import generation
from quizzes.models import QuizPage
from tests import cast
from tests.conftest import made_for_a_file
from tests.courses.test_languages_share_rows import english_course_page

pytestmark = [pytest.mark.django_db, pytest.mark.once]
SECOND = "/khoa-hoc/ke-chuyen/bai-2/"


@pytest.fixture(autouse=True)
def no_old_copies(monkeypatch):
    """A test never commits; what is kept of pages would outlive their change."""
    monkeypatch.setattr(generation, "bump", generation._touch)


@pytest.fixture
def learner(made_learner, db):
    return cast.client_of(made_learner)


def in_the_middle_of_three_lessons():
    course, user = cast.course(lessons=3), cast.trainee()
    enrolment = cast.enrolment(user.person, course)
    first = course.activities.get(title="Bài 1")
    actions.complete_activity(enrolment=enrolment, activity=first, at=cast.NOW)
    return user


made_learner = made_for_a_file(in_the_middle_of_three_lessons)


def give_an_hour(page: Page) -> None:
    page.go_live_at = timezone.now() + timedelta(hours=1)
    page.save_revision().publish()


def draft(parent: Page, page: Page) -> Page:
    page.live, page.locale = False, parent.locale
    return parent.add_child(instance=page)


def lesson(course: CoursePage) -> Page:
    return draft(course, LessonPage(title="Bài hẹn", slug="bai-hen"))


def quiz(course: CoursePage) -> Page:
    page = cast.draft_quiz(course, is_required=False)
    cast.ask(page)
    return page


def whole_course(course: CoursePage) -> Page:
    page = draft(cast.catalogue(), CoursePage(title="Khóa hẹn", slug="khoa-hen", topic=cast.topic()))
    cast.lesson_page(page, "Bài đầu", "bai-dau")
    return page


def translation(course: CoursePage) -> Page:
    english_course_page()
    page = LessonPage.objects.get(slug="bai-2").copy_for_translation(Locale.objects.get(language_code="en"))
    page.title, page.slug = "Lesson 2", "lesson-2"
    return page


WAITING = [lesson, quiz, whole_course, translation]


def site() -> tuple:
    rows = [list(model.objects.order_by("pk").values()) for model in (Course, Activity)]
    return (*rows, Client().get("/khoa-hoc/ke-chuyen/").content, Client().get("/khoa-hoc/").content)


@pytest.fixture
def after_the_hour(monkeypatch):
    def pass_by() -> None:
        later = timezone.now() + timedelta(hours=2)
        monkeypatch.setattr(timezone, "now", lambda: later)
        call_command("publish_scheduled")

    return pass_by


@pytest.mark.parametrize("write", WAITING)
def test_before_its_hour_nothing_is_other_than_it_was(write, learner):
    page = write(CoursePage.objects.get())
    before = site()
    give_an_hour(page)
    call_command("publish_scheduled")
    assert site() == before
    assert learner.get(SECOND).status_code == 200
    assert "Đã xong 1/3" in learner.get("/khoa-hoc/ke-chuyen/").text
    assert personal.violations() == []


@pytest.mark.parametrize("write", WAITING)
def test_a_cancelled_hour_leaves_nothing(write, learner, after_the_hour):
    page = write(CoursePage.objects.get())
    before = site()
    give_an_hour(page)
    address = f"/quan-tri/pages/{page.pk}/revisions/{page.get_latest_revision().pk}/unschedule/"
    assert cast.client_of(cast.staff("editor")).post(address).status_code == 302
    after_the_hour()
    assert site() == before


@pytest.mark.parametrize("write", WAITING)
def test_after_its_hour_it_is_what_a_published_page_is(write, learner, after_the_hour):
    page = write(CoursePage.objects.get())
    give_an_hour(page)
    after_the_hour()
    page.refresh_from_db()
    assert page.live
    assert cast.row_of(page).retired_at is None
    assert personal.violations() == []
    assert learner.get(SECOND).status_code == 200
    last = Activity.objects.filter(course__translation_key=CoursePage.objects.first().translation_key)
    assert sorted(last.values_list("position", flat=True)) == list(range(1, last.count() + 1))


def test_a_quiz_and_its_course_that_share_an_hour_open_together(after_the_hour):
    course = draft(cast.catalogue(), CoursePage(title="Khóa hẹn", slug="khoa-hen", topic=cast.topic()))
    pages = [lesson(course), quiz(course), course]
    for page in pages:
        give_an_hour(page)
    assert not Course.objects.offered().exists()
    after_the_hour()
    assert [cast.row_of(page).retired_at for page in pages] == [None, None, None]
    assert Client().get("/khoa-hoc/khoa-hen/bai-hen/").status_code == 200
    assert QuizPage.objects.get().quiz is not None


@pytest.mark.parametrize("model", [CoursePage, LessonPage, QuizPage])
def test_a_change_of_what_is_live_waits_while_the_page_stays(model, after_the_hour):
    cast.course(lessons=2, with_quiz=True)
    page = model.objects.order_by("path").first()
    before = site()
    page.title = "Tên mới"
    give_an_hour(page)
    assert site() == before
    after_the_hour()
    assert cast.row_of(page).title == "Tên mới"
    assert cast.row_of(page).retired_at is None


def test_a_live_page_without_any_revision_goes_away_until_its_hour_and_so_does_its_row(learner, after_the_hour):
    """Wagtail takes such a page off the site, because it knows of no version that could stay."""
    page = LessonPage.objects.get(slug="bai-1")
    Page.objects.filter(pk=page.pk).update(live_revision=None)
    page.refresh_from_db()
    give_an_hour(page)
    assert cast.row_of(page).retired_at is not None
    assert learner.get(SECOND).status_code == 200
    after_the_hour()
    assert cast.row_of(page).retired_at is None


@pytest.fixture
def offered_too_early(learner):
    """What an earlier version left: the row of a page that has yet to go live, on offer in front of all others."""
    page = lesson(CoursePage.objects.get())
    activity = Activity.objects.create(
        translation_key=page.translation_key, course=Course.objects.get(), kind="lesson", title=page.title
    )
    assert learner.get(SECOND).status_code == 403
    return activity


def test_the_audit_names_what_is_on_offer_without_a_page_and_reconcile_takes_it_off(offered_too_early, learner):
    told = f"activity {offered_too_early.pk} is on offer without a live page; run reconcile"
    assert personal.violations() == [told]
    actions.reconcile(at=cast.NOW)
    assert personal.violations() == []
    assert learner.get(SECOND).status_code == 200


def test_so_are_courses(learner):
    course = draft(cast.catalogue(), CoursePage(title="Khóa hẹn", slug="khoa-hen", topic=cast.topic()))
    row = Course.objects.create(translation_key=course.translation_key, title=course.title, topic=cast.topic())
    assert personal.violations() == [f"course {row.pk} is on offer without a live page; run reconcile"]
    actions.reconcile(at=cast.NOW)
    assert personal.violations() == []


def test_who_did_the_rest_waits_for_no_lesson_that_was_never_live(offered_too_early, learner):
    actions.reconcile(at=cast.NOW)
    enrolment = Course.objects.get().enrolments.get()
    cast.finish(enrolment)
    assert enrolment.completed_at is not None
