"""The door of a reissue in the admin: what stays, what changes, and why."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import staff_with
from accounts.models import User
from lib.refusals import Refusal

from . import actions
from .access import visible_to
from .forms import ReissueForm
from .models import Credential, CredentialStatus


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with("certificates.change_credential")
def reissue(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine = visible_to(user, "certificates.change_credential").select_related("person__place__parent", "replaced_by")
    credential = get_object_or_404(mine, pk=pk)
    if credential.status == CredentialStatus.REVOKED:
        messages.info(request, _("Giấy này đã bị thu hồi, nên không cấp lại được."))
        return redirect("credential:inspect", pk)
    differs = credential.printed_name() != credential.person.name
    initial = {"why": actions.ReissueReason.NAME} if differs else {}
    form = ReissueForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            new, is_new = actions.reissue(credential=credential, by=user, at=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            said = _("Đã cấp lại: giấy mới số %(number)s. Ai quét mã trên giấy cũ sẽ thấy “Đã được thay thế”.")
            known = _("Giấy này đã được cấp lại từ trước, không cấp thêm lần nữa. Đây là giấy mới, số %(number)s.")
            (messages.success if is_new else messages.info)(
                request, (said if is_new else known) % {"number": new.number}
            )
            return redirect("credential:inspect", new.pk)
    elif credential.replaced_by and request.method != "POST":
        return redirect("credential:inspect", credential.replaced_by.pk)
    return _ask(request, credential, form)


def _ask(request: HttpRequest, credential: Credential, form: ReissueForm) -> HttpResponse:
    context = {
        "form": form,
        "credential": credential,
        "person": credential.person,
        "header_title": _("Cấp lại giấy chứng nhận số %(number)s") % {"number": credential.number},
        "header_icon": "doc-full-inverse",
        "breadcrumbs_items": [
            {"url": reverse("credential:index"), "label": _("Sổ cấp giấy chứng nhận")},
            {"url": reverse("credential:inspect", args=[credential.pk]), "label": credential.number},
            {"url": "", "label": _("Cấp lại")},
        ],
    }
    return render(request, "certificates/admin/reissue.html", context, status=422 if form.is_bound else 200)
