from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.action_menu import ActionMenuItem, SubmitForModerationMenuItem
from wagtail.admin.forms.workflows import WorkflowPagesFormSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.views.home import WorkflowObjectsToModeratePanel
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page

from . import queries
from .access import keeps_colleagues, roles_to_renew
from .admin_views import approval, cards, factor_urls, helping, merging, moving, subject_urls
from .admin_views import mails as of_mails
from .admin_views import people as of_people
from .admin_views import staff as of_staff
from .admin_views import tokens as of_tokens
from .newcomers import pages as newcomers
from .rights import admin_views as of_rights
from .rights.viewsets import DataRequestsItem, DataRequestsPanel, count_late
from .viewsets import (
    ACTIONS,
    ColleaguesItem,
    DecidedPages,
    DecisionsView,
    MovesItem,
    MovesPanel,
    PeopleGroup,
    PhoneChangesItem,
    PhoneChangesPanel,
    RolesEndingPanel,
    SecondFactorInvitation,
    closed_bulk_actions,
    may_read_decisions,
)


@hooks.register("register_admin_viewset")
def people() -> PeopleGroup:
    return PeopleGroup()


@hooks.register("register_admin_viewset", order=1)  # after Wagtail's own, whose place it takes
def decided_pages() -> DecidedPages:
    return DecidedPages()


@hooks.register("register_admin_urls")
def urls() -> list[Any]:
    patterns: list[Any] = [
        path("nguoi/dang-ky/", of_people.register, name="register"),
        path("nguoi/", include(newcomers.PATTERNS)),
        path("nguoi/<int:pk>/sua/", of_people.correct, name="correct"),
        path("nguoi/<int:pk>/so-moi/", of_people.new_number, name="new_number"),
        path("nguoi/phieu/", cards.cards, name="cards"),
        path("nguoi/<int:pk>/giup/", helping.help_person, name="help"),
        path("nguoi/<int:pk>/trung/", merging.doubles, name="doubles"),
        path("nguoi/<int:pk>/gop/<int:other>/", merging.merge, name="merge"),
        path("nguoi/<int:pk>/chuyen/", moving.move, name="move"),
        path("nguoi/<int:pk>/dang-nhap/", moving.switch, name="switch"),
        path("chuyen-noi-o/<int:pk>/", moving.decide, name="decide_move"),
        path("chuyen-noi-o/<int:pk>/bo/", moving.take_back, name="take_back_move"),
        path("nhat-ky/", DecisionsView.as_view(), name="decisions"),
        path("nhat-ky/results/", DecisionsView.as_view(results_only=True), name="decisions_results"),
        path("can-bo/dia-ban/", of_staff.colleagues, name="colleagues"),
        path("can-bo/them/", of_staff.new_colleague, name="new_colleague"),
        path("can-bo/<int:pk>/vai-tro/", of_staff.roles, name="roles"),
        path("can-bo/vai-tro/<int:pk>/thoi/", of_staff.end_role, name="end_role"),
        path("can-bo/vai-tro/<int:pk>/gia-han/", of_staff.extend_role, name="extend_role"),
        path("nguoi/<int:pk>/phieu/", of_people.card, name="card"),
        path("doi-so/<int:pk>/", of_people.phone_change, name="phone_change"),
        path("can-bo/<int:pk>/buoc-hai/", of_staff.reset_second_factor, name="reset_second_factor"),
        path("chu-the/", include(subject_urls)),
        path("account/thu/", of_mails.own_mail, name="own_mail"),
        path("account/thu/<str:token>/", of_mails.confirm_mail, name="confirm_mail"),
        path("ket-noi/", of_tokens.tokens, name="tokens"),
        path("ket-noi/<int:pk>/thu-hoi/", of_tokens.revoke_token, name="revoke_token"),
        path("du-lieu/nguoi/<int:pk>/", of_rights.record, name="record_request"),
        path("du-lieu/nguoi/<int:pk>/dong-y/", of_rights.ledger, name="ledger"),
        path("du-lieu/<int:pk>/rut-lai/", of_rights.take_back, name="take_back"),
        path("du-lieu/<int:pk>/ban-in/", of_rights.hand_over, name="hand_over"),
        path("du-lieu/<int:pk>/<slug:what>/", of_rights.decide, name="decide"),
    ]
    return [path("account/hai-buoc/", include(factor_urls)), path("", include((patterns, "accounts_admin")))]


