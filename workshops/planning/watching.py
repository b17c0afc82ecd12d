"""Workshops looked after: the list, and a workshop's own page with its delegates."""

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import managed_places, people_visible_to, staff_with
from accounts.forms.places import PlaceOfDayField
from accounts.models import Person, User
from accounts.queries import people_called
from certificates.access import TO_REISSUE
from lib import text
from lib.headings import heading
from lib.refusals import Refusal
from lib.typed import TypedField, key_of
from provinces.models import Place
from workshops import actions, parallel, queries
from workshops.access import TO_LOOK, TO_MANAGE, TO_PLAN, delegates_visible_to, quotas_visible_to, workshops_visible_to
from workshops.actions import telling
from workshops.inviting import unreached
from workshops.models import (
    HOLDING,
    Registration,
    RegistrationSource,
    RegistrationState,
    Session,
    Workshop,
)
from workshops.reporting.rolls import genders_of

from . import delegates as listed
from . import known, standing
from .pages import ICON, PARTS
from .steps import Steps

A_PAGE = 50
_PARTS = [
    ("workshops_admin:edit_details", gettext_lazy("Thông tin chung")),
    *((f"workshops_admin:edit_{name}", label) for name, (_kinds, label) in PARTS.items()),
]
TO_SEE_PEOPLE, TO_REGISTER = "accounts.view_person", "accounts.add_person"


def _counted(workshops: QuerySet[Workshop]) -> QuerySet[Any]:
    held = Q(sessions__cancelled_at=None)
    seats = Count("registrations", filter=Q(registrations__state__in=HOLDING), distinct=True)
    waits = Count("registrations", filter=Q(registrations__state=RegistrationState.WAITING), distinct=True)
    days = {"begins": Min("sessions__starts_at", filter=held), "ends": Max("sessions__ends_at", filter=held)}
    return workshops.annotate(seats=seats, waits=waits, **days)


def _to_come(now: datetime) -> Exists:
    return Exists(Session.objects.filter(workshop=OuterRef("pk"), cancelled_at=None, ends_at__gte=now))


@require_safe
@staff_with(TO_LOOK)
def workshops(request: HttpRequest, user: User) -> HttpResponse:
    """Those to come, the next first; those that are over or cancelled, the latest first."""
    now, mine = timezone.now(), workshops_visible_to(user, TO_LOOK)
    query = request.GET.get("q", "").strip()[:100]
    coming = Q(_to_come(now), cancelled_at=None)
    is_past = request.GET.get("truoc") == "1"
    counts = {"coming": mine.filter(coming).count(), "past": mine.exclude(coming).count()}
    rows = _counted(mine.exclude(coming) if is_past else mine.filter(coming))
    ordered = list(rows.order_by("-begins", "-pk") if is_past else rows.order_by("begins", "pk"))
    words = text.fold(query).split()
    found = [row for row in ordered if all(word in text.fold(f"{row.title} {row.venue} {row.place}") for word in words)]
    page = Paginator(found, A_PAGE).get_page(request.GET.get("p"))
    runs = workshops_visible_to(user, TO_MANAGE).filter(pk__in=[row.pk for row in page], closed_at=None)
    to_call = unreached.by_workshop(runs.order_by().values("pk"), now)
    for row in page:
        row.to_call = len(to_call.get(row.pk, []))  # for the template
    context = {
        "page": page, "is_past": is_past, "q": query, **counts,
        "may_plan": user.has_perm(TO_PLAN), "may_nominate": quotas_visible_to(user).exists(),
    }  # fmt: skip
    return render(request, "workshops/admin/plan_list.html", context | heading(_("Lớp tập huấn"), ICON))


class DelegatesForm(forms.Form):
    q = forms.CharField(required=False, max_length=100, label=gettext_lazy("Tìm đại biểu, đơn vị, nơi ở, số thẻ"))
    state = forms.ChoiceField(
        required=False,
        choices=[("", gettext_lazy("tất cả")), *RegistrationState.choices],
        label=gettext_lazy("Tình trạng"),
    )
    source = forms.ChoiceField(
        required=False, choices=[("", gettext_lazy("tất cả")), *RegistrationSource.choices], label=gettext_lazy("Nguồn")
    )

    def found(self, delegates: QuerySet[Registration]) -> list[Registration]:
        said = self.cleaned_data if self.is_valid() else {}
        only = {name: said[name] for name in ("state", "source") if said.get(name)}
        rows = delegates.filter(**only).select_related(
            "person__user", "place__parent", "quota__place", "replaces__person"
        )
        words = text.fold(said.get("q", "")).split()
        return [row for row in rows.order_by("number") if all(word in _folded(row) for word in words)]


