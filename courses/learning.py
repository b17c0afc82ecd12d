"""What a learner sees of a course: where one is, what comes next, and why something is not open yet."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from wagtail.models import Page

from accounts.access import person_of
from accounts.models import Person

from . import reading, rules
from .access import Progress, progress_of
from .models import Activity, Course, CoursePage, Enrolment
from .queries import CourseMap, Landing, was_live
from .reading import Entry


@dataclass(frozen=True)
class Stop:
    """A landing on a learner's river."""

    landing: Landing
    number: int
    state: str  # "done", "here", "" for what is still ahead
    lock: str  # why it is not open yet: "sign_up", "enrol", "order"; "" when it is
    opens_after: "Stop | None"  # what opens it when it is locked by the order; None also where that has no page


def show(request: HttpRequest, entry: Entry) -> HttpResponse:
    """A page for this reader, or a kind page that says why it is not open (docs/decisions/0001-reading-door.md)."""
    if (
        entry.language != get_language()
    ):  # no page in the address's language: its words are never under a foreign address
        return HttpResponseRedirect(entry.page.get_url() or "/")
    if entry.is_closed:
        return closed(request, entry)
    has_session = "sessionid" in request.COOKIES
    person = person_of(request.user) if has_session else None
    is_signed_in = has_session and request.user.is_authenticated
    progress = progress_of(person.pk if person else None, entry.course.course_id) if entry.course else Progress()
    if entry.course and entry.landing:
        verdict = judge(entry.course, entry.landing.activity_id, progress, is_signed_in=is_signed_in)
        if not verdict.ok:
            return not_yet(request, entry, verdict)
    context = {
        "course_map": entry.course,
        "landing": entry.landing,
        "progress": progress,
        "person": person,
        "is_signed_in": is_signed_in,
        **outlook(entry, progress, is_signed_in=is_signed_in),
    }
    response = HttpResponse(reading.fill(reading.body_of(request, entry), request, context))
    patch_vary_headers(response, ["Cookie"])
    response["Cache-Control"] = "private, no-cache" if is_signed_in else "no-cache"
    response.is_anonymous_page = not (has_session or entry.is_restricted)  # type: ignore[attr-defined]
    return response


def judge(course: CourseMap, activity_id: int, progress: Progress, *, is_signed_in: bool) -> rules.Readability:
    return rules.readability(
        steps=list(course.steps),
        activity_id=activity_id,
        is_sequential=course.is_sequential,
        is_signed_in=is_signed_in,
        is_enrolled=progress.enrolment_id is not None,
        done=progress.done,
    )


def outlook(entry: Entry, progress: Progress, *, is_signed_in: bool) -> dict[str, Any]:
    """The river with this reader's place in it, the next stop, and how far it is."""
    course = entry.course
    if course is None:
        return {}
    next_id = rules.next_step(course.steps, progress.done)
    here_id = entry.landing.activity_id if entry.landing else next_id
    required = course.required
    return {
        "stops": stops(course, progress, here_id, is_signed_in=is_signed_in),
        "next_landing": course.at(next_id),
        "after_landing": _after(course, entry.landing),
        "done_count": sum(step.activity_id in progress.done for step in required),
        "required_count": len(required),
        "percent": rules.percent(required, progress.done),
        "awaits_first": course.awaits_first(progress.done),
        "is_done": entry.landing is not None and entry.landing.activity_id in progress.done,
    }


def _after(course: CourseMap, landing: Landing | None) -> Landing | None:
    if landing is None:
        return None
    index = course.landings.index(landing)
    return course.landings[index + 1] if index + 1 < len(course.landings) else None


def stops(course: CourseMap, progress: Progress, here_id: int | None, *, is_signed_in: bool) -> list[Stop]:
    made: dict[int, Stop] = {}
    for number, landing in enumerate(course.landings, start=1):
        pk = landing.activity_id
        state = "here" if pk == here_id else "done" if pk in progress.done else ""
        verdict = judge(course, pk, progress, is_signed_in=is_signed_in)
        key = rules.key_to(course.steps, pk, progress.done)
        made[pk] = Stop(landing, number, state, "" if verdict.ok else verdict.reason.value, made.get(key or 0))
    return list(made.values())


def not_yet(request: HttpRequest, entry: Entry, verdict: rules.Readability) -> HttpResponse:
    """A kind page: what is missing, what is kept, and the one step to take. 403, so that no cache or robot keeps it."""
    assert entry.course is not None  # noqa: S101 (only activities are judged)
    context = {
        "page": entry.page,
        "course_map": entry.course,
        "landing": entry.landing,
        "reason": verdict.reason.value,
        "first": entry.course.at(verdict.first_id),
        "there": request.get_full_path(),
    }
    response = render(request, "courses/not_yet.html", context, status=403)
    response["Cache-Control"] = "private, no-store"
    return response


def closed(request: HttpRequest, entry: Entry) -> HttpResponse:
    """A kind page instead of a lesson whose course is not on offer, for everybody: what was learnt stays on record."""
    page = entry.page
    key = page.translation_key if isinstance(page, CoursePage) else page.get_parent().translation_key
    context = {"page": page, "was_open": was_live(key)}
    response = render(request, "courses/closed.html", context, status=404)
    response["Cache-Control"] = "private, no-store"
    return response


def course_page(course: Course) -> CoursePage | None:
    """The live page of a course in the reader's language, else in any language."""
    return reading.shelf.course(course)[0]


def activity_title(activity: Activity) -> str:
    """What an activity is called in the reader's language; its own title where it has no page in it."""
    language = get_language() or "vi"

    def find() -> str:
        pages = Page.objects.live().filter(translation_key=activity.translation_key, locale__language_code=language)
        return pages.values_list("title", flat=True).first() or activity.title

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
    landing = course_map.at(rules.next_step(course_map.steps, progress.done))
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


def courses_of(person: Person) -> list[LearnersCourse]:
    """A person's courses, unfinished ones first, then the most recently used; those whose page is gone keep their title
    and record."""
    enrolments = Enrolment.objects.filter(person=person).select_related("course").prefetch_related("completions")
    arranged = enrolments.alias(is_finished=Q(completed_at__isnull=False)).order_by("is_finished", "-last_active_at")
    return [_learners_course(enrolment) for enrolment in arranged]


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
