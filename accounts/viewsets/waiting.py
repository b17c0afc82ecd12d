"""What waits for an officer, told where it is not overlooked: in the menu on every page, and on the first one."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.sidebar import LinkMenuItem

from accounts.access import AnyUser, keeps_colleagues, moves_visible_to, phone_changes_visible_to
from accounts.models import MoveState, PhoneChange


class CountingItem(MenuItem):
    """An entry of the menu with the number of what waits behind it for a user; not there while nothing does."""

    def __init__(self, *args: Any, waiting: Callable[[AnyUser], int], **kwargs: Any) -> None:
        self.waiting = waiting
        super().__init__(*args, **kwargs)

    def count(self, request: HttpRequest) -> int:
        """Once a request: the menu asks whether the entry is shown, then what it says."""
        counted: dict[str, int] = request.__dict__.setdefault("counted", {})
        if self.name not in counted:
            counted[self.name] = self.waiting(request.user)
        return counted[self.name]

    def is_shown(self, request: HttpRequest) -> bool:
        return self.count(request) > 0

    def render_component(self, request: HttpRequest) -> LinkMenuItem:
        count = self.count(request)
        label = f"{self.label} ({count})" if count else str(self.label)
        return LinkMenuItem(self.name, label, self.url, icon_name=self.icon_name)


class OfficersItem(CountingItem):
    """For those who answer it every day; an administrator, whose menu is the longest, is told on the first page and finds it among the people."""

    def is_shown(self, request: HttpRequest) -> bool:
        return not request.user.is_superuser and super().is_shown(request)


class ColleaguesItem(MenuItem):
    """For managers who have managers below them; administrators find everybody in the settings."""

    def __init__(self) -> None:
        more = {"name": "colleagues", "icon_name": "group", "order": 155}
        super().__init__(_("Cán bộ địa bàn"), reverse("accounts_admin:colleagues"), **more)

    def is_shown(self, request: HttpRequest) -> bool:
        return keeps_colleagues(request.user) and not request.user.is_superuser


def open_phone_changes(user: AnyUser) -> int:
    """Trainees of the own places who cannot get in until an officer has called them back."""
    permission = "accounts.change_phonechange"
    if not user.has_perm(permission):
        return 0
    return phone_changes_visible_to(user, permission).filter(status=PhoneChange.Status.OPEN).count()


class PhoneChangesItem(CountingItem):
    def __init__(self) -> None:
        address = f"{reverse('phonechange:index')}?status={PhoneChange.Status.OPEN}"
        label = _("Xin đổi số")
        more = {"name": "open-phone-changes", "icon_name": "warning", "order": 115}
        super().__init__(label, address, waiting=open_phone_changes, **more)


class PhoneChangesPanel(Component):
    name = "phone_changes"
    order = 40
    template_name = "accounts/admin/phone_changes_panel.html"

    def __init__(self, address: str, count: int) -> None:
        self.address, self.count = address, count

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {"address": self.address, "n": self.count}


def open_moves(user: AnyUser) -> int:
    """People who say that they move out of or into the own places."""
    permission = "accounts.change_move"
    if not user.has_perm(permission):
        return 0
    return moves_visible_to(user, permission).filter(state=MoveState.OPEN).count()


class MovesItem(OfficersItem):
    def __init__(self) -> None:
        address = f"{reverse('move:index')}?state={MoveState.OPEN}"
        more = {"name": "open-moves", "icon_name": "redirect", "order": 116}
        super().__init__(_("Xin chuyển nơi ở"), address, waiting=open_moves, **more)


class MovesPanel(PhoneChangesPanel):
    name = "moves"
    order = 41
    template_name = "accounts/admin/moves_panel.html"


class RolesEndingPanel(Component):
    """For whoever may extend them."""

    name = "roles_ending"
    order = 45
    template_name = "accounts/admin/roles_ending_panel.html"

    def __init__(self, count: int) -> None:
        self.count = count

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {"address": reverse("accounts_admin:colleagues"), "n": self.count}
