"""The river of a course: its landings as they stand for everybody who is as far.

Drawn once for all of them, and without anything of a reader, so that nothing of one can stand on the page of another.
"""

from dataclasses import dataclass
from functools import lru_cache

from django.template.loader import render_to_string

from . import rules
from .queries import CourseMap, Landing

PARTS = frozenset({"course_river", "outline"})  # templates/components/_NAME.html
KEPT = 1000  # of a few kB each


@dataclass(frozen=True)
class Standing:
    """How far somebody is in a course, and not who it is."""

    done: frozenset[int] = frozenset()
    is_enrolled: bool = False
    is_signed_in: bool = False


@dataclass(frozen=True)
class Stop:
    """A landing on a learner's river."""

    landing: Landing
    number: int
    state: str  # "done", "here", "" for what is still ahead
    lock: str  # why it is not open yet: "sign_up", "enrol", "order"; "" when it is
    opens_after: "Stop | None"  # what opens it when it is locked by the order; None also where that has no page


def judge(course: CourseMap, activity_id: int, standing: Standing) -> rules.Readability:
    return rules.readability(
        steps=list(course.steps),
        activity_id=activity_id,
        is_sequential=course.is_sequential,
        is_signed_in=standing.is_signed_in,
        is_enrolled=standing.is_enrolled,
        done=standing.done,
    )


def done_count(course: CourseMap, standing: Standing) -> int:
    """Of what finishes the course."""
    return sum(step.activity_id in standing.done for step in course.required)


@lru_cache(maxsize=KEPT)
def drawn(course: CourseMap, here_id: int | None, standing: Standing, part: str) -> str:
    """One of PARTS, in the language of the map; `here_id` is the activity where somebody is, or which comes next."""
    context = {
        "course_map": course,
        "stops": _stops(course, here_id, standing),
        "done_count": done_count(course, standing),
        "required_count": len(course.required),
    }
    return render_to_string(f"components/_{part}.html", context)


def _stops(course: CourseMap, here_id: int | None, standing: Standing) -> list[Stop]:
    made: dict[int, Stop] = {}
    for number, landing in enumerate(course.landings, start=1):
        pk = landing.activity_id
        state = "here" if pk == here_id else "done" if pk in standing.done else ""
        verdict = judge(course, pk, standing)
        key = rules.key_to(course.steps, pk, standing.done)
        made[pk] = Stop(landing, number, state, "" if verdict.ok else verdict.reason.value, made.get(key or 0))
    return list(made.values())
