"""The reading door: what anonymous and signed-in readers see, how often the database is asked, and that changes show at once."""

import pytest
from django.test import Client

from courses import reading
from tests import cast

pytestmark = pytest.mark.django_db
FIRST, SECOND = "/khoa-hoc/ke-chuyen/bai-1/", "/khoa-hoc/ke-chuyen/bai-2/"


def warm(path: str) -> None:
    Client().get(path)


@pytest.mark.parametrize("path", ["/", "/khoa-hoc/", "/khoa-hoc/ke-chuyen/", FIRST])
def test_an_anonymous_reader_costs_no_query_and_gets_no_form_or_cookie(path, django_assert_num_queries):
    cast.course()
    warm(path)
    with django_assert_num_queries(0):
        response = Client().get(path)
    assert response.status_code == 200
    assert "csrfmiddlewaretoken" not in response.text
    assert not response.cookies


@pytest.mark.parametrize("lessons", [1, 3])
def test_a_signed_in_reader_costs_three_queries_however_long_the_course(lessons, django_assert_num_queries):
    course, user = cast.course(lessons=lessons), cast.trainee()
    cast.enrolment(user.person, course)
    warm(FIRST)
    client = cast.client_of(user)
    with django_assert_num_queries(3):
        assert client.get(FIRST).status_code == 200


def test_the_shared_body_knows_nobody():
    cast.course()
    client = cast.client_of(cast.trainee("Nguyễn Thị Canary"))
    assert "Canary" in client.get(FIRST).text
    assert all("Canary" not in body for entry in reading.shelf.entries.values() for body in entry.bodies.values())
    assert "Canary" not in Client().get(FIRST).text


def test_a_signed_in_page_is_private_and_revalidated():
    cast.course()
    response = cast.client_of(cast.trainee()).get(FIRST)
    assert response["Cache-Control"] == "private, no-cache"


def test_the_first_lesson_is_open_and_the_next_asks_to_sign_up():
    cast.course()
    assert Client().get(FIRST).status_code == 200
    refused = Client().get(SECOND)
    assert refused.status_code == 403
    assert "Chỉ cần số điện thoại" in refused.text
    assert "next=/khoa-hoc/ke-chuyen/bai-2/" in refused.text


def test_a_later_lesson_names_the_one_that_comes_first():
    course, user = cast.course(lessons=3), cast.trainee()
    cast.enrolment(user.person, course)
    refused = cast.client_of(user).get("/khoa-hoc/ke-chuyen/bai-3/")
    assert refused.status_code == 403
    assert "Bài 1" in refused.text


def test_a_published_change_shows_at_once(django_capture_on_commit_callbacks):
    page = cast.lesson_page(cast.course_page(), "Bài 1", "bai-1", "<p>Lời cũ</p>")
    other_worker = reading.Shelf()
    assert "Lời cũ" in Client().get(FIRST).text
    with django_capture_on_commit_callbacks(execute=True):
        page.body = page.body.stream_block.to_python([{"type": "text", "value": "<p>Lời mới</p>"}])
        page.save_revision().publish()
    assert "Lời mới" in Client().get(FIRST).text
    assert other_worker.generation != reading.generation.current()


def test_an_unpublished_lesson_is_gone_at_once_and_says_so_kindly(django_capture_on_commit_callbacks):
    page = cast.lesson_page(cast.course_page(), "Bài 1", "bai-1")
    warm(FIRST)
    with django_capture_on_commit_callbacks(execute=True):
        page.unpublish()
    gone = Client().get(FIRST)
    assert gone.status_code == 404
    assert "Không tìm thấy trang này" in gone.text


def test_large_text_and_dark_pages_are_kept_apart():
    cast.course()
    plain, large = Client(), Client()
    large.cookies["text_size"] = "large"
    assert 'data-size="large"' not in plain.get(FIRST).text
    assert 'data-size="large"' in large.get(FIRST).text
    assert 'data-size="large"' not in plain.get(FIRST).text


def test_a_restricted_page_goes_wagtails_way():
    from wagtail.models import PageViewRestriction

    page = cast.course_page()
    PageViewRestriction.objects.create(page=page, restriction_type="login")
    assert Client().get("/khoa-hoc/ke-chuyen/").status_code == 302


def test_addresses_that_do_not_exist_take_no_place(monkeypatch):
    monkeypatch.setattr(reading, "KEPT", 2)
    cast.course()
    warm(FIRST)
    kept = dict(reading.shelf.entries)
    assert kept
    for number in range(5):
        assert Client().get(f"/khoa-hoc/khong-co-{number}/").status_code == 404
    assert dict(reading.shelf.entries) == kept


def test_a_page_found_while_something_is_published_is_not_kept_for_later(monkeypatch):
    cast.course()
    find = reading._page_at

    def meanwhile(request, path):
        page = find(request, path)
        reading.generation._touch()
        return page

    monkeypatch.setattr(reading, "_page_at", meanwhile)
    assert Client().get(FIRST).status_code == 200
    assert not reading.shelf.entries


def test_nobody_is_promised_a_certificate_before_it_is_known_that_the_course_awards_one(client):
    cast.course(lessons=2)
    for path in ("/khoa-hoc/ke-chuyen/bai-1/", "/khoa-hoc/ke-chuyen/bai-2/"):
        page = client.get(path).text
        assert "Đăng ký" in page
        assert "có giấy chứng nhận" not in page
