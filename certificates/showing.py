"""A page about a certificate that its holder lets everybody see, to be proud of and to share; off until then."""

from collections.abc import Callable
from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import consent_required, person_required, the_person
from courses import learning
from lib import limits
from lib.refusals import Refusal

from . import access, actions, rendering, rules
from .models import Credential

AN_HOUR = 3600
FACEBOOK = "https://www.facebook.com/sharer/sharer.php?u="


def address_of(credential: Credential) -> str:
    """As others are given it: not by `reverse`, which would give readers of the English site another one."""
    return f"{settings.BASE_URL}/c/{credential.code}/gioi-thieu/"


def facebook(credential: Credential) -> str:
    return FACEBOOK + quote(address_of(credential), safe="")


@never_cache
@require_safe
def page(request: HttpRequest, code: str) -> HttpResponse:
    """While it is switched on, and says what has become of a certificate that was replaced or ran out."""
    limits.take(request, "verify_certificate")
    try:
        credential = access.get_shown(code)
    except Http404:  # the same of a code that nobody has
        return render(request, "certificates/not_shown.html", {"current": "certificates"}, status=404)
    verdict, course = credential.verdict_today, credential.award.course
    course_page = learning.course_page(course)
    facts = rules.public_facts(credential.evidence)
    context = {
        "credential": credential,
        "facts": facts,
        "kind": _(facts["course_kind"]) if facts["course_kind"] in rules.KNOWN_WORDS else facts["course_kind"],
        "verdict": verdict.value,
        "is_specimen": credential.is_specimen or settings.DEMO,
        "course_page": course_page,
        "course_address": learning.address_of(course) if course_page and course.retired_at is None else None,
        "address": address_of(credential),
        "picture": f"{address_of(credential)}anh.jpg" if verdict is rules.Verdict.VALID else "",
        "current": "certificates",
    }
    return render(request, "certificates/shown.html", context)


@cache_control(public=True, max_age=AN_HOUR)
@require_safe
def picture(request: HttpRequest, code: str) -> HttpResponse:
    """What Zalo and Facebook show beside the address; not of a certificate that holds no more."""
    limits.take(request, "verify_certificate")
    credential = access.get_shown(code)
    if credential.verdict_today is not rules.Verdict.VALID:
        raise Http404
    try:
        response = HttpResponse(rendering.preview(credential), content_type="image/jpeg")
    except Refusal as refusal:
        raise Http404 from refusal
    try:
        access.get_shown(code)
    except Http404:  # switched off while it was drawn
        rendering.forget_preview(credential.code)
        raise
    response["X-Robots-Tag"] = "noindex"
    return response


@require_POST
@consent_required
def switch_on(request: HttpRequest, code: str) -> HttpResponse:
    return _switch(request, code, actions.show)


@require_POST
@person_required
def switch_off(request: HttpRequest, code: str) -> HttpResponse:
    """Also for whoever agrees to nothing any more."""
    return _switch(request, code, actions.hide)


def _switch(request: HttpRequest, code: str, act: Callable[..., bool]) -> HttpResponse:
    """Back to where the switch is, which tells how it stands now."""
    credential = access.get_own(the_person(request), code)
    opened = f"{reverse('certificates:mine')}?mo={credential.code}"
    try:
        act(credential=credential, person=the_person(request), at=timezone.now())
    except Refusal as refusal:
        messages.warning(request, str(refusal))
        return HttpResponseRedirect(opened)
    return HttpResponseRedirect(f"{opened}&vua=1#chia-se-{credential.code}")
