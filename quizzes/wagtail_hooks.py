from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import include, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.sidebar import LinkMenuItem
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page

from courses.admin_views import refuse_move
from courses.models import ActivityPage

from . import access, admin_views, bringing, marking
from .models import Attempt
from .viewsets import QuizzesGroup


@hooks.register("register_admin_viewset")
def quizzes() -> QuizzesGroup:
    return QuizzesGroup()


@hooks.register("register_admin_urls")
def urls() -> list[Any]:
    patterns = [
        path("cau-hoi/<int:pk>/xem-thu/", admin_views.preview, name="preview"),
        path("bai-kiem-tra/<int:pk>/cau-hoi/", admin_views.questions, name="questions"),
        path("luot-lam/<int:pk>/them-luot/", admin_views.allow, name="allow"),
        path("cau-hoi/nhap/", bringing.upload, name="import"),
        path("cham-bai/", marking.queue, name="queue"),
        path("cham-bai/<int:pk>/", marking.mark, name="mark"),
    ]
    return [path("", include((patterns, "quizzes_admin")))]


class MarkingItem(MenuItem):
    """Tells on every page of the admin how much waits to be marked; not there while nothing does."""

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(marking.PERMISSION) and access.items_to_mark(request.user).exists()

    def render_component(self, request: HttpRequest) -> LinkMenuItem:
        count = access.items_to_mark(request.user).count()
        return LinkMenuItem(self.name, f"{self.label} ({count})", self.url, icon_name=self.icon_name)


@hooks.register("register_admin_menu_item")
def marking_item() -> MarkingItem:
    return MarkingItem(_("Chờ chấm"), reverse("quizzes_admin:queue"), name="marking", icon_name="edit", order=170)


@hooks.register("register_log_actions")
def log_actions(actions: LogActionRegistry) -> None:
    actions.register_action("quizzes.marked", _("Đánh dấu cần rà soát"), _("Đã đánh dấu cần rà soát"))
    actions.register_action("quizzes.attempt_allowed", _("Cho thêm lượt làm"), _("Đã cho thêm một lượt làm"))
    actions.register_action("quizzes.item_marked", _("Chấm bài"), _("Đã chấm một câu"))


@hooks.register("before_move_page")
def keep_quizzes_with_attempts_in_their_course(request: HttpRequest, page: Page, target: Page) -> HttpResponse | None:
    """An attempt, running ones too, belongs to an enrolment in the course: elsewhere its pass could complete nothing."""
    said = gettext(
        "Chưa chuyển “%(title)s”: đã có người làm bài này trong khóa cũ, và kết quả đó được giữ. Hãy sao chép bài sang khóa mới, rồi ngừng đăng bài cũ."
    )
    return refuse_move(request, page, target, lambda page: _attempts_on(page) > 0, said)


@hooks.register("before_bulk_action")
def publish_no_empty_quizzes(
    request: HttpRequest, action_type: str, objects: list[Any], action: Any
) -> HttpResponse | None:
    """Asks of many pages what the form of one asks (`ReadyForm`)."""
    if action_type != "publish" or action.model is not Page:
        return None
    return admin_views.refuse_empty(request, objects, within=action.cleaned_form.cleaned_data["include_descendants"])


@hooks.register("before_delete_page")
def tell_what_deletion_touches(request: HttpRequest, page: Page) -> None:
    count = _attempts_on(page.specific)
    if request.method == "GET" and count:
        said = gettext(
            "“%(title)s”: đã có %(n)s lượt làm bài này. Xóa trang thì bài ngừng mở; các lượt làm vẫn được giữ."
        )
        messages.warning(request, said % {"title": page.title, "n": count})


def _attempts_on(page: Page) -> int:
    if not isinstance(page, ActivityPage):
        return 0
    return Attempt.objects.filter(quiz__activity__translation_key=page.translation_key).count()
