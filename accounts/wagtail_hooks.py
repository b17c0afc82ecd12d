from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.urls import URLPattern, include, path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page

from . import admin_views
from .models import ApprovalByAnother, User
from .viewsets import PeopleGroup, closed_bulk_actions


@hooks.register("register_admin_viewset")
def people() -> PeopleGroup:
    return PeopleGroup()


@hooks.register("register_admin_urls")
def urls() -> list[Any]:
    patterns: list[URLPattern] = [
        path("nguoi/dang-ky/", admin_views.register, name="register"),
        path("nguoi/<int:pk>/sua/", admin_views.correct, name="correct"),
        path("can-bo/<int:pk>/vai-tro/", admin_views.roles, name="roles"),
        path("can-bo/vai-tro/<int:pk>/thoi/", admin_views.end_role, name="end_role"),
        path("nguoi/<int:pk>/phieu/", admin_views.card, name="card"),
        path("doi-so/<int:pk>/", admin_views.phone_change, name="phone_change"),
    ]
    return [path("", include((patterns, "accounts_admin")))]


for closed in closed_bulk_actions():
    hooks.register("register_bulk_action", closed, order=1)  # after Wagtail's own, whose names they take


@hooks.register("register_log_actions")
def log_actions(actions: LogActionRegistry) -> None:
    actions.register_action("accounts.card_issued", _("Cấp phiếu mã"), _("Đã cấp phiếu mã dùng một lần"))
    actions.register_action(
        "accounts.phone_change_decided", _("Đổi số điện thoại"), _("Đã quyết định yêu cầu đổi số điện thoại")
    )
    actions.register_action("accounts.person_registered", _("Đăng ký giúp"), _("Đã đăng ký giúp"))
    actions.register_action("accounts.person_corrected", _("Sửa thông tin người"), _("Đã sửa thông tin người"))
    actions.register_action("accounts.role_granted", _("Giao vai trò"), _("Đã giao vai trò"))
    actions.register_action("accounts.role_ended", _("Thôi vai trò"), _("Đã thôi vai trò"))


@hooks.register("before_edit_page")
def tell_who_approves(request: HttpRequest, page: Page) -> None:
    """Why the sender of a page finds no button to approve it."""
    step = page.current_workflow_task if request.method == "GET" else None
    if isinstance(step, ApprovalByAnother) and isinstance(request.user, User) and step.is_own(page, request.user):
        said = gettext(
            "Anh/Chị đã gửi duyệt trang này hoặc vừa sửa, nên một người biên soạn khác sẽ duyệt. Trong lúc chờ, anh/chị vẫn sửa được, hoặc bấm “Dừng quy trình” để thôi gửi duyệt."
        )
        messages.info(request, said)
