"""Pages of several languages stand on one set of rows: order, minutes and completion are those of the rows."""

from copy import deepcopy

import pytest
from django.test import Client
from wagtail.models import Locale, Page

from courses import actions, catalogue, personal
from courses.models import Activity, Citation, Course, CoursePage, LessonPage
from tests import cast
from tests.conftest import made_for_a_file
from tests.courses.test_legal_register import citing_lesson, law

pytestmark = pytest.mark.django_db
ENGLISH = "/en/courses/telling-stories/"


def translated(page: Page, title: str, slug: str, **fields) -> Page:
    copy = page.copy_for_translation(Locale.objects.get_or_create(language_code="en")[0])
    copy.title, copy.slug = title, slug
    for name, value in fields.items():
        setattr(copy, name, value)
    copy.save_revision().publish()
    return type(page).objects.get(pk=copy.pk)


def english_course_page() -> CoursePage:
    translated(cast.home(), "Home", "home")
    translated(cast.catalogue(), "Courses", "courses")
    return translated(CoursePage.objects.get(), "Telling stories", "telling-stories")


@pytest.fixture
def course(made_third_in_english, db):
    return deepcopy(made_third_in_english)


def three_lessons_the_third_in_english() -> Course:
    course = cast.course(lessons=3)
    english_course_page()
    third = LessonPage.objects.get(slug="bai-3")
    translated(third, "Lesson 3", "lesson-3", minutes=5, is_required=False)
    course.refresh_from_db()
    return course


made_third_in_english = made_for_a_file(three_lessons_the_third_in_english)


def positions() -> list[tuple[str, int]]:
    return list(Activity.objects.offered().order_by("position").values_list("title", "position"))


def test_publishing_in_english_leaves_positions_minutes_and_requirement_alone(course):
    assert positions() == [("Bài 1", 1), ("Bài 2", 2), ("Bài 3", 3)]
    assert course.minutes == 30
    assert all(Activity.objects.values_list("is_required", flat=True))


def test_a_translated_draft_does_not_say_what_the_vietnamese_draft_is_called_or_asks():
    parent = cast.course_page()
    english_course_page()
    quiz = cast.draft_quiz(parent)
    copy = quiz.copy_for_translation(Locale.objects.get(language_code="en"))
    copy.title, copy.is_required = "Quiz", False
    copy.save()
    actions.prepare_activity(page=copy, at=cast.NOW)
    row = cast.row_of(quiz)
    assert (row.title, row.is_required) == ("Bài kiểm tra", True)
    quiz.is_required = False
    quiz.save()
    actions.prepare_activity(page=quiz, at=cast.NOW)
    assert not cast.row_of(quiz).is_required


def test_without_vietnamese_pages_the_language_that_has_pages_counts(course):
    for page in LessonPage.objects.filter(locale__language_code="vi"):
        page.unpublish()
    course.refresh_from_db()
    assert positions() == [("Bài 3", 1)]
    assert course.minutes == 5


def test_what_nobody_has_to_do_adds_no_minutes_until_somebody_has_to(course):
    page = LessonPage.objects.get(slug="bai-3")
    for is_required, minutes in ((False, 20), (True, 30)):
        page.is_required = is_required
        page.save_revision().publish()
        course.refresh_from_db()
        assert course.minutes == minutes
        assert catalogue.card_of(CoursePage.objects.get(locale__language_code="vi")).minutes == minutes


def test_what_only_another_language_has_comes_behind(course):
    parent = CoursePage.objects.get(locale__language_code="en")
    only = cast.lesson_page(parent, "For visitors", "for-visitors")
    only.move(LessonPage.objects.get(slug="lesson-3"), pos="left")
    course.refresh_from_db()
    assert positions()[3:] == [("For visitors", 4)]
    assert course.minutes == 40


def test_an_unpublished_or_deleted_lesson_leaves_no_minutes_and_no_gap(course):
    LessonPage.objects.get(slug="bai-1").unpublish()
    assert positions() == [("Bài 2", 1), ("Bài 3", 2)]
    LessonPage.objects.get(slug="bai-2").delete()
    course.refresh_from_db()
    assert positions() == [("Bài 3", 1)]
    assert course.minutes == 10


def test_an_english_reader_sees_all_steps_those_without_a_page_in_vietnamese(course):
    text = Client().get(ENGLISH).text
    assert '<span lang="vi">Bài 1</span>' in text
    assert 'href="/khoa-hoc/ke-chuyen/bai-1/"' in text
    assert "Lesson 3" in text
    assert '<span lang="vi">Bài 3' not in text
    assert "3 lessons" in text
    assert "30 min" not in text
    assert "25 min" in text, "what an English reader will read: two lessons of ten minutes and one of five"


