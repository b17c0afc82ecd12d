"""People say where they live from a day on."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import actions, helping
from accounts.access import person_required, the_person
from accounts.forms.moving import MoveForm
from accounts.models import PENDING, Move
from lib.refusals import Refusal
from lib.typed import key_of

from .journey import the_user


@never_cache
@person_required
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest) -> HttpResponse:
    person, now = the_person(request), timezone.now()
    by = helping.helper_of(request) or the_user(request)
    own = Move.objects.filter(person=person, state__in=PENDING).select_related("after__parent")
    if request.method == "POST" and "take_back" in request.POST:
        found = own.filter(pk=key_of(request.POST["take_back"])).first()
        if found and actions.take_back_move(move=found, by=by, at=now):
            messages.success(request, _("Đã bỏ lần chuyển nơi ở này."))
        return redirect("accounts_move")
    form = MoveForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            actions.ask_move(person=person, by=by, at=now, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Đã báo. Cán bộ sẽ xem và xác nhận."))
            return redirect("accounts_move")
    context = {"form": form, "person": person, "ahead": own.first()}
    return render(request, "accounts/move.html", context, status=422 if form.errors else 200)
