"""The sheet of feedback on a tablet that goes round: after each it stands at its beginning again."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lib import limits
from lib.refusals import Refusal
from workshops import actions, queries, showing
from workshops.models import FeedbackSheet, Registration, SheetSource
from workshops.showing import Shown

from .addresses import is_kiosk_of
from .forms import KioskForm

type View = Callable[..., HttpResponse]


def on_a_tablet(view: View) -> View:
    """Whoever has the signed address may; nothing of it is kept or found."""

    @wraps(view)
    def guarded(request: HttpRequest, slug: str, token: str) -> HttpResponse:
        shown = showing.of(slug)
        if is_kiosk_of(shown.workshop, token):
            response = view(request, shown, token)
        else:
            context = {"shown": shown, "workshop": shown.workshop}
            response = render(request, "workshops/hall/kiosk_over.html", context, status=410)
        response["Cache-Control"] = "private, no-store"
        response["X-Robots-Tag"] = "noindex"
        response["Referrer-Policy"] = "same-origin"
        return response

    return guarded


@require_http_methods(["GET", "HEAD", "POST"])
@on_a_tablet
def kiosk(request: HttpRequest, shown: Shown, token: str) -> HttpResponse:
    questions = queries.feedback_questions(shown.workshop)
    form = KioskForm(request.POST if request.method == "POST" else None, questions=questions)
    if form.is_valid() and _given(request, shown, form):
        return redirect("workshops:hall_kiosk_done", slug=shown.workshop.slug, token=token)
    context = {
        "shown": shown, "workshop": shown.workshop, "form": form, "questions": questions,
        "count": FeedbackSheet.objects.filter(workshop=shown.workshop).count(),
    }  # fmt: skip
    return render(request, "workshops/hall/kiosk.html", context, status=422 if form.errors else 200)


def _given(request: HttpRequest, shown: Shown, form: KioskForm) -> bool:
    limits.take(request, "hand_in_hall")
    registration = Registration.objects.filter(workshop=shown.workshop, number=form.cleaned_data["badge"]).first()
    if registration is None:
        form.add_error("badge", _("Không có số thẻ này trong lớp. Anh/Chị xem lại số in trên thẻ."))
        return False
    try:
        actions.give_feedback(
            registration=registration, answers=form.answers(), is_quotable=form.cleaned_data["is_quotable"],
            at=timezone.now(), source=SheetSource.TABLET,
        )  # fmt: skip
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


@require_safe
@on_a_tablet
def done(request: HttpRequest, shown: Shown, token: str) -> HttpResponse:
    context = {
        "shown": shown, "workshop": shown.workshop, "token": token,
        "count": FeedbackSheet.objects.filter(workshop=shown.workshop).count(),
    }  # fmt: skip
    return render(request, "workshops/hall/kiosk_done.html", context)
