"""For anybody, people and machines: what a file is worth, and what no longer counts."""

import secrets
from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.db.models import Count, Max
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from lib import dates, limits

from . import badging, keys, rules, verifying
from .forms import FileForm
from .models import Credential, CredentialStatus, Issuer
from .proofs import keys as proof_keys
from .proofs import strict
from .proofs.findings import Finding, Refused
from .proofs.reading import LARGEST
from .proofs.status import ENTRIES

AN_HOUR = 3600
# One at a time over all workers: a file may take some seconds, and the others answer meanwhile. Who is killed keeps the rest waiting
# for A_CHECK seconds, which is more than all that bounds the parts of a check together.
CHECKING, A_CHECK = "check-file", 120
FORM_AROUND = 20_000  # bytes of a form beside its file
LIST_KEPT, LIST_COUNTS = timedelta(hours=1), timedelta(days=1)


class InMemory(MemoryFileUploadHandler):
    """Whatever its size, which was looked at before: what somebody has checked never touches a disk."""

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        self.activated = True


@csrf_exempt  # only until the handler of files is in place: the form itself is protected
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check_file(request: HttpRequest) -> HttpResponse:
    """A form for a file, and the verdict about it. A file that is too large is not even read."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST + FORM_AROUND:
        return _shown(request, FileForm(), verifying.Verdict(Finding.TOO_LARGE))
    request.upload_handlers = [InMemory(request)]
    return _check_file(request)


@csrf_protect
def _check_file(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _shown(request, FileForm())
    limits.take(request, "check_file")
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _shown(request, form)
    mine = secrets.token_hex(8)
    if not cache.add(CHECKING, mine, A_CHECK):
        form.add_error("file", _("Đang có người khác kiểm tra tệp. Anh/Chị chờ vài giây rồi gửi lại."))
        return _shown(request, form)
    try:
        verdict = verifying.judge(form.cleaned_data["file"].read(), now=timezone.now())
    finally:
        if cache.get(CHECKING) == mine:
            cache.delete(CHECKING)
    return _shown(request, FileForm(), verdict)


def _shown(request: HttpRequest, form: FileForm, verdict: verifying.Verdict | None = None) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "current": "certificates"}
    if verdict:
        said = rules.sentence(verdict.finding, is_ours=verdict.is_ours, is_page_open=verdict.is_page_open)
        context |= {"verdict": verdict, "sentence": said, "page_is_open": rules.warning(verdict.kind)}
        context["facts"] = [(rules.FACTS[key], _readable(key, value)) for key, value in verdict.facts.items() if value]
        context["differences"] = [
            (rules.FACTS[one.what], _readable(one.what, one.in_file), _readable(one.what, one.in_register))
            for one in verdict.differences
        ]
    return render(request, "certificates/check_file.html", context)


def _readable(key: str, value: str) -> str:
    if key == "result" and value in rules.KNOWN_WORDS and _(value) != value:
        return f"{value} ({_(value)})"
    try:
        return dates.localised(dates.local_day(strict.moment(value))) if key in ("since", "until") else value
    except (Refused, OverflowError):
        return value


@cache_control(public=True, max_age=300)
@require_safe
def status_list(request: HttpRequest, issuer: int, number: int) -> HttpResponse:
    """One list of an issuer, signed. It is made anew when something was withdrawn, and before it goes stale."""
    owner = get_object_or_404(Issuer, pk=issuer)
    signer = keys.usable_signer(owner)
    of_list = Credential.objects.filter(
        issuer=owner, status_index__gte=number * ENTRIES, status_index__lt=(number + 1) * ENTRIES
    )
    if signer is None or not of_list.exists():
        raise Http404
    withdrawn = of_list.exclude(status=CredentialStatus.VALID)
    state = withdrawn.aggregate(count=Count("pk"), last=Max("status_at"))
    stamp = state["last"].timestamp() if state["last"] else 0
    name = f"status-list:{owner.pk}:{number}:{signer.kid}:{state['count']}:{stamp}"
    token = cache.get(name)
    if token is None:
        now = timezone.now()
        places = [place % ENTRIES for place in withdrawn.values_list("status_index", flat=True) if place is not None]
        token = badging.status_list(owner, number, places, signer.private, signer.kid, now=now, until=now + LIST_COUNTS)
        cache.set(name, token, LIST_KEPT.total_seconds())
    return HttpResponse(token, content_type="application/vc+jwt")


@cache_control(public=True, max_age=AN_HOUR)
@require_safe
def did_document(request: HttpRequest, issuer: int) -> HttpResponse:
    """Who an issuer is for machines (did:web): its public keys, retired ones too."""
    found = keys.published(get_object_or_404(Issuer, pk=issuer))
    if not found:
        raise Http404
    document = proof_keys.did_document(badging.did(issuer), found)
    return JsonResponse(document, content_type="application/did+json")


@cache_control(public=True, max_age=AN_HOUR)
@require_safe
def jwks(request: HttpRequest) -> HttpResponse:
    """RFC 7517: the public keys of all issuers."""
    found = [pair for issuer in Issuer.objects.order_by("pk") for pair in keys.published(issuer).items()]
    return JsonResponse({"keys": [proof_keys.jwk(public, kid) for kid, public in found]})
