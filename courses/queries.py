"""Read models of courses: the steps of a course, and the map that its pages are drawn and judged by."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import registry as log_registry
from wagtail.models import Locale, ModelLogEntry, Page

from lib import registries
from lib.dates import local_day

from .models import Activity, ActivityPage, Course, CoursePage, Enrolment, LegalText, LessonPage
from .rules import Reach, Readability, Step, active_since, readability

IS_COMPLETED = Q(completed_at__isnull=False)


def dated_kinds() -> set[str]:
    """Kinds of activities that are held on a day, to which one registers."""
    return {model.activity_kind for model in apps.get_models() if issubclass(model, ActivityPage) and model.is_dated}


def is_active(now: datetime) -> Q:
    return Q(last_active_at__gte=active_since(now))


# Entries of the registry `enrolment_states`: what the list offers, and what the board counts by.
STATES = {
    "unfinished": registries.EnrolmentState(_("chưa học xong"), lambda now: ~IS_COMPLETED),
    "idle": registries.EnrolmentState(
        _("chưa học xong mà 30 ngày qua không học"), lambda now: ~IS_COMPLETED & ~is_active(now)
    ),
    "active": registries.EnrolmentState(_("học trong 30 ngày qua"), is_active),
    "completed": registries.EnrolmentState(_("đã hoàn thành"), lambda now: IS_COMPLETED),
}


def who_completed() -> QuerySet[Any]:
    """Persons who finished a course, by their keys; narrowed by `person`."""
    return Enrolment.objects.filter(IS_COMPLETED).values("person")


def who_enrolled() -> QuerySet[Any]:
    """Persons who are enrolled in a course, by their keys; narrowed by `person`."""
    return Enrolment.objects.values("person")


def legal_texts_due(when: str) -> QuerySet[LegalText]:
    """Whose day of review is over ("past") or comes within 30 days ("soon")."""
    today = local_day(timezone.now())
    if when == "past":
        return LegalText.objects.filter(review_by__lt=today)
    return LegalText.objects.filter(review_by__range=(today, today + timedelta(days=30)))


def steps_of(course_id: int) -> list[Step]:
    """The activities on offer in a course, in order."""
    rows = Activity.objects.offered().filter(course=course_id).order_by("position", "pk")
    return [Step(pk, is_required) for pk, is_required in rows.values_list("pk", "is_required")]


def requirements_of(course_id: int) -> list[Step]:
    """What finishes a course: the steps, and required activities that were taken off the site and may come back.

    As long as its page stands in the admin, an activity is asked for: nobody finishes a course by its quiz being corrected.
    Who wants to do without it deletes the page, or publishes it as not required. A quiz in draft is asked for while the course
    never had one: else a course that opens lesson by lesson would be finished, and certified, before its quiz is there. A
    further quiz in draft, and a lesson, are asked for once they are published; a page that was moved away asks here no more.
    """
    return [*steps_of(course_id), *withheld_of(course_id)] or once_asked_in(course_id)


def once_asked_in(course_id: int) -> list[Step]:
    """All that a course whose pages are deleted ever required: who was at the last of it that day, and does it, has done all.

    What went away before the course did is asked for as well, because no row tells why: rather somebody stays unfinished
    than one is certified who had lessons left.
    """
    gone = Course.objects.filter(pk=course_id, retired_at__isnull=False).first()
    if gone is None or CoursePage.objects.filter(translation_key=gone.translation_key).exists():
        return []
    required = Activity.objects.filter(course=gone, is_required=True)
    return [Step(pk, is_required=True) for pk in required.values_list("pk", flat=True)]


@dataclass(frozen=True)
class Withheld(Step):
    """A required activity that is not on offer and that its course waits for; `was_live`: it is only being corrected."""

    kind: str
    was_live: bool


def withheld_of(course_id: int) -> list[Withheld]:
    return withheld_in([course_id]).get(course_id, [])


def withheld_in(course_ids: Sequence[int]) -> dict[int, list[Withheld]]:
    """By course; a page, live or not, has to stand below a page of its course, in any language."""
    offered = Activity.objects.offered().filter(course=OuterRef("course"), kind=OuterRef("kind"), is_required=True)
    gone = Activity.objects.filter(course__in=course_ids, retired_at__isnull=False, is_required=True)
    rows = {row.translation_key: row for row in gone.select_related("course").annotate(is_one_of=Exists(offered))}
    if not rows:
        return {}
    live_once: dict[UUID, bool] = {}
    parents = _by_path({row.course for row in rows.values()})
    pages = Page.objects.filter(translation_key__in=rows)
    for key, path, published in pages.values_list("translation_key", "path", "first_published_at"):
        if parents.get(path[: -Page.steplen]) == rows[key].course_id:
            live_once[key] = live_once.get(key, False) or published is not None
    had = {(rows[key].course_id, rows[key].kind) for key, was_live in live_once.items() if was_live}
    found: dict[int, list[Withheld]] = {}
    for key, was_live in live_once.items():
        row = rows[key]
        is_awaited = row.kind != LessonPage.activity_kind and not row.is_one_of and (row.course_id, row.kind) not in had
        if was_live or is_awaited:
            found.setdefault(row.course_id, []).append(Withheld(row.pk, True, row.kind, was_live))
    return found


def _by_path(courses: Iterable[Course]) -> dict[str, int]:
    """Ids of courses by the paths of their pages."""
    keys = {course.translation_key: course.pk for course in courses}
    pages = CoursePage.objects.filter(translation_key__in=keys)
    return {path: keys[key] for key, path in pages.values_list("translation_key", "path")}


def was_live(key: UUID) -> bool:
    """Whether any page that shares a row ever went live."""
    return Page.objects.filter(translation_key=key, first_published_at__isnull=False).exists()


def takeable(enrolment: Enrolment) -> QuerySet[Activity]:
    """What staff may take back: without it the course is unfinished, and the person can do it again."""
    return Activity.objects.offered().filter(is_required=True, completions__enrolment=enrolment).order_by("position")


def reopenings(enrolment: Enrolment | None = None) -> QuerySet[ModelLogEntry]:
    """What staff took back, the newest first: of one enrolment, or of all."""
    entries = log_registry.get_logs_for_instance(enrolment) if enrolment else ModelLogEntry.objects.all()
    return entries.filter(action="courses.reopened").select_related("user").order_by("-timestamp", "-pk")


def rank(language: str, reader: str = settings.LANGUAGE_CODE) -> tuple[bool, bool, str]:
    """Which of the pages that share a row comes first: the reader's language, then Vietnamese, then by code."""
    return language != reader, language != settings.LANGUAGE_CODE, language


