"""The river of a course: its landings as they stand for everybody who is as far.

Drawn once for all of them, and without anything of a reader, so that nothing of one can stand on the page of another: the key is
all that it depends on, and a map that was made anew is another key (docs/decisions/0001-reading-door.md).
"""

from dataclasses import dataclass
from functools import lru_cache

from django.template.loader import render_to_string

from . import rules
from .queries import CourseMap, Landing

PARTS = frozenset({"course_river", "outline"})  # templates/components/_NAME.html
KEPT = 1000  # of a few kB each


@dataclass(frozen=True)
class Stop:
    """A landing on a learner's river."""

    landing: Landing
    number: int
    state: str  # "done", "here", "" for what is still ahead
    lock: str  # why it is not open yet: "sign_up", "enrol", "order"; "" when it is
    opens_after: "Stop | None"  # what opens it when it is locked by the order; None also where that has no page


def done_count(course: CourseMap, done: frozenset[int]) -> int:
    """Of what finishes the course."""
    return sum(step.activity_id in done for step in course.required)


@lru_cache(maxsize=KEPT)
def drawn(part: str, course: CourseMap, here_id: int | None, reach: rules.Reach) -> str:
    """One of PARTS, in the language of the map; `here_id` is the activity where somebody is, or which comes next."""
    context = {
        "course_map": course,
        "stops": _stops(course, here_id, reach),
        "done_count": done_count(course, reach.done),
        "required_count": len(course.required),
    }
    return render_to_string(f"components/_{part}.html", context)


def _stops(course: CourseMap, here_id: int | None, reach: rules.Reach) -> list[Stop]:
    made: dict[int, Stop] = {}
    for number, landing in enumerate(course.landings, start=1):
        pk = landing.activity_id
        state = "here" if pk == here_id else "done" if pk in reach.done else ""
        verdict = course.readability(pk, reach)
        key = rules.key_to(course.steps, pk, reach.done)
        made[pk] = Stop(landing, number, state, "" if verdict.ok else verdict.reason.value, made.get(key or 0))
    return list(made.values())
