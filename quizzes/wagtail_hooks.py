from typing import Any

from django.urls import include, path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

from . import admin_views
from .viewsets import QuizzesGroup


@hooks.register("register_admin_viewset")
def quizzes() -> QuizzesGroup:
    return QuizzesGroup()


@hooks.register("register_admin_urls")
def urls() -> list[Any]:
    patterns = [
        path("cau-hoi/<int:pk>/xem-thu/", admin_views.preview, name="preview"),
        path("luot-lam/<int:pk>/them-luot/", admin_views.allow, name="allow"),
    ]
    return [path("", include((patterns, "quizzes_admin")))]


@hooks.register("register_log_actions")
def log_actions(actions: LogActionRegistry) -> None:
    actions.register_action("quizzes.attempt_allowed", _("Cho thêm lượt"), _("Đã cho thêm một lượt làm"))
