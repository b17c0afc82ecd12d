from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import include, path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page

from accounts.viewsets import CountingItem
from courses.admin_views import refuse_move
from courses.models import ActivityPage

from . import actions, admin_views, ahead, bringing, marking
from .analysis import pages as analysing
from .models import Attempt, QuizPage
from .regrading import pages as regrading
from .viewsets import QuizzesGroup


@hooks.register("register_admin_viewset")
def quizzes() -> QuizzesGroup:
    return QuizzesGroup()


@hooks.register("register_admin_urls")
def urls() -> list[Any]:
    patterns = [
        path("cau-hoi/xem-thu/", admin_views.preview_of_new, name="preview_of_new"),
        path("cau-hoi/<int:pk>/xem-thu/", admin_views.preview, name="preview"),
        path("bai-kiem-tra/<int:pk>/cau-hoi/", admin_views.questions, name="questions"),
        path("phan-tich/", analysing.quizzes, name="analyses"),
        path("bai-kiem-tra/<int:pk>/phan-tich/", analysing.quiz, name="quiz_analysis"),
        path("cau-hoi/<int:pk>/phan-tich/", analysing.question, name="question_analysis"),
        path("bai-kiem-tra/<int:pk>/cham-lai/", regrading.regrade, name="regrade"),
        path("luot-lam/<int:pk>/them-luot/", admin_views.allow, name="allow"),
        path("luot-lam/<int:pk>/them-gio/", admin_views.allow_time, name="allow_time"),
        path("cau-hoi/nhap/", bringing.upload, name="import"),
        path("cau-hoi/nhap/mau/", bringing.template, name="template"),
        path("cho-them/", ahead.quizzes, name="allow_ahead"),
        path("cho-them/<int:pk>/", ahead.give, name="give_ahead"),
        path("cham-bai/", marking.queue, name="queue"),
        path("cham-bai/<int:pk>/", marking.mark, name="mark"),
    ]
    return [path("", include((patterns, "quizzes_admin")))]


@hooks.register("register_admin_menu_item")
def marking_item() -> CountingItem:
    address, more = reverse("quizzes_admin:queue"), {"name": "marking", "icon_name": "edit", "order": 170}
    return CountingItem(_("Chờ chấm"), address, waiting=marking.count_of, **more)


@hooks.register("register_log_actions")
def log_actions(log: LogActionRegistry) -> None:
    log.register_action("quizzes.time_allowed", _("Cho thêm giờ"), _("Đã cho thêm giờ làm bài"))
    log.register_action("quizzes.withheld", _("Giữ là bản nháp"), _("Chưa đăng, vì chưa có câu hỏi nào đã duyệt"))
    log.register_action("quizzes.marked", _("Đánh dấu cần rà soát"), _("Đã đánh dấu cần rà soát"))
    log.register_action("quizzes.attempt_allowed", _("Cho thêm lượt làm"), _("Đã cho thêm một lượt làm"))
    log.register_action("quizzes.allowance_taken_back", _("Bỏ phần cho thêm"), _("Đã bỏ phần cho thêm"))
    log.register_action("quizzes.item_marked", _("Chấm bài"), _("Đã chấm một câu"))
    log.register_action("quizzes.bank_shared", _("Chia sẻ ngân hàng"), _("Đã đổi việc chia sẻ ngân hàng"))
    log.register_action("quizzes.regraded", _("Chấm lại"), _("Đã chấm lại bài này"))


@hooks.register("before_move_page")
def keep_quizzes_with_attempts_in_their_course(request: HttpRequest, page: Page, target: Page) -> HttpResponse | None:
    """An attempt, running ones too, belongs to an enrolment in the course: elsewhere its pass could complete nothing."""
    said = gettext(
        "Chưa chuyển “%(title)s”: đã có người làm bài này trong khóa cũ, và kết quả đó được giữ. Hãy sao chép bài sang khóa mới, rồi ngừng đăng bài cũ."
    )
    return refuse_move(request, page, target, lambda page: _attempts_on(page) > 0, said)


@hooks.register("after_create_page")
@hooks.register("after_edit_page")
def prepare_drafts(request: HttpRequest, page: Page) -> None:
    """The questions of a quiz are set before it opens."""
    if not isinstance(page, QuizPage):
        return
    if not page.live:
        actions.prepare_quiz(page=page, at=timezone.now())
    admin_views.tell_short(request, page)


@hooks.register("after_copy_page")
def prepare_copies(request: HttpRequest, page: Page, new_page: Page) -> None:
    for copy in QuizPage.objects.descendant_of(new_page, inclusive=True).not_live():
        actions.prepare_quiz(page=copy, at=timezone.now())
    admin_views.tell_empty(request, [new_page])


@hooks.register("after_bulk_action")
def tell_what_stayed_a_draft(request: HttpRequest, action_type: str, objects: list[Any], action: Any) -> None:
    if action_type == "publish" and action.model is Page:
        admin_views.tell_empty(request, objects)


@hooks.register("before_delete_page")
def tell_what_deletion_touches(request: HttpRequest, page: Page) -> None:
    count = _attempts_on(page.specific)
    if request.method == "GET" and count:
        said = gettext(
            "“%(title)s”: đã có %(n)s lượt làm bài này. Nếu xóa trang, học viên không mở được bài nữa; các lượt làm vẫn được giữ."
        )
        messages.warning(request, said % {"title": page.title, "n": count})


def _attempts_on(page: Page) -> int:
    if not isinstance(page, ActivityPage):
        return 0
    return Attempt.objects.filter(quiz__activity__translation_key=page.translation_key).count()