def test_an_english_reader_skips_no_required_lesson(course):
    user = cast.trainee()
    enrolment = cast.enrolment(user.person, course)
    client = cast.client_of(user)
    refused = client.get(f"{ENGLISH}lesson-3/")
    assert refused.status_code == 403
    assert '<span lang="vi">Bài 1</span>' in refused.text
    assert 'href="/khoa-hoc/ke-chuyen/bai-1/"' in refused.text
    first, second, third = course.activities.order_by("position")
    assert client.post(f"/en/hoc/bai/{first.translation_key}/xong/").url == "/khoa-hoc/ke-chuyen/bai-2/"
    assert client.post(f"/en/hoc/bai/{second.translation_key}/xong/").url == f"{ENGLISH}lesson-3/"
    assert "2/3" in client.get(ENGLISH).text
    enrolment.refresh_from_db()
    assert enrolment.completed_at is None
    assert client.post(f"/en/hoc/bai/{third.translation_key}/xong/").url == ENGLISH
    enrolment.refresh_from_db()
    assert enrolment.completed_at is not None


def test_my_learning_marks_the_language_of_the_next_lesson(course):
    user = cast.trainee()
    cast.enrolment(user.person, course)
    text = cast.client_of(user).get("/en/hoc/").text
    assert '<p class="small soft" lang="en">Telling stories</p>' in text
    assert '<h2 id="hoc-tiep" lang="vi">Bài 1</h2>' in text


def test_a_lesson_is_numbered_among_all(course):
    user = cast.trainee()
    cast.finish(cast.enrolment(user.person, course))
    assert "Lesson 3 of 3" in cast.client_of(user).get(f"{ENGLISH}lesson-3/").text


def test_a_vietnamese_lesson_stays_open_while_its_course_is_on_offer_in_english(course):
    CoursePage.objects.get(locale__language_code="vi").unpublish()
    lesson = Client().get("/khoa-hoc/ke-chuyen/bai-1/")
    assert lesson.status_code == 200
    assert f'href="{ENGLISH}"' in lesson.text


def test_the_english_page_of_a_course_does_not_rename_or_free_it(course):
    basics = cast.row_of(cast.course_page("Cơ bản", "co-ban"))
    vietnamese = CoursePage.objects.get(slug="ke-chuyen")
    vietnamese.prerequisites.set([basics])
    vietnamese.save_revision().publish()
    english = CoursePage.objects.get(locale__language_code="en")
    english.is_sequential = False
    english.save_revision().publish()
    course.refresh_from_db()
    assert (course.title, course.is_sequential) == ("Kể chuyện", True)
    assert list(course.prerequisites.all()) == [basics]


def test_a_lesson_rests_on_what_any_of_its_pages_cites():
    page = citing_lesson(law())
    english_course_page()
    body = page.body.stream_block.to_python([{"type": "text", "value": "<p>Ask your commune.</p>"}])
    english = translated(page, "Labels", "labels", body=body)
    assert Citation.objects.count() == 1
    page.unpublish()
    assert Citation.objects.count() == 0
    assert english.live


def test_the_audit_finds_two_activities_in_one_position_and_reconcile_mends_it(course):
    assert personal.violations() == []
    Activity.objects.filter(title="Bài 3").update(position=1)
    Course.objects.update(minutes=10)
    assert personal.violations() == [f"course {course.pk}: 2 activities in position 1; run reconcile"]
    actions.reconcile(at=cast.NOW)
    course.refresh_from_db()
    assert personal.violations() == []
    assert positions() == [("Bài 1", 1), ("Bài 2", 2), ("Bài 3", 3)]
    assert course.minutes == 30


@pytest.mark.parametrize(
    ("slug", "there", "leads_to"),
    [
        ("telling-stories", ENGLISH, "/khoa-hoc/ke-chuyen/"),
        ("lesson-3", f"{ENGLISH}lesson-3/", "/khoa-hoc/ke-chuyen/bai-3/"),
    ],
)
def test_who_learns_there_is_led_to_the_page_that_stands_when_the_english_one_was_taken_down(
    course, slug, there, leads_to
):
    user = cast.trainee()
    cast.enrolment(user.person, course)
    Page.objects.get(slug=slug).specific.unpublish()
    answer = cast.client_of(user).get(there)
    assert (answer.status_code, answer.url) == (302, leads_to)
