"""How often each page asks the database: the same with one row and with three (budgets: docs/decisions/0007-budgets.md).

Bytes and requests as a phone sees them are counted in tests/browser, time by `make bench`.
"""

import gzip
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from certificates import actions as certificates
from provinces.models import Place
from quizzes import actions
from quizzes.models import Attempt, Quiz
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.once]
FIRST, COURSE = "/khoa-hoc/ke-chuyen/bai-1/", "/khoa-hoc/ke-chuyen/"
SESSION_AND_PERSON = 2
ROWS = pytest.mark.parametrize("rows", [1, 3])
ROOT = Path(__file__).parents[2]
SENDING = ("answers", "sender", "saying", "question")
DOOR = (
    "desk",
    "desk-keeping",
    "desk-scanning",
    "desk-showing",
    "desk-work",
)  # a phone without a decoder of its own adds jsQR


@pytest.fixture
def asks(django_assert_max_num_queries):
    """Asserts what a page costs when it is warm."""

    def check(client: Client, path: str, most: int) -> None:
        assert client.get(path).status_code == 200
        with django_assert_max_num_queries(most, info=path):
            assert client.get(path).status_code == 200

    return check


def learner(rows: int, *, finished: bool = False) -> Client:
    """In so many courses of so many lessons each."""
    user = cast.trainee()
    for number in range(rows):
        slug = "ke-chuyen" if number == 0 else f"khoa-{number}"
        course = cast.course(lessons=rows, slug=slug, title=f"Khóa {number}")
        cast.award(course, code=f"M{number}")
        enrolment = cast.enrolment(user.person, course)
        if finished:
            cast.finish(enrolment)
    return cast.client_of(user)


@ROWS
def test_a_page_for_everybody_asks_nothing_and_one_for_a_reader_for_the_reader_and_the_progress(rows, asks):
    client = learner(rows)
    for path, most in {FIRST: 3, COURSE: 3, "/khoa-hoc/": 2, "/": 2}.items():
        asks(Client(), path, 0)
        asks(client, path, most)
    asks(client, "/hoc/", SESSION_AND_PERSON + 3)  # courses, what is done in them, what was begun or waits


@ROWS
def test_my_certificates(rows, asks, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        client = learner(rows, finished=True)
    assert client.get("/c/cua-toi/").text.count('/pdf/"') == rows
    asks(client, "/c/cua-toi/", SESSION_AND_PERSON + 2)


@ROWS
def test_a_result_with_its_questions(rows, asks):
    page = cast.course_page()
    cast.quiz(page, questions=rows)
    user = cast.trainee()
    cast.enrolment(user.person, cast.row_of(page))
    client = cast.client_of(user)
    client.post(f"/kiem-tra/{Quiz.objects.get().activity.translation_key}/bat-dau/")
    attempt = Attempt.objects.get()
    asks(client, f"/kiem-tra/luot/{attempt.pk}/cau/1/", SESSION_AND_PERSON + 2)
    asks(client, f"/kiem-tra/luot/{attempt.pk}/cau/", SESSION_AND_PERSON + 2)
    asks(client, f"/en/kiem-tra/luot/{attempt.pk}/cau/", SESSION_AND_PERSON + 3)
    Attempt.objects.update(layout="whole")
    asks(client, f"/kiem-tra/luot/{attempt.pk}/ca-bai/", SESSION_AND_PERSON + 2)
    asks(client, f"/en/kiem-tra/luot/{attempt.pk}/ca-bai/", SESSION_AND_PERSON + 3)
    client.post(f"/kiem-tra/luot/{attempt.pk}/nop/")
    asks(client, f"/kiem-tra/luot/{attempt.pk}/ket-qua/", SESSION_AND_PERSON + 3)
    asks(client, f"/en/kiem-tra/luot/{attempt.pk}/ket-qua/", SESSION_AND_PERSON + 4)


@ROWS
@pytest.mark.parametrize("query", [{}, {"dia-ban": "Cà Mau"}])
def test_the_board(rows, query, asks):
    """As often for one place as for many: 10 for the progress, 7 for the year beside its plan, which years have figures and who stays
    behind, 2 for how far training has reached and the posts (ADR 0029), 1 for how many belong to a minority (ADR 0034)."""
    communes = Place.objects.current().communes().filter(parent__name="Cà Mau")[:rows]
    course = cast.course(lessons=1)
    for number, place in enumerate(communes):
        cast.enrolment(cast.person(f"Người {number}", place), course)
    client = cast.client_of(cast.staff("manager"))
    place = f"?dia-ban={cast.province().pk}" if query else ""
    asks(client, f"/quan-tri/tien-do/{place}", 20)


RECORDS = ("person", "consent", "enrolment", "attempt", "credential", "activity")


def test_lists_of_records_ask_as_often_for_three_people_as_for_one(django_assert_max_num_queries):
    def somebody(number: int) -> None:
        person = cast.trainee(f"Người {number}", f"091234567{number}").person
        enrolment = cast.enrolment(person, course)
        actions.start_attempt(enrolment=enrolment, quiz=quiz, language="vi", at=cast.NOW)
        cast.finish(enrolment)
        certificates.issue(enrolment_id=enrolment.pk, at=cast.NOW)

    course = cast.course(lessons=0, with_quiz=True)
    quiz = Quiz.objects.get()
    cast.award(course)
    client = cast.client_of(cast.staff("administrator"))
    somebody(1)
    asked = {}
    for name in RECORDS:
        client.get(f"/quan-tri/{name}/")
        with CaptureQueriesContext(connection) as seen:
            assert "Người" in client.get(f"/quan-tri/{name}/").text or name == "activity"
        asked[name] = len(seen)
    somebody(2)
    somebody(3)
    for name in RECORDS:
        with django_assert_max_num_queries(asked[name], info=name):
            assert client.get(f"/quan-tri/{name}/").status_code == 200


def test_what_every_page_loads_is_small():
    """Packed, as it travels: one style sheet, and a script that pages work without."""
    sizes = {
        path.name: len(gzip.compress(path.read_bytes()))
        for path in (ROOT / "static").glob("[cj]s*/*")
        if path.is_file()
    }
    assert sizes["site.css"] <= 12_000
    assert sizes["app.js"] + sizes["lesson.js"] <= 5_000
    assert sum(sizes[f"{name}.js"] for name in ("app", *SENDING, "quiz", "waiting", "clock")) <= 15_000
    assert sum(sizes[f"{name}.js"] for name in ("app", *SENDING, "whole", "clock")) <= 15_000
    assert sum(sizes[f"{name}.js"] for name in ("app", "answers", *DOOR)) <= 20_000


def test_a_lesson_page_is_small():
    cast.course()
    packed = Client().get(FIRST, headers={"accept-encoding": "gzip"})
    assert len(packed.content) <= 6_000


@pytest.mark.parametrize("path", ["/tap-huan/bo-tieu-chi-moi/", "/diem-danh/"])
def test_a_page_of_a_workshop_is_as_small_as_one_of_a_lesson(path):
    cast.workshop()
    with cast.on(cast.NOW):
        packed = Client().get(path, headers={"accept-encoding": "gzip"})
    assert packed.status_code == 200
    assert len(packed.content) <= 6_000
