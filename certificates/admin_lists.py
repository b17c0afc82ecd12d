"""Lists by which certificates were issued, in the admin: found again, printed, and what proves them."""

import secrets
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import staff_with
from accounts.models import User
from lib.headings import heading
from lib.refusals import Refusal

from . import actions
from .access import TO_REISSUE, lists_issued_by, people_to_certify, scans_visible_to
from .batches.forms import BatchForm
from .batches.pages import visible
from .models import Batch, Credential, CredentialStatus

SHOWN = 20  # lists of a page


def register() -> tuple[str, str]:
    """Where all these pages hang."""
    return reverse("credential:index"), _("Sổ cấp giấy chứng nhận")


@require_safe
@staff_with(TO_REISSUE)
def lists(request: HttpRequest, user: User) -> HttpResponse:
    """Those whose page is for this officer, the newest first."""
    mine = lists_issued_by(user).select_related("award__course").annotate(people=Count("entries"))
    page = Paginator(mine.order_by("-issued_at", "-pk"), SHOWN).get_page(request.GET.get("p"))
    above = heading(_("Các danh sách đã cấp"), "doc-full-inverse", register())
    return render(request, "certificates/admin/by_hand_lists.html", {"page": page} | above)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with(TO_REISSUE)
def issued(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """The certificates of a list, for whoever issued it, as far as its people are still theirs; the button prints them together."""
    made = get_object_or_404(lists_issued_by(user).select_related("award__course"), pk=pk)
    entries = made.entries.filter(enrolment__person__in=people_to_certify(user)).order_by("position")
    among = Credential.objects.filter(enrolment__in=entries.values("enrolment"), status=CredentialStatus.VALID)
    form = BatchForm(request.POST or None, initial={"token": secrets.token_urlsafe(16)})
    if request.method == "POST" and form.is_valid():
        enrolments, title = entries.values_list("enrolment", flat=True), f"{made.award} · {made.reason}"
        try:
            batch = actions.make_batch(
                **form.cleaned_data, enrolments=enrolments, title=title, by=user, at=timezone.now()
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("certificates_admin:batch", batch.pk)
    printed = visible(user).filter(entries__enrolment__in=entries.values("enrolment"), cancelled_at=None).distinct()
    batches = Batch.objects.counted().filter(pk__in=printed.values("pk")).order_by("-pk")
    context = {
        "made": made,
        "batches": batches,
        "found": among.order_by("year", "sequence"),
        "waiting": entries.count() - among.count(),
    }
    status = 422 if form.is_bound and form.errors else 200
    others = (reverse("certificates_admin:by_hand_lists"), _("Các danh sách đã cấp"))
    above = heading(_("Giấy theo danh sách"), "doc-full-inverse", register(), others)
    return render(request, "certificates/admin/by_hand_issued.html", context | above | {"form": form}, status=status)


@require_safe
@staff_with("certificates.view_credential")
def scan(request: HttpRequest, user: User, pk: int) -> Any:
    """The scan of a list, for whoever may see all who stand on it."""
    found = get_object_or_404(scans_visible_to(user), pk=pk)
    try:
        file = found.scan.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(file, as_attachment=True, filename=str(found.scan).rpartition("/")[2])
    response["X-Content-Type-Options"] = "nosniff"
    return response
