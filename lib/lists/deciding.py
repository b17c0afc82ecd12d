"""What somebody is asked about a row, and what was answered."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

SKIP, TAKE = "skip", "take"
type Decisions = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Question:
    kind: str
    words: str
    options: tuple[tuple[str, str], ...]
    chosen: str = ""
    alike: int = 0  # of the first of several lines that ask the very same: how many they are


class Keyed(Protocol):
    @property
    def key(self) -> str: ...


class Asked(Protocol):
    @property
    def line(self) -> Keyed: ...
    @property
    def questions(self) -> tuple[Question, ...]: ...


def decisions_of(posted: Any, lines: Iterable[Asked], before: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """What was answered to the questions that were asked, added to what was decided before; "" takes a decision back. An answer for
    all lines that ask the same (`all-`) holds for those that were not answered by themselves."""
    kept = {key: dict(said) for key, said in before.items()}
    for_all: dict[Any, str] = {}
    asked = [(one.line.key, question) for one in lines for question in one.questions]
    for key, question in asked:
        answer = posted.get(f"q-{key}-{question.kind}")
        if answer == "":
            kept.get(key, {}).pop(question.kind, None)
        elif answer in {value for value, _label in question.options}:
            kept.setdefault(key, {})[question.kind] = answer
            if question.alike and f"all-{key}" in posted:
                for_all[question.words, question.options] = answer
    for key, question in asked:
        same = for_all.get((question.words, question.options))
        if same and not posted.get(f"q-{key}-{question.kind}"):
            kept.setdefault(key, {})[question.kind] = same
    return {key: said for key, said in kept.items() if said}
