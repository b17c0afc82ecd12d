"""JSON of strangers: bounded, each name once, nothing that two readers could read differently."""

import json
import math
from datetime import UTC, datetime
from typing import Any

from .findings import Finding, Refused

LONGEST = 512_000  # bytes of a credential; ours has about 3 kB
DEEPEST = 40


def parse(text: str | bytes) -> dict[str, Any]:
    """Raises Refused for what is no JSON object, too large or deep, or names something twice."""
    if len(text) > LONGEST:
        raise Refused(Finding.TOO_LARGE, "JSON")
    try:
        found = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number, parse_float=_finite)
    except (ValueError, RecursionError) as problem:
        raise Refused(Finding.DAMAGED, "no JSON") from problem
    if not isinstance(found, dict):
        raise Refused(Finding.NO_CREDENTIAL, "no JSON object")
    if measure(found)[0] > DEEPEST:
        raise Refused(Finding.TOO_LARGE, "nested too deep")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name twice")
    return found


def _no_number(_name: str) -> None:
    raise ValueError("NaN or Infinity")


def _finite(text: str) -> float:
    if math.isinf(number := float(text)):
        raise ValueError("beyond every number")
    return number


def measure(value: Any) -> tuple[int, int]:
    """How many levels and values it has; level by level, so that depth itself costs no stack."""
    depth, count, level = 0, 0, [value]
    while level:
        depth, count = depth + 1, count + len(level)
        level = [
            child
            for one in level
            if isinstance(one, dict | list)
            for child in (one.values() if isinstance(one, dict) else one)
        ]
    return depth, count


def moment(text: object) -> datetime:
    """A date and time as credentials write it; one without a zone is UTC."""
    try:
        found = datetime.fromisoformat(text if isinstance(text, str) else "")
    except ValueError as problem:
        raise Refused(Finding.DAMAGED, "no date") from problem
    return found if found.tzinfo else found.replace(tzinfo=UTC)
