from typing import Any

from django.http import HttpRequest
from django.urls import include, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.log_actions import LogActionRegistry

from accounts.models import User
from courses import reading
from courses.viewsets.records import LEARNING

from .access import TO_CALL, TO_LOOK
from .closing import pages as closing
from .desk import looking, making
from .following import pages as following
from .hall import pages as hall
from .importing import pages as importing
from .inviting import adding, nominating, telling
from .models import FollowUp
from .papers import pages as papers
from .planning import pages as planning
from .planning import rooming, watching
from .planning.panel import panel_for
from .totals import pages as totals


@hooks.register("register_admin_urls")
def urls() -> list[Any]:
    changing = {
        "sessions": "buoi", "programme": "chuong-trinh", "materials": "tai-lieu", "bases": "can-cu", "quotas": "chi-tieu",
        "questions": "cau-hoi",
    }  # fmt: skip
    patterns = [
        path("tap-huan/", watching.workshops, name="workshops"),
        path("tap-huan/lap/", planning.plan, name="plan"),
        path("tap-huan/<int:pk>/", watching.workshop, name="workshop"),
        path("tap-huan/<int:pk>/thong-tin/", planning.details, name="edit_details"),
        path("tap-huan/<int:pk>/them-dai-bieu/", adding.add, name="add_delegate"),
        path("tap-huan/<int:pk>/phong/", rooming.rooms, name="rooms"),
        path("tap-huan/<int:pk>/goi-lai/", following.of_workshop, name="follow_up"),
        path("tap-huan/<int:pk>/huy/", planning.cancel, name="cancel_workshop"),
        path("tap-huan/dai-bieu/<int:pk>/huy/", watching.cancel_registration, name="cancel_registration"),
        path("tap-huan/dai-bieu/<int:pk>/co-cho/", watching.give_seat, name="give_seat"),
        path("tap-huan/dai-bieu/<int:pk>/da-bao/", watching.note_told, name="note_told"),
        path("tap-huan/dai-bieu/<int:pk>/di-thay/", watching.replace, name="replace"),
        *(
            path(f"tap-huan/<int:pk>/{address}/", planning.part(name), name=f"edit_{name}")
            for name, address in changing.items()
        ),
    ]
    return [
        path("", include((patterns, "workshops_admin"))),
        path("tap-huan/tong-hop/", include((totals.PATTERNS, "workshops_totals"))),
        path("tap-huan/goi-lai/", include((following.PATTERNS, "workshops_following"))),
        path("tap-huan/<int:pk>/chot/", include((closing.PATTERNS, "workshops_closing"))),
        path("tap-huan/<int:pk>/nhap-danh-sach/", include((importing.PATTERNS, "workshops_roster"))),
        path("tap-huan/cu-nguoi/", include((nominating.PATTERNS, "workshops_inviting"))),
        path("tap-huan/<int:pk>/tin-nhan/", include((telling.PATTERNS, "workshops_notices"))),
        path("tap-huan/<int:pk>/trong-lop/", include((hall.PATTERNS, "workshops_hall"))),
        path("diem-danh/", include((looking.PATTERNS + making.PATTERNS, "workshops_desk"))),
        path("tap-huan/<int:pk>/", include((papers.PATTERNS, "workshops_papers"))),
    ]


@hooks.register("construct_homepage_panels")
def workshops_panel(request: HttpRequest, panels: list[Component]) -> None:
    if isinstance(request.user, User) and (panel := panel_for(request.user, timezone.now())):
        panels.append(panel)


class WorkshopsItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(TO_LOOK))


@hooks.register(LEARNING)  # a laptop shows no more entries of the menu itself
def workshops() -> WorkshopsItem:
    address = reverse("workshops_admin:workshops")
    return WorkshopsItem(_("Lớp tập huấn"), address, name="workshops", icon_name="calendar-alt", order=5)


class CallsItem(MenuItem):
    """Shown once somebody is to be called anywhere, so that it is in nobody's way for the first three months."""

    def is_shown(self, request: HttpRequest) -> bool:
        is_used = reading.shelf.remember("anybody is to be called", FollowUp.objects.exists)
        return is_used and bool(request.user.has_perm(TO_CALL))


