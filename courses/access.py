"""Fetching is authorising: a person's own progress, and the enrolments that a manager may see."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, FilteredRelation, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from wagtail.models import Page

from accounts.access import AnyUser, managed_places, person_of
from accounts.models import Person

from . import renewals, rules
from .models import Activity, Cohort, Course, Enrolment
from .queries import steps_of


@dataclass(frozen=True)
class Progress:
    """One person in one course, from one query; `enrolment_id` is None for somebody who is not in it. In a renewal, `again` is
    what is done anew and what is still to be."""

    enrolment_id: int | None = None
    completed_at: datetime | None = None
    done: frozenset[int] = frozenset()
    again: renewals.Progress | None = None

    def is_done(self, activity_id: int) -> bool:
        """Nothing is left to do in an activity now."""
        return activity_id in self.done and not (self.again and activity_id in self.again.left)

    def reach(self, *, is_signed_in: bool) -> rules.Reach:
        return rules.Reach(self.done, self.enrolment_id is not None, is_signed_in)


# Put together once, as every page of a course asks for it.
_RUNNING = FilteredRelation(
    "renewals", condition=Q(renewals__completed_at=None, renewals__ended_at=None)
)  # one at most
_PROGRESS = Enrolment.objects.annotate(running=_RUNNING).values_list(
    "pk", "completed_at", "completions__activity", "running__pk"
)


def progress_of(person_id: int | None, course_id: int) -> Progress:
    if person_id is None:
        return Progress()
    rows = list(_PROGRESS.filter(person=person_id, course=course_id))
    if not rows:
        return Progress()
    enrolment_id, completed_at, _activity, renewal_id = rows[0]
    again = renewals.running(enrolment_id) if renewal_id else None
    return Progress(enrolment_id, completed_at, frozenset(row[2] for row in rows if row[2] is not None), again)


def readable(person: Person | None, activity: Activity) -> rules.Readability:
    """Whether somebody (None: nobody logged in) may open an activity now."""
    progress = progress_of(person.pk if person else None, activity.course_id)
    return rules.readability(
        steps=steps_of(activity.course_id),
        activity_id=activity.pk,
        is_sequential=activity.course.is_sequential,
        reach=progress.reach(is_signed_in=person is not None),
    )


def find_course(key: UUID) -> Course:
    """A course by the key that its pages share, on offer or not: whoever presses too late is told so by the action."""
    return get_object_or_404(Course, translation_key=key)


def find_activity(key: UUID) -> Activity | None:
    """An activity on offer in a course on offer; None for one that was taken down, 404 for a key that never was one."""
    known = Activity.objects.filter(translation_key=key)
    offered = Activity.objects.offered().filter(course__retired_at=None)
    activity = offered.select_related("course").filter(translation_key=key).first()
    if activity is None and not known.exists():
        raise Http404
    return activity


def admit(request: HttpRequest, key: UUID) -> None:
    """404 where Wagtail's restrictions close all pages of a course or activity to this visitor: what may not be read is
    neither joined, nor ticked off, nor asked about."""
    pages = list(Page.objects.live().filter(translation_key=key))
    if pages and not any(_lets_in(page, request) for page in pages):
        raise Http404


def _lets_in(page: Page, request: HttpRequest) -> bool:
    return all(restriction.accept_request(request) for restriction in page.get_view_restrictions())


def enrolments_visible_to(user: AnyUser, permission: str) -> QuerySet[Enrolment]:
    """Enrolments recorded in the places in which a user may do this: counts stay where they arose."""
    places = managed_places(user, permission)
    # Few people are merged: leaving them out is cheaper than joining everybody.
    enrolments = Enrolment.objects.exclude(person__in=Person.objects.filter(merged_into__isnull=False))
    return enrolments if places is None else enrolments.filter(place__in=places)


TO_OPEN_COHORTS = "courses.add_cohort"
TO_CHANGE_COHORTS = "courses.change_cohort"


def cohorts_visible_to(user: AnyUser, permission: str) -> QuerySet[Cohort]:
    """Cohorts whose place lies within those in which a user may do this; the whole country's for whoever may everywhere."""
    places = managed_places(user, permission)
    return Cohort.objects.all() if places is None else Cohort.objects.filter(place__in=places)


def cohorts_wholly_visible_to(user: AnyUser, permission: str) -> QuerySet[Cohort]:
    """Those of them without a member who belongs to other officers."""
    cohorts, places = cohorts_visible_to(user, permission), managed_places(user, permission)
    if places is None:
        return cohorts
    members = Enrolment.objects.filter(cohort=OuterRef("pk"), person__merged_into=None)
    return cohorts.exclude(Exists(members.exclude(place__in=places)))


def enrolments_to_gather(user: AnyUser, cohort: Cohort) -> QuerySet[Enrolment]:
    """Who may be put into a cohort: enrolled in its course, in the places of a user, not in it yet, and not oneself."""
    mine = enrolments_visible_to(user, TO_CHANGE_COHORTS).filter(course=cohort.course_id)
    mine = mine.exclude(cohort=cohort).select_related("person", "place")
    return mine.exclude(person=own) if (own := person_of(user)) else mine
