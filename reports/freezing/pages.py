"""…/tien-do/chot/ in the admin: snapshots of a place, a new one, and each as page, workbook, document and slides."""

import io
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import staff_with
from accounts.models import User
from lib import dates, sheets, text
from lib.refusals import Refusal
from lib.sheets import XLSX
from reports.asking import place_asked
from reports.models import Snapshot
from reports.plan.pages import years_offered
from reports.plan.queries import years_with_figures
from reports.queries import PERMISSION, name_of, scope_of

from . import actions, documents, slides, wording
from .access import may_take, snapshots_visible_to
from .content import Sheet, thawed

OFFICE = "application/vnd.openxmlformats-officedocument"
DOCX = f"{OFFICE}.wordprocessingml.document"
PPTX = f"{OFFICE}.presentationml.presentation"
A_PAGE = 100


class NameForm(forms.Form):
    nam = forms.TypedChoiceField(label=gettext_lazy("Năm"), coerce=int)
    ten = forms.CharField(
        label=gettext_lazy("Tên bản chốt"),
        max_length=100,
        help_text=gettext_lazy("Ví dụ: Hội nghị sơ kết sáu tháng đầu năm"),
        error_messages={"required": gettext_lazy("Hãy đặt tên cho bản chốt, ví dụ “Hội nghị sơ kết sáu tháng”.")},
    )

    def __init__(self, *args: Any, with_figures: set[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        years = years_offered(timezone.localdate().year, with_figures)
        self.fields["nam"].choices = [(one, one) for one in years]  # type: ignore[attr-defined]


@csp_override(settings.SECURE_CSP)
@require_http_methods(["GET", "HEAD", "POST"])
@staff_with(PERMISSION)
def snapshots(request: HttpRequest, user: User) -> HttpResponse:
    """What was frozen of the places of whoever asks; and a new one of the place of the address."""
    place = place_asked(request, user)
    known = years_with_figures(scope_of(user, place), timezone.now())
    form = NameForm(request.POST if request.method == "POST" else None, with_figures=known)
    if request.method == "POST" and form.is_valid():
        try:
            said = form.cleaned_data
            made = actions.take(name=said["ten"], place=place, year=said["nam"], by=user, at=timezone.now())
        except Refusal as refusal:
            form.add_error("ten", str(refusal))
        else:
            messages.success(request, _("Đã chốt số liệu. Bản này không đổi nữa, dù sau này số liệu có thay đổi."))
            return redirect("freezing:snapshot", made.pk)
    rows = snapshots_visible_to(user).select_related("place__parent", "by").defer("content")
    context = {
        "form": form,
        "page": Paginator(rows, A_PAGE).get_page(request.GET.get("p")),
        "name": name_of(user, place),
        "place": place,
        "may_take": may_take(user, place),
        "current": "board",
    }
    return render(request, "reports/snapshots.html", context, status=422 if form.errors else 200)


def _found(user: User, pk: int) -> Snapshot:
    return get_object_or_404(snapshots_visible_to(user).select_related("place__parent", "by"), pk=pk)


@csp_override(settings.SECURE_CSP)
@require_safe
@staff_with(PERMISSION)
def snapshot(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    found = _found(user, pk)
    said = thawed(found.content)
    context = {"snapshot": found, "said": said, "sheets": [said.units, *said.sheets], "current": "board"}
    return render(request, "reports/snapshot.html", context)


@require_safe
@staff_with(PERMISSION)
def file(request: HttpRequest, user: User, pk: int, kind: str) -> HttpResponse:
    """The same as a file, by its ending."""
    makers = {"xlsx": (_workbook, XLSX), "docx": (documents.docx, DOCX), "pptx": (slides.pptx, PPTX)}
    if kind not in makers:
        raise Http404
    found = _found(user, pk)
    make, content_type = makers[kind]
    response = HttpResponse(make(found), content_type=content_type)
    where = thawed(found.content).place
    name = slugify(text.fold(f"{found.name} {where} {dates.local_day(found.taken_at):%Y-%m-%d}"))
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


def _workbook(snapshot: Snapshot) -> bytes:
    said, data = thawed(snapshot.content), io.BytesIO()
    head = sheets.Table(
        "Tóm tắt", [(snapshot.name, 120)], [[said.place], [said.sentence], [wording.moment_of(snapshot)]]
    )
    sheets.write_tables(data, [head, *(_table(one) for one in (said.units, *said.sheets))], moments=sheets.DAYS)
    return data.getvalue()


def _table(sheet: Sheet) -> sheets.Table:
    columns = [(sheet.head, 44), *((label, 18) for label in sheet.columns)]
    rows: list[list[Any]] = [[line.label, *line.cells] for line in (*sheet.lines, sheet.total)]
    return sheets.Table(sheet.title, columns, rows)


patterns = [
    path("tien-do/chot/", snapshots, name="snapshots"),
    path("tien-do/chot/<int:pk>/", snapshot, name="snapshot"),
    path("tien-do/chot/<int:pk>/tep.<slug:kind>", file, name="file"),
]
