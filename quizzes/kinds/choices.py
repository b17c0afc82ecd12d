"""What kinds with choices share. `data`: {"choices": [{"id", "text", "right": bool, "feedback"}], "shuffle": bool}."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from .base import Data, Shown, ShownChoice


def shown(data: Data, order: Sequence[str], texts: dict[str, Any], control: str) -> Shown:
    by_id = {choice["id"]: choice["text"] for choice in data["choices"]}
    words = {key: texts.get(key, {}).get("text") or text for key, text in by_id.items()}
    return Shown(control, tuple(ShownChoice(key, words[key]) for key in order if key in words))


def ids(data: Data) -> list[str]:
    return [choice["id"] for choice in data["choices"]]


def right_ids(data: Data) -> set[str]:
    return {choice["id"] for choice in data["choices"] if choice.get("right")}


def right_words(data: Data) -> list[str]:
    return [choice["text"] for choice in data["choices"] if choice.get("right")]


def described(data: Data) -> list[str]:
    return [
        f"{'☑' if choice.get('right') else '☐'} {choice['text']}"
        + (f" → {choice['feedback']}" if choice.get("feedback") else "")
        for choice in data["choices"]
    ]


def offered(data: Data, posted: Sequence[str]) -> list[str]:
    """The posted ids, each once, in stored order. Raises ValueError for an id that is not a choice."""
    if unknown := set(posted) - set(ids(data)):
        raise ValueError(f"not on offer: {sorted(unknown)}")
    return [key for key in ids(data) if key in posted]


def translation_fits(before: Data, now: Data) -> bool:
    return _words(now).items() <= _words(before).items()


def _words(data: Data) -> dict[str, tuple[str, str]]:
    return {choice["id"]: (choice["text"], choice.get("feedback") or "") for choice in data.get("choices", [])}


def problems(data: Data, *, least_right: int, most_right: int | None) -> list[str]:
    found = []
    choices = data.get("choices", [])
    if len(choices) < 2:
        found.append(_("Cần ít nhất hai phương án."))
    if len({choice["id"] for choice in choices}) < len(choices):
        found.append(_("Có hai phương án trùng mã."))
    if any(not choice.get("text", "").strip() for choice in choices):
        found.append(_("Có phương án chưa ghi chữ."))
    count = len(right_ids(data)) if choices else 0
    if count < least_right or (most_right is not None and count > most_right):
        found.append(_("Số phương án đúng chưa hợp với dạng câu hỏi này."))
    return found
