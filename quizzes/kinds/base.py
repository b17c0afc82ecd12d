from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from .forms import KindForm

type Data = dict[str, Any]
type Answer = Any


@dataclass(frozen=True)
class ShownChoice:
    id: str
    text: str


@dataclass(frozen=True)
class Shown:
    """All that a browser may know of a question before submission. `control`: radio, checkbox or text."""

    control: str
    choices: tuple[ShownChoice, ...] = ()
    needs_accents: bool = False


class Kind(Protocol):
    """What a kind of question can do. `data` is the stored key and wording, `answer` what `clean` returned."""

    name: str
    label: Any  # a translated text

    @property
    def form_class(self) -> type[KindForm]:
        """What an author fills in for this kind."""
        ...

    def shown(self, data: Data, order: Sequence[str], texts: dict[str, Any]) -> Shown:
        """The allow-list for the browser; `order` are choice ids, `texts` a translation {id: {text}}."""
        ...

    def ids(self, data: Data) -> list[str]:
        """The ids whose order is drawn for an attempt; empty when there is nothing to shuffle."""
        ...

    def clean(self, data: Data, posted: Sequence[str]) -> Answer:
        """Posted values as an answer to store, None for no answer. Raises ValueError for what was not on offer."""
        ...

    def fraction(self, data: Data, answer: Answer) -> Fraction:
        """How much of the marks an answer earns, exactly, 0..1. No answer earns 0."""
        ...

    def right(self, data: Data) -> list[str]:
        """The right answer in words, for the result page."""
        ...

    def described(self, data: Data) -> list[str]:
        """Key and wording in lines, for an author who compares two versions."""
        ...

    def translation_fits(self, texts: dict[str, Any], before: Data, now: Data) -> bool:
        """Whether a translation made for `before` says everything of `now`, so that only the key may be another."""
        ...

    def problems(self, data: Data) -> list[str]:
        """Sentences for the author about what is wrong with `data`; empty when it can be asked."""
        ...
