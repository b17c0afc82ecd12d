"""Desks and their codes in the admin: made, given another code, ended, shut."""

import json
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid4, uuid5

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import staff_with
from accounts.models import User
from lib import codes, qr, sealing
from lib.refusals import Refusal
from lib.typed import TypedField
from workshops import actions, parallel, queries, rules
from workshops.access import LATE, TO_MANAGE, is_manned, workshops_visible_to
from workshops.models import Desk, Workshop

from .looking import GET_OR_POST, of, page

HOURS = [(4, gettext_lazy("4 giờ")), (8, gettext_lazy("8 giờ")), (12, gettext_lazy("12 giờ")), (24, gettext_lazy("1 ngày")), (72, gettext_lazy("3 ngày"))]  # fmt: skip
COOKIE, PURPOSE = "desk-code", "workshops.desk.code"
SHOWN_FOR = 300  # seconds in which the page of a code may be loaded anew
ANEW = "moi"


class DeskForm(forms.Form):
    name = TypedField(label=gettext_lazy("Tên bàn"), max_length=60, required=False)
    hours = forms.TypedChoiceField(
        label=gettext_lazy("Mã dùng được"), choices=HOURS, initial=8, coerce=int,
        help_text=gettext_lazy(
            "Tính từ bây giờ. Lập trước ngày thì tính từ ba giờ trước buổi, và đủ đến hết buổi ấy. Không bàn nào dùng quá một giờ sau buổi cuối."
        ),
    )  # fmt: skip


