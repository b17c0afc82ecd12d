"""Pages of the admin for the way to the office and back, and for papers that were signed by hand."""

from dataclasses import dataclass
from datetime import datetime, time

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import staff_with
from accounts.models import User
from certificates import actions, sealing
from certificates.access import visible_to
from certificates.models import CopyKind, Credential, CredentialStatus, SignedCopy
from lib import dates
from lib.refusals import Refusal
from lib.typed import key_of

from .forms import NarrowForm, OnPaperForm, SignedFilesForm
from .packing import packed
from .taking import Outcome, signed_before, take, unsigned

CHANGE = "certificates.change_credential"
ALL = "het"
MOST = 50  # files in a ZIP, which are drawn while it goes out: less than half a minute


@dataclass(frozen=True)
class Part:
    """Of a list that is too long for one file, the oldest first: what comes behind the certificate with the key `after`, 0 at the beginning."""

    shown: list[Credential]
    after: int
    has_more: bool

    @property
    def last(self) -> int:
        """The key behind which the next part begins."""
        return self.shown[-1].pk

    @property
    def is_all(self) -> bool:
        return not self.after and not self.has_more


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with(CHANGE)
def signing(request: HttpRequest, user: User) -> HttpResponse:
    """What waits for a signature, and what comes back."""
    among = visible_to(user, CHANGE)
    form = SignedFilesForm(request.POST, request.FILES) if request.method == "POST" else SignedFilesForm()
    outcomes: list[Outcome] = []
    if request.method == "POST" and form.is_valid():
        outcomes = take(form.cleaned_data["signed"], among=among, by=user, at=timezone.now())
    waiting = unsigned(among)
    narrow = NarrowForm(request.GET, among=waiting, user=user)
    found = narrow.narrowed(waiting).annotate(is_signed_anew=signed_before())
    part = _part(found, _after(request))
    context = {
        "form": form,
        "narrow": narrow,
        "taken": [one for one in outcomes if not one.refused],
        "refused": [one for one in outcomes if one.refused],
        "part": part if part.shown else _part(found, 0),
        "count": found.count(),
        "most": MOST,
        "are_all_ticked": request.GET.get("chon") == ALL,
        "query": narrow.query(),
        "header_title": _("Ký số tại cơ quan"),
        "breadcrumbs_items": _crumbs(_("Ký số tại cơ quan")),
    }
    return render(request, "certificates/admin/signing.html", context)


def _part(found: QuerySet[Credential], after: int) -> Part:
    """By the key and not by a page's number: whoever signs some of them between two files moves no other out of the next."""
    rows = list(found.filter(pk__gt=after).order_by("pk")[: MOST + 1])
    return Part(rows[:MOST], after, has_more=len(rows) > MOST)


def _after(request: HttpRequest) -> int:
    return key_of(request.GET.get("sau"))


@require_safe
@staff_with(CHANGE)  # type: ignore[arg-type]  # a stream is no HttpResponse
def unsigned_files(request: HttpRequest, user: User) -> HttpResponseBase:
    """Those that are ticked among those that wait, where the boxes were sent along (`chon`); else a part (behind `sau`) of the narrowed list."""
    waiting = unsigned(visible_to(user, CHANGE))
    chosen = [int(one) for one in request.GET.getlist("giay")[:MOST] if one.isdecimal() and len(one) < 19]
    narrow = NarrowForm(request.GET, among=waiting, user=user)
    if "chon" in request.GET and not chosen:
        messages.warning(request, _("Chưa chọn giấy nào. Hãy đánh dấu giấy cần tải, hoặc bấm “Chọn tất cả”."))
        return redirect(f"{reverse('certificates_admin:signing')}?{narrow.query()}")
    found = waiting.filter(pk__in=chosen) if chosen else narrow.narrowed(waiting)
    keys = [one.pk for one in _part(found.only("pk"), 0 if chosen else _after(request)).shown]
    if not keys:
        messages.info(request, _("Không có giấy nào chờ ký theo điều kiện đã chọn."))
        return redirect("certificates_admin:signing")
    name = f"giay-chua-ky-{timezone.localtime():%Y-%m-%d-%H%M}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    parts = packed(Credential.objects.get(pk=key) for key in keys)
    return StreamingHttpResponse(parts, content_type="application/zip", headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with(CHANGE)
def on_paper(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Marks that the printed certificate was signed and stamped by hand."""
    credential = get_object_or_404(visible_to(user, CHANGE), pk=pk)
    form = OnPaperForm(request.POST, request.FILES) if request.method == "POST" else OnPaperForm()
    if credential.status != CredentialStatus.VALID:
        messages.error(request, _("Giấy này không còn hiệu lực nên không ghi được là đã ký."))
        return redirect("credential:inspect", pk)
    if request.method == "POST" and form.is_valid() and _mark(request, user, credential, form):
        return redirect("credential:inspect", pk)
    context = {
        "form": form,
        "credential": credential,
        "copy": _paper(credential).first(),
        "header_title": _("Giấy số %(number)s đã ký trên giấy") % {"number": credential.number},
        "breadcrumbs_items": _crumbs(_("Đã ký trên giấy")),
    }
    return render(request, "certificates/admin/on_paper.html", context)


def _mark(request: HttpRequest, user: User, credential: Credential, form: OnPaperForm) -> bool:
    issued_on = dates.local_day(credential.issued_at)
    if form.cleaned_data["signed_on"] < issued_on:
        said = _("Giấy này cấp ngày %(day)s, nên không thể ký trước ngày ấy. Xem lại ngày ký.")
        form.add_error("signed_on", said % {"day": dates.localised(issued_on)})
        return False
    noon = timezone.make_aware(datetime.combine(form.cleaned_data["signed_on"], time(12)))
    try:
        actions.take_copy(
            credential=credential,
            kind=CopyKind.PAPER,
            data=form.cleaned_data["scan"],
            signers="",
            signed_at=noon,
            by=user,
            at=timezone.now(),
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _("Đã ghi. Trang kiểm tra cho biết bản giấy đã được ký, đóng dấu."))
    return True


@require_safe
@staff_with(CHANGE)
def scan(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    copy = get_object_or_404(_paper(get_object_or_404(visible_to(user, CHANGE), pk=pk)).exclude(file=""))
    try:
        content = copy.content()
    except FileNotFoundError:  # the audit names it
        raise Http404 from None
    headers = {"Content-Disposition": f'inline; filename="ban-giay-{pk}.jpg"'}
    return HttpResponse(content, content_type="image/jpeg", headers=headers)


def _paper(credential: Credential) -> QuerySet[SignedCopy]:
    return SignedCopy.objects.filter(credential=credential, kind=CopyKind.PAPER)


def _crumbs(last: str) -> list[dict[str, str]]:
    register = {"url": reverse("credential:index"), "label": _("Sổ cấp giấy chứng nhận")}
    return [{"url": reverse("wagtailadmin_home"), "label": _("Trang đầu")}, register, {"url": "", "label": last}]


def trouble() -> str:
    """For the page of a credential: what is wrong with the seal at the moment."""
    code = sealing.trouble()
    if code == "timestamp":
        return _(
            "Dịch vụ cấp dấu thời gian không trả lời: giấy tải về lúc này có con dấu số nhưng chưa có dấu thời gian."
        )
    return (
        _("Khóa của con dấu số chưa dùng được: giấy tải về lúc này chưa có con dấu số. Hãy báo người quản trị máy chủ.")
        if code
        else ""
    )