def pages_of(
    keys: Iterable[UUID], reader: str = settings.LANGUAGE_CODE, gone: int | None = None
) -> dict[UUID, ActivityPage]:
    """The live page of each activity, the reader's language before others; in the order of language, then of the tree."""
    locales = Locale.objects.in_bulk()
    pages = Page.objects.live().filter(translation_key__in=keys).exclude(pk=gone).order_by("path").specific()
    found: dict[UUID, ActivityPage] = {}
    for page in sorted(pages, key=lambda page: rank(locales[page.locale_id].language_code, reader)):
        if isinstance(page, ActivityPage):
            page.locale = locales[page.locale_id]  # else each page asks for its own
            found.setdefault(page.translation_key, page)
    return found


def authors_of(keys: Iterable[UUID]) -> dict[UUID, frozenset[int]]:
    """The log-ins of those who made the live pages of an activity, in whatever language."""
    found: dict[UUID, frozenset[int]] = {}
    pages = Page.objects.live().filter(translation_key__in=keys, owner__isnull=False)
    for key, owner in pages.values_list("translation_key", "owner"):
        found[key] = found.get(key, frozenset()) | {owner}
    return found


def titles_resting_on(legal_text_id: int) -> list[str]:
    """Activities that cite a legal text, those that are no longer on offer included."""
    return list(Activity.objects.filter(citations__legal_text=legal_text_id).values_list("title", flat=True))


def resting_on(legal_text: LegalText) -> list[str]:
    """All that cites a legal text or names it as a successor: it stays in the register as long as there is any."""
    citing = [title for _name, kind in registries.citing for title in kind.titles(legal_text.pk)]
    return citing + [str(replaced) for replaced in legal_text.replaces.all()]


@dataclass(frozen=True)
class Landing:
    """One activity of a course as a reader meets it: in the language of the map, or in `language` for want of a page."""

    activity_id: int
    key: UUID
    kind: str
    title: str
    summary: str
    address: str
    minutes: int
    is_required: bool
    language: str


