"""Seats that were set apart for an officer's place: who is sent, who is sent instead, and what is left."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.db.models import Count, Exists, Min, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import managed_places, people_visible_to, staff_with
from accounts.models import Person, User
from accounts.queries import current_consent_texts, people_called
from lib import text
from lib.headings import heading
from lib.refusals import Refusal
from lib.typed import key_of
from workshops import access, actions, parallel, queries, rules
from workshops.access import TO_NOMINATE
from workshops.forms import RoomsForm
from workshops.models import HOLDING, Quota, Registration, Session
from workshops.rendering import consents

from .forms import KnownForm, NewForm

ICON = "group"
TO_SEE, TO_REGISTER = "accounts.view_person", "accounts.add_person"


@require_safe
@staff_with(TO_NOMINATE)
def quotas(request: HttpRequest, user: User) -> HttpResponse:
    """The quotas of workshops to come, the next first; those of workshops that are over, the latest first."""
    is_past = request.GET.get("truoc") == "1"
    held = Session.objects.filter(workshop=OuterRef("workshop"), cancelled_at=None)
    coming = Q(Exists(held.filter(ends_at__gte=timezone.now())), workshop__cancelled_at=None)
    mine = access.quotas_visible_to(user)
    rows = mine.exclude(coming) if is_past else mine.filter(coming)
    rows = rows.annotate(
        taken=Count("registrations", filter=Q(registrations__state__in=HOLDING), distinct=True),
        begins=Min("workshop__sessions__starts_at", filter=Q(workshop__sessions__cancelled_at=None)),
    )
    context = {
        "rows": rows.order_by("-begins" if is_past else "begins", "pk")[:200],
        "is_past": is_past,
        "past": mine.exclude(coming).count() if not is_past else 0,
    }
    return render(request, "workshops/admin/invite_quotas.html", context | heading(_("Cử người dự tập huấn"), ICON))


def _quota(user: User, pk: int) -> Quota:
    return get_object_or_404(access.quotas_visible_to(user), pk=pk)


def _instead_of(request: HttpRequest, quota: Quota) -> Registration | None:
    """Whose seat is given to another, as the address says."""
    if "thay" not in request.GET:
        return None
    found = access.nominees_of(quota).filter(pk=key_of(request.GET["thay"])).first()
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with(TO_NOMINATE)
def nominate(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """With `thay`, the key of somebody who was sent, the one who is chosen goes instead."""
    quota = _quota(user, pk)
    instead_of, query = _instead_of(request, quota), request.GET.get("q", "").strip()[:100]
    people = people_visible_to(user, TO_SEE)
    form = KnownForm(request.POST if request.method == "POST" else None, initial={"unit": quota.unit})
    rooms = _offer_rooms(form, quota, instead_of)
    if form.is_valid():
        person = people.filter(pk=key_of(request.POST.get("person", ""))).first()
        if done := _sent(request, user, quota, form, person, instead_of):
            return done
    found = people_called(people, query)
    here = Registration.objects.filter(workshop=quota.workshop, person__in=found, state__in=HOLDING)
    seated = set(here.values_list("person", flat=True))
    sent = [] if instead_of else access.nominees_of(quota).order_by("number")
    context = _about(quota) | {
        "form": form, "q": query, "instead_of": instead_of, "found": [(one, one.pk in seated) for one in found],
        "rows": [(one, _room(one, rooms)) for one in sent], "may_write": user.has_perm(TO_REGISTER),
    }  # fmt: skip
    return render(
        request,
        "workshops/admin/invite_nominate.html",
        context | _heading(quota, _("Cử người đi thay") if instead_of else ""),
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with(TO_NOMINATE)
def newcomer(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Somebody who is in no record yet; who looks the same is shown first."""
    quota = _quota(user, pk)
    if not user.has_perm(TO_REGISTER):
        raise Http404
    instead_of = _instead_of(request, quota)
    form = NewForm(
        request.POST or None,
        within=managed_places(user, TO_REGISTER),
        texts=current_consent_texts("vi"),
        initial=_usual(quota, instead_of),
    )
    _offer_rooms(form, quota, instead_of)
    twins: list[Person] = []
    if request.method == "POST" and form.is_valid():
        twins = twins_of(user, form)
        if not twins or "anyway" in request.POST:
            if done := _sent(request, user, quota, form, form.newcomer(), instead_of):
                return done
            form.data = request.POST.copy()
            form.data["form_token"] = str(uuid4())
    context = _about(quota) | {"form": form, "twins": twins, "instead_of": instead_of}
    return render(
        request,
        "workshops/admin/invite_new.html",
        context | _heading(quota, _("Ghi người mới")),
        status=422 if form.errors else 200,
    )


