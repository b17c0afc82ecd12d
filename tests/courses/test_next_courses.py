"""Whoever has finished a course is shown what to learn next."""

import re
from copy import deepcopy

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction

from certificates import actions as certificates
from courses import suggesting
from courses.models import Course, CoursePage, Topic
from courses.reading import shelf
from quizzes.models import Attempt, Quiz
from tests import cast
from tests.conftest import made_for_a_file

pytestmark = pytest.mark.django_db
COURSE, FIRST = "/khoa-hoc/ke-chuyen/", "/khoa-hoc/{}/bai-1/"
HEADING = "Học thêm khóa khác"


@pytest.fixture
def user():
    return cast.trainee()


@pytest.fixture
def finished(made_three, user):
    """Of three courses the first is finished; the last is of its topic, the one between is not."""
    enrolment = cast.enrolment(user.person, deepcopy(made_three))
    cast.finish(enrolment)
    return enrolment


def three_courses():
    course = cast.course(title="Kể chuyện")
    cast.course(slug="bao-bi", title="Bao bì")
    cast.course(slug="giong-ke", title="Giọng kể")
    packing = Topic.objects.create(slug="packing", name="Bao bì")
    page = CoursePage.objects.get(slug="bao-bi")
    page.topic = packing
    page.save_revision().publish()
    return course


made_three = made_for_a_file(three_courses)


def proposed(user, path: str = COURSE) -> list[str]:
    """The slugs of the courses into whose first lesson a page leads, in the order of the page."""
    part = cast.client_of(user).get(path).text.partition(HEADING)[2].partition("</section>")[0]
    return [piece.split('"')[0].split("/")[-3] for piece in part.split('<h3><a href="')[1:]]


def test_the_same_topic_comes_first_and_one_tap_leads_into_the_first_lesson(user, finished):
    assert proposed(user) == ["giong-ke", "bao-bi"]
    assert cast.client_of(user).get(FIRST.format("giong-ke")).status_code == 200


def test_its_minutes_are_those_that_one_has_to_do(user, finished):
    other = Course.objects.get(translation_key=CoursePage.objects.get(slug="giong-ke").translation_key)
    other.activities.filter(pk=other.activities.last().pk).update(is_required=False)
    card = cast.client_of(user).get(COURSE).text.partition(HEADING)[2].partition("</li>")[0]
    assert re.search(r"2 bài · (\d+) phút", card)[1] == "10"


@pytest.mark.parametrize("path", ["/hoc/", "/c/cua-toi/"])
def test_my_learning_and_my_certificates_show_it_too(user, finished, path):
    assert proposed(user, path) == ["giong-ke", "bao-bi"]


def test_a_result_shows_it_once_the_course_is_finished(user):
    course = cast.course(lessons=0, with_quiz=True)
    cast.course(slug="bao-bi", title="Bao bì")
    enrolment = cast.enrolment(user.person, course)
    client, quiz = cast.client_of(user), Quiz.objects.get()
    client.post(f"/kiem-tra/{quiz.activity.translation_key}/bat-dau/")
    attempt = Attempt.objects.get()
    result = f"/kiem-tra/luot/{attempt.pk}/ket-qua/"
    client.post(f"/kiem-tra/luot/{attempt.pk}/nop/")
    assert HEADING not in client.get(result).text, "not passed"
    cast.finish(enrolment)
    assert proposed(user, result) == ["bao-bi"]


def test_nobody_is_led_away_from_a_course_that_is_not_finished(user):
    course = cast.course()
    cast.course(slug="bao-bi", title="Bao bì")
    cast.enrolment(user.person, course)
    assert HEADING not in cast.client_of(user).get(COURSE).text
    assert HEADING not in cast.client_of(user).get("/hoc/").text


def test_what_was_begun_is_not_proposed_but_gone_on_with(user, finished):
    cast.enrolment(user.person, Course.objects.get(title="Giọng kể"))
    assert proposed(user) == ["bao-bi"]
    assert proposed(user, "/hoc/") == []
    assert f'href="{FIRST.format("giong-ke")}">Học tiếp' in cast.client_of(user).get("/hoc/").text


@pytest.mark.parametrize("close", ["unpublish", "restrict", "require"])
def test_what_cannot_be_begun_is_not_proposed(user, finished, close, django_capture_on_commit_callbacks):
    assert "giong-ke" in proposed(user)
    with django_capture_on_commit_callbacks(execute=True):
        closing(CoursePage.objects.get(slug="giong-ke"), close)
    assert proposed(user) == ["bao-bi"]


def closing(page: CoursePage, close: str) -> None:
    if close == "unpublish":
        page.unpublish()
    elif close == "restrict":
        PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    else:
        page.prerequisites.set([Course.objects.get(title="Bao bì")])
        page.save_revision().publish()


def test_where_everything_is_taken_nothing_is_said(user, finished):
    for course in Course.objects.exclude(pk=finished.course_id):
        cast.finish(cast.enrolment(user.person, course))
    assert HEADING not in cast.client_of(user).get(COURSE).text
    assert HEADING not in cast.client_of(user).get("/hoc/").text


@pytest.mark.parametrize("others", [1, 3])
def test_it_costs_one_query_however_many_courses_there_are(user, others, django_assert_num_queries):
    enrolment = cast.enrolment(user.person, cast.course(lessons=others))
    cast.finish(enrolment)
    for number in range(others):
        cast.course(slug=f"khoa-{number}", title=f"Khóa {number}")
    client = cast.client_of(user)
    assert HEADING in client.get(COURSE).text
    with django_assert_num_queries(5):  # session, person, progress, reward, and this
        client.get(COURSE)


def test_a_holder_of_a_paper_sees_both(user, finished):
    cast.award(finished.course)
    certificates.issue(enrolment_id=finished.pk, at=cast.NOW)
    text = cast.client_of(user).get("/c/cua-toi/").text
    assert "Kể chuyện" in text
    assert HEADING in text


def cost(user) -> int:
    """Queries of the proposals when nothing is remembered; Wagtail looks up an address's site in the cache besides."""
    shelf.clear()
    cache.clear()
    with CaptureQueriesContext(connection) as asked:
        suggesting.next_courses(user.person.pk)
    return sum('"cache"' not in query["sql"] for query in asked)


@pytest.mark.once
def test_cold_it_asks_as_much_for_six_courses_as_for_three(user, finished):
    before = cost(user)
    for number in range(3):
        cast.course(slug=f"khoa-{number}", title=f"Khóa {number}")
    assert cost(user) == before
