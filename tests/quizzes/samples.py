"""One question of each kind, and what can be posted to it."""

from hypothesis import strategies as st

from quizzes.kinds import KINDS
from quizzes.kinds.base import Data

FOUR = {"choices": [{"id": i, "text": i, "right": i in "ab", "feedback": ""} for i in "abcd"]}
ONE = {"choices": [{"id": i, "text": i, "right": i == "a", "feedback": ""} for i in "abc"]}
KILOS = {
    "answers": [{"value": "1.5", "tolerance": "0.1"}, {"value": "2", "weight": 50, "feedback": "gần đúng"}],
    "units": [{"name": "kg", "factor": "1"}, {"name": "g", "factor": "0.001"}],
}
PAIRS = {
    "pairs": [
        {"id": "a", "text": "Muối", "match": "Bạc Liêu"},
        {"id": "b", "text": "Cua", "match": "Cà Mau"},
        {"id": "c", "text": "Tôm khô", "match": "Cà Mau"},
        {"id": "d", "match": "Hà Giang"},
    ]
}
STEPS = {
    "items": [{"id": i, "text": word} for i, word in zip("abcd", ["rửa", "luộc", "phơi", "đóng gói"], strict=True)]
}
GAPS = {
    "text": "Phơi [[1]] ở [[2]] trong [[3]] ngày.",
    "gaps": [
        {"id": "1", "kind": "short", "data": {"answers": ["nắng"]}},
        {"id": "2", "kind": "single", "data": ONE},
        {"id": "3", "kind": "numeric", "data": {"answers": [{"value": "3"}]}, "weight": 2},
    ],
}
SAMPLES: dict[str, Data] = {
    "single": ONE,
    "multiple": FOUR,
    "truefalse": {"right": False},
    "short": {"answers": ["muối", "salt"]},
    "numeric": KILOS,
    "matching": PAIRS,
    "ordering": STEPS,
    "gaps": GAPS,
    "essay": {"rubric": [{"id": "a", "text": "Có thật", "points": "3"}, {"id": "b", "text": "Ngắn", "points": "1"}]},
    "description": {},
}
assert SAMPLES.keys() == KINDS.keys()  # a new kind brings its sample, and with it stands before every test of all kinds

_WORDS = st.one_of(st.text(max_size=30), st.sampled_from(["nắng", "3", "1500 g", "1,5", "muối", ""]))


def posted(kind: str) -> st.SearchStrategy[list[str]]:
    """Values of the kind's own form, some left out: what a browser could send."""
    if kind in ("short", "numeric", "essay"):
        return st.lists(_WORDS, max_size=1)
    if kind == "gaps":
        options = KINDS[kind].shown(GAPS, KINDS[kind].order(GAPS), {}).fields[1].options
        return st.tuples(_WORDS, st.sampled_from(["", *(option.id for option in options)]), _WORDS).map(list)
    shown = KINDS[kind].shown(SAMPLES[kind], KINDS[kind].order(SAMPLES[kind]), {})
    if shown.fields:
        return st.tuples(*(st.sampled_from(["", *(o.id for o in field.options)]) for field in shown.fields)).map(list)
    most = 1 if shown.control == "radio" else None
    ids = [choice.id for choice in shown.choices]
    return st.lists(st.sampled_from(ids), max_size=most, unique=True) if ids else st.just([])
