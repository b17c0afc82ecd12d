"""A refused request is one short line of the log, whatever was sent; a failure of ours keeps its traceback."""

import io
import logging

import pytest
from django.test import Client

from elearning.logs import OneLine

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PHONE, FORM = "/tai-khoan/dien-thoai/", "application/x-www-form-urlencoded"


@pytest.fixture
def log():
    """What the handler of the settings writes."""
    handlers = logging.getLogger().handlers
    handler = next(one for one in handlers if any(isinstance(filter, OneLine) for filter in one.filters))
    stream = io.StringIO()
    usual = handler.setStream(stream)
    yield stream
    handler.setStream(usual)


def lines(log) -> list[str]:
    return log.getvalue().splitlines()


@pytest.mark.parametrize("enforce", [True, False])
@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("x", "multipart/form-data; boundary="),
        ("x=1", f"{FORM}; charset=utf-7"),
        ("&".join(f"f{number}=1" for number in range(10_001)), FORM),
        ("a=" + "a" * 3_000_000, FORM),
        ("", FORM),
    ],
)
def test_a_form_that_nobody_can_read_is_one_line(log, body, kind, enforce):
    status = Client(enforce_csrf_checks=enforce).post(PHONE, body, content_type=kind).status_code
    assert status in (200, 400, 403, 413)
    assert len(lines(log)) == (status != 200)
    assert " ERROR " not in log.getvalue(), "anybody could raise an alarm"


@pytest.mark.parametrize(
    "ask",
    [
        lambda: Client().get("/khong-co/" + "a" * 9000 + "/"),
        lambda: Client().get("/khong-co/%0a2026-11-26%20ERROR%20root:%20fake/"),
        lambda: Client().delete(PHONE),
        lambda: Client().get("/hien-thi/", HTTP_HOST="a" * 3000 + ".example.com"),
    ],
)
def test_whatever_was_asked_for_it_is_one_short_line(log, settings, ask):
    settings.ALLOWED_HOSTS = ["testserver"]
    assert 400 <= ask().status_code < 500
    assert [len(line) < 300 for line in lines(log)] == [True]


def test_a_failure_of_ours_keeps_its_traceback(log, monkeypatch):
    def fails(*args):
        raise ZeroDivisionError

    monkeypatch.setattr("pages.views.variant_of", fails)
    assert Client(raise_request_exception=False).get("/hien-thi/").status_code == 500
    assert "ZeroDivisionError" in log.getvalue()
    assert len(lines(log)) > 3
