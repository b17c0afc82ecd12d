"""Kind pages in place of one that is not open: what happened, what is kept, and the one step to take."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from wagtail.models import Page

from accounts.access import person_of

from . import learning, reading, rules
from .access import progress_of
from .models import Activity, Course, CoursePage
from .queries import was_live
from .reading import Entry


def not_yet(request: HttpRequest, entry: Entry, verdict: rules.Readability) -> HttpResponse:
    """Of a lesson whose turn has not come. 403, so that no cache or robot keeps it."""
    assert entry.course is not None  # noqa: S101 (only activities are judged)
    context = {
        "page": entry.page,
        "course_map": entry.course,
        "landing": entry.landing,
        "reason": verdict.reason.value,
        "first": entry.course.at(verdict.first_id),
        "there": request.get_full_path(),
    }
    return _unkept(render(request, "courses/not_yet.html", context, status=403))


def closed(request: HttpRequest, entry: Entry) -> HttpResponse:
    """Of a page whose course is not on offer, for everybody: what was learnt stays on record."""
    page = entry.page
    key = page.translation_key if isinstance(page, CoursePage) else page.get_parent().translation_key
    context = {"page": page, "was_open": was_live(key)}
    return _unkept(render(request, "courses/closed.html", context, status=404))


def taken_down(request: HttpRequest, path: str) -> HttpResponse | None:
    """Of a page that was unpublished or deleted, for who is in its course; None for everybody else, who is told no title.

    What is called by its name was live once, and its row keeps the title under which it was: drafts are not quoted.
    """
    person = person_of(request.user) if "sessionid" in request.COOKIES else None
    page = reading.once_live(request, path) if person else None
    course = _course_of(page or reading.once_live(request, _above(path))) if person else None
    enrolment_id = progress_of(person.pk, course.pk).enrolment_id if person and course else None
    if person is None or course is None or enrolment_id is None:
        return None
    activity = Activity.objects.filter(course=course, translation_key=page.translation_key).first() if page else None
    if elsewhere := _in_another_language(page, course, activity):
        return HttpResponseRedirect(elsewhere)
    context = {
        "course": course,
        "activity": activity,
        "begun": _begun(enrolment_id, activity) if activity else "",
        "go_on": "" if course.retired_at else learning.continue_address(person, course),
    }
    return _unkept(render(request, "courses/taken_down.html", context, status=404))


def _begun(enrolment_id: int, activity: Activity) -> str:
    """Where somebody goes on with what they began in it."""
    work = learning.own_work([enrolment_id], timezone.now())
    return next((one.address for one in work if one.activity_id == activity.pk and one.is_running), "")


def _in_another_language(page: Page | None, course: Course, activity: Activity | None) -> str | None:
    """Where a page stands that was taken down in one language alone."""
    if course.retired_at:
        return None
    if activity:
        return None if activity.retired_at else learning.address_of_activity(activity)
    return learning.address_of(course) if isinstance(page, CoursePage) else None


def _above(path: str) -> str:
    return path.strip("/").rpartition("/")[0]


def _course_of(page: Page | None) -> Course | None:
    """The course to which a page of it, or the place of a deleted one, belongs."""
    if page is None:
        return None
    found = page if isinstance(page, CoursePage) else page.get_parent()
    return Course.objects.filter(translation_key=found.translation_key).first()


def _unkept(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response
