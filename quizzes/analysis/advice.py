"""What the figures of one question ask of its author, in plain sentences; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from django.utils.translation import gettext as _

from .measures import Sums
from .responses import Response

FEW = 30  # below this many answers chance decides
TOO_EASY, TOO_HARD = 95, 25  # facility in percent
SEPARATES = 15  # discrimination in percent that a question should reach


@dataclass(frozen=True)
class Advice:
    """`is_urgent`: the key itself may be wrong."""

    words: str
    is_urgent: bool = False


def advise(sums: Sums, responses: Sequence[Response], *, strong: int) -> list[Advice]:
    """The most urgent first; empty where nothing speaks against the question. `strong`: attempts of the upper third."""
    if sums.n < FEW:
        return []
    found = [*_key(sums, responses, strong), *_difficulty(sums), *_idle(responses)]
    return sorted(found, key=lambda one: not one.is_urgent)


def _key(sums: Sums, responses: Sequence[Response], strong: int) -> list[Advice]:
    lure = max((row for row in responses if not row.is_right and row.words), key=lambda row: row.upper, default=None)
    if lure and lure.upper * 2 > strong:
        said = _("Phần lớn người làm bài tốt trả lời “%(words)s”, khác với đáp án: hãy xem lại đáp án và câu chữ.")
        return [Advice(said % {"words": lure.words}, is_urgent=True)]
    if _is_surely_below(0, sums):
        return [Advice(_("Người làm bài tốt lại hay sai câu này: hãy xem lại đáp án và câu chữ."), is_urgent=True)]
    if _is_surely_below(SEPARATES, sums) and TOO_HARD <= (sums.facility or 0) <= TOO_EASY:
        return [
            Advice(
                _(
                    "Câu này chưa phân biệt được người nắm bài với người chưa nắm bài: có thể câu chữ còn mơ hồ, hãy xem lại."
                )
            )
        ]
    return []


def _is_surely_below(percent: float, sums: Sums) -> bool:
    """By more than chance: a correlation of n pairs strays by about 1/√n, and hardly ever by twice that."""
    found = sums.discrimination
    return found is not None and found + 200 / sqrt(sums.n) < percent


def _difficulty(sums: Sums) -> list[Advice]:
    if (sums.facility or 0) > TOO_EASY:
        return [Advice(_("Gần như ai cũng làm đúng: hãy giữ làm câu mở đầu, hoặc thay bằng câu khó hơn."))]
    if (sums.facility or 0) < TOO_HARD:
        return [Advice(_("Rất ít người làm đúng: hãy xem bài học đã nói rõ điều này chưa, rồi xem lại câu chữ."))]
    return []


def _idle(responses: Sequence[Response]) -> list[Advice]:
    idle = [f"“{row.words}”" for row in responses if not row.n and not row.is_right]
    if not idle:
        return []
    return [Advice(_("Không ai chọn %(words)s: hãy thay bằng phương án dễ nhầm hơn.") % {"words": ", ".join(idle)})]