@require_safe
@staff_with(TO_NOMINATE)
def consent_form(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """For whoever is written down to read and sign: officers of other places have no other paper of the workshop."""
    quota = _quota(user, pk)
    try:
        data = consents.consent_form(quota.workshop, current_consent_texts("vi"))
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("workshops_inviting:nominate", pk)
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="phieu-dong-y.pdf"'
    return response


@require_POST
@staff_with(TO_NOMINATE)
def withdraw(request: HttpRequest, user: User, pk: int, registration: int) -> HttpResponse:
    quota = _quota(user, pk)
    one = get_object_or_404(access.nominees_of(quota), pk=registration)
    try:
        if actions.withdraw(registration=one, at=timezone.now()):
            messages.success(request, _("Đã rút %(person)s; chỗ ấy trở lại chỉ tiêu.") % {"person": one.person})
        else:
            messages.info(request, _("%(person)s không còn giữ chỗ nào, nên không cần rút.") % {"person": one.person})
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("workshops_inviting:nominate", pk)


def _offer_rooms(form: RoomsForm, quota: Quota, instead_of: Registration | None) -> parallel.Rooms:
    """Whoever comes in somebody's stead goes to the same rooms. Else the officer may choose, or leave it to the organiser."""
    found = parallel.rooms(quota.workshop)
    if instead_of is None:
        form.offer_rooms(found.parallel, parallel.seats(found.slots), required=False)
    return found


def _room(one: Registration, rooms: parallel.Rooms) -> str:
    if one.state not in HOLDING or not rooms.parallel:
        return ""
    return rooms.said(one.pk) or _("chưa xếp phòng")


def _sent(
    request: HttpRequest,
    user: User,
    quota: Quota,
    form: KnownForm | NewForm,
    person: Person | actions.Nominee | None,
    instead_of: Registration | None,
) -> HttpResponse | None:
    """Back to the quota, or None with the refusal in the form."""
    said: dict[str, Any] = {name: form.cleaned_data[name] for name in ("unit", "post")}
    try:
        if person is None:
            raise Refusal(_("Hãy tìm rồi chọn một người."))
        said |= {"instead_of": instead_of, "rooms": form.rooms()}
        made = actions.nominate(quota=quota, person=person, by=user, at=timezone.now(), **said)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return None
    told = {"person": made.person, "number": made.number, "other": instead_of.person if instead_of else ""}
    if instead_of:
        messages.success(request, _("%(person)s đi thay %(other)s, số thẻ %(number)s.") % told)
    else:
        messages.success(request, _("Đã cử %(person)s, số thẻ %(number)s.") % told)
    return redirect("workshops_inviting:nominate", quota.pk)


def twins_of(user: User, form: NewForm) -> list[Person]:
    data = form.cleaned_data
    alike = Q(search=text.fold(data["name"]), place=form.place_today())
    if data["phone"]:
        alike |= Q(search=text.fold(data["name"])) & (Q(user__phone=data["phone"]) | Q(contact_phone=data["phone"]))
    people = people_visible_to(user, TO_SEE).exclude(form_token=data["form_token"]).filter(alike)
    return list(people.select_related("place__parent")[:5])


def _usual(quota: Quota, instead_of: Registration | None) -> dict[str, Any]:
    place = instead_of.place if instead_of else quota.place
    is_commune = place is not None and place.is_current and place.parent_id is not None
    return {
        "unit": quota.unit,
        "place": capfirst(place.full_name) if place and is_commune else "",
    }


def _about(quota: Quota) -> dict[str, Any]:
    workshop, begins_at = quota.workshop, queries.begins_at(quota.workshop)
    is_over = bool(workshop.cancelled_at or workshop.closed_at) or rules.has_begun(begins_at, timezone.now())
    return {
        "quota": quota,
        "workshop": workshop,
        "begins_at": begins_at,
        "pool": queries.pool(workshop, quota),
        "may_change": not is_over,
    }


def _heading(quota: Quota, title: str) -> dict[str, Any]:
    above = [(reverse("workshops_inviting:quotas"), _("Cử người dự tập huấn"))]
    if title:
        above.append((reverse("workshops_inviting:nominate", args=[quota.pk]), quota.workshop.title))
    return heading(title or quota.workshop.title, ICON, *above)


PATTERNS = [
    path("", quotas, name="quotas"),
    path("<int:pk>/", nominate, name="nominate"),
    path("<int:pk>/nguoi-moi/", newcomer, name="newcomer"),
    path("<int:pk>/phieu-dong-y.pdf", consent_form, name="consent_form"),
    path("<int:pk>/rut/<int:registration>/", withdraw, name="withdraw"),
]
