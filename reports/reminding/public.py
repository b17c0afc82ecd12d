"""The address in a reminder: to what it speaks of, and out of further ones. It names nobody: a phone is passed around."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import Consent, ConsentText
from lib import codes, limits
from reports.calling.wording import link_of

from . import actions
from .models import Reminder

app_name = "reminders"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reminder(request: HttpRequest, code: str) -> HttpResponse:
    limits.take(request, "open_reminder")
    rows = Reminder.objects.select_related("list__place__parent", "course", "person")
    found = get_object_or_404(rows, code=codes.tidy(code), person__erased_at=None)
    if request.method == "POST":
        actions.stop(reminder=found, at=timezone.now())
        messages.success(request, _("Đã tắt tin nhắn nhắc học. Anh/Chị vẫn học bình thường."))
        return redirect("reminders:reminder", found.code)
    agreed = Consent.objects.filter(
        person=found.person_id, text__purpose=ConsentText.Purpose.MESSAGES, withdrawn_at=None
    )
    context = {"reminder": found, "link": link_of(found.course, found.reason), "is_told": agreed.exists()}
    return render(request, "reports/reminder.html", context)


urlpatterns = [path("<slug:code>/", reminder, name="reminder")]
