"""Scores: what each kind gives, and that no answer whatever can earn more than its marks or less than nothing."""

import random
import re
from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from quizzes import rules, wording
from quizzes.kinds import KINDS, credit, essay, gap_text, masks, numbers

from .samples import FOUR, GAPS, KILOS, ONE, PAIRS, SAMPLES, STEPS, posted

pytestmark = pytest.mark.once

MATCH, STEP = masks.masked(PAIRS, "abd"), masks.masked(STEPS, "abcd")
CHOICE, FOURTH = masks.masked(ONE, "abc"), masks.masked(FOUR, "abcd")
THIRDS = {
    "choices": [c | {"weight": 33.33333 if c["id"] in "abc" else -50} for c in FOUR["choices"]],
    "credit": "weights",
}
NOTED = {
    "answers": ["Muối Bạc Liêu"],
    "noted": [{"text": "muối*", "weight": 50, "feedback": "Của nơi nào?"}],
    "wildcards": True,
}


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
        ("short", {"answers": ["Cà Mau"], "exact_case": True}, "ca mau", 0),
        ("short", {"answers": ["Cà Mau"], "exact_case": True}, "Ca Mau", 1),
        ("short", NOTED, "muoi Bac Lieu", 1),
        ("short", NOTED, "Muối Sa Huỳnh", Fraction(1, 2)),
        ("short", NOTED, "mắm", 0),
        ("short", {"answers": ["*a*b*"], "wildcards": True}, "xxaxxbxx", 1),
        ("short", {"answers": ["*a*b*"], "wildcards": True}, "ba", 0),
        ("short", {"answers": ["ab*ba"], "wildcards": True}, "aba", 0),
        ("short", {"answers": ["a*b"]}, "axb", 0),
        ("single", {"choices": [ONE["choices"][0], ONE["choices"][1] | {"weight": 50}]}, "b", Fraction(1, 2)),
        ("single", {"choices": [ONE["choices"][0], ONE["choices"][1] | {"weight": -50}]}, "b", 0),
        ("multiple", FOUR | {"credit": "all"}, ["a"], 0),
        ("multiple", FOUR | {"credit": "all"}, ["a", "b"], 1),
        ("multiple", THIRDS, ["a", "b", "c"], 1),
        ("multiple", THIRDS, ["a", "b"], Fraction(2, 3)),
        ("multiple", THIRDS, ["a", "d"], 0),
        ("numeric", KILOS, "1,5", 1),
        ("numeric", KILOS, "1.6 kg", 1),
        ("numeric", KILOS, "1500 g", 1),
        ("numeric", KILOS, "1.500 G.", 1),
        ("numeric", KILOS, "1,61", 0),
        ("numeric", KILOS, "2", Fraction(1, 2)),
        ("numeric", KILOS, "1,5 lít", 0),
        ("numeric", KILOS, "một rưỡi", 0),
        ("numeric", KILOS | {"unit_needed": True}, "1,5", 0),
        ("numeric", {"answers": [{"value": "1234567.5"}]}, "1.234.567,5", 1),
        ("numeric", {"answers": [{"value": "-5"}]}, "\u22125", 1),
        ("matching", PAIRS, {"a": "a", "b": "b", "c": "b"}, 1),
        ("matching", PAIRS, {"a": "a", "b": "d"}, Fraction(1, 3)),
        ("matching", PAIRS | {"all_or_nothing": True}, {"a": "a", "b": "b"}, 0),
        ("ordering", STEPS, {"a": 1, "b": 2, "c": 3, "d": 4}, 1),
        ("ordering", STEPS, {"a": 1, "b": 2, "c": 4, "d": 3}, Fraction(1, 2)),
        ("ordering", STEPS, {"a": 1, "b": 1}, 0),
        ("ordering", STEPS | {"all_or_nothing": True}, {"a": 1, "b": 2, "c": 4, "d": 3}, 0),
        ("gaps", GAPS, {"1": "nang", "2": "b", "3": "3"}, Fraction(3, 4)),
        ("essay", SAMPLES["essay"], None, 0),
        ("essay", SAMPLES["essay"], "Bài của tôi", None),
        ("description", {}, None, 0),
    ],
)
def test_what_an_answer_earns(kind, data, answer, earned):
    assert KINDS[kind].fraction(data, answer) == earned


@pytest.mark.parametrize("kind", [name for name in KINDS if name not in ("essay", "description")])
def test_the_solution_of_a_question_earns_all_marks_and_is_what_the_result_page_shows(kind):
    kind, data = KINDS[kind], SAMPLES[kind]
    answer = kind.clean(data, kind.solution(data))
    assert kind.fraction(data, answer) == 1
    told = kind.review(data, answer, {})
    assert told.answer == told.right != ()


@pytest.mark.parametrize(
    ("kind", "data", "posted"),
    [
        ("single", ONE, ["z"]),
        ("single", ONE, ["a"]),
        ("single", ONE, [CHOICE["a"], CHOICE["b"]]),
        ("multiple", FOUR, [FOURTH["a"], "z"]),
        ("truefalse", {"right": True}, ["maybe"]),
        ("matching", PAIRS, ["a:z"]),
        ("matching", PAIRS, ["a:a"]),
        ("matching", PAIRS, [f"d:{MATCH['a']}"]),
        ("matching", PAIRS, [f"a:{MATCH['a']}", f"a:{MATCH['b']}"]),
        ("ordering", STEPS, ["a:1"]),
        ("ordering", STEPS, [f"{STEP['a']}:5"]),
        ("ordering", STEPS, [f"{STEP['a']}:1", f"{STEP['a']}:2"]),
        ("gaps", GAPS, ["nắng"]),
        ("gaps", GAPS, ["nắng", "1:a", "3"]),
        ("gaps", GAPS, ["nắng", "2:a", "3"]),
        ("gaps", GAPS, ["nắng", f"1:{CHOICE['a']}", "3"]),
        ("essay", SAMPLES["essay"], ["a" * 10_001]),
    ],
)
def test_what_was_not_on_offer_is_refused(kind, data, posted):
    with pytest.raises(ValueError, match=r"."):
        KINDS[kind].clean(data, posted)


