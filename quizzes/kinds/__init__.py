"""Kinds of question. One file each, behind one small base class; `KINDS` is the only list.

What a browser gets before submission comes from `shown` alone: an allow-list, so that a new field of `data` stays on the
server until a kind chooses to show it.
"""

from .base import Kind, Review, Shown, ShownChoice, ShownField
from .description import Description
from .essay import Essay
from .gaps import Gaps
from .matching import Matching
from .multiple import Multiple
from .numeric import Numeric
from .ordering import Ordering
from .short import Short
from .single import Single
from .true_false import TrueFalse

_ALL: tuple[Kind, ...] = (
    Single(), Multiple(), TrueFalse(), Short(), Numeric(), Matching(), Ordering(), Gaps(), Essay(), Description(),
)  # fmt: skip
KINDS: dict[str, Kind] = {kind.name: kind for kind in _ALL}

__all__ = ["KINDS", "Kind", "Review", "Shown", "ShownChoice", "ShownField"]
