"""A page of a course for one reader: where one is, what comes next, and why something is not open yet."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language

from accounts.access import person_of

from . import closing, reading, rules
from .access import Progress, progress_of
from .queries import CourseMap, Landing
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
        return closing.closed(request, entry)
    has_session = "sessionid" in request.COOKIES
    person = person_of(request.user) if has_session else None
    is_signed_in = has_session and request.user.is_authenticated
    progress = progress_of(person.pk if person else None, entry.course.course_id) if entry.course else Progress()
    if entry.course and entry.landing:
        verdict = judge(entry.course, entry.landing.activity_id, progress, is_signed_in=is_signed_in)
        if not verdict.ok:
            return closing.not_yet(request, entry, verdict)
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
