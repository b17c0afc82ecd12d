"""The reading door, and the few posts of a learner. Each view: access → one action → page."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.views import serve as wagtail_serve

from accounts.access import consent_required, person_required, the_person
from lib.refusals import Refusal

from . import access, actions, closing, learning, reading, searching, showing
from .models import Activity

READING = ("GET", "HEAD")


def read(request: HttpRequest, path: str) -> HttpResponse:
    """Serves pages of the catalogue; everything else is Wagtail's. See docs/decisions on the reading door.

    A restricted page goes Wagtail's way first, which asks for log-in, group or password, and comes back to `show`.
    """
    entry = reading.shelf.get(request, path) if request.method in READING else None
    if entry is None and request.method in READING and (told := closing.taken_down(request, path)):
        return told
    if entry is None or entry.is_restricted:
        return wagtail_serve(request, path)
    return showing.show(request, entry)


@never_cache
@require_safe
@person_required
def my_learning(request: HttpRequest) -> HttpResponse:
    own = learning.of(the_person(request), timezone.now())
    is_done = bool(own.courses) and all(course.enrolment.completed_at for course in own.courses)
    context = {"own": own, "first": own.first, "is_done": is_done, "current": "learning"}
    return render(request, "courses/my_learning.html", context)


@require_POST
@consent_required
def enrol(request: HttpRequest, key: UUID) -> HttpResponse:
    access.admit(request, key)
    course = access.find_course(key)
    try:
        actions.enrol(person=the_person(request), course=course, at=timezone.now())
    except Refusal as refusal:
        messages.warning(request, str(refusal))
        return HttpResponseRedirect(learning.address_of(course) or reverse("courses:my_learning"))
    return HttpResponseRedirect(learning.continue_address(the_person(request), course))


def go_on(request: HttpRequest, activity: Activity) -> HttpResponse:
    """Who signed up or logged in at the end of a lesson comes back here: one press from the next one, with nothing to read again."""
    person = the_person(request)
    is_done = access.progress_of(person.pk, activity.course_id).is_done(activity.pk)
    if is_done or activity.kind != "lesson" or not access.readable(person, activity).ok:
        return HttpResponseRedirect(learning.continue_address(person, activity.course))
    context = {"title": learning.activity_title(activity), "address": learning.address_of_activity(activity)}
    return render(request, "courses/go_on.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@consent_required
def complete(request: HttpRequest, key: UUID) -> HttpResponse:
    """ "Đã đọc xong": records the lesson and leads to the next one; in the open first lesson it enrols as well."""
    access.admit(request, key)
    activity, person = access.find_activity(key), the_person(request)
    if activity is None:
        messages.warning(
            request,
            _(
                "Bài này vừa được gỡ khỏi trang, nên lần này chưa ghi là đã đọc. Những bài đã xong vẫn được giữ; anh/chị học tiếp từ danh sách dưới đây."
            ),
        )
        return redirect("courses:my_learning")
    if request.method != "POST":
        return go_on(request, activity)
    if activity.kind != "lesson" or not access.readable(person, activity).ok:
        messages.warning(
            request,
            _(
                "Bài này chưa mở, nên chưa ghi là đã đọc. Những bài đã xong vẫn được giữ; anh/chị học tiếp theo thứ tự trong khóa."
            ),
        )
        return HttpResponseRedirect(learning.address_of(activity.course) or reverse("courses:my_learning"))
    try:
        enrolment = actions.enrol(person=person, course=activity.course, at=timezone.now())
        actions.complete_activity(enrolment=enrolment, activity=activity, at=timezone.now())
    except Refusal as refusal:
        messages.warning(request, str(refusal))
        return HttpResponseRedirect(learning.address_of(activity.course) or reverse("courses:my_learning"))
    return HttpResponseRedirect(learning.continue_address(person, activity.course))


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "").strip()[:100]
    hits = searching.search(query, request) if query else []
    return render(request, "courses/search.html", {"query": query, "hits": hits})
