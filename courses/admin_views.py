"""What editors and officers do with pages that people learn from and with enrolments, behind links and buttons of the admin."""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail import hooks
from wagtail.admin.views.pages.bulk_actions import DeleteBulkAction
from wagtail.models import Page

from accounts.access import AnyUser, staff_with
from accounts.models import User
from lib.headings import heading
from lib.refusals import Refusal
from lib.typed import key_of

from . import actions, authoring, reviewing
from .access import TO_CHANGE_COHORTS, cohorts_visible_to, enrolments_to_gather, enrolments_visible_to
from .actions.cohorts import OUT_OF_REACH
from .forms import JoiningForm, ReopenForm
from .models import ActivityPage, Cohort, Enrolment


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest) -> HttpResponse:
    """Everything marked "cần rà soát" that somebody may look into; one mark or several are taken away."""
    user = request.user
    if not isinstance(user, User) or not reviewing.entries_of(user):
        raise PermissionDenied
    rows = reviewing.rows_of(user)
    if request.method == "POST":
        _lift(request, user, rows)
        return redirect("courses_admin:review")
    return render(request, "courses/admin/review.html", {"rows": rows} | heading(_("Cần rà soát"), "warning"))


def _lift(request: HttpRequest, user: User, rows: list[reviewing.Row]) -> None:
    """The button of a line stands for that line alone. What was marked anew meanwhile is not among the rows any more."""
    picked = set(request.POST.getlist("only") or request.POST.getlist("item"))
    marks = [(row.kind, row.one.pk, row.one.since) for row in rows if row.value in picked]
    lifted = actions.lift_marks(marks=marks, by=user, at=timezone.now())
    if not picked:
        messages.warning(request, _("Hãy chọn ít nhất một mục."))
    if lifted:
        said = ngettext("Đã đánh dấu “đã rà soát”: %(n)s mục.", "Đã đánh dấu “đã rà soát”: %(n)s mục.", lifted)
        messages.success(request, said % {"n": lifted})
    if lifted < len(picked):
        messages.warning(
            request,
            _(
                "Có mục chưa được đánh dấu lần này, vì người khác vừa rà soát hoặc văn bản lại vừa đổi. Mục nào còn trong danh sách thì hãy đọc lại rồi bấm “Đã rà soát”."
            ),
        )


def refuse_move(
    request: HttpRequest, page: Page, target: Page, is_bound: Callable[[ActivityPage], bool], sentence: str
) -> HttpResponse | None:
    """Answers a move of an activity out of its course with a sentence about %(title)s, where something binds it there.

    A course or topic moves with all that is in it: its activities stay in their course.
    """
    page = page.specific
    if not isinstance(page, ActivityPage) or page.get_parent().pk == target.pk or not is_bound(page):
        return None
    messages.error(request, sentence % {"title": page.title})
    return redirect("wagtailadmin_explore", page.get_parent().pk)


def refuse_moves(request: HttpRequest, pages: list[Page], target: Page) -> HttpResponse | None:
    """Asks of each of many pages what is asked of one; the first that has to stay keeps all of them."""
    for page in pages:
        for ask in hooks.get_hooks("before_move_page"):
            answer = ask(request, page, target)
            if isinstance(answer, HttpResponse):
                return answer
    return None


class TellingDeletion(DeleteBulkAction):
    """Says of many pages what is said of one, before the button is pressed."""

    def get(self, request: HttpRequest) -> HttpResponse:
        for page in self.get_actionable_objects()[0]:
            for tell in hooks.get_hooks("before_delete_page"):
                tell(request, page)
        answer: HttpResponse = super().get(request)
        return answer


def deletes_by_another(page: Page, user: AnyUser) -> bool:
    """Whether somebody may edit a page and would delete it, had it no pages below it."""
    may = page.permissions_for_user(user)
    return bool(may.can_edit() and not may.can_delete() and may.can_delete(ignore_bulk=True))


@require_safe
def who_deletes(request: HttpRequest, pk: int) -> HttpResponse:
    """What somebody reads who looks for the way to delete a page with pages below it, and may not do it at one stroke."""
    page = get_object_or_404(authoring.editable(request.user), pk=pk)
    if not deletes_by_another(page, request.user):
        return redirect("wagtailadmin_pages:delete", pk)
    said = _(
        "Chưa xóa gì. “%(title)s” có %(n)s trang con nên chỉ quản trị hệ thống mới xóa hết một lần được. Muốn khóa không mở nữa, anh/chị chọn Ngừng đăng: các bài trong khóa cũng ngừng mở. Muốn xóa hẳn, hãy xóa từng trang con trước, hoặc nhờ quản trị hệ thống."
    )
    messages.warning(request, said % {"title": page.title, "n": page.get_descendants().count()})
    return redirect("wagtailadmin_explore", pk)


