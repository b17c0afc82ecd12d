"""The address in a reminder: to what it speaks of, and out of further ones. It names nobody: a phone is passed around."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import Consent, ConsentText
from courses import learning
from lib import limits
from lib.codes import tidy
from reports.models import Contact, Reason

from . import actions, codes
from .models import Reminder

app_name = "reminders"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reminder(request: HttpRequest, code: str) -> HttpResponse:
    limits.take(request, "open_reminder")
    found = _found(tidy(code))
    if request.method == "POST":
        actions.stop(reminder=found, at=timezone.now())
        messages.success(request, _("Đã tắt tin nhắn nhắc học. Anh/Chị vẫn học bình thường."))
        return redirect("reminders:reminder", code)
    agreed = Consent.objects.filter(
        person=found.person_id, text__purpose=ConsentText.Purpose.MESSAGES, withdrawn_at=None
    )
    context = {
        "reminder": found,
        "link": _link_of(found),
        "is_paper": found.reason == Reason.EXPIRING,
        "is_told": agreed.exists(),
        "is_copied": isinstance(found, Contact),
    }
    return render(request, "reports/reminder.html", context)


def _found(code: str) -> Reminder | Contact:
    """What was sent by text message, or the line of a list from which an officer copied the message."""
    key = codes.contact_of(code)
    related = ("list__place__parent", "course", "person")
    if key is not None:
        return get_object_or_404(
            Contact.objects.select_related(*related), pk=key, person__erased_at=None, person__isnull=False
        )
    return get_object_or_404(Reminder.objects.select_related(*related), code=code, person__erased_at=None)


def _link_of(one: Reminder | Contact) -> str:
    """Where what it asks for is done: the paper, or the next step of the course, which asks for the log-in where it needs one."""
    if one.reason == Reason.EXPIRING:
        return reverse("certificates:mine")
    return learning.continue_address(one.person, one.course) if one.course and one.person else "/"


urlpatterns = [path("<slug:code>/", reminder, name="reminder")]
