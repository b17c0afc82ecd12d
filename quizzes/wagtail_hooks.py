from typing import Any

from django.urls import include, path
from wagtail import hooks

from . import admin_views
from .viewsets import QuizzesGroup


@hooks.register("register_admin_viewset")
def quizzes() -> QuizzesGroup:
    return QuizzesGroup()


@hooks.register("register_admin_urls")
def urls() -> list[Any]:
    patterns = [
        path("cau-hoi/<int:pk>/xem-thu/", admin_views.preview, name="preview"),
        path("bai-kiem-tra/<int:pk>/cau-hoi/", admin_views.questions, name="questions"),
    ]
    return [path("", include((patterns, "quizzes_admin")))]
