"""One delegate whom the organiser writes down by hand, as somebody who rang up: out of the records, or new to them."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.access import managed_places, people_visible_to, staff_with
from accounts.models import Person, User
from accounts.queries import current_consent_texts, people_called
from lib.headings import heading
from lib.refusals import Refusal
from lib.typed import key_of
from workshops import actions, parallel, queries
from workshops.access import TO_MANAGE, workshops_visible_to
from workshops.models import HOLDING, Gender, Quota, Registration, RegistrationState, Session, Workshop

from .forms import KnownForm, NewForm
from .nominating import TO_REGISTER, TO_SEE, twins_of

ICON = "user"


class QuotaField(forms.ModelChoiceField):
    def __init__(self, workshop: Workshop) -> None:
        super().__init__(
            workshop.quotas.select_related("place__parent").order_by("pk"),
            required=False,
            label=gettext_lazy("Tính vào chỉ tiêu"),
            empty_label=gettext_lazy("không chỉ tiêu nào"),
        )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with(TO_MANAGE)
def add(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """With a person's key whoever is meant is in the records; else the form says who it is. Who looks the same is shown first. `ky`: the session
    on an empty row of whose list somebody signed."""
    workshop = get_object_or_404(workshops_visible_to(user, TO_MANAGE), pk=pk)
    signed = _signed(request, workshop)
    known, new = _forms(request, user, workshop, has_rooms=signed is None)
    people, query, twins = people_visible_to(user, TO_SEE), request.GET.get("q", "").strip()[:100], []
    if known.is_bound and known.is_valid():
        person = people.filter(pk=key_of(request.POST.get("person", ""))).first()
        if done := _added(request, user, workshop, known, person, signed):
            return done
    elif new and new.is_bound and new.is_valid():
        twins = twins_of(user, new)
        if (not twins or "anyway" in request.POST) and (
            done := _added(request, user, workshop, new, new.newcomer(), signed)
        ):
            return done
    found = twins or people_called(people, query)
    seated = Registration.objects.filter(workshop=workshop, person__in=found, state__in=HOLDING)
    there = set(seated.values_list("person", flat=True))
    context = {
        "workshop": workshop, "signed": signed, "known": known, "form": new, "q": query, "found": [(one, one.pk in there) for one in found], "twins": twins,
        "may_change": not (workshop.closed_at or workshop.cancelled_at),
    }  # fmt: skip
    above = [
        (reverse("workshops_admin:workshops"), _("Lớp tập huấn")),
        (reverse("workshops_admin:workshop", args=[pk]), workshop.title),
    ]
    is_wrong = any(form is not None and form.errors for form in (known, new))
    return render(
        request,
        "workshops/admin/plan_add.html",
        context | heading(_("Thêm một đại biểu"), ICON, *above),
        status=422 if is_wrong else 200,
    )


def _signed(request: HttpRequest, workshop: Workshop) -> Session | None:
    if "ky" not in request.GET:
        return None
    held = workshop.sessions.filter(cancelled_at=None, closed_at=None, starts_at__lte=timezone.now())
    return get_object_or_404(held, pk=key_of(request.GET["ky"]))


def _forms(
    request: HttpRequest, user: User, workshop: Workshop, *, has_rooms: bool
) -> tuple[KnownForm, NewForm | None]:
    """For somebody in the records, and for a newcomer, whom not everybody may write down."""
    is_known = "person" in request.POST
    data = request.POST if request.method == "POST" else None
    known, new = KnownForm(data if is_known else None), None
    slots = parallel.choices(workshop) if has_rooms else []
    pools = parallel.seats(slots)
    day = queries.day_of_before(workshop, localdate())
    known.ask_place_of(day, user)
    if user.has_perm(TO_REGISTER):
        within, texts = managed_places(user, TO_REGISTER), current_consent_texts("vi")
        new = NewForm(None if is_known else data, within=within, day=day, texts=texts)
    for form in filter(None, (known, new)):
        form.fields["gender"] = forms.ChoiceField(
            choices=[("", _("chưa rõ")), *Gender.choices], required=False, label=_("Nam hay nữ")
        )
        form.fields["quota"] = QuotaField(workshop)
        form.offer_rooms(slots, pools, required=False)
    return known, new


def _added(
    request: HttpRequest,
    user: User,
    workshop: Workshop,
    form: KnownForm | NewForm,
    person: Person | actions.Nominee | None,
    signed: Session | None,
) -> HttpResponse | None:
    """Back to the workshop, or to the signed list, or None with the refusal in the form."""
    quota: Quota | None = form.cleaned_data["quota"]
    said: dict[str, Any] = {name: form.cleaned_data[name] for name in ("unit", "post", "gender")}
    try:
        if person is None:
            raise Refusal(_("Hãy tìm rồi chọn một người."))
        made = actions.add_delegate(
            workshop=workshop,
            person=person,
            quota=quota,
            rooms=form.rooms(),
            place=form.place_then(),
            signed=signed,
            by=user,
            at=timezone.now(),
            **said,
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return None
    told = {"person": made.person, "number": made.number}
    if signed:
        messages.success(request, _("Đã ghi %(person)s có mặt, bổ sung tại chỗ, số thẻ %(number)s.") % told)
        return redirect("workshops_desk:sheet", signed.pk)
    if made.state == RegistrationState.WAITING:
        messages.warning(request, _("Lớp đã hết chỗ, nên %(person)s vào danh sách dự bị.") % told)
    else:
        messages.success(request, _("%(person)s có chỗ, số thẻ %(number)s.") % told)
    return redirect(reverse("workshops_admin:workshop", args=[workshop.pk]) + "#dai-bieu")
