"""Agreement is given, taken back and given again; without it nothing is added to a learning record."""

import pytest

from accounts.models import Consent
from courses.models import Completion, Enrolment
from quizzes.models import Attempt
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def trainee():
    return cast.trainee()


@pytest.fixture
def withdrawn(trainee):
    """A trainee in a course who took the required agreement back."""
    client = cast.client_of(trainee)
    course = cast.course(lessons=1, with_quiz=True)
    cast.enrolment(trainee.person, course)
    running = trainee.person.consents.get(text__purpose="learning-record")
    client.post(f"/tai-khoan/dong-y/{running.pk}/rut-lai/")
    client.course = course
    return client


def test_without_agreement_nothing_more_is_recorded_and_the_person_is_asked(withdrawn):
    lesson, quiz = withdrawn.course.activities.get(kind="lesson"), withdrawn.course.activities.get(kind="quiz")
    other = cast.course(slug="khac", title="Khác")
    for address in (
        f"/hoc/bai/{lesson.translation_key}/xong/",
        f"/kiem-tra/{quiz.translation_key}/bat-dau/",
        f"/hoc/khoa/{other.translation_key}/ghi-danh/",
    ):
        assert withdrawn.post(address).url.startswith("/tai-khoan/dong-y/")
    assert (Completion.objects.count(), Attempt.objects.count(), Enrolment.objects.count()) == (0, 0, 1)


def test_reading_the_own_results_needs_no_agreement(withdrawn):
    assert withdrawn.get("/hoc/").status_code == 200
    assert withdrawn.get("/c/cua-toi/").status_code == 200


def test_agreeing_again_is_a_new_row_and_learning_goes_on(withdrawn, trainee):
    page = withdrawn.get("/tai-khoan/dong-y/?next=/hoc/").text
    assert "đã rút lại sự đồng ý" in page
    assert "checked" not in page
    assert withdrawn.post("/tai-khoan/dong-y/", {"learning-record": "on", "next": "/hoc/"}).url == "/hoc/"
    rows = Consent.objects.filter(person=trainee.person, text__purpose="learning-record")
    assert sorted(row.withdrawn_at is None for row in rows) == [False, True]
    lesson = withdrawn.course.activities.get(kind="lesson")
    withdrawn.post(f"/hoc/bai/{lesson.translation_key}/xong/")
    assert Completion.objects.count() == 1


def test_not_ticking_the_required_one_is_refused_with_the_page_again(withdrawn):
    answer = withdrawn.post("/tai-khoan/dong-y/", {})
    assert answer.status_code == 200
    assert "error" in answer.text


def test_taking_back_reminders_does_not_stop_learning(trainee):
    client = cast.client_of(trainee)
    optional = trainee.person.consents.exclude(text__purpose="learning-record").get()
    client.post(f"/tai-khoan/dong-y/{optional.pk}/rut-lai/")
    course = cast.course(lessons=1)
    client.post(f"/hoc/khoa/{course.translation_key}/ghi-danh/")
    assert Enrolment.objects.count() == 1
    assert "Xem những điều chưa đồng ý" in client.get("/tai-khoan/").text
