from __future__ import annotations

import random
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from .forms import KindForm

type Data = dict[str, Any]
type Answer = Any
type Texts = dict[str, Any]  # a translation: {id: {"text", "feedback"}}, empty in Vietnamese


@dataclass(frozen=True)
class ShownChoice:
    id: str
    text: str


@dataclass(frozen=True)
class ShownField:
    """One of several places to answer in: the words before it, and what it offers; without options it is typed in."""

    before: str
    options: tuple[ShownChoice, ...] = ()


@dataclass(frozen=True)
class Shown:
    """All that a browser may know of a question before submission.

    `control` names its template in quizzes/controls. `fields` are several places to answer in, `after` the words behind the
    last of them.
    """

    control: str
    choices: tuple[ShownChoice, ...] = ()
    fields: tuple[ShownField, ...] = ()
    after: str = ""
    needs_accents: bool = False
    units: tuple[str, ...] = ()
    needs_unit: bool = False
    criteria: tuple[str, ...] = ()


@dataclass(frozen=True)
class Review:
    """An answer and the key in words, after submission. `feedback` is what the author says to exactly this answer, `text` what was
    to be read besides the question. `is_typed`: the answer is its author's own text, which is no Markdown."""

    answer: tuple[str, ...]
    right: tuple[str, ...]
    feedback: tuple[str, ...] = ()
    text: str = ""
    is_typed: bool = False


class Kind(ABC):
    """What a kind of question can do. `data` is the stored key and wording, `answer` what `clean` returned."""

    name: ClassVar[str]
    label: ClassVar[Any]  # a translated text
    form_class: ClassVar[type[KindForm]]  # what an author fills in
    is_scored: ClassVar[bool] = True  # False: only read, no marks
    is_marked_by_hand: ClassVar[bool] = False
    offers_own_words: ClassVar[bool] = (
        False  # True: what can be chosen is said by the site, in the language of the page
    )

    def order(self, data: Data, rng: random.Random | None = None) -> list[str]:
        """The ids of what can stand in another order, drawn for one attempt; without `rng` as they were written."""
        return []

    def names(self, data: Data) -> frozenset[str]:
        """By which an answer says what it means: the same ones in another version, and the answer means the same there."""
        return frozenset(self.order(data))

    @abstractmethod
    def shown(self, data: Data, order: Sequence[str], texts: Texts) -> Shown:
        """The allow-list for the browser."""

    @abstractmethod
    def clean(self, data: Data, posted: Sequence[str]) -> Answer:
        """Posted values as an answer to store, None for no answer. Raises ValueError for what was not on offer."""

    def chosen(self, data: Data, answer: Answer) -> list[str]:
        """The posted values that `clean` made into this answer."""
        if answer is None:
            return []
        return answer if isinstance(answer, list) else [str(answer)]

    @abstractmethod
    def fraction(self, data: Data, answer: Answer) -> Fraction | None:
        """How much of the marks an answer earns, exactly, 0..1. No answer earns 0. None: somebody has to mark it by hand."""

    @abstractmethod
    def solution(self, data: Data) -> list[str]:
        """Posted values that earn all marks."""

    @abstractmethod
    def review(self, data: Data, answer: Answer, texts: Texts) -> Review:
        """For the result page, in the reader's language where `texts` has words for it."""

    @abstractmethod
    def described(self, data: Data) -> list[str]:
        """Key and wording in lines, for an author who compares two versions."""

    @abstractmethod
    def translation_fits(self, texts: Texts, before: Data, now: Data) -> bool:
        """Whether a translation made for `before` says everything of `now`, so that only the key may be another."""

    @abstractmethod
    def problems(self, data: Data) -> list[str]:
        """Sentences for the author about what is wrong with `data`; empty when it can be asked."""
