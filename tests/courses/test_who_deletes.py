"""A page with pages below it is deleted by an administrator; an editor who looks for the way reads why and what to do."""

import pytest

from courses.models import CoursePage, LessonPage
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    cast.course(lessons=2)
    return CoursePage.objects.get()


def test_an_editor_reads_who_deletes_a_course_and_nothing_is_gone(page):
    editor = cast.client_of(cast.staff("editor"))
    address = f"/quan-tri/trang/{page.pk}/ai-xoa/"
    assert address in editor.get(f"/quan-tri/pages/{page.pk}/edit/").text
    assert address in editor.get(f"/quan-tri/pages/{page.get_parent().pk}/").text
    assert "chỉ quản trị hệ thống mới xóa hết" in editor.get(address, follow=True).text
    assert editor.get(f"/quan-tri/pages/{page.pk}/delete/").status_code == 302
    assert CoursePage.objects.get() == page


def test_without_pages_below_it_an_editor_deletes_it(page):
    LessonPage.objects.first().delete()
    LessonPage.objects.first().delete()
    editor = cast.client_of(cast.staff("editor"))
    assert "ai-xoa" not in editor.get(f"/quan-tri/pages/{page.pk}/edit/").text
    assert editor.get(f"/quan-tri/pages/{page.pk}/delete/").status_code == 200
    assert editor.get(f"/quan-tri/trang/{page.pk}/ai-xoa/").url == f"/quan-tri/pages/{page.pk}/delete/"


def test_an_administrator_deletes_a_course_with_all_in_it(page):
    administrator = cast.client_of(cast.staff("administrator"))
    assert "ai-xoa" not in administrator.get(f"/quan-tri/pages/{page.pk}/edit/").text
    answer = administrator.post(f"/quan-tri/pages/{page.pk}/delete/")
    assert answer.status_code == 302
    assert not CoursePage.objects.exists()


def test_a_manager_does_not_even_learn_what_the_page_is_called(page):
    manager = cast.client_of(cast.staff("manager", cast.province()))
    assert manager.get(f"/quan-tri/trang/{page.pk}/ai-xoa/").status_code == 404
