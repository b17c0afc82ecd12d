"""What editors and officers do with quizzes, behind links and buttons of the admin."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import staff_with
from accounts.models import User
from lib.refusals import Refusal

from . import access, actions, asking
from .models import Question


@require_GET
@staff_with("quizzes.view_question")
def preview(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """The newest version of a question as a trainee meets it, in a page of the public site; nothing can be sent."""
    question = get_object_or_404(Question, pk=pk)
    version = question.versions.first()
    asked = asking.preview(version) if version else None
    return render(request, "quizzes/admin/preview.html", {"question": question, "asked": asked})


@require_POST
@staff_with("quizzes.add_allowance")
def allow(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Gives the person of an attempt one more, on the page of that attempt."""
    attempt = get_object_or_404(access.attempts_visible_to(user), pk=pk)
    reason = request.POST.get("reason", "")
    try:
        actions.allow_another_attempt(
            enrolment=attempt.enrolment, quiz=attempt.quiz, by=user, reason=reason, at=timezone.now()
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Đã cho thêm một lượt. Học viên vào lại bài là làm được ngay."))
    return redirect("attempt:inspect", pk)
