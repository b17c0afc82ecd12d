"""Where a page is approved: in its editor, whose form carries the words that whoever approves has before her."""

import json
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.views.pages.revisions import RevisionsRevertView
from wagtail.admin.views.pages.workflow import WorkflowActionView
from wagtail.models import Page, TaskState

DECIDED = {"approve": TaskState.STATUS_APPROVED, "reject": TaskState.STATUS_REJECTED}


def _wait_for_others(page: int) -> None:
    """Of two who decide on a page at once, the second reads it when the first is done."""
    Page.objects.select_for_update(no_key=True).filter(pk=page).first()


class OneAtATime:
    """Wagtail writes a page from what was read when the request came in: of two at once, the later one would fail on a step that
    is over, or take what the first made public off the site again. What the editor saves by itself waits as well, and is then
    refused by Wagtail.
    """

    def dispatch(self, request: HttpRequest, page_id: int, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return super().dispatch(request, page_id, **kwargs)  # type: ignore[misc]
        with transaction.atomic():
            _wait_for_others(page_id)
            return super().dispatch(request, page_id, **kwargs)  # type: ignore[misc]

    def save_action(self) -> HttpResponse:
        """What a decision that came too late becomes: words that were typed with it are kept, else there is nothing to keep."""
        if asked_for(self.request) and not self.has_content_changes:  # type: ignore[attr-defined]
            tell_what_became_of_it(self.request, self.page)  # type: ignore[attr-defined]
            return self.redirect_and_remain()  # type: ignore[attr-defined]
        return super().save_action()  # type: ignore[misc]


class PageEditView(OneAtATime, EditView):
    pass


class PageRevertView(OneAtATime, RevisionsRevertView):
    pass


class DecisionView(WorkflowActionView):
    """Wagtail's own approves whatever was saved last, seen or not, and is silent about a decision that came too late."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.action_name == "approve":
            messages.info(request, _("Chưa duyệt. Anh/Chị đọc trang này rồi bấm “Duyệt” ở cuối trang."))
            return redirect("wagtailadmin_pages:edit", self.object.pk)
        with transaction.atomic():
            _wait_for_others(self.object.pk)
            if not TaskState.objects.filter(pk=self.task_state.pk, status=TaskState.STATUS_IN_PROGRESS).exists():
                return self._refuse(request)
            return super().dispatch(request, *args, **kwargs)

    def _refuse(self, request: HttpRequest) -> HttpResponse:
        _tell_that_it_came_too_late(request, self.object)
        if request.headers.get("x-requested-with") == "XMLHttpRequest":  # the box for a comment, over the first page
            return self.render_modal_json(request, {"step": "success", "redirect": self.redirect_url})
        return redirect(self.redirect_url)


def keep_what_waits(request: HttpRequest, page: Page) -> None:
    """The step that a decision is about: afterwards the page may be at the next one, or at none."""
    request.step_before = page.current_workflow_task_state  # type: ignore[attr-defined]


def asked_for(request: HttpRequest) -> str:
    """The decision whose button was pressed, if it was one."""
    asked = request.POST.get("workflow-action-name", "")
    return asked if asked in DECIDED and request.POST.get("action-workflow-action") else ""


def tell_what_became_of_it(request: HttpRequest, page: Page) -> None:
    """Wagtail says only that it saved; this says what readers see by now, or why a decision was not taken."""
    if not (asked := asked_for(request)):
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
        "Chưa ghi quyết định của anh/chị về “%(title)s”, vì trang không còn chờ duyệt: người khác đã quyết định trước, hoặc người gửi đã dừng quy trình. Trang và bản nháp vẫn còn nguyên. Nếu thấy cần sửa, anh/chị sửa trong trang rồi gửi duyệt lại."
    )
    messages.warning(request, said % {"title": page.title})
    if comment := _comment(request):
        messages.warning(
            request,
            _("Lời nhận xét của anh/chị chưa được gửi. Nếu còn cần, hãy chép lại trước khi rời trang này: “%(text)s”")
            % {"text": comment},
        )


def _comment(request: HttpRequest) -> str:
    """From the box that the first page opens, or from the editor's form."""
    if comment := request.POST.get("comment"):
        return comment
    try:
        return str(json.loads(request.POST.get("workflow-action-extra-data", "{}"))["comment"])
    except (ValueError, LookupError, TypeError):
        return ""
