"""The front page leads a newcomer into a lesson, and a trainee back to theirs."""

import pytest
from django.test import Client

from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_a_newcomer_may_read_a_lesson_without_an_account():
    cast.course()
    page = Client().get("/").text
    assert "Đọc thử một bài" in page
    assert "Không cần tài khoản" in page


def test_a_trainee_goes_on():
    cast.course()
    page = cast.client_of(cast.trainee()).get("/").text
    assert "Học tiếp" in page
    assert "Không cần tài khoản" not in page
