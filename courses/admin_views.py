"""What staff do with pages that people have learnt from, and with enrolments, behind buttons of the admin."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail import hooks
from wagtail.admin.views.pages.bulk_actions import DeleteBulkAction
from wagtail.models import Page

from accounts.access import staff_with
from accounts.models import User
from lib.refusals import Refusal

from . import actions
from .access import enrolments_visible_to
from .forms import ReopenForm
from .models import ActivityPage


def refuse_move(
    request: HttpRequest, page: Page, target: Page, is_bound: Callable[[ActivityPage], bool], sentence: str
) -> HttpResponse | None:
    """Answers a move of an activity out of its course with a sentence about %(title)s, where something binds it there.

    A course or topic moves with all that is in it: its activities stay in their course.
    """
    page = page.specific
    if not isinstance(page, ActivityPage) or page.get_parent().pk == target.pk or not is_bound(page):
        return None
    messages.error(request, sentence % {"title": page.title})
    return redirect("wagtailadmin_explore", page.get_parent().pk)


def refuse_moves(request: HttpRequest, pages: list[Page], target: Page) -> HttpResponse | None:
    """Asks of each of many pages what is asked of one; the first that has to stay keeps all of them."""
    for page in pages:
        for ask in hooks.get_hooks("before_move_page"):
            answer = ask(request, page, target)
            if isinstance(answer, HttpResponse):
                return answer
    return None


class TellingDeletion(DeleteBulkAction):
    """Says of many pages what is said of one, before the button is pressed."""

    def get(self, request: HttpRequest) -> HttpResponse:
        for page in self.get_actionable_objects()[0]:
            for tell in hooks.get_hooks("before_delete_page"):
                tell(request, page)
        answer: HttpResponse = super().get(request)
        return answer


@require_POST
@staff_with("courses.change_enrolment")
def reopen(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    enrolment = get_object_or_404(enrolments_visible_to(user), pk=pk)
    form = ReopenForm(request.POST, enrolment=enrolment)
    if form.is_valid():
        try:
            actions.reopen_enrolment(enrolment=enrolment, by=user, at=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Đã mở lại. Học viên học lại bài này thì khóa học lại được hoàn thành."))
    for sentences in form.errors.values():
        messages.error(request, " ".join(map(str, sentences)))
    return redirect("enrolment:inspect", pk)
