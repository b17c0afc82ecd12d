from typing import Any

from django.http import HttpRequest
from django.urls import include, path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.log_actions import LogActionRegistry, LogFormatter

from accounts.access import home_of

from . import actions, papers, queries, views
from .calling import access as calls
from .calling import pages
from .covered import pages as covered
from .freezing import pages as freezing
from .models import Outcome
from .plan import pages as plans
from .plan.viewset import OutsideViewSet
from .reminding import pages as reminding
from .saving import pages as saving
from .saving import views as saved
from .sending import alarms
from .sending import pages as sending
from .states import pages as states
from .states.queries import concerns
from .trends import pages as trends
from .trends.queries import completed_by_month

MOST_BEHIND = 5  # places that the first page names


class BoardItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(queries.PERMISSION)


@hooks.register("register_admin_urls")
def urls() -> list[Any]:
    patterns = [path("tien-do/", views.board, name="board"), *papers.addresses("tien-do/", views.board_file, "file")]
    of_rooms = [
        (patterns, "reports"),
        (reminding.patterns, "reminding"),
        (pages.patterns, "calling"),
        (plans.patterns, "plan"),
        (states.patterns, "states"),
        (trends.patterns, "trends"),
        (freezing.patterns, "freezing"),
        (covered.patterns, "covered"),
        (saving.patterns, "saving"),
        (sending.patterns, "sending"),
    ]
    return [path("", include(room)) for room in of_rooms]


@hooks.register("register_admin_viewset")
def outside_classes() -> OutsideViewSet:
    return OutsideViewSet()


class BoardPanel(Component):
    """The figures of one's own places on the first page of the admin: how it goes, and who is behind."""

    name = "board"
    order = 50
    template_name = "reports/home_panel.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        user, now = parent_context["request"].user, timezone.now()
        place = home_of(user, queries.PERMISSION)
        actions.bring_up_to_date(at=now)
        return {
            "heading": queries.name_of(user, place),
            "total": queries.total(user, place),
            "concerns": concerns(queries.scope_of(user, place), place),
            "months": completed_by_month(user, place, now=now),
        }


class CallsPanel(Component):
    """How far this week's calls are: of a commune, else of the places below with the most left to do."""

    name = "calls"
    order = 40
    template_name = "reports/calls_panel.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        user = parent_context["request"].user
        if progress := pages.of_this_week(user):
            return {"listed": progress.listed, "done": progress.done}
        rows = pages.progress(user, pages.home(user))
        behind = [row for row in rows if row.remaining]
        return {
            "listed": sum(row.listed for row in rows),
            "done": sum(row.done for row in rows),
            "is_to_come": not (behind or pages.are_drawn()),
            "behind": behind[:MOST_BEHIND],
            "others": max(len(behind) - MOST_BEHIND, 0),
        }


class TroublesPanel(Component):
    """Above all else: a report that does not come is missed by nobody."""

    name = "sending_troubles"
    order = 10
    template_name = "reports/troubles_panel.html"

    def __init__(self, troubles: list[alarms.Trouble]) -> None:
        self.troubles = troubles

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {"troubles": self.troubles}


@hooks.register("construct_homepage_panels")
def troubles_panel(request: HttpRequest, panels: list[Component]) -> None:
    if request.user.has_perm(queries.PERMISSION) and (found := alarms.troubles_of(request.user, at=timezone.now())):
        panels.append(TroublesPanel(found))


class CallsItem(MenuItem):
    """In sight for those who call; an administrator, whose menu is the longest, looks it up among the reports."""

    is_for_administrators = False

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.is_superuser == self.is_for_administrators and request.user.has_perm(calls.TO_CALL)


class CallsReportItem(CallsItem):
    is_for_administrators = True


@hooks.register("register_admin_menu_item")
def call_list() -> CallsItem:
    return CallsItem(_("Cần liên hệ tuần này"), reverse("calling:week"), icon_name="comment", order=111)


@hooks.register("register_reports_menu_item")
def call_lists() -> CallsReportItem:
    return CallsReportItem(_("Cần liên hệ tuần này"), reverse("calling:week"), icon_name="comment", order=990)


def _figures(label: Any, address: str, icon: str, order: int) -> None:
    """A page of figures among the reports; each stands on the board as well."""
    hooks.register(
        "register_reports_menu_item", lambda: BoardItem(label, reverse(address), icon_name=icon, order=order)
    )


