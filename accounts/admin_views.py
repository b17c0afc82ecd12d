"""What officers do for people, behind buttons of the admin."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from lib.refusals import Refusal

from . import actions
from .access import managed_places, people_visible_to
from .models import PhoneChange, User


def _officer(request: HttpRequest) -> User:
    user = request.user
    if not isinstance(user, User) or not user.has_perm("accounts.view_person"):
        raise PermissionDenied
    return user


@never_cache
@require_POST
def card(request: HttpRequest, pk: int) -> HttpResponse:
    officer = _officer(request)
    person = get_object_or_404(people_visible_to(officer).select_related("place__parent"), pk=pk)
    code = actions.issue_card(person=person, by=officer, at=timezone.now())
    address = settings.BASE_URL + reverse("accounts_card")
    return render(request, "accounts/admin/card.html", {"person": person, "code": code, "address": address})


@require_POST
def phone_change(request: HttpRequest, pk: int) -> HttpResponse:
    officer = _officer(request)
    places = managed_places(officer)
    changes = PhoneChange.objects.all() if places is None else PhoneChange.objects.filter(place__in=places)
    change = get_object_or_404(changes, pk=pk)
    chosen = request.POST.get("person", "")
    person = people_visible_to(officer).filter(pk=chosen).first() if chosen.isdigit() else None
    try:
        actions.decide_phone_change(
            change=change,
            by=officer,
            is_confirmed=request.POST.get("decision") == "confirm",
            person=person,
            reason=request.POST.get("reason", "")[:200],
            at=timezone.now(),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Đã ghi quyết định và nhắn tin cho số mới."))
    return redirect("phonechange:inspect", pk)