@dataclass(frozen=True, eq=False)  # the key of what is drawn of it (river.py): one that is made anew is another
class CourseMap:
    """A course for the readers of one language: what its pages need to know of each other.

    `steps` are the shared rows, by which order and completion are judged in every language; each landing has a page.
    `withheld` is what finishing the course asks for besides, although nobody can open it now.
    """

    course_id: int
    key: UUID
    title: str
    address: str
    language: str
    is_sequential: bool
    steps: tuple[Step, ...]
    landings: tuple[Landing, ...]
    withheld: tuple[Withheld, ...]

    @property
    def required(self) -> list[Step]:
        """What finishes the course."""
        return [step for step in (*self.steps, *self.withheld) if step.is_required]

    @property
    def awaits_quiz(self) -> bool:
        return any(step.kind == "quiz" for step in self.withheld)

    def awaits_first(self, done: frozenset[int]) -> bool:
        """Whether all that is withheld from somebody has yet to appear for the first time."""
        missing = [step for step in self.withheld if step.activity_id not in done]
        return bool(missing) and not any(step.was_live for step in missing)

    def readability(self, activity_id: int, reach: Reach) -> Readability:
        return readability(
            steps=list(self.steps), activity_id=activity_id, is_sequential=self.is_sequential, reach=reach
        )

    def at(self, activity_id: int | None) -> Landing | None:
        return next((landing for landing in self.landings if landing.activity_id == activity_id), None)


def course_page(course: Course, reader: str) -> CoursePage | None:
    """The live page of a course in the reader's language, else in another."""
    live = CoursePage.objects.live().filter(translation_key=course.translation_key)
    pages = live.select_related("locale", "art").prefetch_related("art__renditions")
    return min(pages, key=lambda page: rank(page.locale.language_code, reader), default=None)


def map_course(course: Course, page: CoursePage, reader: str) -> CourseMap | None:
    """None for a course that is not on offer. `page` is its page for this reader."""
    return None if course.retired_at else map_courses([(course, page)], reader)[0]


def map_courses(courses: Sequence[tuple[Course, CoursePage]], reader: str) -> list[CourseMap]:
    """Of several courses on offer, each with its page for this reader; the number of queries does not grow with them."""
    wanted = Activity.objects.offered().filter(course__in=[course for course, _page in courses])
    rows: dict[int, list[Activity]] = {}
    for row in wanted.order_by("position", "pk"):
        rows.setdefault(row.course_id, []).append(row)
    pages = pages_of([row.translation_key for some in rows.values() for row in some], reader)
    withheld = withheld_in([course.pk for course, _page in courses])
    return [
        _map(course, page, reader, rows.get(course.pk, []), pages, withheld.get(course.pk, []))
        for course, page in courses
    ]


def _map(
    course: Course,
    page: CoursePage,
    reader: str,
    rows: list[Activity],
    pages: dict[UUID, ActivityPage],
    withheld: list[Withheld],
) -> CourseMap:
    return CourseMap(
        course_id=course.pk,
        key=course.translation_key,
        title=page.title,
        address=page.get_url() or "",
        language=reader,
        is_sequential=course.is_sequential,
        steps=tuple(Step(row.pk, row.is_required) for row in rows),
        landings=tuple(_landing(row, pages[row.translation_key]) for row in rows if row.translation_key in pages),
        withheld=tuple(withheld),
    )


def _landing(row: Activity, page: ActivityPage) -> Landing:
    return Landing(
        activity_id=row.pk,
        key=row.translation_key,
        kind=row.kind,
        title=page.title,
        summary=page.summary,
        address=page.get_url() or "",
        minutes=page.minutes,
        is_required=row.is_required,
        language=page.locale.language_code,
    )


def activity_pages(page: CoursePage) -> list[ActivityPage]:
    """The pages of a course as its readers meet them, in order; the page's own children while it is not on offer."""
    rows = Activity.objects.offered().filter(course__translation_key=page.translation_key, course__retired_at=None)
    required = dict(rows.order_by("position", "pk").values_list("translation_key", "is_required"))
    if not required:
        return [child for child in page.get_children().live().specific() if isinstance(child, ActivityPage)]
    pages = pages_of(required, page.locale.language_code)
    found = [pages[key] for key in required if key in pages]
    for one in found:
        one.is_required = required[one.translation_key]  # one for all languages, whatever a page of another says
    return found
