"""A quiz that somebody began stays in its course, and what cannot be completed is said in words."""

import pytest

from courses.models import Activity
from quizzes.models import AttemptState, QuizPage
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return cast.client_of(cast.staff("administrator"))


@pytest.fixture
def other():
    return cast.course_page("Khóa khác", "khoa-khac")


def move(client, page, target, *, in_bulk):
    if in_bulk:
        return client.post(f"/quan-tri/bulk/wagtailcore/page/move/?id={page.pk}", {"chooser": target.pk}, follow=True)
    return client.post(f"/quan-tri/pages/{page.pk}/move/{target.pk}/confirm/", follow=True)


@pytest.mark.parametrize("in_bulk", [False, True])
def test_a_quiz_with_a_running_attempt_stays_in_its_course(taking, admin, other, in_bulk):
    page = QuizPage.objects.get()
    assert "đã có người làm bài này" in move(admin, page, other, in_bulk=in_bulk).text
    page.refresh_from_db()
    assert page.get_parent().slug == "ke-chuyen"
    assert cast.row_of(page).course == taking.course


@pytest.mark.parametrize("in_bulk", [False, True])
def test_a_quiz_that_nobody_began_moves(admin, other, in_bulk):
    cast.course(lessons=0, with_quiz=True)
    page = QuizPage.objects.get()
    move(admin, page, other, in_bulk=in_bulk)
    assert cast.row_of(page).course == cast.row_of(other)


@pytest.mark.parametrize("address", ["/quan-tri/pages/{}/delete/", "/quan-tri/bulk/wagtailcore/page/delete/?id={}"])
def test_deleting_a_quiz_says_how_many_attempts_it_has(taking, admin, address):
    assert "đã có 1 lượt làm bài này" in admin.get(address.format(QuizPage.objects.get().pk)).text


def test_a_pass_that_cannot_complete_anything_is_told_and_nothing_is_lost(taking, other):
    for position in (1, 2, 3):
        taking.answer(position, "a")
    Activity.objects.filter(pk=taking.quiz.activity_id).update(course=cast.row_of(other))
    told = taking.client.post(taking.path("nop/"), follow=True)
    assert told.status_code == 200
    assert "không thuộc khóa học đang ghi danh. Chưa nộp được; câu trả lời của anh/chị vẫn được giữ" in told.text
    taking.attempt.refresh_from_db()
    assert taking.attempt.state == AttemptState.IN_PROGRESS
    assert set(taking.attempt.items.values_list("answer", flat=True)) == {"a"}
