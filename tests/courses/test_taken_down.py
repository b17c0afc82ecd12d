"""Taken down while somebody was on the way to it: a sentence, what is kept and where to go on; strangers are told no title."""

import pytest
from django.test import Client

from courses.models import Completion, CoursePage, Enrolment, LessonPage
from tests import cast
from tests.conftest import made_for_a_file

pytestmark = pytest.mark.django_db
COURSE, SECOND = "/khoa-hoc/ke-chuyen/", "/khoa-hoc/ke-chuyen/bai-2/"
KEPT = "Phần anh/chị đã học và đã trả lời vẫn được giữ."
NOT_FOUND = "Không tìm thấy trang này"


@pytest.fixture
def learner(made_learner, db):
    return cast.client_of(made_learner)


def enrolled_in_three_lessons():
    course, user = cast.course(lessons=3), cast.trainee()
    cast.enrolment(user.person, course)
    return user


made_learner = made_for_a_file(enrolled_in_three_lessons)


@pytest.fixture
def stranger():
    return cast.client_of(cast.trainee("Danh Sà Mây", "0912345679"))


def take_down(page) -> None:
    page.unpublish()


def delete(page) -> None:
    page.delete()


def test_who_learns_there_is_told_what_happened_to_a_lesson_and_where_to_go_on(learner):
    take_down(LessonPage.objects.get(slug="bai-2"))
    answer = learner.get(SECOND)
    assert answer.status_code == 404
    assert "Bài 2" in answer.text
    assert KEPT in answer.text
    assert 'href="/khoa-hoc/ke-chuyen/bai-1/"' in answer.text
    assert answer["Cache-Control"] == "private, no-store"


def test_the_same_where_the_page_was_deleted(learner):
    delete(LessonPage.objects.get(slug="bai-2"))
    answer = learner.get(SECOND)
    assert answer.status_code == 404
    assert "Bài này không còn ở đây" in answer.text
    assert KEPT in answer.text
    assert 'role="search"' in answer.text  # it may as well be an address mistyped
    assert 'href="/khoa-hoc/ke-chuyen/bai-1/"' in answer.text


@pytest.mark.parametrize("path", [COURSE, SECOND])
def test_with_its_course_unpublished_the_records_are_pointed_to(learner, path):
    for page in (CoursePage.objects.get(), *LessonPage.objects.all()):
        take_down(page)
    answer = learner.get(path)
    assert answer.status_code == 404
    assert "Khóa học này đã ngừng mở; kết quả đã ghi vẫn được giữ." in answer.text
    assert "<title>Khóa học đã ngừng mở" in answer.text
    assert 'href="/hoc/"' in answer.text


def test_with_its_course_deleted_whoever_is_logged_in_is_led_to_what_is_kept(learner):
    delete(CoursePage.objects.get())
    answer = learner.get(SECOND)
    assert answer.status_code == 404
    assert NOT_FOUND in answer.text
    assert 'class="button button--fill" href="/hoc/"' in answer.text


def test_strangers_are_told_no_title_and_offered_search_and_catalogue(learner, stranger):
    take_down(LessonPage.objects.get(slug="bai-2"))
    for client in (Client(), stranger):
        answer = client.get(SECOND)
        assert answer.status_code == 404
        assert NOT_FOUND in answer.text
        assert "Bài 2" not in answer.text
        assert 'action="/hoc/tim/"' in answer.text
        assert 'href="/khoa-hoc/"' in answer.text


def test_a_lesson_that_never_was_live_is_not_named_to_who_is_in_the_course(learner):
    page = LessonPage(title="Bí mật", slug="bi-mat", locale=cast.home().locale, live=False)
    CoursePage.objects.get().add_child(instance=page)
    answer = learner.get("/khoa-hoc/ke-chuyen/bi-mat/")
    assert answer.status_code == 404
    assert "Bí mật" not in answer.text


def test_a_title_that_was_changed_since_is_not_quoted(learner):
    page = LessonPage.objects.get(slug="bai-2")
    take_down(page)
    LessonPage.objects.filter(pk=page.pk).update(title="Bí mật")
    answer = learner.get(SECOND)
    assert "Bài 2" in answer.text
    assert "Bí mật" not in answer.text


def test_enrolling_too_late_is_answered_with_a_sentence_and_changes_nothing(stranger):
    course = cast.course()
    take_down(CoursePage.objects.get())
    answer = stranger.post(f"/hoc/khoa/{course.translation_key}/ghi-danh/", follow=True)
    assert answer.redirect_chain == [("/hoc/", 302)]
    assert "Chưa ghi danh được, vì khóa học này đã ngừng mở. Kết quả của người đã học vẫn được giữ" in answer.text
    assert not Enrolment.objects.exists()


def test_who_is_in_a_withdrawn_course_stays_in_it(learner):
    take_down(CoursePage.objects.get())
    key = CoursePage.objects.get().translation_key
    assert learner.post(f"/hoc/khoa/{key}/ghi-danh/").url == "/hoc/"
    assert Enrolment.objects.count() == 1


def test_a_lesson_read_meanwhile_is_not_ticked_off_and_says_so(learner):
    page = LessonPage.objects.get(slug="bai-1")
    take_down(page)
    answer = learner.post(f"/hoc/bai/{page.translation_key}/xong/", follow=True)
    assert "Những bài đã xong vẫn được giữ" in answer.text
    assert not Completion.objects.exists()