@hooks.register(LEARNING)
def calls() -> CallsItem:
    address = reverse("workshops_following:calls")
    return CallsItem(_("Gọi lại sau lớp"), address, name="workshop-calls", icon_name="comment", order=6)


@hooks.register("register_log_actions")
def log_actions(actions: LogActionRegistry) -> None:
    actions.register_action("workshops.roster_imported", _("Nhập danh sách"), _("Đã nhập danh sách đại biểu"))
    actions.register_action("workshops.planned", _("Lập lớp"), _("Đã lập lớp tập huấn"))
    actions.register_action("workshops.changed", _("Sửa lớp"), _("Đã sửa lớp tập huấn"))
    actions.register_action("workshops.told", _("Nhắn đại biểu"), _("Đã nhắn tin cho đại biểu"))
    actions.register_action("workshops.session_closed", _("Chốt buổi"), _("Đã chốt buổi học"))
    actions.register_action("workshops.called", _("Ghi cuộc gọi"), _("Đã ghi cuộc gọi sau lớp"))
    actions.register_action("workshops.calls_asked", _("Lập danh sách gọi"), _("Đã lập danh sách gọi lại sau lớp"))
    actions.register_action("workshops.reopened", _("Mở lại lớp"), _("Đã mở lại lớp tập huấn"))
    actions.register_action("workshops.cancelled", _("Hủy lớp"), _("Đã hủy lớp tập huấn"))
    actions.register_action("workshops.tests_made", _("Lập đề"), _("Đã lập đề kiểm tra đầu vào và đầu ra"))
    actions.register_action("workshops.test_opened", _("Mở bài"), _("Đã mở bài kiểm tra tại lớp"))
    actions.register_action("workshops.test_closed", _("Đóng bài"), _("Đã đóng bài kiểm tra tại lớp"))
    actions.register_action("workshops.sheet_corrected", _("Sửa phiếu"), _("Đã sửa phiếu trả lời nhập từ giấy"))
    actions.register_action("workshops.feedback_corrected", _("Sửa phiếu"), _("Đã sửa phiếu đánh giá nhập từ giấy"))
    actions.register_action("workshops.desk_made", _("Lập bàn điểm danh"), _("Đã lập bàn điểm danh"))
    actions.register_action("workshops.desk_ended", _("Đóng bàn điểm danh"), _("Đã đóng bàn điểm danh"))
    actions.register_action("workshops.desk_shut", _("Thôi nhận lượt của bàn"), _("Đã đóng bàn điểm danh và thôi nhận"))
    actions.register_action("workshops.desk_recoded", _("Cấp mã bàn mới"), _("Đã cấp mã mới cho bàn điểm danh"))
    actions.register_action("workshops.attendance_taken_back", _("Bỏ lượt điểm danh"), _("Đã bỏ một lượt điểm danh"))
    actions.register_action("workshops.delegate_removed", _("Hủy đại biểu"), _("Đã hủy đăng ký của một đại biểu"))
    actions.register_action("workshops.removal_told", _("Báo cách khác"), _("Đã báo cho một đại biểu bị hủy đăng ký"))
    actions.register_action("workshops.delegate_replaced", _("Đi thay"), _("Đã ghi người đi thay một đại biểu"))
    actions.register_action("workshops.rooms_assigned", _("Xếp phòng"), _("Đã xếp, đổi phòng của đại biểu"))
    actions.register_action("workshops.rooms_spread", _("Chia đều phòng"), _("Đã chia đều đại biểu vào các phòng"))
    actions.register_action("workshops.seat_given", _("Xếp chỗ"), _("Đã xếp chỗ cho một đại biểu"))
    actions.register_action(
        "workshops.report_photographed", _("Ảnh báo cáo"), _("Đã thêm, sửa hoặc bỏ ảnh của báo cáo")
    )
    actions.register_action(
        "workshops.report_written", _("Viết báo cáo"), _("Đã viết phần nhận xét của báo cáo kết quả")
    )
