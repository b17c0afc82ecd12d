"""What a renewal asks for, and how far it is."""

from dataclasses import dataclass
from datetime import datetime

from .models import Activity, LessonPage, Renewal
from .queries import dated_kinds, requirements_of


def asked_again(course_id: int) -> list[int]:
    """The required activities that test something, in order; where a course has none, all that it requires.

    Knowledge is shown again, not sat through again: lessons stay open to read, and nobody can go once more to a day that is over. What was taken off the site and may come back is
    asked for as when a course is finished first.
    """
    required = [step.activity_id for step in requirements_of(course_id) if step.is_required]
    kinds = dict(Activity.objects.filter(pk__in=required).values_list("pk", "kind"))
    sat_through = {LessonPage.activity_kind, *dated_kinds()}
    return [pk for pk in required if kinds[pk] not in sat_through] or required


def is_done(renewal: Renewal) -> bool:
    asked = set(asked_again(renewal.enrolment.course_id))
    return bool(asked) and asked <= set(renewal.steps.values_list("activity_id", flat=True))


@dataclass(frozen=True)
class Progress:
    """A running renewal: what it asks for, in order, and what of it is done."""

    begun_at: datetime
    asked: tuple[int, ...] = ()
    done: frozenset[int] = frozenset()

    @property
    def left(self) -> list[int]:
        return [pk for pk in self.asked if pk not in self.done]

    @property
    def done_count(self) -> int:
        return len(self.asked) - len(self.left)

    @property
    def count(self) -> int:
        return len(self.asked)


def running(enrolment_id: int | None) -> Progress | None:
    renewal = Renewal.objects.running().filter(enrolment=enrolment_id).select_related("enrolment").first()
    if renewal is None:
        return None
    done = frozenset(renewal.steps.values_list("activity_id", flat=True))
    return Progress(renewal.begun_at, tuple(asked_again(renewal.enrolment.course_id)), done)
