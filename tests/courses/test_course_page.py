"""A course page promises what the course really asks and gives."""

import pytest
from django.test import Client

from certificates import actions as certificates
from courses.models import TopicPage
from courses.reading import shelf
from elearning.anonymous import kept
from quizzes.models import QuizPage
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.once]
COURSE = "/khoa-hoc/ke-chuyen/"


@pytest.mark.parametrize(
    ("lessons", "with_quiz", "sentence"),
    [
        (2, True, "Đọc đủ các bài và đạt bài kiểm tra"),
        (2, False, "Đọc đủ các bài"),
        (0, True, "Đạt bài kiểm tra"),
    ],
)
def test_it_says_when_the_course_is_finished(lessons, with_quiz, sentence):
    cast.course(lessons=lessons, with_quiz=with_quiz)
    assert f"<dd>{sentence}</dd>" in Client().get(COURSE).text


def test_what_is_neither_a_lesson_nor_a_quiz_is_counted_as_neither(monkeypatch):
    cast.course(lessons=2, with_quiz=True)
    assert "1 bài kiểm tra" in Client().get(COURSE).text
    monkeypatch.setattr(QuizPage, "activity_kind", "photo")
    kept.clear()
    shelf.clear()
    page = Client().get(COURSE).text
    assert "2 bài</li>" in page
    assert "bài kiểm tra" not in page.replace("Bài kiểm tra", "")  # its title stays


def test_its_path_leads_to_the_other_courses_of_the_topic():
    cast.course()
    topic = cast.publish(
        cast.catalogue(),
        TopicPage(title="Câu chuyện", slug="cau-chuyen", topic=cast.topic(), locale=cast.home().locale),
    )
    assert '<li><a href="/khoa-hoc/cau-chuyen/">Câu chuyện</a></li>' in Client().get(COURSE).text
    topic.unpublish()
    kept.clear()
    shelf.clear()
    assert "<li>Câu chuyện</li>" in Client().get(COURSE).text


@pytest.fixture
def finished():
    user = cast.trainee()
    enrolment = cast.enrolment(user.person, cast.course())
    cast.finish(enrolment)
    return cast.client_of(user), enrolment


def test_a_course_that_earns_nothing_leads_to_the_results(finished):
    text = finished[0].get(COURSE).text
    assert "Xem giấy chứng nhận" not in text
    assert '<a class="button button--fill" href="/hoc/">Xem kết quả' in text


def test_whoever_holds_the_certificate_is_led_to_it(finished):
    client, enrolment = finished
    cast.award(enrolment.course)
    assert "Xem kết quả" in client.get(COURSE).text, "not issued yet"
    credential = certificates.issue(enrolment_id=enrolment.pk, at=cast.NOW)
    assert '<a class="button button--fill" href="/c/cua-toi/">Xem giấy chứng nhận' in client.get(COURSE).text
    certificates.revoke(credential=credential, reason="Cấp nhầm người", by=None, at=cast.NOW)
    assert "Xem giấy chứng nhận" not in client.get(COURSE).text
