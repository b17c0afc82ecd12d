"""Before a page is unpublished, how many are learning there is said."""

import pytest
from wagtail.models import Page

from courses import actions, authoring
from courses.models import CoursePage, LessonPage
from tests import cast
from tests.courses.test_languages_share_rows import three_lessons_the_third_in_english

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def editor():
    return cast.client_of(cast.staff("editor"))


def learners(course, many: int) -> None:
    """So many, of whom the first has read the first lesson and the last has finished."""
    enrolments = [cast.enrolment(cast.person(f"Người {number}"), course) for number in range(many)]
    first = course.activities.get(position=1)
    actions.complete_activity(enrolment=enrolments[0], activity=first, at=cast.NOW)
    cast.finish(enrolments[-1])


def test_of_a_course_who_is_in_it_and_who_has_not_finished(editor):
    learners(cast.course(), 3)
    page = CoursePage.objects.get()
    said = editor.get(f"/quan-tri/pages/{page.pk}/unpublish/").text
    assert "Có 3 lượt ghi danh, trong đó 2 người đang học dở." in said
    assert "kết quả đã ghi vẫn được giữ" in said


def test_of_a_lesson_also_who_has_read_it(editor):
    learners(cast.course(), 3)
    page = LessonPage.objects.get(slug="bai-1")
    said = editor.get(f"/quan-tri/pages/{page.pk}/unpublish/").text
    assert "có 3 lượt ghi danh, trong đó 2 người đang học dở; 2 người đã xong bài này" in said


def test_where_nobody_learns_nothing_is_said(editor):
    cast.course()
    said = editor.get(f"/quan-tri/pages/{CoursePage.objects.get().pk}/unpublish/").text
    assert "lượt ghi danh" not in said


@pytest.mark.parametrize("many", [1, 3])
def test_it_is_counted_by_two_queries_for_one_course_and_for_three(many, django_assert_num_queries):
    for number in range(many):
        learners(cast.course(slug=f"khoa-{number}"), many)
    page = cast.catalogue()
    with django_assert_num_queries(1):
        assert authoring.use_of(page).enrolled == many * many
    lesson = LessonPage.objects.first()
    with django_assert_num_queries(3):
        authoring.use_of(lesson)


@pytest.mark.parametrize(("slug", "title"), [("bai-3", "Lesson 3"), ("ke-chuyen", "Telling stories")])
def test_a_page_that_stays_on_in_another_language_is_named_with_what_that_means(editor, slug, title):
    course = three_lessons_the_third_in_english()
    learners(course, 1)
    page = Page.objects.get(slug=slug)
    said = editor.get(f"/quan-tri/pages/{page.pk}/unpublish/").text
    assert f"“{title}” (" in said
    assert (
        "(Tiếng Anh). Nếu ngừng đăng trang này, học viên được dẫn sang đó, đọc bằng ngôn ngữ ấy và vẫn học tiếp được"
        in said
    )
    assert "không mở được" not in said


def test_one_that_is_off_the_site_in_the_other_language_too_is_not_promised(editor):
    learners(three_lessons_the_third_in_english(), 1)
    LessonPage.objects.get(slug="lesson-3").unpublish()
    for page in LessonPage.objects.filter(slug__in=["bai-2", "bai-3"]):
        said = editor.get(f"/quan-tri/pages/{page.pk}/unpublish/").text
        assert "học viên không mở được bài nữa" in said
        assert "được dẫn sang" not in said
