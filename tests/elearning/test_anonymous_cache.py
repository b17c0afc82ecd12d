"""Pages for readers who are not logged in come from memory; nobody gets there what is another's, or old."""

import gzip
import re
from importlib import import_module

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, RequestFactory

from elearning import anonymous
from lib import generation
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.once]
FIRST, COURSE = "/khoa-hoc/ke-chuyen/bai-1/", "/khoa-hoc/ke-chuyen/"


@pytest.fixture
def view_runs(monkeypatch) -> list[str]:
    """Paths for which the rest of the stack really ran."""
    runs: list[str] = []
    policy = import_module("elearning.middleware").PolicyOfTemplate
    inner = policy.__call__

    def counted(self, request):
        runs.append(request.path)
        return inner(self, request)

    monkeypatch.setattr(policy, "__call__", counted)
    return runs


def unkept(path: str = FIRST, **extra):
    anonymous.kept.clear()
    return Client().get(path, **extra)


@pytest.mark.parametrize("path", ["/", "/khoa-hoc/", COURSE, FIRST])
@pytest.mark.usefixtures("made_course")
def test_the_second_reader_is_answered_at_once_and_alike(path, view_runs, django_assert_num_queries):
    first = Client().get(path)
    with django_assert_num_queries(0):
        second = Client().get(path)
    assert view_runs == [path]
    assert second.status_code == 200
    assert second.content == first.content
    assert list(second.headers.items()) == list(first.headers.items())


@pytest.mark.usefixtures("made_course")
def test_the_headers_are_those_of_the_whole_stack():
    unkept()
    headers = Client().get(FIRST).headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-cache"
    assert {"Cookie", "Accept-Encoding"} <= set(headers["Vary"].split(", "))


@pytest.mark.usefixtures("made_course")
def test_it_follows_the_security_middleware(settings):
    """Over HTTPS the strict header is kept along; a plain request is led away, never served from what HTTPS kept."""
    settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS = True, 60
    for _again in range(2):
        assert Client().get(FIRST, secure=True).headers["Strict-Transport-Security"] == "max-age=60"
        assert Client().get(FIRST).status_code == 301


@pytest.mark.usefixtures("made_course")
def test_a_head_request_says_what_a_get_would():
    kept = unkept()
    head = Client().head(FIRST)
    assert head.content == b""
    assert dict(head.headers) == dict(kept.headers)


@pytest.mark.parametrize("cookie", ["sessionid", "messages"])
@pytest.mark.usefixtures("made_course")
def test_whoever_may_have_something_personal_goes_the_long_way(cookie, view_runs):
    unkept()
    reader = Client()
    reader.cookies[cookie] = "anything"
    reader.get(FIRST)
    assert len(view_runs) == 2
    unkept(COURSE)
    anonymous.kept.clear()
    reader.get(COURSE)
    assert not anonymous.kept.pages


def test_a_reader_who_logs_in_gets_an_own_page_and_leaves_nothing():
    course, user = cast.course(), cast.trainee("Nguyễn Thị Canary")
    cast.enrolment(user.person, course)
    unkept()
    own = cast.client_of(user).get(FIRST)
    assert "Canary" in own.text
    assert own["Cache-Control"] == "private, no-cache"
    assert "Canary" not in Client().get(FIRST).text


@pytest.mark.usefixtures("made_course")
def test_what_is_kept_holds_no_token_and_sets_no_cookie():
    for path in ("/", "/khoa-hoc/", COURSE, FIRST):
        Client().get(path)
    assert len(anonymous.kept.pages) == 4
    for content, headers in anonymous.kept.pages.values():
        assert b"csrfmiddlewaretoken" not in content
        assert "Set-Cookie" not in dict(headers)


@pytest.mark.parametrize(
    "path",
    ["/khoa-hoc/ke-chuyen/bai-2/", "/khong-co/", "/tai-khoan/dang-nhap/", "/hien-thi/", "/c/", "/hoc/tim/", "/hoc/"],
)
@pytest.mark.usefixtures("made_course")
def test_refusals_forms_and_redirects_are_never_kept(path):
    Client().get(path)
    assert not anonymous.kept.pages


