from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page
from wagtail.snippets.models import register_snippet

from accounts.models import User
from accounts.viewsets import CountingItem

from . import actions, admin_views, authoring, reviewing
from .models import ActivityPage, Completion, LegalText, LessonPage
from .queries import resting_on
from .viewsets import LearningGroup, LegalTextViewSet, TopicViewSet

register_snippet(LegalTextViewSet)
register_snippet(TopicViewSet)
hooks.register(
    "register_bulk_action", admin_views.TellingDeletion, order=1
)  # after Wagtail's own, whose place it takes


@hooks.register("register_admin_viewset")
def learning() -> LearningGroup:
    return LearningGroup()


@hooks.register("register_admin_urls")
def urls() -> list[Any]:
    patterns = [
        path("ra-soat/", admin_views.review, name="review"),
        path("ghi-danh/<int:pk>/mo-lai/", admin_views.reopen, name="reopen"),
        path("nhom-hoc/<int:pk>/them/", admin_views.join_cohort, name="join_cohort"),
        path("nhom-hoc/<int:pk>/chuyen/", admin_views.move_to_cohort, name="move_to_cohort"),
        path("nhom-hoc/<int:pk>/bo/", admin_views.leave_cohort, name="leave_cohort"),
        path("nhom-hoc/<int:pk>/dong/", admin_views.close_cohort, name="close_cohort"),
        path("nhom-hoc/<int:pk>/mo-lai/", admin_views.reopen_cohort, name="reopen_cohort"),
        path("trang/<int:pk>/ai-xoa/", admin_views.who_deletes, name="who_deletes"),
    ]
    return [path("", include((patterns, "courses_admin")))]