for order, (label, address, icon) in enumerate(
    (
        (_("Chỉ tiêu và kết quả"), "plan:year", "list-ul"),
        (_("Cần quan tâm"), "states:behind", "warning"),
        (_("Bao phủ từng nơi"), "covered:page", "group"),
        (_("Xu hướng và so sánh"), "trends:page", "history"),
        (_("Chốt số liệu"), "freezing:snapshots", "lock"),
        (_("Gửi định kỳ"), "sending:list", "mail"),
    )
):
    _figures(label, address, icon, 900 + order)


class SavedViewsPanel(Component):
    name = "saved_views"
    order = 55
    template_name = "reports/saved_views_panel.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {"saved": saved.to_open(parent_context["request"].user)}


@hooks.register("construct_homepage_panels")
def saved_views_panel(request: HttpRequest, panels: list[Component]) -> None:
    if request.user.has_perm(queries.PERMISSION):
        panels.append(SavedViewsPanel())


@hooks.register("construct_homepage_panels")
def calls_panel(request: HttpRequest, panels: list[Component]) -> None:
    if request.user.has_perm(calls.TO_CALL):
        panels.append(CallsPanel())


@hooks.register("construct_homepage_panels")
def board_panel(request: HttpRequest, panels: list[Component]) -> None:
    if request.user.has_perm(queries.PERMISSION):
        panels.append(BoardPanel())


@hooks.register("register_admin_menu_item")
def board() -> BoardItem:
    return BoardItem(_("Tiến độ"), reverse("reports:board"), icon_name="table", order=110)


@hooks.register("register_log_actions")
def log_actions(registered: LogActionRegistry) -> None:
    registered.register_action("reports.contacted")(Contacted)
    registered.register_action("reports.reminded")(Reminded)
    registered.register_action("reports.target_set")(TargetSet)
    registered.register_action("reports.posts_set")(PostsSet)
    registered.register_action("reports.snapshot_taken", _("Chốt số liệu"), _("Đã chốt số liệu"))
    for action, label, said in (
        ("subscribed", _("Đặt báo cáo định kỳ"), _("Đã đặt báo cáo gửi định kỳ")),
        ("unsubscribed", _("Thôi gửi báo cáo định kỳ"), _("Đã thôi gửi báo cáo định kỳ")),
        ("outside_written", _("Ghi lớp ngoài hệ thống"), _("Đã ghi lớp ngoài hệ thống")),
        ("outside_corrected", _("Sửa lớp ngoài hệ thống"), _("Đã sửa lớp ngoài hệ thống")),
        ("outside_removed", _("Bỏ lớp ngoài hệ thống"), _("Đã bỏ lớp ngoài hệ thống")),
    ):
        registered.register_action(f"reports.{action}", label, said)


class Contacted(LogFormatter):
    """In the log of whom it was about, which stands longer than the list of the week."""

    label = _("Ghi liên hệ")

    def format_message(self, log_entry: Any) -> str:
        outcome = dict(Outcome.choices).get(log_entry.data.get("outcome"), "")
        return gettext("Đã ghi kết quả liên hệ: %(outcome)s") % {"outcome": outcome}


class TargetSet(LogFormatter):
    """Which figure and where, the title says; this says from what to what."""

    label = _("Đặt chỉ tiêu năm")

    def format_message(self, log_entry: Any) -> str:
        said = {name: log_entry.data.get(name) or gettext("không đặt") for name in ("before", "after")}
        return gettext("Đã đổi chỉ tiêu năm: trước %(before)s, nay %(after)s") % said


class PostsSet(LogFormatter):
    label = _("Ghi số vị trí cán bộ phụ trách")

    def format_message(self, log_entry: Any) -> str:
        said = {name: log_entry.data.get(name) or gettext("chưa rõ") for name in ("before", "after")}
        return gettext("Đã đổi số vị trí cán bộ phụ trách: trước %(before)s, nay %(after)s") % said


class Reminded(LogFormatter):
    """Of a list of a week; nobody is named."""

    label = _("Nhắn tin nhắc học")

    def format_message(self, log_entry: Any) -> str:
        return gettext("Đã nhắn tin nhắc học cho %(count)s người") % {"count": log_entry.data.get("count", 0)}