@pytest.mark.parametrize("kind", KINDS)
@given(st.data())
def test_whatever_a_browser_can_send_is_kept_as_it_was_and_earns_no_more_than_all(kind, data):
    kind, stored = KINDS[kind], SAMPLES[kind]
    answer = kind.clean(stored, data.draw(posted(kind.name)))
    assert kind.clean(stored, kind.chosen(stored, answer)) == answer
    earned = kind.fraction(stored, answer)
    assert earned is None or 0 <= earned <= 1
    assert all(isinstance(words, str) for words in kind.review(stored, answer, {}).answer)


@pytest.mark.parametrize("kind", KINDS)
@given(st.randoms(use_true_random=False))
def test_an_order_offers_everything_once_and_is_never_the_key(kind, rng):
    kind, stored = KINDS[kind], SAMPLES[kind]
    order = kind.order(stored, rng)
    assert sorted(order) == sorted(kind.order(stored)) == sorted(set(order))
    if kind.name == "ordering":
        assert order != [item["id"] for item in stored["items"]]


def test_two_steps_stand_in_either_order():
    """Were they never shown in the right one, the other would tell it."""
    two = {"items": STEPS["items"][:2]}
    shown = {tuple(KINDS["ordering"].order(two, random.Random(seed))) for seed in range(20)}  # noqa: S311
    assert shown == {("a", "b"), ("b", "a")}


@given(st.text(alphabet="ab*", max_size=40), st.text(alphabet="ab", max_size=40))
def test_wildcards_match_what_a_regular_expression_would(pattern, words):
    data = {"answers": [pattern], "wildcards": True}
    wanted = re.fullmatch(pattern.replace("*", ".*"), words) is not None
    assert KINDS["short"].fraction(data, words) == (wanted and words != "")


@pytest.mark.parametrize(
    ("percent", "exact"),
    [(100, 1), (33.33333, Fraction(1, 3)), ("16.66667", Fraction(1, 6)), (-50, Fraction(-1, 2)), (12.5, Fraction(1, 8)),
     (3.45, Fraction(345, 10_000))],
)  # fmt: skip
def test_percents_that_stand_for_thirds_are_thirds(percent, exact):
    assert credit.share(percent) == exact


@given(st.decimals(-(10**9), 10**9, places=3))
def test_a_number_is_read_however_it_is_written_here(number):
    english = f"{number:,}"
    for written in (str(number), english, english.translate(str.maketrans(",.", ".,")), english.replace(",", " ")):
        assert number in numbers.readings(written)


_CELL = st.text(alphabet="aB0 đ[]|→\\*#:(%±,.", min_size=1, max_size=12).map(str.strip).filter(bool)


@given(st.text(alphabet="aB0 đ[]|\\*", max_size=20).map(str.strip), st.lists(_CELL, min_size=1, max_size=3), _CELL)
def test_what_an_author_wrote_in_gaps_comes_back_the_same(before, answers, told):
    gap = {"answers": answers, "noted": [{"text": told, "weight": 50, "feedback": told}]}
    gaps = [{"id": "1", "kind": "short", "data": gap, "weight": 3}]
    text = before.replace("[[", "[ [") + " [[1]]."
    assert gap_text.read(gap_text.write(text, gaps)) == (text, gaps)


@pytest.mark.parametrize(("points", "share"), [({}, 0), ({"a": "1.5", "b": 1}, Fraction(5, 8)), ({"a": 3, "b": 1}, 1)])
def test_points_of_a_rubric_are_a_share_of_the_marks(points, share):
    assert essay.marked(SAMPLES["essay"], points) == share


@pytest.mark.parametrize("points", [{"a": 4}, {"b": -1}])
def test_no_criterion_gives_more_than_its_points(points):
    with pytest.raises(ValueError, match=r"Có thật|Ngắn"):
        essay.marked(SAMPLES["essay"], points)


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
        ("multiple", THIRDS | {"choices": THIRDS["choices"][:2]}),
        ("gaps", GAPS | {"text": "Phơi [[1]] ở [[2]]."}),
    ],
)
def test_an_author_is_told_what_cannot_be_asked(kind, data):
    assert KINDS[kind].problems(data)


def test_a_gap_has_a_choice_for_each_letter_and_no_more():
    def written(count):
        return f"Tôm [{'|'.join(f'*{number}' for number in range(count))}]"

    assert len(gap_text.read(written(26))[1][0]["data"]["choices"]) == 26
    with pytest.raises(gap_text.UnreadableError, match="27 lựa chọn; nhiều nhất là 26"):
        gap_text.read(written(27))


@pytest.mark.parametrize(
    ("score", "read"),
    [("5.00001", "5"), ("4.99999", "5"), ("6.66667", "6,67"), ("0.50000", "0,5"), ("10", "10"), (None, "")],
)
def test_a_score_is_read_without_what_thirds_leave_over(score, read):
    with translation.override("vi"):
        assert wording.points(Decimal(score) if score else None) == read


def test_the_review_of_a_text_with_gaps_numbers_them_in_the_text():
    review = KINDS["gaps"].review(SAMPLES["gaps"], {"1": "mưa"}, {})
    assert review.text == "Phơi (1) … ở (2) … trong (3) … ngày."
    assert review.answer[0] == "(1) mưa"
