"""What editors do with courses, behind links of the admin."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User

from . import actions, reviewing


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest) -> HttpResponse:
    """Everything marked "cần rà soát" that somebody may look into; one mark or several are taken away."""
    user = request.user
    if not isinstance(user, User) or not reviewing.entries_of(user):
        raise PermissionDenied
    rows = reviewing.rows_of(user)
    if request.method == "POST":
        _lift(request, user, rows)
        return redirect("courses_admin:review")
    context = {"rows": rows, "header_title": _("Cần rà soát"), "header_icon": "warning"}
    context["breadcrumbs_items"] = [{"url": "", "label": _("Cần rà soát")}]
    return render(request, "courses/admin/review.html", context)


def _lift(request: HttpRequest, user: User, rows: list[reviewing.Row]) -> None:
    """The button of a line stands for that line alone. What was marked anew meanwhile is not among the rows any more."""
    picked = set(request.POST.getlist("only") or request.POST.getlist("item"))
    marks = [(row.kind, row.one.pk, row.one.since) for row in rows if row.value in picked]
    lifted = actions.lift_marks(marks=marks, by=user, at=timezone.now())
    if not picked:
        messages.warning(request, _("Hãy chọn ít nhất một mục."))
    if lifted:
        said = ngettext("Đã ghi là đã rà soát: %(n)s mục.", "Đã ghi là đã rà soát: %(n)s mục.", lifted)
        messages.success(request, said % {"n": lifted})
    if lifted < len(picked):
        messages.warning(
            request, _("Có mục người khác vừa rà soát, hoặc vừa được đánh dấu lại. Hãy xem lại danh sách.")
        )
