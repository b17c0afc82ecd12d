"""Before submission a browser gets no key, no remark and no explanation of any kind of question; and orders tell nothing."""

import random
import re
from collections import Counter

import pytest

from courses.models import Activity
from quizzes import actions, views
from quizzes.kinds import KINDS
from quizzes.models import QuestionBank, ResultPart
from tests import cast

from .samples import FOUR, GAPS, ONE, SAMPLES

pytestmark = pytest.mark.once

CANARY = "canaryxq"
NUMBERS = ("731925", "61803", "577215", "4669201")  # stand where only a number can
WEIGHTED = [c | {"feedback": CANARY, "weight": 57.7215} for c in FOUR["choices"]]
NOTED = {"weight": 57.7215, "feedback": CANARY}
SHORT = {"answers": [CANARY], "noted": [{"text": f"{CANARY} {CANARY}", **NOTED}]}
SUM = {
    "answers": [{"value": "731925", "tolerance": "61803", "feedback": CANARY}, {"value": "*", **NOTED}],
    "units": [{"name": "kg", "factor": "1"}, {"name": "g", "factor": "0.4669201"}],
}
CHOSEN = {"choices": [c | {"feedback": CANARY} for c in ONE["choices"]]}

# Everything of a kind's data that nobody may read before submission. What pairs and orders keep secret is no word of theirs.
SECRETS = {
    "single": {"choices": [ONE["choices"][0] | {"feedback": CANARY}, *WEIGHTED[2:]]},
    "multiple": {"choices": WEIGHTED},
    "truefalse": {"right": True, "feedback_right": CANARY, "feedback_wrong": CANARY},
    "short": SHORT,
    "numeric": SUM,
    "matching": SAMPLES["matching"],
    "ordering": SAMPLES["ordering"],
    "gaps": GAPS
    | {
        "gaps": [
            {"id": "1", "kind": "short", "data": SHORT},
            {"id": "2", "kind": "single", "data": CHOSEN},
            {"id": "3", "kind": "numeric", "data": SUM, "weight": 4669201},
        ]
    },
    "essay": {"rubric": [{"id": "a", "text": "Có thật", "points": "731925"}], "sample": CANARY},
    "description": {},
}
assert SECRETS.keys() == KINDS.keys()  # a new kind says what of it is secret


def seen(words: str) -> list[str]:
    return [secret for secret in (CANARY, *NUMBERS, "57.7", "57,7") if secret in words]


@pytest.fixture
def asked(db):
    """Returns a trainee's browser and the attempt in which one question of a kind is asked."""

    def ask(kind, *along):
        enrolment = cast.enrolment((user := cast.trainee()).person, cast.course(lessons=0, with_quiz=True))
        bank = QuestionBank.objects.create(name="Bí mật")
        question = cast.question(bank, "bi-mat", kind=kind, data=SECRETS[kind], explanation=CANARY)
        actions.save_translation(
            version=question.versions.get(), language="en", stem="Secret?", texts={}, explanation=f"{CANARY} EN"
        )
        quiz = actions.configure_quiz(
            activity=Activity.objects.get(kind="quiz"),
            pass_percent=70,
            attempts_allowed=3,
            slots=[actions.SlotSpec(question=one) for one in (question, *along)],
            at=cast.NOW,
        )
        attempt = actions.start_attempt(enrolment=enrolment, quiz=quiz, language="vi", at=cast.NOW)
        return cast.client_of(user), attempt

    return ask


@pytest.mark.parametrize("kind", KINDS)
def test_no_secret_of_a_kind_is_in_anything_that_a_browser_gets_before_submission(asked, kind):
    client, attempt = asked(kind)
    path, solution = f"/kiem-tra/luot/{attempt.pk}/", KINDS[kind].solution(SECRETS[kind])
    harmless = [value for value in solution if not seen(value)] or ["x"]
    answers = [
        client.get(f"{path}cau/1/"),
        client.get(f"/en{path}cau/1/"),
        client.get(f"{path}cau/"),
        client.get(f"/en{path}cau/"),
        client.post(f"{path}cau/1/luu/", {"answer": harmless, "revision": 0}),
        client.post(f"{path}cau/1/luu/", {"answer": harmless, "revision": 7}),
        client.post(f"{path}cau/1/luu/", {"answer": ["<"] * 9, "revision": 1}),
        client.post(f"{path}cau/1/", {"answer": harmless, "revision": 7}),
        client.get(f"{path}nop/"),
        client.get(f"{path}ket-qua/", follow=True),
        client.get("/khoa-hoc/ke-chuyen/kiem-tra/"),
        client.get("/khoa-hoc/ke-chuyen/"),
    ]
    attempt.layout = "whole"
    attempt.save()
    answers += [
        client.get(f"{path}ca-bai/"),
        client.get(f"/en{path}ca-bai/"),
        client.post(f"{path}ca-bai/", {"answer-1": harmless, "revision-1": 7}),
        client.post(f"{path}ca-bai/", {"answer-1": ["<"] * 9, "revision-1": 1}),
        client.get(f"{path}nop/"),
    ]
    assert [seen(answer.text) for answer in answers] == [[]] * len(answers)
    assert [answer.status_code for answer in answers if answer.status_code not in (200, 302, 400, 409)] == []


