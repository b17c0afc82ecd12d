from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import staff_with
from accounts.models import User
from lib.refusals import Refusal

from . import actions
from .access import visible_to


@require_POST
@staff_with("certificates.change_credential")
def revoke(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    credential = get_object_or_404(visible_to(user, "certificates.change_credential"), pk=pk)
    try:
        actions.revoke(credential=credential, reason=request.POST.get("reason", ""), by=user, at=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Đã thu hồi. Từ giờ, ai quét mã sẽ thấy “Đã thu hồi” cùng lý do."))
    return redirect("credential:inspect", pk)
