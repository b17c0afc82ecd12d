"""For a control: the site with a fault. It says that a report is recorded first, and writes it down a little later."""

from types import SimpleNamespace
from typing import Any

from tests.quizzes.saving import application  # before anything of the site

AT_ONCE = 10
noted: list[tuple[Any, ...]] = []


def spoil() -> None:
    from workshops.desk import taking

    take = taking.take

    def take_later(*said: Any) -> Any:
        noted.append(said)
        if len(noted) == AT_ONCE:
            while noted:
                take(*noted.pop(0))
        return SimpleNamespace(outcome="present", registration=None)

    taking.take = take_later


spoil()

__all__ = ["application"]
