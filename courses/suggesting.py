"""What to learn next, for whoever has finished a course: it is where most people would stop for good."""

from dataclasses import dataclass, replace

from django.utils.translation import get_language

from . import rules
from .catalogue import Card, card_of
from .models import Course, CoursePage, Enrolment
from .reading import shelf

MOST = 2


@dataclass(frozen=True)
class Proposal:
    """A course that anybody may begin; its card leads into its first lesson, which enrols whoever finishes it."""

    offer: rules.Offer
    card: Card


def next_courses(person_id: int, after: int | None = None) -> list[Card]:
    """At most two, those of the topic of the course `after` (else of the course finished last) first. One query."""
    rows = Enrolment.objects.filter(person=person_id).values_list("completed_at", "course", "course__topic")
    taken = list(rows)
    finished = sorted(row for row in taken if row[0])
    if not finished:
        return []
    topic = next((row[2] for row in finished if row[1] == after), finished[-1][2])
    proposals = {proposal.offer: proposal.card for proposal in _proposals()}
    done = frozenset(row[1] for row in finished)
    suited = rules.suited(proposals, taken=frozenset(row[1] for row in taken), finished=done, topic_id=topic)
    return [proposals[offer] for offer in suited[:MOST]]


def _proposals() -> list[Proposal]:
    """All courses that are open to everybody in the reader's language, as the catalogue orders them."""
    language = get_language() or "vi"
    return shelf.remember(("proposals", language), lambda: list(filter(None, map(_proposal, _pages(language)))))


def _pages(language: str) -> list[CoursePage]:
    pages = CoursePage.objects.live().public().filter(locale__language_code=language)
    return list(pages.select_related("art").prefetch_related("art__renditions").order_by("path"))


def _proposal(page: CoursePage) -> Proposal | None:
    course = Course.objects.offered().filter(translation_key=page.translation_key).first()
    course_map = shelf.course(course)[1] if course else None
    if course is None or course_map is None or not course_map.landings:
        return None
    needs = frozenset(course.prerequisites.values_list("pk", flat=True))
    return Proposal(
        rules.Offer(course.pk, course.topic_id, needs), replace(card_of(page), address=course_map.landings[0].address)
    )
