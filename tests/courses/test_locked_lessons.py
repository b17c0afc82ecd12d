"""A lesson that is not open yet says so in the list, with a sign and in words, and says what opens it."""

import re

import pytest
from django.test import Client

from courses.models import Activity, CoursePage
from tests import cast

pytestmark = pytest.mark.django_db
COURSE, FIRST = "/khoa-hoc/ke-chuyen/", "/khoa-hoc/ke-chuyen/bai-1/"


def locks(text: str) -> list[str]:
    """What each landing of the page's river says besides its title and minutes; "" where it is open."""
    rows = text.partition('<ol class="river')[2].partition("</ol>")[0].split("<li")[1:]
    return [_words(row) for row in rows]


def _words(row: str) -> str:
    lock = row.partition('class="river__lock">')[2]
    assert not lock or "#lock" in lock
    return re.sub(r"<[^>]+>", "", lock).strip(", \n")


def test_whoever_studies_reads_which_lesson_comes_first():
    course, user = cast.course(lessons=3, with_quiz=True), cast.trainee()
    cast.enrolment(user.person, course)
    client = cast.client_of(user)
    assert locks(client.get(COURSE).text) == ["", "mở khi xong bài 1", "mở khi xong bài 2", "mở khi xong bài 3"]
    client.post(f"/hoc/bai/{course.activities.first().translation_key}/xong/")
    assert locks(client.get(COURSE).text) == ["", "", "mở khi xong bài 2", "mở khi xong bài 3"]


def test_the_small_list_beside_a_lesson_says_it_to_screen_readers():
    cast.course(lessons=2)
    text = Client().get(FIRST).text
    assert locks(text) == ["", "mở khi đăng ký"]
    assert '<span class="visually-hidden">, mở khi đăng ký' in text


@pytest.mark.parametrize(("signed_in", "words"), [(False, "mở khi đăng ký"), (True, "mở khi ghi danh")])
def test_whoever_is_not_in_the_course_reads_what_opens_it(signed_in, words):
    cast.course(lessons=3)
    client = cast.client_of(cast.trainee()) if signed_in else Client()
    assert locks(client.get(COURSE).text) == ["", words, words]


def test_a_quiz_in_between_is_named_and_what_is_optional_holds_up_nothing():
    course, user = cast.course(lessons=1, with_quiz=True), cast.trainee()
    page = CoursePage.objects.get()
    cast.lesson_page(page, "Bài thêm", "bai-them", is_required=False)
    cast.lesson_page(page, "Bài cuối", "bai-cuoi")
    cast.enrolment(user.person, course)
    last = "mở khi xong “Bài kiểm tra”"
    assert locks(cast.client_of(user).get(COURSE).text) == ["", "mở khi xong bài 1", last, last]


def test_what_waits_for_a_lesson_without_a_page_is_not_open_yet():
    course, user = cast.course(lessons=2), cast.trainee()
    cast.enrolment(user.person, course)
    client = cast.client_of(user)
    first = course.activities.first()
    hidden = Activity.objects.create(
        translation_key="00000000-0000-0000-0000-000000000001", course=course, kind="lesson", title="Không trang",
        position=first.position,
    )  # fmt: skip
    assert hidden in course.activities.offered()
    assert "chưa mở" in locks(client.get(COURSE).text)


def test_where_no_order_is_asked_or_all_is_done_nothing_is_locked():
    course, user = cast.course(lessons=3), cast.trainee()
    enrolment = cast.enrolment(user.person, course)
    page = CoursePage.objects.get()
    page.is_sequential = False
    page.save_revision().publish()
    assert locks(cast.client_of(user).get(COURSE).text) == ["", "", ""]
    page.is_sequential = True
    page.save_revision().publish()
    cast.finish(enrolment)
    assert locks(cast.client_of(user).get(COURSE).text) == ["", "", ""]