@pytest.mark.parametrize("kind", [name for name, kind in KINDS.items() if kind.is_scored])
def test_nor_is_it_in_what_was_handed_in_while_an_essay_beside_it_waits_for_its_marker(asked, kind, monkeypatch):
    beside = cast.question(QuestionBank.objects.create(name="Viết"), "viet", kind="essay", data=SECRETS["essay"])
    client, attempt = asked(kind, beside)
    path = f"/kiem-tra/luot/{attempt.pk}/"
    harmless = [value for value in KINDS[kind].solution(SECRETS[kind]) if not seen(value)] or ["x"]
    client.post(f"{path}cau/1/", {"answer": harmless, "revision": 0})
    client.post(f"{path}cau/2/", {"answer": "Nhà tôi phơi tôm", "revision": 0})
    client.post(f"{path}nop/")
    pages = [client.get(f"{path}ket-qua/").text, client.get(f"/en{path}ket-qua/").text]
    assert ["Nhà tôi phơi tôm" in page for page in pages] == [True, True]
    assert [seen(page) for page in pages] == [[], []]
    monkeypatch.setattr(views, "NOTHING", frozenset(map(str, ResultPart)))
    assert CANARY in seen(client.get(f"{path}ket-qua/").text), "the control: the page could have told it"


@pytest.mark.parametrize("kind", [name for name, kind in KINDS.items() if kind.is_scored and name != "essay"])
def test_after_submission_there_is_something_that_could_have_leaked(asked, kind):
    """The control: the same search finds it where it is meant to be read."""
    client, attempt = asked(kind)
    client.post(f"/kiem-tra/luot/{attempt.pk}/nop/")
    assert CANARY in seen(client.get(f"/kiem-tra/luot/{attempt.pk}/ket-qua/").text)


def is_even(draws: list[list[str]]) -> bool:
    """Whether everything stands in every place about as often: within half of what is to be expected."""
    counts = Counter((place, key) for draw in draws for place, key in enumerate(draw))
    keys = sorted(draws[0])
    expected = len(draws) / len(keys)
    return all(abs(counts[place, key] - expected) < expected / 2 for place in range(len(keys)) for key in keys)


def lists(kind: str, data: dict, count: int = 200) -> list[list[list[str]]]:
    """What is drawn, apart for each list that is shuffled by itself: rows and what is matched with them, each gap."""
    draws = [KINDS[kind].order(data, random.Random(seed)) for seed in range(count)]  # noqa: S311 (the same draws in each run)
    named = sorted({re.match(r"=|\d+\.|", key)[0] for key in draws[0]})
    own = [[key for key in draw if re.match(r"=|\d+\.|", key)[0] == name] for name in named for draw in draws]
    return [own[at : at + count] for at in range(0, len(own), count)]


SHUFFLED = [name for name in KINDS if KINDS[name].order(SAMPLES[name])]


@pytest.mark.parametrize("kind", SHUFFLED)
def test_in_two_hundred_draws_everything_stands_everywhere_about_as_often(kind):
    assert all(is_even(draws) for draws in lists(kind, SAMPLES[kind]))


def test_an_order_that_is_not_drawn_is_found_out():
    """The control: what an author keeps in order is not even."""
    assert [is_even(draws) for draws in lists("single", ONE | {"shuffle": False})] == [False]


def test_each_attempt_gets_an_order_of_its_own(taking):
    """What was drawn is what is asked, and no two phones side by side have the same to go by."""
    orders = set()
    for number in range(40):  # that one of the six orders never comes up is less likely than one in a hundred million
        enrolment = cast.enrolment(cast.person(f"Người {number}"), taking.course)
        attempt = actions.start_attempt(enrolment=enrolment, quiz=taking.quiz, language="vi", at=cast.NOW)
        orders |= {tuple(item.order) for item in attempt.items.all()}
    assert len(orders) == 6
    asked = taking.client.get(taking.path("cau/1/")).text
    drawn = [taking.posted(1, key) for key in taking.attempt.items.get(position=1).order]
    assert re.findall(r'name="answer" value="(\w+)"', asked) == drawn


def by_rank(kind: str, data: dict) -> list[str]:
    """What somebody would send who takes what is offered in the order of its values for the key."""
    order = KINDS[kind].order(data, random.Random(1))  # noqa: S311
    shown = KINDS[kind].shown(data, order, {})
    if kind in ("single", "gaps"):
        return [min(option.id for option in shown.choices or shown.fields[0].options)]
    fields = shown.fields
    if kind == "ordering":
        rows = sorted(fields, key=lambda field: field.options[0].id)
        return [row.options[place].id for place, row in enumerate(rows)]
    rows = sorted(fields, key=lambda field: field.options[0].id.partition(":")[0])
    offered = [sorted(row.options, key=lambda option: option.id) for row in rows]
    return [options[place].id for place, options in enumerate(offered)]


def guessed(kind: str) -> int:
    """Of a hundred questions with other words, how many all of whose key that finds."""
    found = 0
    for number in range(100):
        words = [{"id": i, "text": f"{i}{number}", "match": f"{i} {number}", "right": i == "a"} for i in "abcd"]
        data = {"pairs": words, "items": words, "choices": words}
        data |= {"text": "[[1]]", "gaps": [{"id": "1", "kind": "single", "data": {"choices": words}}]}
        found += KINDS[kind].fraction(data, KINDS[kind].clean(data, by_rank(kind, data))) == 1
    return found


@pytest.mark.parametrize(
    ("kind", "room"), [("matching", "matching"), ("ordering", "ordering"), ("single", "choices"), ("gaps", "choices")]
)
def test_the_values_behind_what_is_offered_do_not_tell_the_key(kind, room, monkeypatch, settings):
    """Also where authors write the right choice first."""
    settings.SECRET_KEY = "the same in each run"
    assert guessed(kind) < 40  # one of four by chance
    monkeypatch.setattr(f"quizzes.kinds.{room}.masked", lambda _data, ids: {key: key for key in ids})
    monkeypatch.setattr(f"quizzes.kinds.{room}.unmasked", lambda _data, ids: {key: key for key in ids})
    assert guessed(kind) == 100, "the control: under the ids of the author they would"
