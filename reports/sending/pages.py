"""…/tien-do/gui-dinh-ky/ in the admin: what one gets or has ordered, a new one, and how each sending went."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import managed_places, staff_with
from accounts.models import MailAddress, User
from lib.refusals import Refusal
from provinces.models import Place
from reports.asking import place_asked
from reports.queries import PERMISSION, name_of

from . import actions, alarms, periods
from .access import colleagues_for, may_get, subscriptions_visible_to
from .models import Every, Sending, SendingState, Subscription, Way, What

A_PAGE = 100
A_WHILE = timedelta(days=62)  # in which each was due


class OrderForm(forms.Form):
    what = forms.ChoiceField(label=gettext_lazy("Báo cáo"))
    every = forms.ChoiceField(label=gettext_lazy("Khi nào"), choices=Every.choices)
    way = forms.ChoiceField(label=gettext_lazy("Cách gửi"))
    user = forms.TypedChoiceField(
        label=gettext_lazy("Gửi cho"),
        coerce=int,
        help_text=gettext_lazy("Chỉ gửi cho đồng nghiệp được xem nơi này; mỗi lần gửi đều kiểm tra lại quyền ấy."),
    )

    def __init__(self, *args: Any, by: User, place: Place | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        self.known = {one.pk: one for one in colleagues_for(by, place)}
        fields["what"].choices = [pair for pair in What.choices if may_get(by, pair[0], place)]
        fields["way"].choices = [pair for pair in Way.choices if settings.MAIL_IS_ON or pair[0] != Way.MAIL]
        fields["user"].choices = [
            (pk, _("tôi") if pk == by.pk else one.get_full_name()) for pk, one in self.known.items()
        ]


@csp_override(settings.SECURE_CSP)
@require_http_methods(["GET", "HEAD", "POST"])
@staff_with(PERMISSION)
def subscriptions(request: HttpRequest, user: User) -> HttpResponse:
    place, now = place_asked(request, user), timezone.now()
    may_order = place is not None or managed_places(user, PERMISSION) is None
    form = OrderForm(request.POST if request.method == "POST" else None, by=user, place=place)
    if request.method == "POST" and may_order and form.is_valid():
        said = form.cleaned_data
        reader = form.known[said.pop("user")]
        try:
            made = actions.subscribe(**said, user=reader, place=place, by=user, at=now)
        except Refusal as refusal:
            form.add_error("user", str(refusal))
        else:
            first = timezone.localtime(periods.following(made.every, now))
            messages.success(request, _("Đã đặt. Lần đầu gửi lúc %(moment)s.") % {"moment": f"{first:%H:%M %d/%m/%Y}"})
            return redirect(request.get_full_path())
    page = Paginator(_running(user), A_PAGE).get_page(request.GET.get("p"))
    context = {
        "form": form,
        "place": place,
        "name": name_of(user, place),
        "may_order": may_order,
        "page": page,
        "rows": _rows(page.object_list, now),
        "troubles": alarms.troubles_of(user, at=now),
        "has_mail": MailAddress.objects.filter(user=user).exclude(address="").exists(),
        "mail_is_on": settings.MAIL_IS_ON,
        "current": "board",
    }
    return render(request, "reports/subscriptions.html", context, status=422 if form.errors else 200)


def _running(user: User) -> QuerySet[Subscription]:
    rows = subscriptions_visible_to(user).filter(ended_at=None)
    return rows.select_related("user__person", "by__person", "place__parent")


def _rows(shown: Iterable[Subscription], now: datetime) -> list[tuple[Subscription, datetime, Sending | None]]:
    """Each with when it comes next and how the last one went."""
    running = list(shown)
    last: dict[int, Sending] = {}
    for one in Sending.objects.filter(subscription__in=running, due_at__gt=now - A_WHILE).order_by("due_at", "pk"):
        last[one.subscription_id] = one
    return [(one, periods.following(one.every, now), last.get(one.pk)) for one in running]


@require_POST
@staff_with(PERMISSION)
def end(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    found = get_object_or_404(subscriptions_visible_to(user), pk=pk)
    if actions.unsubscribe(subscription=found, by=user, at=timezone.now()):
        messages.success(request, _("Đã thôi gửi báo cáo này."))
    else:
        messages.info(request, _("Báo cáo này đã thôi gửi từ trước."))
    return redirect("sending:list")


@require_POST
@staff_with(PERMISSION)
def again(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    found = get_object_or_404(Sending, pk=pk, subscription__in=subscriptions_visible_to(user))
    if actions.send_again(sending=found, by=user, at=timezone.now()):
        messages.success(request, _("Hệ thống sẽ gửi lại trong ít phút."))
    else:
        messages.info(request, _("Lần gửi này không cần gửi lại."))
    return redirect("sending:monitor")


@csp_override(settings.SECURE_CSP)
@require_safe
@staff_with(PERMISSION)
def monitor(request: HttpRequest, user: User) -> HttpResponse:
    """What was to be sent, and what became of it."""
    rows = Sending.objects.filter(subscription__in=subscriptions_visible_to(user))
    counted = dict(rows.order_by().values_list("state").annotate(n=Count("pk")))
    shown = rows.select_related("subscription__user__person", "subscription__place__parent")
    context = {
        "page": Paginator(shown, A_PAGE).get_page(request.GET.get("p")),
        "states": [(state.label, counted[state]) for state in SendingState if counted.get(state)],
        "troubles": alarms.troubles_of(user, at=timezone.now()),
        "again": (SendingState.FAILED, SendingState.UNSURE),
        "current": "board",
    }
    return render(request, "reports/sendings.html", context)


patterns = [
    path("tien-do/gui-dinh-ky/", subscriptions, name="list"),
    path("tien-do/gui-dinh-ky/tinh-hinh/", monitor, name="monitor"),
    path("tien-do/gui-dinh-ky/<int:pk>/thoi/", end, name="end"),
    path("tien-do/gui-dinh-ky/lan/<int:pk>/gui-lai/", again, name="again"),
]