@require_POST
@staff_with("courses.change_enrolment")
def reopen(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    enrolment = get_object_or_404(enrolments_visible_to(user, "courses.change_enrolment"), pk=pk)
    form = ReopenForm(request.POST, enrolment=enrolment)
    if form.is_valid():
        try:
            actions.reopen_enrolment(enrolment=enrolment, by=user, at=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(
                request, _("Đã mở lại. Khi học viên học xong bài này, khóa học lại được ghi là hoàn thành.")
            )
    for sentences in form.errors.values():
        messages.error(request, " ".join(map(str, sentences)))
    return redirect("enrolment:inspect", pk)


type _Done = Callable[[HttpRequest, User, Cohort], str]


def _on_a_cohort(do: _Done) -> Callable[..., HttpResponse]:
    """A button on the page of a cohort, which says what came of it; what was looked for stays."""

    @require_POST
    @staff_with(TO_CHANGE_COHORTS)
    @wraps(do)
    def view(request: HttpRequest, user: User, pk: int) -> HttpResponse:
        cohort = get_object_or_404(cohorts_visible_to(user, TO_CHANGE_COHORTS), pk=pk)
        try:
            messages.success(request, do(request, user, cohort))
        except Refusal as refusal:
            messages.error(request, str(refusal))
        name = request.GET.get("q", "")
        return redirect(reverse("cohort:inspect", args=[pk]) + (f"?{urlencode({'q': name})}" if name else ""))

    return view


@_on_a_cohort
def join_cohort(request: HttpRequest, user: User, cohort: Cohort) -> str:
    form = JoiningForm(request.POST, among=enrolments_to_gather(user, cohort))
    if not form.is_valid():
        raise Refusal(" ".join(str(sentence) for sentences in form.errors.values() for sentence in sentences))
    new = actions.join_cohort(cohort=cohort, by=user, at=timezone.now(), **form.cleaned_data)
    return ngettext("Đã thêm %(n)s người vào nhóm.", "Đã thêm %(n)s người vào nhóm.", new) % {"n": new}


@_on_a_cohort
def move_to_cohort(request: HttpRequest, user: User, cohort: Cohort) -> str:
    """The button names the cohort that was in sight: who is in another one by now is not moved out of that."""
    enrolment, out_of = _picked(request, user, cohort), key_of(request.POST.get("out_of"))
    former = Cohort.objects.filter(pk=out_of).first()
    if former is None:
        raise Refusal(_("Chưa đổi gì, vì chưa rõ chuyển từ nhóm nào. Hãy tìm và chọn lại."))
    actions.move_to_cohort(cohort=cohort, out_of=former, enrolment=enrolment, by=user, at=timezone.now())
    return _("Đã chuyển %(person)s từ nhóm “%(former)s” sang nhóm này.") % {
        "person": enrolment.person,
        "former": former,
    }


@_on_a_cohort
def leave_cohort(request: HttpRequest, user: User, cohort: Cohort) -> str:
    enrolment = _picked(request, user, cohort)
    actions.leave_cohort(cohort=cohort, enrolment=enrolment, by=user, at=timezone.now())
    return _("Đã bỏ %(person)s khỏi nhóm. Kết quả học vẫn được giữ.") % {"person": enrolment.person}


def _picked(request: HttpRequest, user: User, cohort: Cohort) -> Enrolment:
    mine = enrolments_visible_to(user, TO_CHANGE_COHORTS).filter(course=cohort.course_id).select_related("person")
    enrolment = mine.filter(pk=key_of(request.POST.get("enrolment"))).first()
    if enrolment is None:
        raise Refusal(str(OUT_OF_REACH))
    return enrolment


@_on_a_cohort
def close_cohort(request: HttpRequest, user: User, cohort: Cohort) -> str:
    actions.close_cohort(cohort=cohort, by=user, at=timezone.now())
    return _("Đã đóng nhóm. Danh sách của nhóm được giữ nguyên; cần thêm hay bỏ người thì mở lại.")


@_on_a_cohort
def reopen_cohort(request: HttpRequest, user: User, cohort: Cohort) -> str:
    actions.reopen_cohort(cohort=cohort, by=user, at=timezone.now())
    return _("Đã mở lại nhóm.")
