"""Practice: the key of a question is shown as soon as it was answered, it may be done over and over, and handing in is enough."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lib.refusals import Refusal
from quizzes import actions, queries
from quizzes.models import Attempt, QuestionVersion, Quiz
from tests import cast

SECRETS = ("PHẢN HỒI ĐÚNG", "PHẢN HỒI SAI", "GIẢI THÍCH BÍ MẬT")


@pytest.fixture
def practice(taking):
    Quiz.objects.update(is_practice=True)
    Attempt.objects.update(is_practice=True)
    return taking


def shown(taking, position: int = 1) -> list[str]:
    page = taking.client.get(taking.path(f"cau/{position}/")).text
    return [secret for secret in SECRETS if secret in page]


def test_the_key_is_shown_once_it_was_answered_and_asked_for(practice):
    assert shown(practice) == []
    practice.answer(1, "b", go="reveal")
    assert shown(practice) == ["PHẢN HỒI SAI", "GIẢI THÍCH BÍ MẬT"]
    assert shown(practice, 2) == [], "of that question alone"


def test_a_key_costs_one_query(practice):
    def asked(position: int) -> int:
        practice.client.get(practice.path(f"cau/{position}/"))
        with CaptureQueriesContext(connection) as queries:
            practice.client.get(practice.path(f"cau/{position}/"))
        return len(queries)

    before = asked(1)
    practice.answer(1, "b", go="reveal")
    assert asked(1) == before + 1


def test_an_answer_whose_key_was_seen_stays(practice):
    practice.answer(1, "b", go="reveal")
    practice.answer(1, "a", revision=1)
    item = practice.attempt.items.get(position=1)
    assert (item.answer, item.revision) == ("b", 1)
    assert "không đổi câu trả lời được nữa" in practice.client.get(practice.path("cau/1/")).text


def test_without_an_answer_nothing_is_shown(practice):
    page = practice.client.post(practice.path("cau/1/"), {"revision": 0, "go": "reveal"}, follow=True)
    assert "Hãy trả lời câu này trước" in page.text
    assert shown(practice) == []


def test_in_a_test_nothing_is_shown_before_handing_in(taking):
    page = taking.answer(1, "b", go="reveal")
    assert page.status_code == 302
    assert shown(taking) == []
    with pytest.raises(Refusal, match="sau khi nộp bài"):
        actions.reveal_item(item=taking.attempt.items.get(position=1), at=cast.NOW)


def test_handing_in_is_enough_and_it_may_be_done_again(practice):
    practice.client.post(practice.path("nop/"))
    attempt = Attempt.objects.get()
    assert (attempt.state, attempt.score, attempt.passed) == ("finished", 0, True)
    assert attempt.enrolment.completions.exists()
    assert queries.standing(attempt.enrolment, attempt.quiz).left is None
    practice.client.post(f"/kiem-tra/{practice.quiz.activity.translation_key}/bat-dau/")
    assert Attempt.objects.count() == 2
    assert Attempt.objects.latest("pk").is_practice


def page(taking, position: int) -> str:
    return taking.client.get(taking.path(f"cau/{position}/")).text


def scripts(text: str) -> set[str]:
    return set(re.findall(r"/js/(\w+)\.", text)) & {"quiz", "question", "waiting"}


def test_an_open_question_saves_itself_and_each_step_is_a_page(practice):
    text = page(practice, 1)
    assert scripts(text) == {"quiz", "question", "waiting"}
    assert f'data-address="{practice.path("cau/1/luu/")}"' in text
    assert "data-all" not in text
    assert re.findall(r'name="go" value="(\w+)"', text) == ["reveal", "next"]


def test_until_its_key_was_seen_and_then_no_more(practice):
    assert practice.answer(1, "b", auto=True).json() == {"revision": 1, "is_answered": True}
    practice.answer(1, "b", revision=1, go="reveal")
    assert practice.answer(1, "a", revision=2, auto=True).status_code == 422
    assert practice.attempt.items.get(position=1).answer == "b"
    text = page(practice, 1)
    assert scripts(text) == {"waiting"}
    assert re.search(r'data-key="\d+-\d+-0-', text), "what waits of every question goes out from here"


@pytest.mark.parametrize(("position", "onward"), [(2, "cau/3/"), (3, "nop/")])
def test_what_is_only_read_leads_on_and_has_no_key_to_ask_for(practice, position, onward):
    item = practice.attempt.items.get(position=position)
    QuestionVersion.objects.filter(pk=item.version_id).update(kind="description", data={})
    text = page(practice, position)
    assert 'name="go"' not in text
    assert re.findall(r'class="button" href="(.*?)"', text) == [practice.path(onward)]
