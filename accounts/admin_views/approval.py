"""Where a page is approved: in its editor, whose form carries the words that whoever approves has before her."""

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.models import Page, TaskState

DECIDED = {"approve": TaskState.STATUS_APPROVED, "reject": TaskState.STATUS_REJECTED}


def read_first(request: HttpRequest, page: int, state: int) -> HttpResponse:
    """Wagtail's address approves whatever was saved last, seen or not; the editor that it leads to asks who may."""
    messages.info(request, _("Chưa duyệt. Anh/Chị đọc trang này rồi bấm “Duyệt” ở cuối trang."))
    return redirect("wagtailadmin_pages:edit", page)


def keep_what_waits(request: HttpRequest, page: Page) -> None:
    """The step that a decision is about: afterwards the page may be at the next one, or at none."""
    request.step_before = page.current_workflow_task_state  # type: ignore[attr-defined]


def tell_what_became_of_it(request: HttpRequest, page: Page) -> None:
    """Wagtail says only that it saved; this says what readers see by now, or why a decision was not taken."""
    asked = request.POST.get("workflow-action-name", "")
    if asked not in DECIDED or not request.POST.get("action-workflow-action"):
        return
    before, fresh = request.step_before, Page.objects.get(pk=page.pk)  # type: ignore[attr-defined]
    step = TaskState.objects.get(pk=before.pk) if before else None
    if step and (step.status, step.finished_by) == (DECIDED[asked], request.user):
        _tell_what_is_approved(request, step, fresh)
    elif step and step.status == TaskState.STATUS_IN_PROGRESS:
        _tell_that_it_waits(request, fresh)
    else:
        _tell_that_it_came_too_late(request, fresh)


def _tell_what_is_approved(request: HttpRequest, step: TaskState, page: Page) -> None:
    if step.status != TaskState.STATUS_APPROVED:
        return
    if following := page.current_workflow_task:
        said = _("Đã duyệt bước “%(step)s” của “%(title)s”. Trang còn chờ bước “%(next)s” rồi mới mở cho học viên.")
        names = {"step": step.task.name, "title": page.get_latest_revision_as_object().title, "next": following.name}
        messages.success(request, said % names)
    elif closed := closed_above(page):
        said = _("Đã duyệt. “%(title)s” sẽ mở cho học viên khi “%(above)s” được đăng.")
        messages.success(request, said % {"title": page.title, "above": closed.title})
    elif page.live and page.live_revision_id == page.latest_revision_id:
        said = _("Đã duyệt. “%(title)s” đang mở cho học viên, đúng bản vừa duyệt.")
        link = messages.button(page.full_url, _("Xem trang"), new_window=True)
        messages.success(request, said % {"title": page.title}, buttons=[link])


def closed_above(page: Page) -> Page | None:
    """The page above that is not on the site, and keeps what stands below it off the site too."""
    found: Page | None = page.get_ancestors().filter(depth__gt=1, live=False).last()
    return found


def tell_that_it_opens_with_the_page_above(request: HttpRequest, page: Page) -> None:
    """Wagtail says that a page is published, and links to an address that answers nobody."""
    if closed := closed_above(page):
        said = _("“%(title)s” đã đăng, nhưng học viên chỉ mở được khi “%(above)s” cũng được đăng.")
        messages.warning(request, said % {"title": page.title, "above": closed.title})


def _tell_that_it_waits(request: HttpRequest, page: Page) -> None:
    said = _(
        "Chưa duyệt “%(title)s”: anh/chị vừa sửa chữ, hoặc trang đã đổi trong lúc anh/chị đọc. Bản anh/chị vừa gửi được giữ làm bản nháp; một người biên soạn khác sẽ duyệt."
    )
    messages.warning(request, said % {"title": page.title})


def _tell_that_it_came_too_late(request: HttpRequest, page: Page) -> None:
    said = _(
        "Chưa ghi quyết định của anh/chị về “%(title)s”, vì trang không còn chờ: người khác đã quyết định trước, hoặc người gửi đã dừng. Trang và bản nháp vẫn còn. Nếu thấy cần sửa, anh/chị sửa ngay trong trang rồi gửi duyệt lại."
    )
    messages.warning(request, said % {"title": page.title})
    if comment := _comment(request):
        messages.warning(
            request, _("Lời nhận xét chưa được gửi, anh/chị chép lại ở đây: “%(text)s”") % {"text": comment}
        )


def _comment(request: HttpRequest) -> str:
    try:
        return str(json.loads(request.POST.get("workflow-action-extra-data", "{}"))["comment"])
    except (ValueError, LookupError, TypeError):
        return ""
