"""The board's figures by name. What each counts is said once, by the registry `enrolment_states`: screen, export and lists use it."""

from collections.abc import Collection, Mapping
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


def counted_again(there: Mapping[int, Collection[int]], places: Collection[int]) -> int:
    """How often somebody is counted in some places beyond the first time. `there`: by place who of several places is recorded in it. Costs
    as much as there are such people in these places, so that a line of a table does not pay for all lines."""
    found = [one for place in places for one in there.get(place, ())]
    return len(found) - len(set(found))
