"""What editors and officers do with quizzes, behind links and buttons of the admin."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import User

from . import asking
from .models import Question

type AdminView = Callable[..., HttpResponse]


def staff_with(permission: str) -> Callable[[AdminView], AdminView]:
    """Lets staff with a permission in; the view gets the user as its second argument."""

    def guard(view: AdminView) -> AdminView:
        @never_cache
        @wraps(view)
        def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            user = request.user
            if not isinstance(user, User) or not user.has_perm(permission):
                raise PermissionDenied
            return view(request, user, **kwargs)

        return guarded

    return guard


@require_safe
@staff_with("quizzes.view_question")
def preview(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """The newest version of a question as a trainee meets it, in a page of the public site; nothing can be sent."""
    question = get_object_or_404(Question, pk=pk)
    version = question.versions.first()
    asked = asking.preview(version) if version else None
    return render(request, "quizzes/admin/preview.html", {"question": question, "asked": asked})
