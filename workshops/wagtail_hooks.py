from typing import Any

from django.urls import include, path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

from .importing import pages as importing


@hooks.register("register_admin_urls")
def roster_urls() -> list[Any]:
    return [path("lop-tap-huan/<int:pk>/nhap-danh-sach/", include((importing.PATTERNS, "workshops_roster")))]


@hooks.register("register_log_actions")
def roster_log_actions(actions: LogActionRegistry) -> None:
    actions.register_action("workshops.roster_imported", _("Nhập danh sách"), _("Đã nhập danh sách đại biểu"))
