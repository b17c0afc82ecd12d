"""What a place came to in a year, under the names that reports use, and how far that is on the way to its plan."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from operator import add, attrgetter

from reports.models import Figure

FEW = 5  # fewer women than this are not told: in a small place they would be known


@dataclass(frozen=True)
class Achieved:
    """`held`: workshops; `outside`: classes without this platform, whose people are `outside_people`. `known`: of how many seats in
    classes the gender is recorded, `women` of them were women's."""

    held: int = 0
    outside: int = 0
    enrolled: int = 0
    seats: int = 0
    outside_people: int = 0
    persons: int = 0
    subjects: int = 0
    women: int = 0
    known: int = 0

    def __add__(self, other: "Achieved") -> "Achieved":
        return Achieved(*map(add, _numbers(self), _numbers(other)))

    def of(self, figure: str) -> int:
        return {
            Figure.CLASSES: self.held + self.outside,
            Figure.TIMES: self.enrolled + self.seats + self.outside_people,
            Figure.PERSONS: self.persons,
            Figure.SUBJECTS: self.subjects,
        }[Figure(figure)]

    def outside_of(self, figure: str) -> int:
        """How much of a figure was held outside; nobody's name is known there, so that persons and subjects have nothing of it."""
        return {Figure.CLASSES: self.outside, Figure.TIMES: self.outside_people}.get(Figure(figure), 0)

    @property
    def is_few_women(self) -> bool:
        return 0 < self.women < FEW

    @property
    def women_percent(self) -> int:
        return 100 * self.women // self.known if self.known else 0


_numbers = attrgetter(*(one.name for one in fields(Achieved)))


@dataclass(frozen=True)
class Goal:
    """A figure beside its target, if there is one."""

    figure: Figure
    value: int
    outside: int
    target: int | None

    @property
    def label(self) -> str:
        return str(self.figure.label)

    @property
    def percent(self) -> int | None:
        """Rounded down, so that 100 means reached; more than 100 where more was done."""
        return 100 * self.value // self.target if self.target else None

    @property
    def bar(self) -> int:
        """0..100, how far a bar is filled."""
        return min(self.percent or 0, 100)

    @property
    def missing(self) -> int:
        return max((self.target or 0) - self.value, 0)


def goals(achieved: Achieved, targets: Mapping[str, int]) -> list[Goal]:
    return [Goal(one, achieved.of(one), achieved.outside_of(one), targets.get(one)) for one in Figure]
