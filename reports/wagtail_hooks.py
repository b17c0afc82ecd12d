from typing import Any

from django.http import HttpRequest
from django.urls import include, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component

from accounts.access import home_of

from . import actions, queries, views


class BoardItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(queries.PERMISSION)


@hooks.register("register_admin_urls")
def urls() -> list[Any]:
    patterns = [path("tien-do/", views.board, name="board"), path("tien-do/xlsx/", views.board_xlsx, name="board_xlsx")]
    return [path("", include((patterns, "reports")))]


class BoardPanel(Component):
    """The figures of one's own places on the first page of the admin."""

    name = "board"
    order = 50
    template_name = "reports/home_panel.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        user = parent_context["request"].user
        place = home_of(user, queries.PERMISSION)
        actions.bring_up_to_date(at=timezone.now())
        return {"heading": queries.name_of(user, place), "total": queries.total(user, place)}


@hooks.register("construct_homepage_panels")
def board_panel(request: HttpRequest, panels: list[Component]) -> None:
    if request.user.has_perm(queries.PERMISSION):
        panels.append(BoardPanel())


@hooks.register("register_admin_menu_item")
def board() -> BoardItem:
    return BoardItem(_("Tiến độ"), reverse("reports:board"), icon_name="table", order=110)
