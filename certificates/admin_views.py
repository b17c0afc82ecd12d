from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import staff_with
from accounts.models import User

from . import actions
from .access import visible_to
from .forms import RevokeForm
from .models import Credential, CredentialStatus


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with("certificates.change_credential")
def revoke(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Asks once more, and why: everybody will read it, and there is no way back."""
    credential = get_object_or_404(visible_to(user, "certificates.change_credential"), pk=pk)
    form = RevokeForm(request.POST if request.method == "POST" else None)
    is_valid = credential.status == CredentialStatus.VALID
    if is_valid and not form.is_valid():
        return _ask(request, credential, form)
    if is_valid and actions.revoke(credential=credential, by=user, at=timezone.now(), **form.cleaned_data):
        messages.success(request, _("Đã thu hồi. Từ giờ, ai quét mã sẽ thấy “Đã thu hồi” cùng lý do."))
    else:
        messages.info(request, _("Giấy này không còn hiệu lực từ trước, nên không có gì để thu hồi."))
    return redirect("credential:inspect", pk)


def _ask(request: HttpRequest, credential: Credential, form: RevokeForm) -> HttpResponse:
    context = {
        "form": form,
        "credential": credential,
        "header_title": _("Thu hồi giấy chứng nhận số %(number)s") % {"number": credential.number},
        "header_icon": "doc-full-inverse",
        "breadcrumbs_items": [
            {"url": reverse("credential:index"), "label": _("Sổ cấp giấy chứng nhận")},
            {"url": reverse("credential:inspect", args=[credential.pk]), "label": credential.number},
            {"url": "", "label": _("Thu hồi")},
        ],
    }
    return render(request, "certificates/admin/revoke.html", context, status=422 if form.is_bound else 200)
