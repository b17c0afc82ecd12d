"""What the projector shows: where to go, how many are done, and, once a test is closed, how well each question went. Never a name."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.access import staff_with
from accounts.models import User
from lib import qr
from workshops import queries
from workshops.access import TO_MANAGE, workshops_visible_to
from workshops.models import Moment, Workshop

from . import counting
from .addresses import TEST, outside
from .moments import moment_of


def _of(user: User, pk: int) -> Workshop:
    return get_object_or_404(workshops_visible_to(user, TO_MANAGE), pk=pk)


def _shown(request: HttpRequest, workshop: Workshop, name: str, **more: Any) -> HttpResponse:
    address = outside(name, workshop)
    context = {"workshop": workshop, "address": address.partition("://")[2], "qr": qr.picture(address)}
    return render(request, "workshops/hall/screen.html", context | more)


@require_safe
@staff_with(TO_MANAGE)
def test(request: HttpRequest, user: User, pk: int, moment: str) -> HttpResponse:
    workshop, moment = _of(user, pk), moment_of(moment)
    test = queries.tests_of(workshop).get(moment)
    if test is None:
        raise Http404
    said = {"test": test, "is_before": moment == Moment.BEFORE, "progress": counting.of_test(test)}
    if test.closed_at:
        said["outcomes"] = counting.outcomes(test)
    return _shown(request, workshop, TEST[moment], **said)


@require_safe
@staff_with(TO_MANAGE)
def feedback(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    workshop = _of(user, pk)
    return _shown(
        request, workshop, "workshops:hall_feedback", progress=counting.of_feedback(workshop), is_feedback=True
    )


@require_safe
@staff_with(TO_MANAGE)
def materials(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    return _shown(request, _of(user, pk), "workshops:hall_materials")
