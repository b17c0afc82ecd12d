from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.sidebar import LinkMenuItem as LinkMenuItemComponent
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page
from wagtail.snippets.models import register_snippet

from accounts.models import User

from . import actions, admin_views, reviewing
from .models import Activity, ActivityPage, Completion, Course, CoursePage, Enrolment, LegalText, LessonPage
from .queries import resting_on
from .viewsets import LearningGroup, LegalTextViewSet, TopicViewSet

register_snippet(LegalTextViewSet)
register_snippet(TopicViewSet)


@hooks.register("register_admin_viewset")
def learning() -> LearningGroup:
    return LearningGroup()


@hooks.register("register_admin_urls")
def urls() -> list[Any]:
    patterns = [path("ra-soat/", admin_views.review, name="review")]
    return [path("", include((patterns, "courses_admin")))]


class ReviewItem(MenuItem):
    """Tells on every page of the admin how much waits for a review."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(reviewing.entries_of(request.user))

    def render_component(self, request: HttpRequest) -> LinkMenuItemComponent:
        count = reviewing.count_of(request.user)
        label = f"{self.label} ({count})" if count else str(self.label)
        return LinkMenuItemComponent(self.name, label, self.url, icon_name=self.icon_name)


@hooks.register("register_admin_menu_item")
def review() -> ReviewItem:
    label = gettext_lazy("Cần rà soát")
    return ReviewItem(label, reverse("courses_admin:review"), name="review", icon_name="warning", order=265)


@hooks.register("register_log_actions")
def log_actions(log: LogActionRegistry) -> None:
    log.register_action("courses.reopened", gettext_lazy("Mở lại"), gettext_lazy("Đã mở lại lượt ghi danh"))
    log.register_action(
        "courses.reviewer_named", gettext_lazy("Ghi thẩm định"), gettext_lazy("Đã ghi người thẩm định hoặc dấu bài mẫu")
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
    page = page.specific
    if not isinstance(page, ActivityPage) or page.get_parent().pk == target.pk:
        return None
    if not Completion.objects.filter(activity__translation_key=page.translation_key).exists():
        return None
    messages.error(
        request,
        _(
            "Không chuyển được: đã có người học xong bài này trong khóa cũ. Hãy sao chép bài sang khóa mới và ngừng bài cũ."
        ),
    )
    return redirect("wagtailadmin_explore", page.get_parent().pk)


@hooks.register("before_delete_page")
def tell_what_deletion_touches(request: HttpRequest, page: Page) -> None:
    """Deleting a page retires its row; what people did stays. Said before the button is pressed."""
    if request.method == "GET" and (sentence := records_of(page.specific)):
        messages.warning(request, sentence)


def records_of(page: Any) -> str:
    if isinstance(page, CoursePage):
        course = Course.objects.filter(translation_key=page.translation_key).first()
        count = Enrolment.objects.filter(course=course).count() if course else 0
        return (
            _("Khóa này có %(n)s lượt ghi danh. Xóa trang thì khóa ngừng mở; kết quả đã ghi vẫn được giữ.")
            % {"n": count}
            if count
            else ""
        )
    if isinstance(page, ActivityPage):
        activity = Activity.objects.filter(translation_key=page.translation_key).first()
        count = Completion.objects.filter(activity=activity).count() if activity else 0
        return (
            _("Đã có %(n)s người học xong bài này. Xóa trang thì bài ngừng mở; kết quả đã ghi vẫn được giữ.")
            % {"n": count}
            if count
            else ""
        )
    return ""
