"""What administrators do for colleagues: give roles and end them, and take a second factor off that was lost. Managers who have managers
below them give and end roles too, within their place (`rules.gives_until`)."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts import actions
from accounts.access import (
    colleagues_visible_to,
    keepers_of_colleagues,
    may_give,
    roles_to_renew,
    roles_visible_to,
    staff_with,
)
from accounts.forms.factors import ResetForm
from accounts.forms.staff import DelegatedRoleForm, EndRoleForm, ExtendRoleForm, NewColleagueForm, RoleForm
from accounts.models import User
from accounts.queries import colleagues_called, roles_by_period
from accounts.viewsets.staff import with_days
from lib.headings import heading
from lib.refusals import Refusal

COLLEAGUES = gettext_lazy("Cán bộ địa bàn")
ON_A_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@keepers_of_colleagues
def roles(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """A colleague's roles: what runs, what will, what was, and another one. Managers see those of their place."""
    colleague = get_object_or_404(User.objects.all() if user.is_superuser else colleagues_visible_to(user), pk=pk)
    form = _role_form(request, user)
    if request.method == "POST" and form.is_valid() and _is_granted(colleague, form, user):
        messages.success(request, _("Đã giao vai trò."))
        return redirect("accounts_admin:roles", pk)
    title = _("Vai trò của %(name)s") % {"name": colleague.get_full_name()}
    periods = roles_by_period(colleague, roles_visible_to(user))
    may_end = {one.pk for one in (*periods["running"], *periods["coming"]) if may_give(user, one)}
    context = {"form": form, "periods": periods, "may_end": may_end} | _of_colleague(user, colleague, title)
    return render(request, "accounts/admin/roles.html", context, status=_status(request))


def _role_form(request: HttpRequest, by: User) -> RoleForm:
    data = request.POST if request.method == "POST" else None
    return RoleForm(data) if by.is_superuser else DelegatedRoleForm(data, by=by)


def _is_granted(colleague: User, form: RoleForm, by: User) -> bool:
    data = form.cleaned_data
    fields = {"role": data["role"], "place": data["place_name"]}
    days = {"valid_from": data["valid_from"], "valid_until": data["valid_until"]}
    try:
        actions.grant_role(user=colleague, by=by, at=timezone.now(), **fields, **days)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
    return not form.errors


def _of_colleague(user: User, colleague: User, title: str) -> dict[str, Any]:
    roles = reverse("accounts_admin:roles", args=[colleague.pk]), _("Vai trò")
    if user.is_superuser:
        return heading(title, "group", *_above(colleague), roles)
    return heading(title, "group", (reverse("accounts_admin:colleagues"), str(COLLEAGUES)), roles)


def _above(colleague: User) -> list[tuple[str, str]]:
    return [
        (reverse("wagtailusers_users:index"), pgettext("colleagues", "Cán bộ")),
        (reverse("wagtailusers_users:edit", args=[colleague.pk]), colleague.get_full_name()),
    ]


def _status(request: HttpRequest) -> int:
    """Of a page with a form: 422 where what was sent is shown again."""
    return 200 if request.method in ("GET", "HEAD") else 422


@require_http_methods(["GET", "HEAD", "POST"])
@keepers_of_colleagues
def end_role(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Asks once more, and why."""
    assignment = get_object_or_404(roles_visible_to(user).select_related("user__person", "place__parent"), pk=pk)
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
    context = {"form": form, "assignment": assignment} | _of_colleague(user, assignment.user, title)
    return render(request, "accounts/admin/end_role.html", context, status=_status(request))


@require_http_methods(["GET", "HEAD", "POST"])
@keepers_of_colleagues
def extend_role(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Until when a role that ends some day is to last."""
    known = roles_visible_to(user).filter(valid_until__isnull=False)
    assignment = get_object_or_404(known.select_related("user__person", "place__parent"), pk=pk)
    form = ExtendRoleForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.extend_role(assignment=assignment, by=user, at=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Đã gia hạn vai trò."))
            return redirect("accounts_admin:roles", assignment.user_id)
    title = _("Gia hạn vai trò của %(name)s") % {"name": assignment.user.get_full_name()}
    context = {"form": form, "assignment": assignment} | _of_colleague(user, assignment.user, title)
    return render(request, "accounts/admin/extend_role.html", context, status=_status(request))


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
    context = {"form": form, "colleague": colleague} | heading(title, "group", *_above(colleague))
    return render(request, "accounts/admin/reset_second_factor.html", context, status=_status(request))


@require_safe
@keepers_of_colleagues
def colleagues(request: HttpRequest, user: User) -> HttpResponse:
    """Who works where somebody keeps colleagues, with the roles there."""
    query = request.GET.get("q", "")
    rows = colleagues_called(colleagues_visible_to(user), query).order_by("display_name", "pk")
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("p"))
    here = roles_visible_to(user).not_over(timezone.localdate()).filter(user__in=[one.pk for one in page])
    roles: dict[int, list[str]] = {}
    for role in here.select_related("place").order_by("valid_from", "pk"):
        roles.setdefault(role.user_id, []).append(with_days(role))
    people = [(one, "; ".join(roles.get(one.pk, []))) for one in page]
    context = {"page": page, "people": people, "query": query, "ending": roles_to_renew(user)}
    context |= heading(str(COLLEAGUES), "group")
    return render(request, "accounts/admin/colleagues.html", context)


@sensitive_post_parameters("password1")
@require_http_methods(["GET", "HEAD", "POST"])
@keepers_of_colleagues
def new_colleague(request: HttpRequest, user: User) -> HttpResponse:
    """A manager takes somebody on, with a first role and a first password. Administrators have Wagtail's page."""
    if user.is_superuser:
        return redirect("wagtailusers_users:add")
    form = NewColleagueForm(request.POST if request.method == "POST" else None, by=user)
    if request.method == "POST" and form.is_valid() and (made := _made(form, user)):
        said = _("Đã thêm %(name)s. Hãy giao mật khẩu ban đầu cho người này.") % {"name": made.get_full_name()}
        messages.success(request, said)
        return redirect("accounts_admin:roles", made.pk)
    context = {"form": form} | heading(
        _("Thêm cán bộ"), "group", (reverse("accounts_admin:colleagues"), str(COLLEAGUES))
    )
    return render(request, "accounts/admin/new_colleague.html", context, status=_status(request))


def _made(form: NewColleagueForm, by: User) -> User | None:
    data = form.cleaned_data
    try:
        return actions.create_staff(
            phone=data["phone"],
            name=data["display_name"],
            password=data["password1"],
            roles=[(data["role"], data["place_name"])],
            by=by,
            at=timezone.now(),
            valid_from=data["valid_from"],
            valid_until=data["valid_until"],
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal))
    except (ValidationError, IntegrityError):  # the number: it was there before, or somebody else was quicker
        own = {"name": data["display_name"], "password": data["password1"], "place": data["place_name"]}
        if made := actions.created_just_now(phone=data["phone"], role=data["role"], by=by, at=timezone.now(), **own):
            return made
        form.add_error(
            "phone",
            _("Số điện thoại này đã có tài khoản. Hãy tìm trong danh sách, hoặc nhờ quản trị hệ thống giao vai trò."),
        )
    return None
