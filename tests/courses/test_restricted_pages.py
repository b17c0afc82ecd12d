"""Wagtail's restrictions close a page further; they never open what the order of learning keeps closed."""

from copy import deepcopy

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from wagtail.models import Page, PageViewRestriction

from courses.models import CoursePage, Enrolment, LessonPage
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.once]
FIRST, SECOND = "/khoa-hoc/ke-chuyen/bai-1/", "/khoa-hoc/ke-chuyen/bai-2/"
SECRET = "Tôm khô Rạch Gốc"  # stands in every body


@pytest.fixture
def course(made_course, db):
    return deepcopy(made_course)


@pytest.fixture
def restrict(django_capture_on_commit_callbacks):
    def make(kind: str, page: Page | str) -> PageViewRestriction:
        page = LessonPage.objects.get(slug=page) if isinstance(page, str) else page
        with django_capture_on_commit_callbacks(execute=True):
            return PageViewRestriction.objects.create(page=page, restriction_type=kind, password="mat-khau")

    return make


def passed(kind: str, restriction: PageViewRestriction, user) -> Client:
    """Somebody whom the restriction lets through."""
    client = cast.client_of(user)
    if kind == "groups":
        group, _made = Group.objects.get_or_create(name="Lớp riêng")
        restriction.groups.add(group)
        user.groups.add(group)
    if kind == "password":
        there = f"/_util/authenticate_with_password/{restriction.pk}/{restriction.page_id}/"
        client.post(there, {"password": "mat-khau", "return_url": "/"})
    return client


KINDS = pytest.mark.parametrize("kind", ["login", "password", "groups"])


@KINDS
def test_a_restriction_that_is_passed_still_leaves_the_order_of_learning(course, kind, restrict):
    user = cast.trainee()
    client = passed(kind, restrict(kind, "bai-2"), user)
    assert client.get(FIRST).status_code == 200
    early = client.get(SECOND)
    assert early.status_code == 403
    assert SECRET not in early.text
    cast.finish(cast.enrolment(user.person, course))
    assert SECRET in client.get(SECOND).text


@KINDS
def test_a_restriction_that_is_not_passed_closes_an_open_lesson(course, kind, restrict):
    assert SECRET in Client().get(FIRST).text
    restriction = restrict(kind, "bai-1")
    response = Client().get(FIRST)
    assert SECRET not in response.text
    assert SECRET in passed(kind, restriction, cast.trainee()).get(FIRST).text


def doors(course) -> list[str]:
    activities = {row.kind: row.translation_key for row in course.activities.all()}
    return [
        f"/hoc/khoa/{course.translation_key}/ghi-danh/",
        f"/hoc/bai/{activities['lesson']}/xong/",
        f"/kiem-tra/{activities['quiz']}/bat-dau/",
    ]


@pytest.mark.parametrize("kind", ["password", "groups"])
def test_who_may_not_read_a_course_cannot_join_it_nor_tick_off_a_lesson_nor_start_its_quiz(kind, restrict):
    course = cast.course(lessons=1, with_quiz=True)
    user = cast.trainee()
    restriction = restrict(kind, CoursePage.objects.get())
    for door in doors(course):
        assert cast.client_of(user).post(door).status_code == 404
    assert not Enrolment.objects.exists()
    for door in doors(course):
        assert passed(kind, restriction, user).post(door).status_code == 302
    assert Enrolment.objects.get().attempts.exists()


def test_a_restricted_page_is_kept_by_nobody(course, restrict):
    client = passed("login", restrict("login", "bai-1"), cast.trainee())
    assert "no-store" in client.get(FIRST)["Cache-Control"]
    assert SECRET not in Client().get(FIRST).text


def test_an_editor_still_previews_a_later_lesson(course, restrict):
    page = LessonPage.objects.get(slug="bai-2")
    restrict("login", "bai-2")
    shown = cast.client_of(cast.staff("editor")).get(f"/quan-tri/pages/{page.pk}/view_draft/")
    assert SECRET in shown.text


def test_search_finds_no_restricted_lesson_and_no_lesson_of_a_restricted_course(course, restrict):
    def hits() -> str:
        return Client().get("/hoc/tim/?q=rach+goc").text

    assert "Bài 1" in hits()
    restrict("login", "bai-1")
    assert "Bài 1" not in hits()
    assert "Bài 2" in hits()
    restrict("login", LessonPage.objects.first().get_parent())
    assert "Bài 2" not in hits()


def test_the_password_is_asked_for_in_the_look_of_the_site(course, restrict):
    restriction = restrict("password", "bai-1")
    asked = Client().get(FIRST)
    assert "Trang cần mật khẩu" in asked.text
    assert "css/site.css" in asked.text
    address = f"/_util/authenticate_with_password/{restriction.pk}/{restriction.page_id}/"
    assert address in asked.text
    again = Client().post(address, {"password": "sai", "return_url": FIRST})
    assert "field__error" in again.text


def test_wagtails_log_in_page_is_no_second_door(db):
    assert Client().get("/_util/login/").status_code == 404
