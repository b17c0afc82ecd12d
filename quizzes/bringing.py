"""Importing questions in the admin: a file, what would come of it, and the button that does it."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import staff_with
from accounts.models import User
from lib import waiting
from lib.headings import heading
from lib.refusals import Refusal

from . import access, actions, importing
from .exporting import workbook
from .exporting.template import workbook_to_fill
from .formats.base import UnreadableError
from .models import QuestionBank

SHOWN = 200  # lines of each list


class UploadForm(forms.Form):
    bank = forms.ModelChoiceField(
        label=gettext_lazy("Nhập vào ngân hàng"),
        queryset=QuestionBank.objects.none(),
        error_messages={"required": gettext_lazy("Hãy chọn ngân hàng.")},
    )
    file = forms.FileField(
        label=gettext_lazy("Tệp câu hỏi"),
        help_text=gettext_lazy(
            "Excel (.xlsx) theo tệp mẫu, Word (.docx) viết theo mẫu: Câu 1: … A. … B. … Đáp án: B, GIFT hoặc Aiken (.txt), Moodle XML (.xml), QTI (.xml, .zip). Tối đa 20 MB."
        ),
        error_messages={
            "required": gettext_lazy("Hãy chọn một tệp."),
            "empty": gettext_lazy("Tệp này trống."),
        },
    )
    form = forms.ChoiceField(
        label=gettext_lazy("Dạng tệp"),
        required=False,
        choices=[
            ("", gettext_lazy("tự nhận ra")),
            ("gift", "GIFT"),
            ("aiken", "Aiken"),
            ("xml", "Moodle XML"),
            ("word", "Word"),
            ("excel", "Excel"),
            ("qti", "QTI"),
        ],
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bank"].queryset = access.banks_to_write(user)  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        try:
            importing.check_size(file.size)
        except UnreadableError as error:
            raise forms.ValidationError(str(error)) from error
        return file


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with("quizzes.add_question")
def upload(request: HttpRequest, user: User) -> HttpResponse:
    """First what would happen; the file waits for an hour under a token of this user."""
    if request.method == "POST" and "token" in request.POST:
        return _confirmed(request, user)
    form = UploadForm(request.POST or None, request.FILES or None, user=user)
    if request.method != "POST" or not form.is_valid():
        return _page(request, "import.html", {"form": form}, status=422 if form.errors else 200)
    file, bank, kind = (form.cleaned_data[name] for name in ("file", "bank", "form"))
    data, about = file.read(), {"name": file.name, "form": kind}
    token = waiting.keep(owner=user.pk, data=data, about=about | {"bank": bank.pk}, at=timezone.now())
    return _looked(request, _plan(user, data=data, bank=bank, **about), token)


def _plan(user: User, **what: Any) -> importing.Plan:
    within = set(access.banks_to_write(user).values_list("pk", flat=True))
    return importing.plan(within=within, **what)


@require_safe
@staff_with("quizzes.add_question")
def template(request: HttpRequest, user: User) -> HttpResponse:
    """The workbook to fill in, with an example of each kind."""
    headers = {"Content-Disposition": 'attachment; filename="mau-cau-hoi.xlsx"'}
    return HttpResponse(workbook_to_fill(), content_type=workbook.CONTENT_TYPE, headers=headers)


def _looked(request: HttpRequest, plan: importing.Plan, token: str, *, is_stale: bool = False) -> HttpResponse:
    context = {
        "plan": plan,
        "token": token,
        "is_stale": is_stale,
        "new": plan.count("new"),
        "versions": plan.count("version"),
        "same": plan.count("same"),
        "tagged": plan.count("tagged"),
        "taken_out": plan.taken_out,
        "entries": [entry for entry in plan.entries if entry.fate != "same"][:SHOWN],
        "refusals": plan.refusals[:SHOWN],
        "losses": plan.losses[:SHOWN],
    }
    return _page(request, "import_plan.html", context, status=409 if is_stale else 422 if plan.refusals else 200)


def _confirmed(request: HttpRequest, user: User) -> HttpResponse:
    token = request.POST["token"]
    plan = _planned_again(user, token)
    if plan is None or request.POST.get("seen") != plan.digest:
        return _again(request, plan, token)
    return _brought(request, user, plan, token)


def _again(request: HttpRequest, plan: importing.Plan | None, token: str) -> HttpResponse:
    if plan:
        return _looked(request, plan, token, is_stale=True)
    messages.warning(
        request,
        _(
            "Lần bấm này không nhập gì: tệp đã chờ quá một giờ, đã được nhập từ trước, hoặc ngân hàng đã bị xóa. Hãy chọn tệp lần nữa; câu đã có thì được bỏ qua."
        ),
    )
    return redirect("quizzes_admin:import")


def _brought(request: HttpRequest, user: User, plan: importing.Plan, token: str) -> HttpResponse:
    try:
        made = actions.import_questions(plan=plan, by=user, at=(at := timezone.now()))
    except actions.StalePlan:
        return _again(request, _planned_again(user, token), token)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("quizzes_admin:import")
    waiting.drop(owner=user.pk, token=token)
    said = _(
        "Đã nhập %(n)s câu vào “%(bank)s”. Dưới đây là đúng những câu đó. Câu nháp phải duyệt xong mới được hỏi: đọc từng câu, đánh dấu rồi bấm Duyệt."
    )
    tagged = plan.count("tagged")
    if made or not tagged:
        messages.success(request, said % {"n": len(made), "bank": plan.bank})
    if tagged:
        messages.success(request, _("Đã thêm nhãn cho %(n)s câu đã có; lời không đổi.") % {"n": tagged})
    just_these = {"written": at.isoformat(), "ordering": "status"} if made else {"bank": str(plan.bank.pk)}
    return redirect(f"{reverse('question:index')}?{urlencode(just_these)}")


def _planned_again(user: User, token: str) -> importing.Plan | None:
    """What is in the bank may have changed since it was looked at."""
    found = waiting.find(user.pk, token, at=timezone.now())
    if found is None:
        return None
    data, about = found
    bank = access.banks_to_write(user).filter(pk=about.pop("bank")).first()
    return _plan(user, data=data, bank=bank, **about) if bank else None


def _page(request: HttpRequest, name: str, context: dict[str, Any], *, status: int) -> HttpResponse:
    frame = heading(_("Nhập câu hỏi từ tệp"), "upload", (reverse("question:index"), _("Câu hỏi")))
    return render(request, f"quizzes/admin/{name}", context | frame, status=status)