class ReviewItem(CountingItem):
    """There for everybody who reviews, also while nothing waits."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(reviewing.entries_of(request.user))


@hooks.register("register_admin_menu_item")
def review() -> ReviewItem:
    label = gettext_lazy("Cần rà soát")
    return ReviewItem(
        label,
        reverse("courses_admin:review"),
        waiting=reviewing.count_of,
        name="review",
        icon_name="warning",
        order=265,
    )


@hooks.register("construct_homepage_panels")
def authoring_panel(request: HttpRequest, panels: list[Component]) -> None:
    rows, new_course = authoring.work_of(request.user), authoring.new_course_address(request.user)
    if rows or new_course:
        panels.append(authoring.AuthoringPanel(rows, new_course))


@hooks.register("register_log_actions")
def log_actions(log: LogActionRegistry) -> None:
    log.register_action("courses.reopened", gettext_lazy("Mở lại"), gettext_lazy("Đã mở lại một bài"))
    log.register_action("courses.attended", gettext_lazy("Ghi đã dự lớp"), gettext_lazy("Đã ghi là dự lớp tập huấn"))
    log.register_action("courses.cohort_opened", gettext_lazy("Lập nhóm"), gettext_lazy("Đã lập nhóm học"))
    log.register_action("courses.cohort_changed", gettext_lazy("Sửa nhóm"), gettext_lazy("Đã sửa nhóm học"))
    log.register_action("courses.cohort_closed", gettext_lazy("Đóng nhóm"), gettext_lazy("Đã đóng nhóm học"))
    log.register_action("courses.cohort_reopened", gettext_lazy("Mở lại nhóm"), gettext_lazy("Đã mở lại nhóm học"))
    log.register_action("courses.cohort_joined", gettext_lazy("Thêm người"), gettext_lazy("Đã thêm người vào nhóm"))
    log.register_action("courses.cohort_left", gettext_lazy("Bỏ người"), gettext_lazy("Đã bỏ người khỏi nhóm"))
    log.register_action(
        "courses.reviewer_named",
        gettext_lazy("Ghi thẩm định"),
        gettext_lazy("Đã đổi người thẩm định hoặc dấu “bài mẫu”"),
    )
    log.register_action("courses.reviewed", gettext_lazy("Rà soát"), gettext_lazy("Đã rà soát"))
    log.register_action(
        "courses.legal_text_changed", gettext_lazy("Sửa văn bản"), gettext_lazy("Đã sửa văn bản pháp luật")
    )


@hooks.register("before_delete_snippet")
def keep_cited_legal_texts(request: HttpRequest, snippets: list[Any]) -> HttpResponse | None:
    """What lessons and questions cite stays in the register; said before anything is asked or deleted."""
    for legal_text in snippets:
        if isinstance(legal_text, LegalText) and (resting := resting_on(legal_text)):
            named = ", ".join(resting[:5]) + (" …" if len(resting) > 5 else "")
            sentence = _(
                "Không xóa được %(law)s, vì còn mục dựa vào văn bản này: %(titles)s. Nếu văn bản không còn dùng, hãy sửa tình trạng."
            )
            messages.error(request, sentence % {"law": legal_text, "titles": named})
            return redirect("wagtailsnippets_courses_legaltext:list")
    return None


@hooks.register("after_create_page")
@hooks.register("after_edit_page")
def note_reviewer(request: HttpRequest, page: Page) -> None:
    """Who named the reviewer of a lesson, or took the sample mark away, and when."""
    if isinstance(page, LessonPage) and isinstance(request.user, User):
        actions.note_reviewer(page=page, by=request.user)


@hooks.register("before_move_page")
def keep_completed_activities_in_their_course(request: HttpRequest, page: Page, target: Page) -> HttpResponse | None:
    """Completions belong to a course: an activity that has some stays in it."""
    said = _(
        "Chưa chuyển “%(title)s”: đã có người học xong bài này trong khóa cũ, và kết quả đó được giữ. Hãy sao chép bài sang khóa mới, rồi ngừng đăng bài cũ."
    )
    return admin_views.refuse_move(request, page, target, _has_completions, said)


def _has_completions(page: ActivityPage) -> bool:
    return Completion.objects.filter(activity__translation_key=page.translation_key).exists()


@hooks.register("before_bulk_action")
def move_many_as_one(request: HttpRequest, action_type: str, objects: list[Any], action: Any) -> HttpResponse | None:
    if action_type != "move" or action.model is not Page:
        return None
    return admin_views.refuse_moves(request, objects, action.cleaned_form.cleaned_data["chooser"])


@hooks.register("before_delete_page")
def tell_what_deletion_touches(request: HttpRequest, page: Page) -> None:
    """Deleting a page retires its row; what people did stays. Said before the button is pressed."""
    if request.method == "GET" and (sentence := records_of(page.specific)):
        messages.warning(request, sentence)


@hooks.register("register_page_header_buttons")
@hooks.register("register_page_listing_more_buttons")
def way_to_delete(page: Page, user: User, view_name: str = "", next_url: str | None = None) -> Iterator[Button]:
    """In the place of the entry that Wagtail leaves out for who may not delete a page with pages below it."""
    if admin_views.deletes_by_another(page, user):
        address = reverse("courses_admin:who_deletes", args=[page.pk])
        yield Button(gettext_lazy("Xóa"), address, icon_name="bin", priority=50)


@hooks.register("after_unpublish_page")
def tell_what_waits(request: HttpRequest, page: Page) -> None:
    """A required activity that is off the site is still asked for; said to whoever took it off."""
    page = page.specific
    if isinstance(page, ActivityPage) and page.is_required and not page.live:
        said = _(
            "“%(title)s” là bài bắt buộc: khi bài này chưa đăng lại, chưa ai hoàn thành được khóa học. Muốn bỏ hẳn bài này thì xóa trang."
        )
        messages.warning(request, said % {"title": page.title})


def records_of(page: Page) -> str:
    """What people did on a page, or in the courses below it, before it is deleted; "" for nothing."""
    said = (
        _(
            "“%(title)s”: %(n)s người đã học xong bài này. Nếu xóa trang, học viên không mở được bài nữa; kết quả đã ghi vẫn được giữ."
        )
        if isinstance(page, ActivityPage)
        else _(
            "“%(title)s”: có %(n)s lượt ghi danh. Nếu xóa trang, học viên không mở được khóa nữa; kết quả đã ghi vẫn được giữ."
        )
    )
    count = authoring.use_of(page).recorded
    return said % {"title": page.title, "n": count} if count else ""
