"""What staff do with pages that people have learnt from, and with enrolments, behind buttons of the admin."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail import hooks
from wagtail.admin.views.pages.bulk_actions import DeleteBulkAction
from wagtail.models import Page

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
