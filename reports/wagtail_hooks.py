from typing import Any

from django.http import HttpRequest
from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from accounts.access import has_role
from accounts.models import Role

from . import views


class BoardItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return has_role(request.user, Role.MANAGER, Role.ORGANISER, Role.ADMINISTRATOR)


@hooks.register("register_admin_urls")
def urls() -> list[Any]:
    patterns = [path("tien-do/", views.board, name="board"), path("tien-do/xlsx/", views.board_xlsx, name="board_xlsx")]
    return [path("", include((patterns, "reports")))]


@hooks.register("register_admin_menu_item")
def board() -> BoardItem:
    return BoardItem(_("Tiến độ"), reverse("reports:board"), icon_name="table", order=110)