@require_http_methods(GET_OR_POST)
@staff_with(TO_MANAGE)
@sensitive_variables()
def desks(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    workshop = of(user, pk, TO_MANAGE)
    form = DeskForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _desks(request, workshop, form)
    try:
        made, code = actions.make_desk(
            workshop=workshop, by=user, at=timezone.now(), sent_as=_sent_as(request), **form.cleaned_data
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _desks(request, workshop, form)
    return _shown(made, code)


@require_http_methods(GET_OR_POST)
@staff_with(TO_MANAGE)
@sensitive_variables()
def recode(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Another code for a desk whose code was lost, once it was asked whether that is meant."""
    desk = _desk(user, pk)
    if request.method != "POST" and is_manned(desk, timezone.now()):
        return page(
            request, "sure", _("Cấp mã mới cho %(desk)s?") % {"desk": desk.name}, desk.workshop, {"what": "recode"}
        )
    try:
        code = actions.recode_desk(desk=desk, by=user, at=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("workshops_desk:desks", desk.workshop_id)
    return _shown(desk, code, is_anew=True)


@require_POST
@staff_with(TO_MANAGE)
def end(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    desk = _desk(user, pk)
    if actions.end_desk(desk=desk, by=user, at=timezone.now()):
        messages.success(
            request, _("Đã đóng %(desk)s. Lượt đã điểm danh trước đó vẫn được nhận.") % {"desk": desk.name}
        )
    return redirect("workshops_desk:desks", desk.workshop_id)


@require_http_methods(GET_OR_POST)
@staff_with(TO_MANAGE)
def shut(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Where others got hold of a desk's code or phone, once it was asked whether that is meant."""
    desk = _desk(user, pk)
    if request.method != "POST" and not desk.shut_at:
        title = _("Đóng %(desk)s và không nhận gì nữa?") % {"desk": desk.name}
        return page(request, "sure", title, desk.workshop, {"what": "shut"})
    if request.method == "POST" and actions.shut_desk(desk=desk, by=user, at=timezone.now()):
        said = _(
            "Đã đóng %(desk)s và thôi nhận. Từ giờ, lượt nào bàn này gửi lên đều nằm ở “Lượt cần xem lại”, chờ anh/chị quyết định."
        )
        messages.success(request, said % {"desk": desk.name})
    return redirect("workshops_desk:desks", desk.workshop_id)


def _sent_as(request: HttpRequest) -> UUID | None:
    """Of all that a form said, and of the form: a second press sends the same."""
    said = [request.POST.get(name, "") for name in ("form", "name", "hours")]
    return uuid5(NAMESPACE_OID, repr(said)) if said[0] else None


@sensitive_variables()
def _desks(request: HttpRequest, workshop: Workshop, form: DeskForm) -> HttpResponse:
    now, slots = timezone.now(), parallel.of(workshop)
    every = list(workshop.desks.order_by("-made_at", "-pk"))
    coming = next((one for one in slots if one.ends_at > now), None)
    given = _given(request, every, now) if ANEW in request.GET else {}
    made = given.get("made")
    context: dict[str, Any] = {
        "form": form, "form_key": request.POST.get("form") or uuid4(), "now": now, "is_late": ANEW in request.GET and not given,
        "desks": [(one, queries.works_from(one, slots), queries.opens_from(one, slots)) for one in every],
        "late": [one.pk for one in every if not one.shut_at and now < one.expires_at + LATE],
        "uncovered": coming if every and coming and not any(_covers(one, coming.begins_at) for one in every) else None,
        "made_from": queries.works_from(made, slots) if made else None,
        "made_opens": queries.opens_from(made, slots) if made else None,
        "is_capped": made and made.expires_at == max((one.ends_at + rules.AFTER for one in slots), default=None),
    } | given  # fmt: skip
    response = page(request, "desks", _("Bàn điểm danh"), workshop, context, status=422 if form.errors else 200)
    if COOKIE in request.COOKIES and not given:
        response.delete_cookie(COOKIE, path=_address(workshop))
    return response


def _covers(desk: Desk, begins_at: datetime) -> bool:
    return desk.ended_at is None and desk.expires_at > begins_at


def _address(workshop: Workshop) -> str:
    return reverse("workshops_desk:desks", args=[workshop.pk])


@sensitive_variables()
def _shown(desk: Desk, code: str, *, is_anew: bool = False) -> HttpResponse:
    """Leads to the page that shows a code, so that loading it anew makes none. The code goes along in a cookie of that page, which is gone when
    another is opened and which nobody else can read: the server keeps it no more than before."""
    address = _address(desk.workshop)
    response = redirect(f"{address}?{ANEW}={desk.pk}")
    said = json.dumps([desk.pk, code, is_anew, timezone.now().timestamp() + SHOWN_FOR])
    sealed = sealing.keys(PURPOSE).encrypt(said.encode()).decode()
    response.set_cookie(
        COOKIE, sealed, max_age=SHOWN_FOR, path=address, httponly=True, secure=settings.HTTPS, samesite="Lax"
    )
    return response


@sensitive_variables()
def _given(request: HttpRequest, every: list[Desk], now: datetime) -> dict[str, Any]:
    """A code as it is read aloud, and as a link to the phone of whoever sits there. It stands in the link's fragment, which no browser sends.
    Nothing once the desk has another."""
    try:
        pk, code, is_anew, until = json.loads(sealing.keys(PURPOSE).decrypt(request.COOKIES.get(COOKIE, "").encode()))
    except sealing.InvalidToken:
        return {}
    desk = next((one for one in every if str(one.pk) == request.GET[ANEW] == str(pk)), None)
    if (
        desk is None
        or now.timestamp() > until
        or not is_manned(desk, now)
        or not codes.matches("desk", code, desk.code_hash)
    ):
        return {}
    address = settings.BASE_URL + reverse("desk:door")
    link = f"{address}#ma={code}"
    return {
        "made": desk, "code": f"{code[:5]} {code[5:]}", "address": address, "link": link, "qr": qr.picture(link),
        "is_anew": is_anew,
    }  # fmt: skip


def _desk(user: User, pk: int) -> Desk:
    mine = workshops_visible_to(user, TO_MANAGE)
    rows = Desk.objects.select_related("workshop__activity", "workshop__place__parent")
    return get_object_or_404(rows.filter(workshop__in=mine), pk=pk)


PATTERNS = [
    path("<int:pk>/ban/", desks, name="desks"),
    path("ban/<int:pk>/dong/", end, name="end"),
    path("ban/<int:pk>/thoi-nhan/", shut, name="shut"),
    path("ban/<int:pk>/ma-moi/", recode, name="recode"),
]