for closed in closed_bulk_actions():
    hooks.register("register_bulk_action", closed, order=1)  # after Wagtail's own, whose names they take
for action in ACTIONS:
    hooks.register("register_bulk_action", action)


@hooks.register("register_admin_menu_item")
def open_phone_changes() -> PhoneChangesItem:
    return PhoneChangesItem()


@hooks.register("register_admin_menu_item")
def data_requests() -> DataRequestsItem:
    return DataRequestsItem()


@hooks.register("construct_homepage_panels")
def data_requests_panel(request: HttpRequest, panels: list[Component]) -> None:
    if count := DataRequestsItem().count(request):
        panels.append(DataRequestsPanel(count, count_late(request.user)))


@hooks.register("register_admin_menu_item")
def open_moves() -> MovesItem:
    return MovesItem()


@hooks.register("construct_homepage_panels")
def moves_panel(request: HttpRequest, panels: list[Component]) -> None:
    item = MovesItem()
    if count := item.count(request):
        panels.append(MovesPanel(item.url, count))


@hooks.register("register_admin_menu_item")
def colleagues_of_the_place() -> ColleaguesItem:
    return ColleaguesItem()


class DecisionsItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_read_decisions(request.user)


@hooks.register("register_reports_menu_item")
def log_of_decisions() -> DecisionsItem:
    address = reverse("accounts_admin:decisions")
    return DecisionsItem(_("Nhật ký quyết định"), address, name="decisions", icon_name="history", order=1000)


class TokensItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return keeps_colleagues(request.user)


@hooks.register("register_reports_menu_item")
def keys_for_other_systems() -> TokensItem:
    return TokensItem(of_tokens.TITLE, reverse("accounts_admin:tokens"), name="tokens", icon_name="key", order=1100)


@hooks.register("construct_reports_menu")
def history_of_everything(request: HttpRequest, items: list[Any]) -> None:
    """For administrators alone (elearning.urls): it tells of rows that others may not see."""
    if not request.user.is_superuser:
        items[:] = [item for item in items if item.name != "site-history"]


@hooks.register("construct_homepage_panels")
def phone_changes_panel(request: HttpRequest, panels: list[Component]) -> None:
    item = PhoneChangesItem()
    if count := item.count(request):
        panels.append(PhoneChangesPanel(item.url, count))


@hooks.register("construct_homepage_panels")
def roles_that_end_soon(request: HttpRequest, panels: list[Component]) -> None:
    if count := len(roles_to_renew(request.user)):
        panels.append(RolesEndingPanel(count))


@hooks.register("construct_homepage_panels")
def second_factor_invitation(request: HttpRequest, panels: list[Component]) -> None:
    if settings.STAFF_SECOND_FACTOR == "asked" and not queries.has_second_factor(request.user):
        panels.append(SecondFactorInvitation())


class SendForApproval(SubmitForModerationMenuItem):
    """Wagtail's words around a workflow's name are no Vietnamese, and a page has one workflow: its name says nothing more."""

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(parent_context)
        page = context.get("page")
        state = page.current_workflow_state if page else None
        is_again = state and state.status == state.STATUS_NEEDS_CHANGES
        return context | {"label": gettext("Gửi duyệt lại") if is_again else gettext("Gửi duyệt")}


@hooks.register("construct_page_action_menu")
def plain_words_for_sending(menu_items: list[ActionMenuItem], request: HttpRequest, context: dict[str, Any]) -> None:
    menu_items[:] = [
        SendForApproval(order=item.order) if item.name == SendForApproval.name else item for item in menu_items
    ]


@hooks.register("construct_page_action_menu")
def approving_in_sight(menu_items: list[ActionMenuItem], request: HttpRequest, context: dict[str, Any]) -> None:
    """What somebody was asked for is the button itself; saving a draft is behind the arrow."""
    if approving := next((item for item in menu_items if item.name == "approve" and not item.launch_modal), None):
        approving.template_name = "accounts/admin/approve.html"
        menu_items.remove(approving)
        menu_items.insert(0, approving)