def _folded(row: Registration) -> str:
    return text.fold(f"{row.number} {row.person.name} {row.unit} {row.place.full_name}")


@require_safe
@staff_with(TO_LOOK)
def workshop(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    found = get_object_or_404(_counted(workshops_visible_to(user, TO_LOOK)).prefetch_related("sessions"), pk=pk)
    delegates = delegates_visible_to(user, found)
    form = DelegatesForm(request.GET or None)
    rows = Paginator(form.found(delegates), A_PAGE).get_page(request.GET.get("p"))
    runs = workshops_visible_to(user, TO_MANAGE).filter(pk=pk).exists()
    page, pools, asked = known.page_of(found), queries.pools(found), listed.asked_of(found)
    steps = Steps(found, standing.of(found, timezone.now()), may_change=runs, may_print=user.has_perm(TO_REISSUE))
    quotas = [(one, pools[one.pk].taken) for one in found.quotas.select_related("place__parent").order_by("pk")]
    all_delegates = delegates.count()
    seated = Registration.objects.filter(workshop=found, state__in=HOLDING).values_list("gender", flat=True)
    turns = queries.turns(found) if found.waits else {}
    to_call = unreached.of(found, timezone.now()) if runs else []
    for row in rows:
        row.turn = turns.get(row.pk)  # type: ignore[attr-defined]  # for the template
    context = {
        "workshop": found,
        "page": page if page and page.live else None,
        "sessions": found.sessions.all(),
        "next": steps.next() if runs else None,
        "offered": [one for one in to_call if one.is_offer],
        "removed": [one for one in to_call if not one.is_offer],
        "groups": list(steps.groups()),
        "parts": steps.parts(_PARTS, quotas=len(quotas)),
        "quotas": quotas,
        "open": pools[None],
        "genders": genders_of(seated),
        "form": form,
        "rows": rows,
        "people": listed.rows_of(list(rows), found, asked, user, runs=runs),
        "slots": len(slots := parallel.of(found)),
        "side_by_side": [slot for slot in slots if slot.is_parallel],
        "counted": listed.counted(delegates, asked),
        "all": all_delegates,
        "elsewhere": Registration.objects.filter(workshop=found).count() - all_delegates,
        "query": urlencode({name: value for name, value in form.data.items() if name != "p"}) if form.is_bound else "",
        "runs": runs,
        "may_change": runs and not found.closed_at,
        "may_plan": user.has_perm(TO_PLAN),
    }
    above = (reverse("workshops_admin:workshops"), _("Lớp tập huấn"))
    return render(request, "workshops/admin/plan_workshop.html", context | heading(found.title, ICON, above))


def _of(user: User, pk: int) -> Registration:
    mine = workshops_visible_to(user, TO_MANAGE)
    rows = Registration.objects.select_related("workshop__activity", "person", "place__parent", "quota")
    return get_object_or_404(rows.filter(workshop__in=mine), pk=pk)


def _back(request: HttpRequest, workshop_pk: int) -> HttpResponse:
    query = request.META.get("QUERY_STRING", "")
    return redirect(
        reverse("workshops_admin:workshop", args=[workshop_pk]) + (f"?{query}" if query else "") + "#dai-bieu"
    )


class RemoveForm(forms.Form):
    why = TypedField(
        label=gettext_lazy("Lý do"),
        max_length=200,
        help_text=gettext_lazy("Đại biểu đọc lý do này trong tin nhắn; câu dài thì bị cắt bớt."),
        error_messages={"required": gettext_lazy("Hãy ghi lý do: đại biểu sẽ đọc trong tin nhắn.")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with(TO_MANAGE)
def cancel_registration(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Asks first, and says whether the delegate hears of it."""
    one = _of(user, pk)
    form = RemoveForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            is_changed = actions.remove(registration=one, by=user, at=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            _tell_removed(request, one, is_changed=is_changed)
            return _back(request, one.workshop_id)
    context = {"one": one, "form": form, "hears": telling.hears(one)}
    return render(
        request,
        "workshops/admin/plan_remove.html",
        context | heading(_("Hủy đăng ký của %(person)s") % {"person": one.person}, ICON, *_above(one)),
        status=422 if form.errors else 200,
    )


def _tell_removed(request: HttpRequest, one: Registration, *, is_changed: bool) -> None:
    said = {"person": one.person}
    if not is_changed:
        messages.info(request, _("Đăng ký của %(person)s đã hủy từ trước, hoặc đã có người đi thay.") % said)
    elif telling.hears(one):
        messages.success(request, _("Đã hủy đăng ký của %(person)s và nhắn tin báo.") % said)
    else:
        messages.warning(request, _("Đã hủy đăng ký của %(person)s. Không nhắn được: hãy báo bằng cách khác.") % said)


def _above(one: Registration) -> list[tuple[str, str]]:
    return [
        (reverse("workshops_admin:workshops"), _("Lớp tập huấn")),
        (reverse("workshops_admin:workshop", args=[one.workshop_id]), one.workshop.title),
    ]


@require_POST
@staff_with(TO_MANAGE)
def give_seat(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    one = _of(user, pk)
    try:
        seated = actions.give_seat(registration=one, by=user, at=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        said = {"person": one.person}
        if seated.state == RegistrationState.HELD:
            messages.success(request, _("%(person)s đã có chỗ.") % said)
        else:
            messages.warning(request, _("Chưa có chỗ trống, nên %(person)s ở danh sách dự bị.") % said)
    return _back(request, one.workshop_id)


@require_POST
@staff_with(TO_MANAGE)
def note_told(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    one = _of(user, pk)
    if actions.note_told(registration=one, by=user, at=timezone.now()):
        messages.success(request, _("Đã ghi: đã báo cho %(person)s.") % {"person": one.person})
    return redirect(reverse("workshops_admin:workshop", args=[one.workshop_id]))


class ReplaceForm(forms.Form):
    unit = TypedField(
        label=gettext_lazy("Đơn vị"),
        max_length=150,
        required=False,
        help_text=gettext_lazy("Để trống thì ghi theo hồ sơ của người được chọn."),
    )
    post = TypedField(label=gettext_lazy("Chức vụ"), max_length=100, required=False)

    def ask_place_of(self, day: date | None, user: User) -> None:
        """`day`: of a workshop of before, None for others. Records know where somebody lives today."""
        if day:
            self.fields["place_then"] = PlaceOfDayField(
                day=day,
                within=managed_places(user, TO_REGISTER),
                max_length=150,
                required=False,
                label=gettext_lazy("Nơi ở ngày ấy"),
                help_text=gettext_lazy(
                    "Ghi tên lúc học, thêm huyện, tỉnh sau dấu phẩy. Để trống thì ghi nơi ở trong hồ sơ."
                ),
            )

    def place_then(self) -> Place | None:
        return self.cleaned_data.get("place_then")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with(TO_MANAGE)
def replace(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Who comes instead is found among the people of the officer's places; one tap takes one of them."""
    one = _of(user, pk)
    people = people_visible_to(user, TO_SEE_PEOPLE).exclude(pk=one.person_id)
    form = ReplaceForm(request.POST if request.method == "POST" else None)
    form.ask_place_of(queries.day_of_before(one.workshop, localdate()), user)
    if form.is_valid():
        person = people.filter(pk=key_of(request.POST.get("person", ""))).first()
        try:
            made = _replaced(one, person, form, user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            said = {"other": made.person, "person": one.person, "number": made.number}
            messages.success(request, _("%(other)s đi thay %(person)s, số thẻ %(number)s.") % said)
            return _back(request, one.workshop_id)
    query = request.GET.get("q", "").strip()[:100]
    context = {"one": one, "form": form, "q": query, "found": people_called(people, query)}
    return render(
        request,
        "workshops/admin/plan_replace.html",
        context | heading(_("Đi thay %(person)s") % {"person": one.person}, ICON, *_above(one)),
        status=422 if form.errors else 200,
    )


def _replaced(one: Registration, person: Person | None, form: ReplaceForm, user: User) -> Registration:
    if person is None:
        raise Refusal(_("Hãy tìm rồi chọn người đi thay."))
    said = {name: form.cleaned_data[name] for name in ("unit", "post")}
    return actions.substitute(
        registration=one, person=person, at=timezone.now(), by=user, place=form.place_then(), **said
    )
