"""A page of a course for one reader: where one is, what comes next, and why something is not open yet."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language

from accounts.access import person_of

from . import closing, reading, river, rules
from .access import Progress, progress_of
from .queries import CourseMap, Landing
from .reading import Entry


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
    reach = progress.reach(is_signed_in=is_signed_in)
    if entry.course and entry.landing:
        verdict = entry.course.readability(entry.landing.activity_id, reach)
        if not verdict.ok:
            return closing.not_yet(request, entry, verdict)
    context = {
        "course_map": entry.course,
        "landing": entry.landing,
        "progress": progress,
        "person": person,
        "is_signed_in": is_signed_in,
    }
    rivers = {}
    if course := entry.course:
        next_id = rules.next_step(course.steps, reach.done)
        context |= _outlook(course, entry.landing, progress, next_id)
        here_id = entry.landing.activity_id if entry.landing else next_id
        rivers = {part: partial(river.drawn, part, course, here_id, reach) for part in river.PARTS}
    response = HttpResponse(reading.fill(reading.body_of(request, entry), request, context, rivers))
    patch_vary_headers(response, ["Cookie"])
    response["Cache-Control"] = "private, no-cache" if is_signed_in else "no-cache"
    response.is_anonymous_page = not (has_session or entry.is_restricted)  # type: ignore[attr-defined]
    return response


def _outlook(course: CourseMap, landing: Landing | None, progress: Progress, next_id: int | None) -> dict[str, Any]:
    """How far this reader is, and the next stop. In a renewal what counts again is not done."""
    return {
        "next_landing": course.at(next_id),
        "after_landing": _after(course, landing),
        "done_count": river.done_count(course, progress.done),
        "required_count": len(course.required),
        "awaits_first": course.awaits_first(progress.done),
        "is_done": landing is not None and progress.is_done(landing.activity_id),
    }


def _after(course: CourseMap, landing: Landing | None) -> Landing | None:
    if landing is None:
        return None
    index = course.landings.index(landing)
    return course.landings[index + 1] if index + 1 < len(course.landings) else None
