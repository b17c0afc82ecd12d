"""Whoever made a course finds the way to its lessons and quizzes."""

import pytest

from courses import authoring
from courses.models import CoursePage
from tests import cast

pytestmark = pytest.mark.django_db
WAYS = ("/quan-tri/pages/add/courses/lessonpage/{}/", "/quan-tri/pages/add/quizzes/quizpage/{}/")


@pytest.fixture
def empty():
    return cast.course_page()


def seen(page, address):
    text = cast.client_of(cast.staff("editor")).get(address.format(page.pk)).text
    return [way.format(page.pk) in text for way in WAYS], text


def test_a_saved_course_offers_to_add_a_lesson_and_a_quiz(empty):
    ways, text = seen(empty, "/quan-tri/pages/{}/edit/")
    assert ways == [True, True]
    assert "Thêm bài kiểm tra" in text


def test_a_course_that_is_not_saved_yet_says_what_comes_first(empty):
    ways, text = seen(empty.get_parent(), "/quan-tri/pages/add/courses/coursepage/{}/")
    assert ways == [False, False]
    assert "Lưu trang khóa học trước" in text


def test_the_list_of_an_empty_course_says_what_to_do(empty):
    ways, text = seen(empty, "/quan-tri/pages/{}/")
    assert ways == [True, True]
    assert "Khóa học chưa có bài nào" in text


def test_the_list_of_a_course_with_lessons_does_not():
    cast.course(lessons=1)
    assert "Khóa học chưa có bài nào" not in seen(CoursePage.objects.get(), "/quan-tri/pages/{}/")[1]


def test_who_writes_nothing_and_what_is_no_course_have_no_such_ways(empty):
    assert authoring.ways_to_add(empty, cast.staff("manager", cast.province(), phone="0987654329")) == []
    assert authoring.ways_to_add(empty.get_parent().specific, cast.staff("editor")) == []
