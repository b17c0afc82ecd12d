"""An editor translates a course from the admin: "Dịch trang này"."""

from datetime import date

import pytest
from django.test import Client
from wagtail.models import Locale, Page

from courses.models import Course, CoursePage, LessonPage
from pages.models import HomePage
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def english(db) -> Locale:
    """An English home page and catalogue stand already."""
    locale = Locale.objects.get_or_create(language_code="en")[0]
    for page in (cast.home(), cast.catalogue()):
        page.copy_for_translation(locale).save_revision().publish()
    return locale


@pytest.fixture
def editor(db):
    return cast.client_of(cast.staff("editor"))


def submit(page: Page) -> str:
    return f"/quan-tri/translation/submit/page/{page.pk}/"


def test_the_button_stands_on_a_page_that_has_no_translation_yet(english, editor):
    page = cast.course_page()
    assert submit(page) in editor.get(f"/quan-tri/pages/{page.pk}/edit/").text


def test_a_course_is_translated_with_its_lessons_and_published(english, editor, django_capture_on_commit_callbacks):
    course = cast.course(lessons=2)
    page = CoursePage.objects.get(translation_key=course.translation_key)
    response = editor.post(submit(page), {"locales": [english.pk], "include_subtree": "on"})
    copy = CoursePage.objects.get(locale=english)
    assert response.url == f"/quan-tri/pages/{copy.pk}/edit/"
    assert not copy.live
    assert copy.get_children().count() == 2
    with django_capture_on_commit_callbacks(execute=True):
        for one in (copy, *copy.get_children()):
            one.specific.save_revision().publish()
    assert Course.objects.count() == 1
    assert Client().get(copy.get_url() + "bai-1/").status_code == 200


def test_a_translation_is_a_sample_until_somebody_reviewed_its_words(english, editor):
    page = cast.course_page()
    lesson = cast.lesson_page(
        page, "Bài 1", "bai-1", is_sample=False, reviewer_name="Nguyễn Văn A", reviewer_unit="X",
        reviewed_on=date(2026, 11, 1),
    )  # fmt: skip
    editor.post(submit(page), {"locales": [english.pk], "include_subtree": "on"})
    copy = LessonPage.objects.get(locale=english)
    for version in (copy, copy.get_latest_revision_as_object()):
        assert version.is_sample
        assert version.reviewer_name == ""
    lesson.refresh_from_db()
    assert lesson.reviewer_name == "Nguyễn Văn A"


def test_where_the_parent_has_no_translation_it_is_said_and_nothing_breaks(editor):
    english = Locale.objects.get_or_create(language_code="en")[0]
    lesson = cast.lesson_page(cast.course_page(), "Bài 1", "bai-1")
    assert editor.get(submit(lesson)).status_code == 200
    assert "Hãy dịch trang cha trước" in editor.post(submit(lesson), {"locales": [english.pk]}, follow=True).text
    assert not LessonPage.objects.filter(locale=english).exists()
    assert not HomePage.objects.filter(locale=english).exists()


def test_officers_do_not_translate(english):
    page = cast.course_page()
    officer = cast.client_of(cast.staff("manager", cast.province(), phone="0987654312"))
    assert officer.post(submit(page), {"locales": [english.pk]}).status_code in (302, 403)
    assert not CoursePage.objects.filter(locale=english).exists()