@pytest.mark.usefixtures("made_course")
def test_a_post_and_a_query_go_the_long_way(view_runs):
    unkept()
    Client().post(FIRST)
    Client().get(FIRST, {"x": "1"})
    assert Client().get(FIRST + "?x=%00").status_code == 404
    assert len(view_runs) == 4


@pytest.mark.usefixtures("made_course")
def test_hosts_are_kept_apart_and_a_foreign_one_is_refused(settings):
    settings.ALLOWED_HOSTS = ["testserver", "hoc.example.vn"]
    unkept()
    Client().get(FIRST, headers={"host": "hoc.example.vn"})
    assert {key[0] for key in anonymous.kept.pages} == {"testserver", "hoc.example.vn"}
    assert Client().get(FIRST, headers={"host": "la.example"}).status_code == 400


@pytest.mark.usefixtures("made_course")
def test_looks_and_languages_are_kept_apart():
    unkept()
    large = Client()
    large.cookies["text_size"], large.cookies["theme"] = "large", "dark"
    for _again in range(2):
        assert 'data-size="large" data-theme="dark"' in large.get(FIRST).text
        assert "data-size=" not in Client().get(FIRST).text
        assert Client().get("/en" + FIRST).headers["Content-Language"] == "en"
        assert Client().get(FIRST, headers={"accept-language": "en"}).headers["Content-Language"] == "vi"


@pytest.mark.usefixtures("made_course")
def test_whoever_cannot_unpack_gets_it_plain():
    plain = unkept()
    for _again in range(2):
        packed = Client().get(FIRST, headers={"accept-encoding": "gzip, br"})
        assert packed["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.content) == plain.content
        assert len(packed.content) < len(plain.content) / 2
        assert "Content-Encoding" not in Client().get(FIRST).headers


def test_what_is_published_or_withdrawn_shows_at_once_in_every_worker(django_capture_on_commit_callbacks, monkeypatch):
    page = cast.lesson_page(cast.course_page(), "Bài 1", "bai-1", "<p>Lời cũ</p>")
    workers = [anonymous.Kept(), anonymous.Kept()]

    def answers():
        found = []
        for worker in workers:
            monkeypatch.setattr(anonymous, "kept", worker)
            found.append(Client().get(FIRST))
        return found

    assert all("Lời cũ" in answer.text for answer in answers())
    with django_capture_on_commit_callbacks(execute=True):
        page.body = page.body.stream_block.to_python([{"type": "text", "value": "<p>Lời mới</p>"}])
        page.save_revision().publish()
    assert all("Lời mới" in answer.text for answer in answers())
    with django_capture_on_commit_callbacks(execute=True):
        page.unpublish()
    assert all(answer.status_code == 404 for answer in answers())


def test_a_page_made_while_something_is_published_is_not_kept_for_later():
    made = []

    def view(request):
        made.append(request.path)
        generation._touch()
        response = HttpResponse("made of what was before")
        response.is_anonymous_page = True
        return response

    for _again in range(2):
        anonymous.AnonymousPages(view)(RequestFactory().get(FIRST))
    assert made == [FIRST, FIRST]


@pytest.mark.usefixtures("made_course")
def test_memory_is_bounded(monkeypatch):
    monkeypatch.setattr(anonymous, "KEPT", 2)
    for path in ("/", "/khoa-hoc/", COURSE, FIRST):
        Client().get(path)
    assert [key[2] for key in anonymous.kept.pages] == [COURSE, FIRST]


def test_it_stands_first():
    assert settings.MIDDLEWARE[0] == "elearning.anonymous.AnonymousPages"


def test_a_signed_in_page_is_packed_with_a_new_token_and_size_each_time():
    """Django's padding and masking: two answers of one page differ, so that their size tells nothing (BREACH)."""
    course, user = cast.course(), cast.trainee()
    cast.enrolment(user.person, course)
    client = cast.client_of(user)
    pages = [
        gzip.decompress(client.get(FIRST, headers={"accept-encoding": "gzip"}).content).decode() for _again in range(2)
    ]
    tokens = {re.search(r'csrfmiddlewaretoken" value="(\w+)"', page)[1] for page in pages}
    assert len(tokens) == 2