@hooks.register("register_log_actions")
def log_actions(actions: LogActionRegistry) -> None:
    actions.register_action("accounts.card_issued", _("Cấp phiếu mã"), _("Đã cấp phiếu mã dùng một lần"))
    actions.register_action(
        "accounts.phone_change_decided", _("Đổi số điện thoại"), _("Đã quyết định yêu cầu đổi số điện thoại")
    )
    actions.register_action("accounts.number_given", _("Đổi số đăng nhập"), _("Đã đổi số đăng nhập"))
    actions.register_action(
        "accounts.number_not_theirs",
        _("Gỡ số đăng nhập"),
        _("Đã gỡ số đăng nhập, vì người cầm số ấy cho biết mình không phải học viên này. Cần hỏi lại số đúng"),
    )
    actions.register_action("accounts.person_registered", _("Đăng ký giúp"), _("Đã đăng ký giúp"))
    actions.register_action("accounts.person_corrected", _("Sửa thông tin học viên"), _("Đã sửa thông tin học viên"))
    actions.register_action("accounts.subject_corrected", _("Sửa thông tin chủ thể"), _("Đã sửa thông tin chủ thể"))
    for action, label, said in (
        ("people_merged", _("Gộp người ghi trùng"), _("Đã gộp một người ghi trùng vào đây")),
        ("helped", _("Giúp học"), _("Đã mở một lần giúp học")),
        ("person_moved", _("Chuyển nơi ở"), _("Đã ghi chuyển nơi ở")),
        ("move_refused", _("Từ chối chuyển nơi ở"), _("Đã từ chối yêu cầu chuyển nơi ở")),
        ("move_taken_back", _("Bỏ chuyển nơi ở"), _("Đã bỏ lần chuyển nơi ở chưa tới ngày")),
        ("log_in_switched_off", _("Tạm ngừng đăng nhập"), _("Đã tạm ngừng đăng nhập")),
        ("log_in_switched_on", _("Cho đăng nhập lại"), _("Đã cho đăng nhập lại")),
        ("identity_linked", _("Nối đăng nhập"), _("Đã tự nối đăng nhập qua nơi khác")),
        ("identity_unlinked", _("Gỡ đăng nhập"), _("Đã tự gỡ đăng nhập qua nơi khác")),
        ("subject_added", _("Ghi chủ thể vào sổ"), _("Đã ghi chủ thể vào sổ")),
        ("subject_confirmed", _("Xác nhận chủ thể"), _("Đã xác nhận chủ thể")),
        ("subjects_joined", _("Gộp chủ thể"), _("Đã gộp một chủ thể ghi trùng vào đây")),
        ("subject_closed", _("Ghi ngừng hoạt động"), _("Đã ghi ngừng hoạt động")),
        ("subject_reopened", _("Ghi hoạt động trở lại"), _("Đã ghi hoạt động trở lại")),
        ("product_added", _("Ghi sản phẩm"), _("Đã ghi sản phẩm")),
        ("product_corrected", _("Sửa sản phẩm"), _("Đã sửa sản phẩm")),
        ("product_removed", _("Bỏ sản phẩm"), _("Đã bỏ sản phẩm")),
    ):
        actions.register_action(f"accounts.{action}", label, said)
    for action, label, said in (
        ("person_erased", _("Xóa dữ liệu cá nhân"), _("Đã xóa dữ liệu cá nhân theo luật")),
        ("data_request_received", _("Ghi yêu cầu về dữ liệu"), _("Đã ghi yêu cầu về dữ liệu cá nhân")),
        ("data_request_replied", _("Trả lời yêu cầu về dữ liệu"), _("Đã trả lời yêu cầu về dữ liệu cá nhân")),
        ("data_request_extended", _("Gia hạn yêu cầu về dữ liệu"), _("Đã gia hạn yêu cầu về dữ liệu cá nhân")),
        ("data_request_settled", _("Giải quyết yêu cầu về dữ liệu"), _("Đã giải quyết yêu cầu về dữ liệu cá nhân")),
        ("calls_allowed_again", _("Cho gọi, nhắn lại"), _("Đã ghi là người ấy cho gọi, nhắn lại")),
        ("data_request_taken_back", _("Rút lại yêu cầu về dữ liệu"), _("Đã ghi là người ấy rút lại yêu cầu")),
        ("data_handed_over", _("Lấy bản dữ liệu cá nhân"), _("Đã lấy bản dữ liệu cá nhân để trao")),
    ):
        actions.register_action(f"accounts.{action}", label, said)
    actions.register_action("accounts.role_granted", _("Giao vai trò"), _("Đã giao vai trò"))
    actions.register_action("accounts.role_extended", _("Gia hạn vai trò"), _("Đã gia hạn vai trò"))
    actions.register_action("accounts.role_ended", _("Cho thôi vai trò"), _("Đã cho thôi vai trò"))
    actions.register_action("accounts.token_issued", _("Cấp khóa kết nối"), _("Đã cấp khóa kết nối"))
    actions.register_action("accounts.token_revoked", _("Thu hồi khóa kết nối"), _("Đã thu hồi khóa kết nối"))
    actions.register_action(
        "accounts.second_factor_added", _("Cài bước xác minh thứ hai"), _("Đã cài bước xác minh thứ hai")
    )
    actions.register_action(
        "accounts.second_factor_removed", _("Bỏ bước xác minh thứ hai"), _("Đã tự bỏ bước xác minh thứ hai")
    )
    actions.register_action(
        "accounts.recovery_codes_renewed", _("Tạo mã dự phòng mới"), _("Đã tạo mã dự phòng mới, mã cũ hết hiệu lực")
    )
    actions.register_action(
        "accounts.second_factor_reset",
        _("Gỡ bước xác minh thứ hai"),
        _("Đã gỡ bước xác minh thứ hai và đăng xuất khỏi mọi máy"),
    )


