from typing import Any

from django.urls import include, path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

from . import admin_by_hand, admin_lists, admin_reissue, admin_views
from .batches import pages as batches
from .office import pages
from .viewsets import CertificatesGroup, previewing


@hooks.register("register_admin_viewset")
def certificates() -> CertificatesGroup:
    return CertificatesGroup()


@hooks.register("register_admin_urls")
def urls() -> list[Any]:
    patterns = [
        path("giay/<int:pk>/thu-hoi/", admin_views.revoke, name="revoke"),
        path("mau-giay/<int:pk>/in-thu/", previewing.sample, name="sample"),
        path("hinh-in/<int:pk>/", previewing.picture, name="picture"),
        path("giay/ky-so/", pages.signing, name="signing"),
        path("giay/ky-so/chua-ky.zip", pages.unsigned_files, name="unsigned_files"),
        path("giay/<int:pk>/ky-tren-giay/", pages.on_paper, name="on_paper"),
        path("giay/<int:pk>/ban-quet/", pages.scan, name="scan"),
        path("giay/<int:pk>/cap-lai/", admin_reissue.reissue, name="reissue"),
        path("in-hang-loat/", batches.batches, name="batches"),
        path("in-hang-loat/<int:pk>/", batches.batch, name="batch"),
        path("in-hang-loat/<int:pk>/to-in.pdf", batches.sheets, name="batch_sheets"),
        path("in-hang-loat/<int:pk>/giay.zip", batches.papers, name="batch_papers"),
        path("in-hang-loat/<int:pk>/thu-lai/", batches.retry, name="batch_retry"),
        path("in-hang-loat/<int:pk>/dung/", batches.stop, name="batch_stop"),
        path("cap-theo-danh-sach/", admin_by_hand.begin, name="by_hand"),
        path("cap-theo-danh-sach/mau/", admin_by_hand.sample, name="by_hand_sample"),
        path("cap-theo-danh-sach/da-cap/", admin_lists.lists, name="by_hand_lists"),
        path("cap-theo-danh-sach/<str:token>/", admin_by_hand.plan, name="by_hand_plan"),
        path("cap-theo-danh-sach/da-cap/<int:pk>/", admin_lists.issued, name="by_hand_issued"),
        path("cap-theo-danh-sach/minh-chung/<int:pk>/", admin_lists.scan, name="by_hand_scan"),
    ]
    return [path("", include((patterns, "certificates_admin")))]


@hooks.register("register_log_actions")
def log_actions(actions: LogActionRegistry) -> None:
    actions.register_action("certificates.revoked", _("Thu hồi"), _("Đã thu hồi giấy chứng nhận"))
    actions.register_action("certificates.key_made", _("Tạo khóa ký"), _("Đã tạo khóa ký"))
    actions.register_action("certificates.key_retired", _("Ngừng khóa ký"), _("Khóa ký không ký giấy mới nữa"))
    actions.register_action("certificates.key_disowned", _("Báo lộ khóa ký"), _("Đã báo khóa ký bị lộ"))
    actions.register_action("certificates.copy_signed", _("Nhận bản ký số"), _("Đã nhận bản ký số của cơ quan"))
    actions.register_action("certificates.copy_paper", _("Ký trên giấy"), _("Đã ghi là bản giấy đã ký, đóng dấu"))
    actions.register_action(
        "certificates.shown", _("Bật trang giới thiệu"), _("Người được cấp đã bật trang giới thiệu")
    )
    actions.register_action(
        "certificates.hidden", _("Tắt trang giới thiệu"), _("Người được cấp đã tắt trang giới thiệu")
    )
    actions.register_action("certificates.by_hand", _("Cấp theo danh sách"), _("Đã cấp giấy theo danh sách"))
    actions.register_action("certificates.batch_made", _("Lập đợt in"), _("Đã lập đợt in"))
    actions.register_action("certificates.batch_retried", _("Thử lại đợt in"), _("Đã thử lại đợt in"))
    actions.register_action("certificates.batch_stopped", _("Dừng đợt in"), _("Đã dừng đợt in"))
    actions.register_action("certificates.reissued", _("Cấp lại"), _("Đã cấp lại giấy chứng nhận"))
