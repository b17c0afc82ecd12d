"""Signing up says that it is done and leads on; logging out says so too."""

import pytest
from django.test import Client

from courses.models import Completion
from tests import cast
from tests.journeys.test_from_phone_to_certificate import log_in_by_code, sign_up

pytestmark = [pytest.mark.django_db, pytest.mark.once]
DONE, OUT = "Đã đăng ký xong", "Đã đăng xuất khỏi máy này"


def end_of(course, number=0):
    return f"/hoc/bai/{course.activities.order_by('position')[number].translation_key}/xong/"


def test_whoever_signs_up_at_the_end_of_a_lesson_is_one_press_from_the_next(django_capture_on_commit_callbacks):
    course, client = cast.course(lessons=2), Client()
    there = end_of(course)
    assert f"?next={there}" in client.get("/khoa-hoc/ke-chuyen/bai-1/").text
    log_in_by_code(client, django_capture_on_commit_callbacks, there=there)
    sign_up(client, there=there)
    page = client.get(there).text
    assert DONE in page
    assert "sang bài sau" in page
    assert not Completion.objects.exists()
    assert DONE not in client.get(there).text
    assert client.post(there).url == "/khoa-hoc/ke-chuyen/bai-2/"
    assert client.get(there).url == "/khoa-hoc/ke-chuyen/bai-2/"


def test_a_lesson_that_is_not_open_yet_is_not_offered_as_read():
    course = cast.course(lessons=2)
    client = cast.client_of(cast.trainee())
    assert client.get(end_of(course, 1)).url == "/khoa-hoc/ke-chuyen/bai-1/"


def test_signing_up_from_nowhere_says_so_on_the_page_of_the_own_courses(django_capture_on_commit_callbacks):
    client = Client()
    log_in_by_code(client, django_capture_on_commit_callbacks, there="")
    sign_up(client)
    assert DONE in client.get("/hoc/").text


def test_logging_out_is_confirmed_once_on_the_home_page():
    cast.course()
    client = cast.client_of(cast.trainee())
    answer = client.post("/tai-khoan/dang-xuat/")
    assert OUT in client.get(answer.url).text
    assert OUT not in client.get(answer.url).text


def test_nobody_who_was_out_already_is_told_so():
    cast.course()
    client = Client()
    assert OUT not in client.get(client.post("/tai-khoan/dang-xuat/").url).text


def test_who_has_no_business_name_or_no_business_yet_reads_what_to_write_before_any_error(
    django_capture_on_commit_callbacks,
):
    client = Client()
    log_in_by_code(client, django_capture_on_commit_callbacks)
    client.post("/tai-khoan/ho-so/ten/", {"name": "Trần Thị Út", "kind": "subject"})
    client.post("/tai-khoan/ho-so/noi-o/", {"place": cast.commune().pk})
    page = client.get("/tai-khoan/ho-so/dong-y/").text
    assert "mới tìm hiểu OCOP, thì cứ ghi tên chủ hộ" in page
    assert "field--error" not in page
    officer = cast.client_of(cast.staff("manager", cast.commune()))
    assert "mới tìm hiểu OCOP, thì ghi tên chủ hộ" in officer.get("/quan-tri/nguoi/dang-ky/").text
