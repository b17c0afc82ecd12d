"""Two pages of a workshop in the admin: all of its papers with how they are wanted, and the report with what is written into it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.forms import Media
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import staff_with
from accounts.models import User
from lib import limits
from lib.headings import heading
from lib.refusals import Refusal
from workshops import actions
from workshops.access import TO_LOOK, TO_MANAGE, delegates_visible_to, workshops_visible_to
from workshops.models import ReportText, Workshop
from workshops.reporting.facts import gather

from . import making, photographs
from .forms import (
    AttendanceForm,
    BadgesForm,
    InvitationsForm,
    OrderedForm,
    PaperForm,
    PaymentForm,
    ReportForm,
    WorkbookForm,
)
from .photographs import Photos

ICON, REPORT_ICON = "doc-full", "doc-full-inverse"


@dataclass(frozen=True)
class Paper:
    """One that can be wanted: who may, how it is asked for, and what makes it. What is typed into a post stays out of addresses."""

    label: Any
    about: Any
    permission: str
    form: type[PaperForm]
    make: Callable[..., making.File]
    address: str
    is_posted: bool = False


PAPERS = {
    "attendance": Paper(
        gettext_lazy("Danh sách ký tên"),
        gettext_lazy("Mỗi buổi một bản, mỗi trang có số trang."),
        TO_LOOK, AttendanceForm, making.attendance, "ky-ten.pdf",
    ),
    "delegates": Paper(
        gettext_lazy("Danh sách đại biểu"), gettext_lazy("Để đính kèm, không có cột ký."), TO_LOOK, OrderedForm, making.delegates, "dai-bieu.pdf"
    ),
    "invitations": Paper(
        gettext_lazy("Giấy mời"),
        gettext_lazy("Mỗi đại biểu hoặc mỗi đơn vị một tờ, có mã QR của vé. Số và ngày lấy từ căn cứ loại giấy mời của lớp."),
        TO_MANAGE, InvitationsForm, making.invitations, "giay-moi.pdf",
    ),
    "badges": Paper(
        gettext_lazy("Thẻ đại biểu"),
        gettext_lazy("Khổ A6, bốn thẻ một trang A4, có mã QR để điểm danh."),
        TO_MANAGE, BadgesForm, making.badges, "the.pdf",
    ),
    "consent": Paper(
        gettext_lazy("Phiếu đồng ý"),
        gettext_lazy("Cho người được ghi giúp đọc và ký: khi nhập danh sách, bổ sung tại chỗ, cử người. Mỗi người một tờ; anh/chị giữ phiếu."),
        TO_MANAGE, PaperForm, making.consent, "phieu-dong-y.pdf",
    ),
    "payment": Paper(
        gettext_lazy("Bộ hồ sơ thanh toán"),
        gettext_lazy("Số tiền do anh/chị ghi theo quyết định của đơn vị; để trống thì ghi tay. Số CCCD và tài khoản ghi tay, hệ thống không lưu."),
        TO_MANAGE, PaymentForm, making.payment, "thanh-toan.pdf", True,
    ),
    "workbook": Paper(
        gettext_lazy("Số liệu Excel"), gettext_lazy("Tất cả các bảng, hoặc chỉ bảng được chọn."), TO_LOOK, WorkbookForm, making.workbook, "so-lieu.xlsx"
    ),
}  # fmt: skip


def _of(user: User, pk: int, permission: str) -> Workshop:
    return get_object_or_404(workshops_visible_to(user, permission), pk=pk)


@require_safe
@staff_with(TO_LOOK)
def papers(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    return _page(request, user, _of(user, pk, TO_LOOK))


def _page(request: HttpRequest, user: User, workshop: Workshop, **asked: PaperForm) -> HttpResponse:
    may_manage = workshops_visible_to(user, TO_MANAGE).filter(pk=workshop.pk).exists()
    shown = [
        (name, paper, asked.get(name) or paper.form(workshop=workshop, auto_id=f"id_{name}_%s"))
        for name, paper in PAPERS.items()
        if paper.permission == TO_LOOK or may_manage
    ]
    context = {
        "workshop": workshop,
        "papers": [
            (f"workshops_papers:{name}", paper, form, paper.address.rpartition(".")[2].upper())
            for name, paper, form in shown
        ],
        "media": sum((form.media for _name, _paper, form in shown), Media()),
        "may_manage": may_manage,
        "delegates": delegates_visible_to(user, workshop).filter(state="held").count(),
        "has_sessions": workshop.sessions.filter(cancelled_at=None).exists(),
    }
    page = heading(_("Giấy tờ"), ICON, *_above(workshop))
    return render(request, "workshops/admin/papers.html", context | page, status=422 if asked else 200)


def _above(workshop: Workshop) -> list[tuple[str, str]]:
    return [
        (reverse("workshops_admin:workshops"), _("Lớp tập huấn")),
        (reverse("workshops_admin:workshop", args=[workshop.pk]), workshop.title),
    ]


def paper(name: str) -> Callable[..., HttpResponse]:
    """The address at which one of them is made. What cannot be wanted so is said beside its form."""
    wanted = PAPERS[name]

    def made(request: HttpRequest, user: User, pk: int) -> HttpResponse:
        workshop = _of(user, pk, wanted.permission)
        said = request.POST if wanted.is_posted else request.GET
        form = wanted.form(said, workshop=workshop, user=user, auto_id=f"id_{name}_%s")
        if not form.is_valid():
            return _page(request, user, workshop, **{name: form})
        limits.take(request, "print_workshop")
        try:
            file = wanted.make(workshop, delegates_visible_to(user, workshop), form)
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return redirect("workshops_papers:papers", pk)
        return _file(file)

    guarded: Callable[..., HttpResponse] = staff_with(wanted.permission)(made)
    return require_POST(guarded) if wanted.is_posted else require_safe(guarded)


def _file(file: making.File) -> HttpResponse:
    response = HttpResponse(file.data, content_type=file.kind)
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with(TO_MANAGE)
def report(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    workshop = _of(user, pk, TO_MANAGE)
    text = ReportText.objects.filter(workshop=workshop).first()
    form = ReportForm(request.POST if request.method == "POST" else None, instance=text)
    photos = Photos(workshop, request.POST, request.FILES) if request.method == "POST" else Photos(workshop)
    if form.is_bound and _is_saved(request, user, workshop, form, photos):
        return redirect("workshops_papers:report", pk)
    context = {"workshop": workshop, "form": form, "photos": photos, "facts": gather(workshop), "text": text}
    page = heading(_("Báo cáo kết quả"), REPORT_ICON, *_above(workshop))
    return render(request, "workshops/admin/report.html", context | page, status=422 if form.is_bound else 200)


def _is_saved(request: HttpRequest, user: User, workshop: Workshop, form: ReportForm, photos: Photos) -> bool:
    """Photos that are right are kept also where words are not, as a browser forgets which were chosen. Who brought photos alone wrote nothing
    that others could lose."""
    are_photos_alone = photos.has_changed and not form.has_changed()
    are_kept = photos.keep(user)
    if photos.added:
        said = ngettext("Đã nhận %(n)s ảnh.", "Đã nhận %(n)s ảnh.", photos.added)
        messages.success(request, said % {"n": photos.added})
    is_written = are_photos_alone or (form.is_valid() and _is_written(form, workshop, user))
    if not (are_kept and is_written):
        return False
    messages.success(request, _("Đã lưu. Anh/Chị tải bản Word hoặc PDF ngay tại đây."))
    return True


def _is_written(form: ReportForm, workshop: Workshop, user: User) -> bool:
    words = {name: value for name, value in form.cleaned_data.items() if name != "seen"}
    try:
        actions.write_report(workshop=workshop, words=words, seen=form.cleaned_data["seen"], by=user, at=timezone.now())
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def report_as(kind: str) -> Callable[..., HttpResponse]:
    @require_safe
    @staff_with(TO_MANAGE)
    def made(request: HttpRequest, user: User, pk: int) -> HttpResponse:
        workshop = _of(user, pk, TO_MANAGE)
        limits.take(request, "print_workshop")
        try:
            return _file(making.report(workshop, kind))
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return redirect("workshops_papers:report", pk)

    return made


PATTERNS = [
    path("giay-to/", papers, name="papers"),
    *(path(f"giay-to/{one.address}", paper(name), name=name) for name, one in PAPERS.items()),
    path("bao-cao/", report, name="report"),
    path("bao-cao/anh/<int:photo>.jpg", photographs.photo, name="report_photo"),
    path("bao-cao/bao-cao.docx", report_as("docx"), name="report_docx"),
    path("bao-cao/bao-cao.pdf", report_as("pdf"), name="report_pdf"),
]
