"""The first page of the admin shows authors their courses, and what in them waits."""

import pytest
from django.utils import timezone

from courses import authoring
from courses.models import LessonPage
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return cast.staff("editor")


def test_an_editor_sees_each_course_with_drafts_and_lessons_without_reviewer(editor):
    course = cast.course(lessons=3)
    lessons = list(LessonPage.objects.order_by("path"))
    lessons[0].title = "Tên mới, chưa đăng"
    lessons[0].save_revision()
    LessonPage.objects.filter(pk=lessons[1].pk).update(
        is_sample=False, reviewer_name="Trần Thị A", reviewer_unit="Sở", reviewed_on=timezone.localdate()
    )
    work = {one.course.title: one for one in authoring.work_of(editor)}[course.title]
    assert (work.pages, work.drafts, work.samples) == (LessonPage.objects.count(), 1, 2)
    page = cast.client_of(editor).get("/quan-tri/").text
    assert "Khóa học đang biên soạn" in page
    assert course.title in page


def test_a_manager_who_writes_nothing_has_no_such_panel():
    cast.course()
    page = cast.client_of(cast.staff("manager", cast.province())).get("/quan-tri/").text
    assert "Khóa học đang biên soạn" not in page


def test_the_panel_asks_as_much_for_three_courses_as_for_one(editor, django_assert_num_queries):
    cast.course()
    authoring.work_of(editor)  # what the user may do is looked up once
    with django_assert_num_queries(3):
        authoring.work_of(editor)
    cast.course(slug="khoa-hai", title="Khóa hai")
    cast.course(slug="khoa-ba", title="Khóa ba")
    with django_assert_num_queries(3):
        assert len(authoring.work_of(editor)) == 3
