"""Pages become rows: what goes live, what goes away, and what all languages of it share."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from wagtail.models import Page

from courses.models import Activity, ActivityPage, Citation, Course, CoursePage, LessonPage
from courses.queries import pages_of, rank, was_live
from lib import generation

from .finishing import finish_waiting


@transaction.atomic
def publish_course(*, page: CoursePage, at: datetime) -> Course:
    """Writes the row that all languages of a course page share, and those of its live activities.

    The Vietnamese page says what the row says, or the first language while there is none.
    """
    generation.bump()
    fields = {"title": page.title, "topic": page.topic, "is_sequential": page.is_sequential}
    course, created = Course.objects.get_or_create(translation_key=page.translation_key, defaults=fields)
    if created or _leads(page, _live_pages(page)):
        for name, value in fields.items():
            setattr(course, name, value)
        course.prerequisites.set(page.prerequisites.exclude(pk=course.pk))
    _held([course])
    course.retired_at = None
    course.save(update_fields=[*fields, "retired_at"])
    for child in page.get_children().live().specific():
        if isinstance(child, ActivityPage):
            _write_activity(child, course)
    number_activities(course)
    finish_waiting(course=course, at=at)
    return course


@transaction.atomic
def publish_activity(*, page: ActivityPage, at: datetime) -> Activity | None:
    """Writes the row that all languages of an activity page share; None while its course is not live.

    A requirement added later counts from now on: it never reopens an enrolment that was finished before. A page that was
    moved leaves no gap in the course from which it came. None as well for a page that was deleted meanwhile.
    """
    generation.bump()
    parent = page.get_parent()
    course = Course.objects.filter(translation_key=parent.translation_key, retired_at=None).first()
    if course is None:
        return None
    if not _hold(page):
        return None
    touched = _held({course, *_courses_of(page)})
    activity = _write_activity(page, course)
    for one in touched:
        number_activities(one)
        finish_waiting(course=one, at=at)
    return activity


def _hold(page: Page) -> bool:
    """A page, then its courses (`_held`), then rows of activities: everybody locks in this order. False: it is gone."""
    return Page.objects.select_for_update(no_key=True).filter(pk=page.pk).first() is not None


def _held(courses: Iterable[Course]) -> list[Course]:
    return list(Course.objects.select_for_update().filter(pk__in=[one.pk for one in courses]).order_by("pk"))


def _write_activity(page: ActivityPage, course: Course) -> Activity:
    fields = {"title": page.title, "is_required": page.is_required}
    activity, created = Activity.objects.get_or_create(
        translation_key=page.translation_key, defaults={"course": course, "kind": page.activity_kind, **fields}
    )
    if created or _leads(page, _live_pages(page)):
        for name, value in fields.items():
            setattr(activity, name, value)
    activity.course, activity.retired_at = course, None
    activity.save(update_fields=[*fields, "course", "retired_at"])  # the mark of a changed law is set by somebody else
    _cite(activity, _live_pages(page))
    return activity


@transaction.atomic
def prepare_activity(*, page: ActivityPage, at: datetime) -> Activity:
    """The row of a page that never went live, so that what hangs on rows can be written before; it is not on offer.

    Its course gets one likewise. What was live once is left as it is: its rows follow what is published.
    """
    generation.bump()  # the course's page says that a quiz is to come
    parent = page.get_parent().specific
    fields = {"topic": parent.topic, "is_sequential": parent.is_sequential}
    course = _prepare(Course, parent, at, **fields)
    touched = {course, *_courses_of(page)}
    activity = _prepare(Activity, page, at, course=course, kind=page.activity_kind, is_required=page.is_required)
    for one in touched:
        finish_waiting(course=one, at=at)
    return activity


def _courses_of(page: Page) -> list[Course]:
    """The course in which the row of a page stands so far."""
    return list(Course.objects.filter(activities__translation_key=page.translation_key))


def _prepare[Row: (Course, Activity)](rows: type[Row], page: Page, at: datetime, **fields: Any) -> Row:
    fields["title"] = page.title
    row, created = rows.objects.get_or_create(
        translation_key=page.translation_key, defaults={**fields, "retired_at": at}
    )
    if not created and row.retired_at and not was_live(page.translation_key) and _leads(page, _pages(page)):
        for name, value in fields.items():
            setattr(row, name, value)
        row.save(update_fields=list(fields))
    return row


def _pages(page: Page) -> QuerySet[Page]:
    """The pages of all languages that share a row."""
    pages: QuerySet[Page] = type(page).objects.filter(translation_key=page.translation_key)
    return pages


def _live_pages(page: Page) -> QuerySet[Page]:
    return _pages(page).filter(live=True)


def _leads(page: Page, pages: QuerySet[Page]) -> bool:
    """Whether one of the pages that share a row speaks for it: drafts are led by drafts, what is live by what is live."""
    others = pages.exclude(pk=page.pk).values_list("locale__language_code", flat=True)
    return all(rank(page.locale.language_code) < rank(language) for language in others)


def _cite(activity: Activity, pages: QuerySet[Page]) -> None:
    """An activity rests on what any of its pages cites."""
    cited = {pk for page in pages for pk in page.cited_legal_texts()}
    Citation.objects.filter(activity=activity).delete()
    Citation.objects.bulk_create(Citation(activity=activity, legal_text_id=pk) for pk in sorted(cited))


def number_activities(course: Course, *, gone: int | None = None) -> None:
    """Positions and minutes of the shared rows follow the Vietnamese pages; what has none of them comes behind. What nobody has to do
    adds no minutes: they are printed on certificates.

    The course's row is locked, so that two editors who publish at once do not give one position twice. `gone` is a page
    that is still live in the database and will not be.
    """
    Course.objects.select_for_update().get(pk=course.pk)
    rows = {row.translation_key: row for row in Activity.objects.offered().filter(course=course)}
    minutes = 0
    for position, (key, page) in enumerate(pages_of(rows, gone=gone).items(), start=1):
        Activity.objects.filter(pk=rows[key].pk).exclude(position=position).update(position=position)
        minutes += page.minutes if rows[key].is_required else 0
    Course.objects.filter(pk=course.pk).update(minutes=minutes)


@transaction.atomic
def retire_page(*, page: CoursePage | ActivityPage, at: datetime) -> None:
    """Retires the row behind a page that went away, unless another language of it is still live. History stays."""
    generation.bump()
    _hold(page)
    if isinstance(page, ActivityPage):
        _held(_courses_of(page))
    remaining = _live_pages(page).exclude(pk=page.pk)
    rows = Course if isinstance(page, CoursePage) else Activity
    if not remaining.exists():
        rows.objects.filter(translation_key=page.translation_key, retired_at=None).update(retired_at=at)
    if isinstance(page, ActivityPage):
        _renew(page, remaining, at)


def _renew(page: ActivityPage, remaining: QuerySet[Page], at: datetime) -> None:
    """What the rows say without a page that went away."""
    activity = Activity.objects.filter(translation_key=page.translation_key).select_related("course").first()
    if activity is None:
        return
    if activity.retired_at is None:
        _cite(activity, remaining)
    number_activities(activity.course, gone=page.pk)
    finish_waiting(course=activity.course, at=at)


@transaction.atomic
def forget_reviewer(*, page: LessonPage) -> None:
    """A fresh translation is a sample again: who reviewed the words in one language has not read the other's."""
    page.is_sample, page.reviewer_name, page.reviewer_unit, page.reviewed_on = True, "", "", None
    page.save()
    page.save_revision()
