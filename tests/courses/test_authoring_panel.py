"""The first page of the admin shows authors their courses, and what in them waits."""

import pytest
from django.utils import timezone

from courses import authoring, catalogue
from courses.blocks import CheckBlock
from courses.models import LessonPage
from quizzes.models import Question
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.once]


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


@pytest.mark.once
def test_the_panel_asks_as_much_for_three_courses_as_for_one(editor, django_assert_num_queries):
    cast.course(with_quiz=True)
    authoring.work_of(editor)  # what the user may do is looked up once
    with django_assert_num_queries(7):
        authoring.work_of(editor)
    cast.course(slug="khoa-hai", title="Khóa hai", with_quiz=True)
    cast.course(slug="khoa-ba", title="Khóa ba", with_quiz=True)
    with django_assert_num_queries(7):
        assert len(authoring.work_of(editor)) == 3


def test_a_live_course_without_lessons_is_told_and_left_out_of_the_catalogue(editor):
    page = cast.course_page()
    assert [one.is_hidden for one in authoring.work_of(editor)] == [True]
    assert "danh mục chưa hiện khóa này" in cast.client_of(editor).get("/quan-tri/").text
    assert catalogue.cards(cast.catalogue(), None) == []
    cast.lesson_page(page, "Bài 1", "bai-1")
    assert [one.is_hidden for one in authoring.work_of(editor)] == [False]
    assert [card.page for card in catalogue.cards(cast.catalogue(), None)] == [page]


def test_a_course_of_another_kind_of_activity_stands_in_the_catalogue(editor, monkeypatch):
    page = cast.course_page()
    cast.lesson_page(page, "Buổi thực hành", "thuc-hanh")
    monkeypatch.setattr(LessonPage, "activity_kind", "workshop")
    assert [one.is_hidden for one in authoring.work_of(editor)] == [False]
    assert [card.page for card in catalogue.cards(cast.catalogue(), None)] == [page]


def test_a_live_quiz_without_questions_is_named(editor):
    cast.course(with_quiz=True)
    assert [one.empty for one in authoring.work_of(editor)] == [[]]
    Question.objects.update(status="draft")
    assert [[page.title for page in one.empty] for one in authoring.work_of(editor)] == [["Bài kiểm tra"]]
    assert "chưa có câu hỏi nào đã duyệt" in cast.client_of(editor).get("/quan-tri/").text


def test_a_new_course_is_one_click_away_even_before_the_first(editor):
    catalogue_page = cast.catalogue()
    assert (
        f"/quan-tri/pages/add/courses/coursepage/{catalogue_page.pk}/" in cast.client_of(editor).get("/quan-tri/").text
    )
    manager = cast.client_of(cast.staff("manager", cast.province(), phone="0987654322"))
    assert "Tạo khóa học" not in manager.get("/quan-tri/").text


@pytest.mark.parametrize("model", ["courses/lessonpage", "courses/coursepage"])
def test_no_page_is_asked_whether_it_stands_in_a_menu_that_there_is_not(editor, model):
    parent = cast.course_page() if "lesson" in model else cast.catalogue()
    form = cast.client_of(editor).get(f"/quan-tri/pages/add/{model}/{parent.pk}/").text
    assert 'name="slug"' in form
    assert "show_in_menus" not in form


def test_a_new_self_check_opens_with_two_choices_to_fill_in():
    assert len(CheckBlock().get_default()["choices"]) == 2


def test_drafts_are_counted_among_the_pages_and_the_courses_own_is_told_apart(editor):
    course = cast.course_page()
    lesson = cast.lesson_page(course, "Bài 1", "bai-1")
    for page in (course, lesson):
        page.title += " mới"
        page.save_revision()
    (work,) = authoring.work_of(editor)
    assert (work.pages, work.drafts, work.has_draft) == (1, 1, True)
    assert "Trang khóa học có bản nháp chưa đăng." in cast.client_of(editor).get("/quan-tri/").text


def test_a_course_is_begun_from_the_list_of_courses_by_who_may(editor):
    cast.course()
    address = f"/quan-tri/pages/add/courses/coursepage/{cast.catalogue().pk}/"
    assert address in cast.client_of(editor).get("/quan-tri/course/").text
    manager = cast.client_of(cast.staff("manager", cast.province(), phone="0987654322"))
    assert address not in manager.get("/quan-tri/course/").text
