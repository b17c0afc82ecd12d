"""What the board's figures mean. One number, one meaning: the screen, the export and the docs use these names."""

from dataclasses import dataclass
from datetime import datetime, timedelta

ACTIVE_DAYS = 30


@dataclass(frozen=True)
class Figures:
    """Counts of enrolments (participations), except `persons`, which counts each person once."""

    persons: int = 0
    enrolled: int = 0
    active: int = 0
    completed: int = 0
    certified: int = 0

    @property
    def completion_percent(self) -> int:
        """Completed of enrolled, 0..100, rounded down so that 100 means all."""
        return 100 * self.completed // self.enrolled if self.enrolled else 0


def active_since(now: datetime) -> datetime:
    """Whoever did something after this moment counts as active: 30 days."""
    return now - timedelta(days=ACTIVE_DAYS)
