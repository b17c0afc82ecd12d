from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import person_required, the_person
from lib import codes, limits
from lib.text import fold

from . import access, rendering, rules
from .models import Credential, CredentialStatus


@never_cache
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """A form for whoever types the code from paper."""
    typed = request.GET.get("ma", "")[:40]
    if codes.tidy(typed):
        return redirect("certificates:verify", code=codes.tidy(typed))
    if typed.strip():
        return _unknown(request, typed)
    context = {"typed": typed, "is_empty": "ma" in request.GET, "current": "certificates"}
    return render(request, "certificates/find.html", context)


def _unknown(request: HttpRequest, typed: str) -> HttpResponse:
    """Only of a whole code can it be said that no paper bears it: a buyer who left a letter out must not doubt the paper."""
    count = len(codes.tidy(typed))
    is_whole = count == rules.CODE_LENGTH
    said = rendering.readable_code(codes.tidy(typed)) if is_whole else typed
    context = {"typed": said, "count": count, "length": rules.CODE_LENGTH, "is_whole": is_whole}
    return render(request, "certificates/unknown.html", context | {"current": "certificates"}, status=404)


@never_cache
@require_safe
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """What is true of a certificate right now; never cached. An unknown code is answered with what to do."""
    limits.take(request, "verify_certificate")
    credential = access.find(code)
    if credential is None:
        return _unknown(request, code[:40])
    facts = rules.public_facts(credential.evidence)
    context = {
        "credential": credential,
        "facts": facts,
        "glosses": {key: _(value) for key, value in facts.items() if value in rules.KNOWN_WORDS},
        "verdict": rules.Verdict(credential.status).value,
        "code": rendering.readable_code(credential.code),
        "not_sentence": _(rules.NOT_SENTENCE),
    }
    return render(request, "certificates/verify.html", context)


@never_cache
@require_safe
@person_required
def mine(request: HttpRequest) -> HttpResponse:
    credentials = Credential.objects.filter(person=the_person(request)).order_by("-issued_at")
    is_zalo = "zalo" in request.headers.get("User-Agent", "").casefold()
    shown = [
        {"credential": one, "code": rendering.readable_code(one.code), "printed": rules.printed_only(one.evidence)}
        for one in credentials
    ]
    return render(request, "certificates/mine.html", {"shown": shown, "is_zalo": is_zalo, "current": "certificates"})


@never_cache
@require_safe
@login_required
def pdf(request: HttpRequest, code: str) -> HttpResponse:
    return _download(request, code, rendering.pdf, "application/pdf", "pdf")


@never_cache
@require_safe
@login_required
def picture(request: HttpRequest, code: str) -> HttpResponse:
    return _download(request, code, rendering.picture, "image/jpeg", "jpg")


def _download(
    request: HttpRequest, code: str, draw: Callable[[Credential], bytes], kind: str, suffix: str
) -> HttpResponse:
    """The paper of a certificate that holds; a paper says nothing of a revocation, so that none is given out after it."""
    credential = access.get_document(request, code)
    if credential.status != CredentialStatus.VALID:
        messages.error(
            request,
            _(
                "Giấy này không còn hiệu lực nên không tải về được nữa. Kết quả học vẫn được giữ. Tình trạng của giấy ghi ở dưới."
            ),
        )
        return redirect("certificates:verify", code=credential.code)
    response = HttpResponse(draw(credential), content_type=kind)
    name = slugify(fold(f"giay chung nhan {credential.evidence['course']}"))[:60]
    response["Content-Disposition"] = f'attachment; filename="{name}-{credential.code}.{suffix}"'
    return response
