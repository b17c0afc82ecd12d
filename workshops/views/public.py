"""Workshops for everybody who may see them, and the form by which a delegate registers."""

from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import consent_required, person_of, the_person
from accounts.models import OfficialLevel, Person, SubjectKind, SubjectRole
from lib import limits
from lib.refusals import Refusal
from workshops import access, actions, parallel, rendering, showing
from workshops.actions import telling
from workshops.forms import RegistrationForm
from workshops.models import HOLDING, Registration, RegistrationSource, RegistrationState, SeenBy
from workshops.showing import Shown

AT_A_TIME = 20  # past workshops on one page
JUST_SIGNED_UP = timedelta(hours=1)  # the form is the last step of that way then
OPEN_STATES = (*HOLDING, RegistrationState.WAITING)


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    upcoming, past = showing.cards()
    pages = Paginator(past, AT_A_TIME)
    context = {"upcoming": upcoming, "past": pages.get_page(request.GET.get("trang")), "current": "workshops"}
    return _for_readers(request, render(request, "workshops/list.html", context), is_lasting=True)


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    shown = showing.find(request, slug)
    person = person_of(request.user) if _has_session(request) else None
    own = access.registration_of(person, shown.workshop) if person else None
    outlook = showing.outlook(shown, timezone.now())
    context = {
        "shown": shown,
        "workshop": shown.workshop,
        "outlook": outlook,
        "own": own if own and own.state in OPEN_STATES else None,
        "current": "workshops",
    }
    # Seats are counted anew for each reader; once it is over there is nothing more to count.
    response = _for_readers(request, render(request, "workshops/page.html", context), is_lasting=outlook.is_over)
    return _unlisted(response, shown)


def _has_session(request: HttpRequest) -> bool:
    return "sessionid" in request.COOKIES


def _for_readers(request: HttpRequest, response: HttpResponse, *, is_lasting: bool) -> HttpResponse:
    """As pages of the catalogue are given out (docs/decisions/0001-reading-door.md)."""
    patch_vary_headers(response, ["Cookie"])
    response["Cache-Control"] = "private, no-cache" if _has_session(request) else "no-cache"
    response.is_anonymous_page = is_lasting and not _has_session(request)  # type: ignore[attr-defined]
    return response


def _unlisted(response: HttpResponse, shown: Shown) -> HttpResponse:
    """What is not in the list is in no robot's list either, and of what only some may see nothing is kept on the way."""
    if not shown.is_listed:
        response["X-Robots-Tag"] = "noindex"
    if shown.workshop.seen_by == SeenBy.INVITED:
        response["Cache-Control"] = "private, no-store"
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@consent_required
def register(request: HttpRequest, slug: str) -> HttpResponse:
    """Who is not logged in goes through the usual door and comes back here."""
    shown = showing.find(request, slug)
    own = access.registration_of(the_person(request), shown.workshop)
    if own and own.state in OPEN_STATES:
        return redirect("workshops:ticket", code=own.code)
    outlook = showing.outlook(shown, timezone.now())
    if not outlook.is_open:
        messages.warning(request, _("Lớp này hiện không nhận đăng ký, nên chưa ghi gì."))
        return redirect("workshops:page", slug=slug)
    data = request.POST if request.method == "POST" else None
    person = Person.objects.select_related("subject", "place__parent").get(pk=the_person(request).pk)
    usual = _usual(person, own)
    form = RegistrationForm(data, questions=shown.questions, initial=usual)
    form.answered(own.answers if own else {})
    slots = shown.choices if outlook.pool.has_room else []
    form.offer_rooms(slots, parallel.seats(slots), before=_rooms_before(own, slots), at_most=outlook.pool.free)
    if form.is_valid() and (made := _registered(request, shown, form)):
        _say(request, made)
        return redirect("workshops:ticket", code=made.code)
    context = {
        "shown": shown, "workshop": shown.workshop, "outlook": outlook, "form": form, "person": person,
        "hears": telling.hears_of_turns(person), "is_known": bool(usual["unit"]) and bool(person.subject or own), "is_new": timezone.now() - person.created_at < JUST_SIGNED_UP,
    }  # fmt: skip
    return render(request, "workshops/register.html", context, status=422 if form.errors else 200)


def _registered(request: HttpRequest, shown: Shown, form: RegistrationForm) -> Registration | None:
    limits.take(request, "register_workshop")
    try:
        return actions.register(
            workshop=shown.workshop,
            person=the_person(request),
            source=RegistrationSource.SELF,
            unit=form.cleaned_data["unit"],
            post=form.cleaned_data["post"],
            answers=form.answers(),
            rooms=form.rooms(),
            at=timezone.now(),
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        left = showing.outlook(shown, timezone.now()).pool.free
        form.offer_rooms(form.slots, parallel.seats(form.slots), at_most=left)  # as they are now
        return None


def _usual(person: Person, before: Registration | None) -> dict[str, str]:
    """What the account says, or what was said before by somebody who cancelled; in Vietnamese, as it stands on badges and lists."""
    if before:
        return {"unit": before.unit, "post": before.post}
    with override("vi"):
        if person.subject:
            is_head_of_household = (person.subject.kind, person.subject_role) == (
                SubjectKind.HOUSEHOLD,
                SubjectRole.HEAD,
            )
            post = "Chủ hộ" if is_head_of_household else capfirst(person.get_subject_role_display())
            return {"unit": person.subject.name, "post": post}
        is_of_commune = person.official_level == OfficialLevel.COMMUNE
        return {"unit": f"UBND {person.place}" if is_of_commune else "", "post": ""}


def _rooms_before(own: Registration | None, slots: list[parallel.Slot]) -> list[int]:
    """Of who cancelled: what they had chosen."""
    if own is None or not slots:
        return []
    return [one.pk for one in parallel.rooms(own.workshop, slots=slots, of_one=own).own(own.pk)]


def _say(request: HttpRequest, made: Registration) -> None:
    if made.state == RegistrationState.WAITING:
        said = _("Đã ghi anh/chị vào danh sách dự bị.")
        messages.info(request, f"{said} {_('Có chỗ trống, chúng tôi nhắn tin ngay.')}" if telling.hears(made) else said)
    else:
        messages.success(request, _("Đăng ký xong: anh/chị đã có chỗ. Dưới đây là vé của anh/chị."))


@require_safe
def programme(request: HttpRequest, slug: str) -> HttpResponse:
    limits.take(request, "print_workshop")
    shown = showing.find(request, slug)
    try:
        data = rendering.programme(shown)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
        return HttpResponseRedirect(reverse("workshops:page", args=[slug]))
    return _unlisted(_file(data, "application/pdf", f"chuong-trinh-{slug}.pdf"), shown)


@require_safe
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """What stands beside the address where it is shared; the site's own picture where it cannot be drawn."""
    limits.take(request, "print_workshop")
    shown = showing.find(request, slug)
    try:
        data = rendering.preview(shown)
    except Refusal:
        return redirect(static("img/preview.jpg"))
    return _unlisted(_file(data, "image/jpeg", f"{slug}.jpg"), shown)


@require_safe
def calendar(request: HttpRequest, slug: str) -> HttpResponse:
    shown = showing.find(request, slug)
    if not shown.sessions:
        raise Http404
    text = rendering.calendar(shown, now=timezone.now())
    return _unlisted(_file(text.encode(), rendering.CALENDAR, f"{slug}.ics"), shown)


def _file(data: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=kind)
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["Cache-Control"] = "no-cache"
    return response
