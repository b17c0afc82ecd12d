"""For a control: the site with a fault. It says that an answer is saved first, and writes it down a little later:
at least the last one of a worker is never written when it ends."""

from types import SimpleNamespace
from typing import Any

from .saving import application  # before anything of the site

AT_ONCE = 10
noted: list[dict[str, Any]] = []


def save_later(*, item: Any, answer: Any, revision: int, at: Any) -> Any:
    noted.append({"pk": item.pk, "answer": answer, "revision": revision + 1, "saved_at": at})
    if len(noted) == AT_ONCE:
        while len(noted) > 1:
            one = noted.pop(0)
            type(item).objects.filter(pk=one.pop("pk")).update(**one)
    return SimpleNamespace(answer=answer, revision=revision + 1, attempt=item.attempt)


def spoil() -> None:
    from quizzes import actions

    actions.save_answer = save_later


spoil()

__all__ = ["application"]
