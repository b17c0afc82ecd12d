"""An officer opens a session in a learner's name, to help with a lesson."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import actions, helping
from accounts.access import people_visible_to, staff_with
from accounts.actions.helping import CODE_MINUTES
from accounts.forms.helping import HERE, HelpingForm
from accounts.helping import TO_HELP
from accounts.models import Help, Person, User
from accounts.queries import texts_for_help
from accounts.views.journey import enter
from lib import qr
from lib.headings import heading
from lib.refusals import Refusal


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with(TO_HELP)
def help_person(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    people = people_visible_to(user, TO_HELP).select_related("place__parent")
    person = get_object_or_404(people, pk=pk)
    form = HelpingForm(request.POST if request.method == "POST" else None, texts=texts_for_help(person))
    if form.is_bound and form.is_valid():
        now = timezone.now()
        try:
            given = actions.ask_help(person=person, by=user, texts=form.given(), at=now)
            if form.cleaned_data["where"] == HERE:
                return _here(request, given)
            return _elsewhere(request, given)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    if form.errors:
        messages.error(request, _("Chưa bắt đầu, vì còn chỗ chưa chọn hoặc chưa đánh dấu ở dưới đây."))
    context = {"form": form, "person": person} | _heading(_("Giúp học"), person)
    return render(request, "accounts/admin/help.html", context, status=422 if form.errors else 200)


def _heading(title: str, person: Person) -> dict[str, Any]:
    above = [(reverse("person:index"), _("Học viên")), (reverse("person:inspect", args=[person.pk]), person.name)]
    return heading(title, "user", *above)


def _here(request: HttpRequest, given: Help) -> HttpResponse:
    """The officer's session waits, and the learner's begins as on any shared device."""
    learner = actions.begin_help(given=given, at=timezone.now())
    waiting = helping.set_aside(request)
    request.session["is_shared_device"] = True
    answer = enter(request, learner, method="help")
    helping.mark(request, given, waiting=waiting)
    return answer


def _elsewhere(request: HttpRequest, given: Help) -> HttpResponse:
    code = actions.issue_help_code(given=given, at=timezone.now())
    address = settings.BASE_URL + reverse("accounts_card")
    context = {
        "person": given.person,
        "code": code,
        "address": address.partition("://")[2],
        "qr": qr.picture(address, scale=8),
        "minutes": CODE_MINUTES,
    } | _heading(_("Giúp học trên máy khác"), given.person)
    return render(request, "accounts/admin/help_code.html", context)
