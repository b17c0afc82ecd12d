"""What administrators do for colleagues: give roles and end them, and take a second factor off that was lost."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from accounts import actions
from accounts.access import staff_with
from accounts.forms.factors import ResetForm
from accounts.forms.staff import EndRoleForm, RoleForm
from accounts.models import RoleAssignment, User
from accounts.queries import roles_by_period
from lib.refusals import Refusal


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with("accounts.change_user")
def roles(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """A colleague's roles: what runs, what will, what was, and another one."""
    colleague = get_object_or_404(User, pk=pk)
    form = RoleForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _is_granted(colleague, form, user):
        messages.success(request, _("Đã giao vai trò."))
        return redirect("accounts_admin:roles", pk)
    title = _("Vai trò của %(name)s") % {"name": colleague.get_full_name()}
    context = {"form": form, "periods": roles_by_period(colleague)} | _of_colleague(colleague, title)
    return render(request, "accounts/admin/roles.html", context, status=_status(request))


def _is_granted(colleague: User, form: RoleForm, by: User) -> bool:
    data = form.cleaned_data
    fields = {"role": data["role"], "place": data["place_name"]}
    days = {"valid_from": data["valid_from"], "valid_until": data["valid_until"]}
    try:
        actions.grant_role(user=colleague, by=by, at=timezone.now(), **fields, **days)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
    return not form.errors


def _of_colleague(colleague: User, title: str) -> dict[str, Any]:
    roles = {"url": reverse("accounts_admin:roles", args=[colleague.pk]), "label": _("Vai trò")}
    return _framed(colleague, title, roles)


def _framed(colleague: User, title: str, here: dict[str, str]) -> dict[str, Any]:
    crumbs = [
        {"url": reverse("wagtailusers_users:index"), "label": pgettext("colleagues", "Cán bộ")},
        {"url": reverse("wagtailusers_users:edit", args=[colleague.pk]), "label": colleague.get_full_name()},
        here,
    ]
    return {"breadcrumbs_items": crumbs, "header_title": title, "header_icon": "group"}


def _status(request: HttpRequest) -> int:
    """Of a page with a form: 422 where what was sent is shown again."""
    return 200 if request.method in ("GET", "HEAD") else 422


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with("accounts.change_user")
def end_role(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Asks once more, and why."""
    assignment = get_object_or_404(RoleAssignment.objects.select_related("user__person", "place__parent"), pk=pk)
    form = EndRoleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.end_role(assignment=assignment, by=user, at=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Đã cho thôi vai trò. Từ giờ người này không dùng quyền của vai trò này nữa."))
        return redirect("accounts_admin:roles", assignment.user_id)
    title = _("Cho %(name)s thôi vai trò") % {"name": assignment.user.get_full_name()}
    context = {"form": form, "assignment": assignment} | _of_colleague(assignment.user, title)
    return render(request, "accounts/admin/end_role.html", context, status=_status(request))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with("accounts.change_user")
def reset_second_factor(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Asks once more, and why."""
    colleague = get_object_or_404(User, pk=pk)
    form = ResetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.reset_second_factor(user=colleague, by=user, **form.cleaned_data)
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            said = _("Đã gỡ. %(name)s đã bị đăng xuất khỏi mọi máy; lần đăng nhập tới chỉ cần mật khẩu.")
            messages.success(request, said % {"name": colleague.get_full_name()})
        return redirect("wagtailusers_users:edit", pk)
    title = _("Gỡ bước xác minh thứ hai của %(name)s") % {"name": colleague.get_full_name()}
    here = {"url": "", "label": _("Gỡ bước xác minh thứ hai")}
    context = {"form": form, "colleague": colleague} | _framed(colleague, title, here)
    return render(request, "accounts/admin/reset_second_factor.html", context, status=_status(request))
