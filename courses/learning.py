"""What a learner has: the courses, the pages by which they are read in one's language, and where to go on."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from wagtail.models import Page

from accounts.models import Person
from lib import registries
from lib.registries import Meeting, Work

from . import reading, rules
from .access import progress_of
from .models import Activity, Course, CoursePage, Enrolment
from .queries import Landing


def course_page(course: Course) -> CoursePage | None:
    """The live page of a course in the reader's language, else in any language."""
    return reading.shelf.course(course)[0]


class Title(str):
    """With the language that it is in, for whoever has it read aloud."""

    __slots__ = ("language",)
    language: str

    def __new__(cls, words: str, language: str) -> "Title":
        title = super().__new__(cls, words)
        title.language = language
        return title


def activity_title(activity: Activity) -> Title:
    """What an activity is called in the reader's language; its own title where it has no page in it."""
    language = get_language() or "vi"

    def find() -> Title:
        pages = Page.objects.live().filter(translation_key=activity.translation_key)
        titles = dict(pages.values_list("locale__language_code", "title"))
        if language in titles:
            return Title(titles[language], language)
        own = next((code for code, title in titles.items() if title == activity.title), "vi")
        return Title(activity.title, own)

    return reading.shelf.remember(("activity title", language, activity.pk), find)


def address_of(course: Course) -> str | None:
    page, course_map = reading.shelf.course(course)
    if course_map:
        return course_map.address
    return page.get_url() if page else None


def address_of_activity(activity: Activity) -> str:
    course_map = reading.shelf.course(activity.course)[1]
    landing = course_map.at(activity.pk) if course_map else None
    return landing.address if landing else reverse("courses:my_learning")


def continue_address(person: Person, course: Course) -> str:
    """Where to go on: the next open activity, or the course page when all is done."""
    course_map = reading.shelf.course(course)[1]
    if course_map is None:
        return reverse("courses:my_learning")
    progress = progress_of(person.pk, course.pk)
    again = progress.again.left if progress.again else []
    landing = course_map.at(again[0] if again else rules.next_step(course_map.steps, progress.done))
    return landing.address if landing else course_map.address


@dataclass(frozen=True)
class LearnersCourse:
    """A row of "Học của tôi"."""

    enrolment: Enrolment
    title: str
    language: str  # of the title
    address: str
    art: Any
    percent: int
    done: int
    total: int
    next_landing: Landing | None
    awaits_first: bool  # what is left has yet to be published


@dataclass(frozen=True)
class OwnLearning:
    """A person's courses, unfinished ones first, then the most recently used; those whose page is gone keep their title and record.
    `work`: what was begun, waits for somebody to mark it or was marked, each with its course. `meetings`: those to come. `past_meetings`: those that are over or were called off."""

    courses: list[LearnersCourse]
    work: list[tuple[LearnersCourse, Work]]
    meetings: list[Meeting]
    past_meetings: list[Meeting]

    @property
    def begun(self) -> list[tuple[LearnersCourse, Work]]:
        """To be gone on with, also when it was taken off the site since."""
        return [(course, one) for course, one in self.work if one.is_running]

    @property
    def news(self) -> list[tuple[LearnersCourse, Work]]:
        return [(course, one) for course, one in self.work if not one.is_running]

    @property
    def first(self) -> LearnersCourse | None:
        """With which to go on, besides what was begun."""
        begun = {one.activity_id for _course, one in self.begun}
        for course in self.courses:
            if course.next_landing and course.next_landing.activity_id not in begun:
                return course
        return None


def of(person: Person, now: datetime) -> OwnLearning:
    enrolments = Enrolment.objects.filter(person=person).select_related("course").prefetch_related("completions")
    arranged = list(
        enrolments.alias(is_finished=Q(completed_at__isnull=False)).order_by("is_finished", "-last_active_at")
    )
    work = own_work([enrolment.pk for enrolment in arranged], now)
    courses = {enrolment.pk: _learners_course(enrolment) for enrolment in arranged}
    meetings = [one for _name, ask in registries.own_meetings for one in ask(person.pk, now)]
    coming, past = ([one for one in meetings if one.is_past == is_past] for is_past in (False, True))
    return OwnLearning(list(courses.values()), [(courses[one.enrolment_id], one) for one in work], coming, past)


def own_work(enrolment_ids: Collection[int], now: datetime) -> list[Work]:
    return [one for _name, ask in registries.own_work for one in ask(enrolment_ids, now)]


def _learners_course(enrolment: Enrolment) -> LearnersCourse:
    page, course_map = reading.shelf.course(enrolment.course)
    done = frozenset(completion.activity_id for completion in enrolment.completions.all())
    landing = course_map.at(rules.next_step(course_map.steps, done)) if course_map else None
    required = course_map.required if course_map else []
    return LearnersCourse(
        enrolment=enrolment,
        title=page.title if page else enrolment.course.title,
        language=page.locale.language_code if page else "vi",
        address=address_of(enrolment.course) or "",
        art=page.art if page else None,
        percent=100 if enrolment.completed_at else rules.percent(required, done),
        done=sum(step.activity_id in done for step in required),
        total=len(required),
        next_landing=None if enrolment.completed_at else landing,
        awaits_first=course_map is not None and course_map.awaits_first(done),
    )
