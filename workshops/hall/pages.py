"""Tests and feedback of a workshop in the admin: made, opened, closed; the doors to screens, tablet, paper and the keyboard."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import IntegrityError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import staff_with
from accounts.models import User
from courses.models import Activity
from lib.headings import heading
from lib.refusals import Refusal
from quizzes.models import QuestionBank
from workshops import actions, queries
from workshops.access import TO_MANAGE, banks_for, workshops_visible_to
from workshops.actions.testing import MOST_QUESTIONS
from workshops.models import Moment, Workshop

from . import counting, grid, printing, screens
from .addresses import kiosk
from .dealing import forms_by_bank
from .moments import SLUGS, above

ICON = "calendar-alt"


class BankField(forms.ModelChoiceField):
    """Banks that give at least one question for each paper, each with how many it gives at most."""

    most: dict[int, int] = {}

    def offer(self, banks: QuerySet[QuestionBank]) -> None:
        self.most = {pk: min(forms_.most, MOST_QUESTIONS) for pk, forms_ in forms_by_bank(banks).items() if forms_.most}
        self.queryset = banks.filter(pk__in=self.most)

    def label_from_instance(self, obj: QuestionBank) -> str:
        most = self.most[obj.pk]
        return ngettext("%(bank)s (mỗi đề được %(count)s câu)", "%(bank)s (mỗi đề được tới %(count)s câu)", most) % {
            "bank": obj,
            "count": most,
        }


class MakeForm(forms.Form):
    bank = BankField(
        QuestionBank.objects.none(),
        label=gettext_lazy("Ngân hàng câu hỏi"),
        help_text=gettext_lazy(
            "Đề đầu vào lấy từ đề song song A, đề đầu ra từ đề B. Chỉ lấy câu đã duyệt, trả lời bằng một chữ (A–D), không có hình."
        ),
        error_messages={"required": gettext_lazy("Hãy chọn một ngân hàng câu hỏi.")},
    )
    questions = forms.IntegerField(label=gettext_lazy("Số câu mỗi đề"), initial=10, min_value=1, max_value=40)
    pass_percent = forms.IntegerField(
        label=gettext_lazy("Đạt từ (% số câu đúng)"), initial=60, min_value=1, max_value=100
    )
    is_anonymous = forms.BooleanField(
        label=gettext_lazy("Không ghi tên"),
        help_text=gettext_lazy(
            "Phiếu chỉ có số thẻ. Khi ấy ai đạt bài đầu ra cũng không được ghi là đã hoàn thành bài kiểm tra của khóa học."
        ),
        required=False,
    )
    activity = forms.ModelChoiceField(
        Activity.objects.none(),
        label=gettext_lazy("Bài kiểm tra của khóa học"),
        help_text=gettext_lazy("Ai đạt bài đầu ra thì được ghi hoàn thành bài này khi chốt lớp. Có thể để trống."),
        required=False,
        empty_label=gettext_lazy("không gắn với bài nào"),
    )

    def __init__(self, *args: Any, workshop: Workshop, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        quizzes = Activity.objects.filter(course=workshop.activity.course_id, kind="quiz", retired_at=None)
        self.fields["bank"].offer(banks_for(workshop))  # type: ignore[attr-defined]
        self.fields["activity"].queryset = quizzes  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("is_anonymous") and cleaned.get("activity"):
            self.add_error("activity", _("Bài không ghi tên thì không gắn với bài kiểm tra của khóa học được."))
        return cleaned


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with(TO_MANAGE)
def tests(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    workshop = get_object_or_404(workshops_visible_to(user, TO_MANAGE), pk=pk)
    do = request.POST.get("do", "") if request.method == "POST" else ""
    form = MakeForm(request.POST if do == "make" else None, workshop=workshop)
    if do == "make":
        if form.is_valid() and _made(request, form, workshop, user):
            return redirect("workshops_hall:tests", pk)
    elif do:
        _done(request, do, workshop, user)
        return redirect("workshops_hall:tests", pk)
    return render(
        request,
        "workshops/hall/tests.html",
        _context(workshop, form) | heading(_("Kiểm tra và đánh giá"), ICON, *above(workshop)),
        status=422 if form.errors else 200,
    )


def _context(workshop: Workshop, form: MakeForm) -> dict[str, Any]:
    known = queries.tests_of(workshop)
    tests = [(known[moment], SLUGS[moment], counting.of_test(known[moment])) for moment in Moment if moment in known]
    questions = queries.feedback_questions(workshop)
    is_over = bool(workshop.cancelled_at or workshop.closed_at)
    return {
        "workshop": workshop,
        "form": form,
        "tests": tests,
        "is_over": is_over,
        "may_make": not is_over and not any(test.opened_at or progress.done for test, _slug, progress in tests),
        "questions": questions,
        "may_add": not {label for _kind, label in actions.USUAL} <= {one.label for one in questions},
        "feedback": counting.of_feedback(workshop),
        "kiosk": kiosk(workshop),
    }


def _made(request: HttpRequest, form: MakeForm, workshop: Workshop, user: User) -> bool:
    said = form.cleaned_data
    try:
        actions.make_tests(workshop=workshop, by=user, at=timezone.now(), **said)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    except IntegrityError:
        form.add_error(None, _("Chưa lập được, vì có người vừa lập đề cùng lúc. Hãy tải lại trang."))
        return False
    messages.success(request, _("Đã lập hai đề. Hãy in thử và đọc lại trước khi mở."))
    return True


def _done(request: HttpRequest, do: str, workshop: Workshop, user: User) -> None:
    """Opens or closes a test ("open-before"), or adds the usual questions."""
    act, _dash, moment = do.partition("-")
    test = queries.tests_of(workshop).get(moment)
    try:
        if act == "open" and test:
            actions.open_test(test=test, by=user, at=timezone.now())
            messages.success(request, _("Đã mở bài %(moment)s.") % {"moment": test.get_moment_display()})
        elif act == "close" and test:
            actions.close_test(test=test, by=user, at=timezone.now())
            messages.success(request, _("Đã đóng bài %(moment)s.") % {"moment": test.get_moment_display()})
        elif do == "usual":
            n = actions.add_usual_questions(workshop=workshop, by=user, at=timezone.now())
            messages.success(request, ngettext("Đã thêm %(n)s câu hỏi.", "Đã thêm %(n)s câu hỏi.", n) % {"n": n})
    except Refusal as refusal:
        messages.error(request, str(refusal))


PATTERNS = [
    path("", tests, name="tests"),
    path("danh-gia/man-chieu/", screens.feedback, name="screen_feedback"),
    path("tai-lieu/man-chieu/", screens.materials, name="screen_materials"),
    path("danh-gia/nhap-phieu/", grid.feedback, name="grid_feedback"),
    path("danh-gia/phieu.pdf", printing.feedback, name="printed_feedback"),
    path("dap-an.pdf", printing.key, name="key"),
    path("<str:moment>/man-chieu/", screens.test, name="screen"),
    path("<str:moment>/nhap-phieu/", grid.test, name="grid"),
    path("<str:moment>/de.pdf", printing.test, name="printed"),
]
