"""A quiz that was taken off the site: what was begun is gone on with and handed in, nothing new begins, and it says why."""

import pytest

from certificates.models import Credential
from courses import actions
from courses.models import CoursePage, Enrolment
from quizzes.models import Attempt, QuizPage
from tests import cast

PAGE = "/khoa-hoc/ke-chuyen/kiem-tra/"
WHY = "Bài kiểm tra này đã được gỡ khỏi trang nên chưa bắt đầu được."


def unpublish_quiz() -> None:
    QuizPage.objects.get().unpublish()


def delete_quiz() -> None:
    QuizPage.objects.get().delete()


def unpublish_course() -> None:
    CoursePage.objects.get().unpublish()


def delete_course() -> None:
    CoursePage.objects.get().delete()


GONE = pytest.mark.parametrize("gone", [unpublish_quiz, delete_quiz, unpublish_course, delete_course])


def start(taking, client=None):
    key = taking.quiz.activity.translation_key
    return (client or taking.client).post(f"/kiem-tra/{key}/bat-dau/", follow=True)


@GONE
def test_an_attempt_is_answered_and_handed_in_all_the_same(taking, gone):
    taking.answer(1, "a")
    gone()
    assert f'value="{taking.posted(1, "a")}" checked' in taking.client.get(taking.path("cau/1/")).text
    assert taking.answer(2, "a", auto=True).json() == {"revision": 1, "is_answered": True}
    taking.answer(3, "a")
    assert "Đã trả lời đủ các câu" in taking.client.get(taking.path("nop/")).text
    result = taking.client.post(taking.path("nop/"), follow=True)
    assert result.status_code == 200
    assert Attempt.objects.get().passed
    assert 'href=""' not in result.text


@GONE
def test_pressing_start_goes_on_with_what_was_begun(taking, gone):
    taking.answer(1, "a")
    gone()
    assert start(taking).redirect_chain == [(taking.path("cau/2/"), 302)]


def test_from_its_old_address_one_finds_back_to_what_was_begun(taking):
    unpublish_quiz()
    answer = taking.client.get(PAGE)
    assert answer.status_code == 404
    assert f'href="{taking.path("")}"' in answer.text
    taking.client.post(taking.path("nop/"))
    assert taking.path("") not in taking.client.get(PAGE).text


@GONE
def test_what_was_begun_stands_on_my_learning_until_it_is_handed_in(taking, gone):
    link = f'href="{taking.path("")}"'
    gone()
    assert link in taking.client.get("/hoc/").text
    taking.client.post(taking.path("nop/"))
    assert link not in taking.client.get("/hoc/").text


def test_what_was_begun_comes_first_on_my_learning_and_its_quiz_is_no_second_way_there(taking):
    page = taking.client.get("/hoc/").text
    assert f'<a class="button button--big button--fill" href="{taking.path("")}">Làm tiếp' in page
    assert f'href="{PAGE}"' not in page
    assert "tính giờ" not in page


@GONE
def test_nothing_new_begins_and_it_says_why(taking, gone):
    taking.client.post(taking.path("nop/"))
    gone()
    assert "đã được gỡ khỏi trang nên chưa làm lại được" in taking.client.get(taking.path("ket-qua/")).text
    assert WHY in start(taking).text
    assert Attempt.objects.count() == 1


@GONE
def test_a_newcomer_gets_neither_an_attempt_nor_into_the_course(taking, gone):
    gone()
    newcomer = cast.client_of(cast.trainee("Danh Sà Mây", "0912345679"))
    assert WHY in start(taking, newcomer).text
    assert Enrolment.objects.count() == 1
    assert newcomer.get(taking.path("cau/1/")).status_code == 404


KEPT = "Khóa học này đã ngừng mở. Kết quả và mọi câu trả lời của anh/chị vẫn được giữ"


def pass_it(taking, capture) -> str:
    for position in (1, 2, 3):
        taking.answer(position, "a")
    with capture(execute=True):
        taking.client.post(taking.path("nop/"))
    return taking.client.get(taking.path("ket-qua/")).text


@pytest.mark.parametrize("before", [unpublish_quiz, lambda: None])
def test_who_was_at_the_last_step_of_a_course_that_is_deleted_is_finished_and_certified(
    taking, before, django_capture_on_commit_callbacks
):
    cast.award(taking.course)
    before()
    delete_course()
    said = pass_it(taking, django_capture_on_commit_callbacks)
    assert Enrolment.objects.get().completed_at is not None
    assert Credential.objects.get().person == taking.user.person
    assert KEPT in said
    assert "Xem giấy chứng nhận" in said
    assert "Học tiếp các bài còn lại" not in said


@pytest.mark.parametrize("gone", [delete_course, unpublish_course])
def test_who_had_lessons_left_is_not_and_is_led_to_what_is_kept(taking, gone, django_capture_on_commit_callbacks):
    cast.lesson_page(CoursePage.objects.get(), "Bài 2", "bai-2")
    gone()
    said = pass_it(taking, django_capture_on_commit_callbacks)
    assert actions.reconcile(at=cast.NOW) == 0
    assert Enrolment.objects.get().completed_at is None
    assert KEPT in said
    assert 'class="button button--fill" href="/hoc/"' in said
    assert "Học tiếp các bài còn lại" not in said


def test_nor_is_who_had_a_quiz_left_that_was_being_corrected(taking):
    lesson = cast.row_of(cast.lesson_page(CoursePage.objects.get(), "Bài 2", "bai-2"))
    unpublish_quiz()
    delete_course()
    enrolment = Enrolment.objects.get()
    actions.complete_activity(enrolment=enrolment, activity=lesson, at=cast.NOW)
    assert actions.reconcile(at=cast.NOW) == 0
    enrolment.refresh_from_db()
    assert enrolment.completed_at is None


def test_a_course_that_stands_with_nothing_in_it_finishes_nobody(taking):
    delete_quiz()
    actions.complete_activity(enrolment=Enrolment.objects.get(), activity=taking.quiz.activity, at=cast.NOW)
    assert Enrolment.objects.get().completed_at is None
