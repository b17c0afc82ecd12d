"""What to learn next, for whoever has finished a course: it is where most people would stop for good."""

from collections import Counter
from dataclasses import dataclass

from django.utils.translation import get_language

from . import rules
from .catalogue import Card
from .models import Course, CoursePage, Enrolment
from .queries import CourseMap, dated_kinds, map_courses
from .reading import shelf

MOST = 2


@dataclass(frozen=True)
class Proposal:
    """A course that anybody may begin; its card leads into its first lesson, which enrols whoever finishes it."""

    offer: rules.Offer
    card: Card


def next_courses(person_id: int, after: int | None = None) -> list[Card]:
    """At most two, those of the topic of the course `after` (else of the course finished last) first. One query once the proposals are remembered."""
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
    return shelf.remember(("proposals", language), lambda: _made(_pages(language), language))


def _made(pages: list[CoursePage], language: str) -> list[Proposal]:
    """By a number of queries that does not grow with the courses."""
    rows = Course.objects.offered().filter(translation_key__in=[page.translation_key for page in pages])
    courses = {course.translation_key: course for course in rows.prefetch_related("prerequisites")}
    known = [(courses[page.translation_key], page) for page in pages if page.translation_key in courses]
    maps = map_courses(known, language)
    return [
        _proposal(*pair, course_map)
        for pair, course_map in zip(known, maps, strict=True)
        if _at_ones_own_pace(course_map)
    ]


def _at_ones_own_pace(course_map: CourseMap) -> bool:
    """Whether there is anything but meetings in it, to which one registers."""
    dated = dated_kinds()
    return any(landing.kind not in dated for landing in course_map.landings)


def _pages(language: str) -> list[CoursePage]:
    pages = CoursePage.objects.live().public().filter(locale__language_code=language)
    return list(pages.select_related("art").prefetch_related("art__renditions").order_by("path"))


def _proposal(course: Course, page: CoursePage, course_map: CourseMap) -> Proposal:
    needs = frozenset(one.pk for one in course.prerequisites.all() if one.retired_at is None)
    first, kinds = course_map.landings[0], Counter(landing.kind for landing in course_map.landings)
    minutes = sum(landing.minutes for landing in course_map.landings if landing.is_required)
    card = Card(page, first.address, kinds["lesson"], kinds["quiz"], minutes, is_empty=False)
    return Proposal(rules.Offer(course.pk, course.topic_id, needs), card)