@hooks.register("before_edit_page")
def tell_who_approves(request: HttpRequest, page: Page) -> None:
    """Why the sender of a page, or whoever wrote its last words, finds no button to approve it."""
    is_sender, is_own = queries.approved_by_another(request.user, page) if request.method == "GET" else (False, False)
    if not is_own:
        return
    said = (
        gettext(
            "Anh/Chị đã gửi duyệt trang này. Một người biên soạn khác sẽ duyệt đúng bản đã gửi, nên trong lúc chờ anh/chị chưa sửa được. Muốn sửa tiếp, hãy bấm “Dừng quy trình”, sửa xong thì gửi lại."
        )
        if is_sender
        else gettext(
            "Lần sửa gần nhất của trang này là của anh/chị, nên một người biên soạn khác sẽ duyệt. Anh/Chị vẫn sửa tiếp được."
        )
    )
    messages.info(request, said)


# Wagtail gives this field no label, so that Django makes an English one of its name.
WorkflowPagesFormSet.form.base_fields["page"].label = _("Trang")

hooks.register("before_edit_page", approval.keep_what_waits)
hooks.register("after_edit_page", approval.tell_what_became_of_it)
hooks.register("after_publish_page", approval.tell_that_it_opens_with_the_page_above)


@hooks.register("construct_homepage_panels")
def what_waits_comes_first(request: HttpRequest, panels: list[Component]) -> None:
    for panel in panels:
        if isinstance(panel, WorkflowObjectsToModeratePanel):
            panel.order = 30


@hooks.register("before_bulk_action")
def keep_own_requests_waiting(
    request: HttpRequest, action_type: str, objects: list[Any], action: Any
) -> HttpResponse | None:
    if action_type != "publish" or action.model is not Page:
        return None
    within = action.cleaned_form.cleaned_data["include_descendants"]
    waiting = queries.own_requests_among(request.user, objects, within=within)
    if not waiting:
        return None
    said = gettext(
        "Chưa đăng trang nào, vì anh/chị đã gửi duyệt %(titles)s và một người biên soạn khác sẽ duyệt. Hãy bỏ chọn các trang đó, hoặc bấm “Dừng quy trình” ở từng trang trước."
    )
    messages.error(request, said % {"titles": ", ".join(f"“{page.title}”" for page in waiting)})
    return redirect("wagtailadmin_explore", objects[0].get_parent().pk)
