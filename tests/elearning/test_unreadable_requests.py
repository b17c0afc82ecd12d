"""Requests that nobody can read get a sentence, without a query."""

import pytest
from django.core.exceptions import SuspiciousOperation
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import HttpResponse
from django.test import Client, RequestFactory

pytestmark = pytest.mark.once

TOO_MUCH, UNREADABLE = "Gửi quá nhiều trong một lần", "Chưa đọc được nội dung gửi đến"
FORM = "application/x-www-form-urlencoded"


def test_too_many_fields_are_told_in_words():
    body = "&".join(f"f{number}=1" for number in range(10_001))
    response = Client().post("/hien-thi/", body, content_type=FORM)
    assert response.status_code == 413
    assert TOO_MUCH in response.text


def test_as_many_fields_as_a_long_lesson_has_are_read():
    body = "&".join(f"f{number}=1" for number in range(9_999))
    assert Client().post("/hien-thi/", body + "&next=/hien-thi/", content_type=FORM).status_code == 302


@pytest.mark.parametrize("enforce", [True, False])
def test_too_much_text_is_told_in_words(enforce):
    client = Client(enforce_csrf_checks=enforce)
    client.cookies["csrftoken"] = "a" * 32
    response = client.post("/hien-thi/", "next=" + "a" * 3_000_000, content_type=FORM)
    assert response.status_code == 413
    assert TOO_MUCH in response.text
    assert "viết ngắn hơn" in response.text


def test_too_many_files_are_told_in_words(settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 1
    body = "".join(
        f'--x\r\nContent-Disposition: form-data; name="f{n}"; filename="a.txt"\r\n\r\na\r\n' for n in range(3)
    )
    response = Client().post(
        "/hien-thi/", (body + "--x--\r\n").encode(), content_type="multipart/form-data; boundary=x"
    )
    assert response.status_code == 413
    assert TOO_MUCH in response.text


def test_a_form_that_is_cut_off_is_told_in_words():
    response = Client().post("/hien-thi/", b"--y\r\n", content_type="multipart/form-data")
    assert response.status_code == 400
    assert UNREADABLE in response.text


def test_a_foreign_host_is_told_in_words(settings):
    settings.ALLOWED_HOSTS = ["hoc.example.vn"]
    response = Client().get("/hien-thi/", HTTP_HOST="example.com")
    assert response.status_code == 400
    assert UNREADABLE in response.text
    assert "example.com" not in response.text


def test_a_suspicious_operation_tells_nothing_of_its_cause(monkeypatch):
    def raises(*args):
        raise SuspiciousOperation("BÍ MẬT")

    monkeypatch.setattr("pages.views.variant_of", raises)
    response = Client().get("/hien-thi/")
    assert response.status_code == 400
    assert UNREADABLE in response.text
    assert "BÍ MẬT" not in response.text


def test_it_is_said_in_english_under_an_english_address():
    response = Client().post("/en/hien-thi/", b"--y\r\n", content_type="multipart/form-data")
    assert '<html lang="en">' in response.text
    assert UNREADABLE not in response.text


@pytest.mark.parametrize("charset", ["undefined"])
@pytest.mark.parametrize("kind", [FORM, "multipart/form-data; boundary=x"])
def test_what_a_request_says_of_its_encoding_is_not_believed(db, charset, kind):
    from elearning.wsgi import in_utf8  # it asks the database whether demo data are there

    environ = RequestFactory().get("/c/?ma=x%20y").environ | {"CONTENT_TYPE": f"{kind}; Charset={charset}"}
    assert WSGIRequest(in_utf8(environ)).GET["ma"] == "x y"
    assert in_utf8(environ)["CONTENT_TYPE"] == kind
    with pytest.raises(UnicodeError):
        WSGIRequest(environ)  # the control: Django by itself


@pytest.mark.parametrize(("method", "body"), [("HEAD", b""), ("GET", b"trang")])
def test_a_head_is_answered_without_the_page(db, monkeypatch, method, body):
    from elearning.wsgi import application

    monkeypatch.setattr(WSGIHandler, "__call__", lambda self, environ, start_response: HttpResponse(b"trang"))
    environ = RequestFactory().get("/").environ | {"REQUEST_METHOD": method}
    assert b"".join(application(environ, lambda status, headers: None)) == body
