"""Scores: what each kind gives, and that no answer whatever can earn more than its marks or less than nothing."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes import rules
from quizzes.kinds import KINDS

FOUR = {"choices": [{"id": i, "text": i, "right": i in "ab", "feedback": ""} for i in "abcd"]}
ONE = {"choices": [{"id": i, "text": i, "right": i == "a", "feedback": ""} for i in "abc"]}


@pytest.mark.parametrize(
    ("kind", "data", "answer", "earned"),
    [
        ("single", ONE, "a", 1),
        ("single", ONE, "b", 0),
        ("single", ONE, None, 0),
        ("multiple", FOUR, ["a", "b"], 1),
        ("multiple", FOUR, ["a"], Fraction(1, 2)),
        ("multiple", FOUR, ["a", "c"], 0),
        ("multiple", FOUR, ["a", "b", "c", "d"], 0),
        ("truefalse", {"right": True}, "true", 1),
        ("truefalse", {"right": True}, "false", 0),
        ("short", {"answers": ["Nghị định 46"]}, "nghi dinh 46.", 1),
        ("short", {"answers": ["Nghị định 46"], "exact_accents": True}, "nghi dinh 46", 0),
        ("short", {"answers": ["Nghị định 46"], "exact_accents": True}, "NGHỊ ĐỊNH 46", 1),
    ],
)
def test_what_an_answer_earns(kind, data, answer, earned):
    assert KINDS[kind].fraction(data, answer) == earned


@pytest.mark.parametrize(
    ("kind", "data"),
    [("single", ONE), ("multiple", FOUR), ("truefalse", {"right": False}), ("short", {"answers": ["muối", "salt"]})],
)
def test_the_solution_of_a_question_earns_all_marks_and_is_what_the_result_page_shows(kind, data):
    kind = KINDS[kind]
    answer = kind.clean(data, kind.solution(data))
    assert kind.fraction(data, answer) == 1
    told = kind.review(data, answer, {})
    assert told.answer == told.right != ()


@pytest.mark.parametrize(
    ("kind", "data", "posted"),
    [
        ("single", ONE, ["z"]),
        ("single", ONE, ["a", "b"]),
        ("multiple", FOUR, ["a", "z"]),
        ("truefalse", {"right": True}, ["maybe"]),
    ],
)
def test_what_was_not_on_offer_is_refused(kind, data, posted):
    with pytest.raises(ValueError, match=r"."):
        KINDS[kind].clean(data, posted)


@given(st.sets(st.sampled_from("abcd")), st.decimals("0.01", "100", places=2))
def test_a_score_stays_within_its_marks(chosen, marks):
    score = rules.score(KINDS["multiple"].fraction(FOUR, sorted(chosen)), marks)
    assert 0 <= score <= marks


@given(st.text(max_size=300))
def test_any_text_is_an_answer_or_none(words):
    kind = KINDS["short"]
    answer = kind.clean({"answers": ["muối"]}, [words])
    assert answer is None or len(answer) <= 200
    assert kind.fraction({"answers": ["muối"]}, answer) in (0, 1)


def test_thirds_add_up_to_a_pass_at_the_exact_mark():
    third = rules.score(Fraction(1, 3), Decimal(3))
    assert third == 1
    assert rules.has_passed(Decimal(7), Decimal(10), 70)
    assert not rules.has_passed(Decimal("6.99999"), Decimal(10), 70)


def test_a_quiz_without_marks_is_never_passed():
    assert not rules.has_passed(Decimal(0), Decimal(0), 0)


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("single", {"choices": [{"id": "a", "text": "một", "right": True}]}),
        ("single", FOUR),
        ("multiple", {"choices": [{"id": "a", "text": "một"}, {"id": "b", "text": "hai"}]}),
        ("single", {"choices": [{"id": "a", "text": "một", "right": True}, {"id": "a", "text": "hai"}]}),
        ("single", {"choices": [{"id": "a", "text": "một", "right": True}, {"id": "b", "text": " "}]}),
        ("truefalse", {}),
        ("short", {"answers": [" "]}),
    ],
)
def test_an_author_is_told_what_cannot_be_asked(kind, data):
    assert KINDS[kind].problems(data)
