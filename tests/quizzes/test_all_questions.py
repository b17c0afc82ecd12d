"""The forms of all questions of an attempt, with which its page steps from one to the next without a network."""

import re

from quizzes import actions
from tests import cast


def keys(page: str) -> list[str]:
    return re.findall(r'data-key="\d+-\d+-(\d+)-\d+"', page)


def test_each_question_comes_once_in_its_order_and_as_it_was_answered(taking):
    taking.answer(2, "b", auto=True)
    page = taking.client.get(taking.path("cau/")).text
    assert keys(page) == ["1", "2", "3"]
    assert re.findall(r'name="revision" value="(\d)"', page) == ["0", "1", "0"]
    assert re.findall(r'value="(\w+)" checked', page) == [taking.posted(2, "b")]
    assert page.count(" data-answered") == 1


def test_each_form_is_sent_to_its_own_question(taking):
    page = taking.client.get(taking.path("cau/")).text
    assert re.findall(r'action="([^"]+)"', page) == [taking.path(f"cau/{position}/") for position in (1, 2, 3)]


def test_a_form_of_the_page_and_of_all_is_the_same(taking):
    alone, together = (taking.client.get(taking.path(path)).text for path in ("cau/2/", "cau/"))

    def forms(page: str) -> list[str]:
        page = re.sub(r'(csrfmiddlewaretoken" value=")\w+', r"\1", page)
        return re.findall(r"<form [^>]*data-quiz.*?</form>", page, re.DOTALL)

    assert forms(alone) == forms(together)[1:2]


def test_they_are_never_kept_by_a_cache(taking):
    assert "no-store" in taking.client.get(taking.path("cau/"))["Cache-Control"]


def test_those_of_another_person_are_not_found(taking):
    other = cast.client_of(cast.trainee("Người khác", "0912345679"))
    assert other.get(taking.path("cau/")).status_code == 404


def test_after_handing_in_there_is_nothing_to_answer(taking):
    actions.submit_attempt(attempt=taking.attempt, at=cast.NOW)
    assert taking.client.get(taking.path("cau/"))["Location"] == taking.path("")
