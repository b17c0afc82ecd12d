"""The river of a course is drawn once for all who are as far, and shows nobody as farther than they are."""

import re
from copy import deepcopy

import pytest
from django.test import Client

from courses import actions, river
from courses.models import LessonPage
from tests import cast
from tests.conftest import made_for_a_file

COURSE = "/khoa-hoc/ke-chuyen/"


@pytest.fixture
def course(made_course, db):
    return deepcopy(made_course)


made_course = made_for_a_file(lambda: cast.course(lessons=3))


def learner(course, name: str, phone: str, *, lessons_done: int):
    user = cast.trainee(name=name, phone=phone)
    enrolment = cast.enrolment(user.person, course)
    for activity in course.activities.order_by("position")[:lessons_done]:
        actions.complete_activity(enrolment=enrolment, activity=activity, at=cast.NOW)
    return cast.client_of(user)


def river_of(client) -> list[str]:
    """The state of each stop as its page shows it."""
    page = client.get(COURSE).text
    return re.findall(r'<li(?: class="(\w+)")?><svg class="river__water"', page)


def test_whoever_is_as_far_is_shown_the_same_and_it_is_drawn_once(course, monkeypatch):
    drawn = []
    draw = river.render_to_string
    monkeypatch.setattr(river, "render_to_string", lambda *args: drawn.append(args) or draw(*args))
    first = learner(course, "Lý Văn Sớm", "0912345671", lessons_done=1)
    second = learner(course, "Danh Sà Mây", "0912345672", lessons_done=1)
    assert river_of(first) == river_of(second) == ["done", "here", ""]
    assert len(drawn) == 1


def test_whoever_is_elsewhere_is_shown_an_own_one(course):
    ahead = learner(course, "Lý Văn Sớm", "0912345671", lessons_done=2)
    behind = learner(course, "Danh Sà Mây", "0912345672", lessons_done=0)
    assert river_of(ahead) == ["done", "done", "here"]
    assert river_of(behind) == ["here", "", ""]


def test_what_is_published_anew_is_drawn_anew(course, django_capture_on_commit_callbacks):
    client = learner(course, "Lý Văn Sớm", "0912345671", lessons_done=1)
    assert "Tôm khô ba nắng" not in client.get(COURSE).text
    page = LessonPage.objects.get(slug="bai-3")
    page.title = "Tôm khô ba nắng"
    with django_capture_on_commit_callbacks(execute=True):
        page.save_revision().publish()
    assert "Tôm khô ba nắng" in client.get(COURSE).text


ENROL, SIGN_UP = "mở khi ghi danh", "mở khi đăng ký"


def locks(client) -> set[str]:
    page = client.get(COURSE).text
    return {words for words in (ENROL, SIGN_UP, "mở khi xong bài") if words in page}


@pytest.mark.parametrize("first", ["enrolled", "signed in", "anonymous"])
def test_who_is_not_in_the_course_is_told_what_opens_it_whoever_looked_before(course, first):
    """All three have done nothing yet."""
    clients = {
        "enrolled": learner(course, "Lý Văn Sớm", "0912345671", lessons_done=0),
        "signed in": cast.client_of(cast.trainee(name="Danh Sà Mây", phone="0912345673")),
        "anonymous": Client(),
    }
    locks(clients[first])
    assert {who: locks(client) for who, client in clients.items()} == {
        "enrolled": {"mở khi xong bài"},
        "signed in": {ENROL},
        "anonymous": {SIGN_UP},
    }
