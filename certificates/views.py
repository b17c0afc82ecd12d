from collections.abc import Callable
from typing import Any, Literal

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import consent_required, person_required, the_person
from courses import learning
from lib import codes, limits
from lib.refusals import Refusal
from lib.text import fold

from . import access, actions, keys, rendering, rules, showing, telling
from .forms import HolderForm, PaperForm
from .models import Credential, CredentialStatus

MOST_TYPED = 2000  # letters of an address with its statement


@never_cache
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """A form for whoever types the code from paper."""
    typed = access.code_typed(request.GET.get("ma", "")[:MOST_TYPED])[:40]
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
@require_http_methods(["GET", "HEAD", "POST"])
def find_printed(request: HttpRequest) -> HttpResponse:
    """For whom the code cannot be read: by number and name. Posted, so that no name gets into an address or a log."""
    form = PaperForm(request.POST if request.method == "POST" else None)
    found = []
    if form.is_valid():
        limits.take(request, "verify_certificate")
        found = access.find_printed(**form.cleaned_data)
        if len(found) == 1:
            return redirect("certificates:verify", code=found[0].code)
        if not found:
            form.add_error(None, _("Không có giấy nào mang số này và tên này. Xem lại từng chữ trên giấy rồi gõ lại."))
    context = {"form": form, "found": found, "current": "certificates"}
    return render(request, "certificates/find_printed.html", context, status=422 if form.errors else 200)


@require_safe
def with_slash(request: HttpRequest) -> HttpResponse:
    return HttpResponsePermanentRedirect(f"{request.path}/")


@require_safe
def as_written(request: HttpRequest, code: str) -> HttpResponse:
    """The address of a certificate as people retype it: with a slash behind it, or blanks in the code."""
    if not codes.tidy(code):
        return _unknown(request, code[:40])
    return redirect("certificates:verify", code=codes.tidy(code)[:40])


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """What is true of a certificate right now; never cached. An unknown code is answered with what to do.

    Posted is what somebody reads on the paper of its holder: told is only whether it is the same.
    """
    limits.take(request, "verify_certificate")
    credential = access.find(code)
    if credential is None:
        return _unknown(request, code[:40])
    form = HolderForm(request.POST if request.method == "POST" else None)
    if form.is_bound:
        limits.take(request, "compare_certificate", key=credential.code)
    facts = rules.public_facts(credential.evidence)
    context = {
        "credential": credential,
        "facts": facts,
        "glosses": {key: _(value) for key, value in facts.items() if value in rules.KNOWN_WORDS},
        "verdict": credential.verdict_today.value,
        "code": rendering.readable_code(credential.code),
        "not_sentence": _(rules.NOT_SENTENCE),
        "form": form,
        "matches": _matches(credential.evidence, form.cleaned_data) if form.is_valid() else {},
    }
    return render(request, "certificates/verify.html", context, status=422 if form.errors else 200)


def _matches(evidence: dict[str, Any], typed: dict[str, Any]) -> dict[str, rules.Match]:
    found = {}
    if typed["birth_year"]:
        found["birth_year"] = rules.compare_birth_year(evidence, typed["birth_year"])
    if typed["unit"]:
        found["unit"] = rules.compare_unit(evidence, typed["unit"])
    return found


@never_cache
@require_safe
@person_required
def mine(request: HttpRequest) -> HttpResponse:
    own = Credential.objects.filter(person=the_person(request)).select_related("award", "issuer", "replaced_by")
    held = telling.with_renewals(own)
    is_zalo = "zalo" in request.headers.get("User-Agent", "").casefold()
    shown = [
        {
            "credential": one,
            "code": rendering.readable_code(one.code),
            "printed": rules.printed_only(one.evidence),
            "notice": telling.notice_of(one, timezone.localdate()),
            "may_be_newer": telling.may_be_newer(one, timezone.localdate()),
            "address": showing.address_of(one),
            "facebook": showing.facebook(one),
            "has_badge": one.status == CredentialStatus.VALID and keys.signer_of(one) is not None,
        }
        for one in held.order_by("-issued_at", "-pk")
    ]
    opened = codes.tidy(request.GET.get("mo", ""))[:16]
    context = {
        "shown": shown,
        "is_zalo": is_zalo,
        "opened": opened,
        "is_just_switched": "vua" in request.GET,
        "current": "certificates",
    }
    return render(request, "certificates/mine.html", context)


@require_POST
@consent_required
def renew(request: HttpRequest, code: str) -> HttpResponse:
    """Opens the course's tests once more and leads to the first of them."""
    credential, person = access.get_own(the_person(request), code), the_person(request)
    try:
        actions.begin_renewal(credential=credential, person=person, at=timezone.now())
    except Refusal as refusal:
        messages.warning(request, str(refusal))
        return redirect("certificates:mine")
    return HttpResponseRedirect(learning.continue_address(person, credential.enrolment.course))


@never_cache
@require_safe
@login_required
def pdf(request: HttpRequest, code: str) -> HttpResponse:
    return _download(request, code, rendering.delivered, "application/pdf", "pdf")


@never_cache
@require_safe
@login_required
def picture(request: HttpRequest, code: str) -> HttpResponse:
    return _download(request, code, rendering.picture, "image/jpeg", "jpg")


@never_cache
@require_safe
@login_required
def badge(request: HttpRequest, code: str, kind: Literal["png", "svg"]) -> HttpResponse:
    """The Open Badge in a picture. As a download alone: a drawing of SVG could be more than a picture."""
    mime = "image/png" if kind == "png" else "image/svg+xml"
    return _download(
        request, code, lambda credential: rendering.given_badge(credential, kind), mime, f"huy-hieu.{kind}"
    )


def _download(
    request: HttpRequest, code: str, draw: Callable[[Credential], bytes | None], kind: str, suffix: str
) -> HttpResponse:
    """The paper of a certificate that holds; a paper says nothing of a revocation, so that none is given out after it. `?in=1` opens
    a PDF in the browser, to be printed."""
    credential = access.get_document(request, code)
    if credential.status != CredentialStatus.VALID:
        messages.error(
            request,
            _(
                "Giấy này không còn hiệu lực nên không tải về được nữa. Kết quả học vẫn được giữ. Tình trạng của giấy ghi ở dưới."
            ),
        )
        return redirect("certificates:verify", code=credential.code)
    try:
        data = draw(credential)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("certificates:verify", code=credential.code)
    if data is None:
        messages.info(
            request,
            _(
                "Chưa có huy hiệu số, vì đơn vị cấp chưa có khóa ký điện tử cho giấy này. Giấy và trang kiểm tra vẫn dùng được như thường."
            ),
        )
        return redirect("certificates:verify", code=credential.code)
    name = slugify(fold(f"giay chung nhan {credential.evidence['course']}"))[:60]
    is_inline = kind == "application/pdf" and request.GET.get("in") == "1"
    response = HttpResponse(data, content_type=kind)
    response["Content-Disposition"] = (
        f'{"inline" if is_inline else "attachment"}; filename="{name}-{credential.code}.{suffix}"'
    )
    return response
