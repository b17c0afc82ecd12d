"""The board's figures by name. What each counts is said once, by the registry `enrolment_states`: screen, export and lists use it."""

from dataclasses import dataclass


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
