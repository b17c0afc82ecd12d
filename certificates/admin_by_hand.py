"""Certificates for a workshop's list in the admin: what is said of it, what would come of it, and the button that does it."""

import io
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import staff_with
from accounts.models import User
from accounts.queries import current_consent_texts
from lib import waiting
from lib.headings import heading
from lib.refusals import Refusal

from . import actions, by_hand, queries
from .access import TO_REGISTER, TO_REISSUE
from .admin_lists import register
from .by_hand.forms import ByHandForm
from .models import Award, Credential, WorkshopList


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with(TO_REISSUE)
def begin(request: HttpRequest, user: User) -> HttpResponse:
    _refuse_who_registers_nobody(user)
    form = ByHandForm(request.POST or None, request.FILES or None, initial=_kept(request, user))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        scan = data["scan"]
        about = {
            "by_hand": {
                "award": data["award"].pk,
                "began_on": data["began_on"].isoformat(),
                "ended_on": data["ended_on"].isoformat(),
                "duration": data["duration"],
                "decision": data["decision"],
                "reason": data["reason"],
                "scan_name": scan.name if scan else "",
                "lines": [line.as_dict() for line in data["lines"]],
            }
        }
        token = waiting.keep(owner=user.pk, data=scan.read() if scan else b"", about=about, at=timezone.now())
        return redirect("certificates_admin:by_hand_plan", token)
    is_wrong = form.is_bound and not form.is_valid()
    context = {"form": form, "kept": form.keep() if is_wrong else []} | heading(
        _("Cấp theo danh sách"), "doc-full-inverse", register()
    )
    status = 422 if is_wrong else 200
    return render(request, "certificates/admin/by_hand.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with(TO_REISSUE)
def plan(request: HttpRequest, user: User, token: str) -> HttpResponse:
    """Nothing is written before the button; a second press of it changes nothing."""
    _refuse_who_registers_nobody(user)
    if known := WorkshopList.objects.filter(token=token, issued_by=user).first():
        return _done(request, known, is_new=False)
    kept = waiting.find(user.pk, token, at=timezone.now())
    if kept is None or "by_hand" not in kept[1]:
        messages.info(request, _gone())
        return redirect("certificates_admin:by_hand")
    award = queries.certifying_by_hand().filter(pk=kept[1]["by_hand"]["award"]).first()
    if award is None:
        said = _("Khóa của danh sách này nay không còn cấp giấy chứng nhận, nên chưa cấp giấy nào. Hãy chọn khóa khác.")
        messages.warning(request, said)
        return redirect(f"{reverse('certificates_admin:by_hand')}?tu={token}")
    workshop, lines = _read(award, kept[0], kept[1]["by_hand"])
    planned = by_hand.plan(lines, award=workshop.award, by=user, this_year=timezone.localdate().year)
    if request.method == "POST" and request.POST.get("seen") == planned.fingerprint:
        try:
            made, is_new = actions.issue_by_hand(
                token=token,
                workshop=workshop,
                plan=planned,
                consents=[one for one in current_consent_texts("vi") if one.is_required],
                by=user,
                at=timezone.now(),
            )
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            waiting.drop(owner=user.pk, token=token)
            return _done(request, made, is_new=is_new)
    elif request.method == "POST":
        messages.warning(request, _("Chưa cấp: hồ sơ vừa thay đổi từ lúc anh/chị xem. Hãy xem lại rồi bấm lần nữa."))
    context = {"plan": planned, "workshop": workshop, "token": token} | heading(
        _("Xem trước danh sách"), "doc-full-inverse", register(), _form()
    )
    return render(request, "certificates/admin/by_hand_plan.html", context)


@require_safe
@staff_with(TO_REISSUE)
def sample(request: HttpRequest, user: User) -> Any:
    """The workbook to fill in."""
    _refuse_who_registers_nobody(user)
    file = io.BytesIO(by_hand.workbook_to_fill())
    return FileResponse(file, as_attachment=True, filename="mau-danh-sach-cap-giay.xlsx")


def _refuse_who_registers_nobody(user: User) -> None:
    if not user.has_perm(TO_REGISTER):
        raise PermissionDenied


def _gone() -> str:
    return _("Danh sách này không còn được giữ và chưa cấp giấy nào theo danh sách này. Hãy tải lên lại.")


def _kept(request: HttpRequest, user: User) -> dict[str, Any]:
    """What a list that was looked at said, for whoever comes back from there to put something right."""
    token = request.GET.get("tu", "")
    if not token or request.method == "POST":
        return {}
    kept = waiting.find(user.pk, token, at=timezone.now())
    said = kept[1].get("by_hand") if kept else None
    if said is None:
        messages.info(request, _gone())
        return {}
    if said["scan_name"]:
        again = _("Danh sách vừa tải lên được mở lại dưới đây để sửa. Riêng bản quét “%(name)s” thì phải chọn lại.")
        messages.info(request, again % {"name": said["scan_name"]})
    return said | {"rows": by_hand.written(by_hand.Line(**line) for line in said["lines"])}


def _form() -> tuple[str, str]:
    return reverse("certificates_admin:by_hand"), _("Cấp theo danh sách")


def _read(award: Award, data: bytes, said: dict[str, Any]) -> tuple[actions.Workshop, list[by_hand.Line]]:
    workshop = actions.Workshop(
        award=award,
        began_on=date.fromisoformat(said["began_on"]),
        ended_on=date.fromisoformat(said["ended_on"]),
        duration=said.get("duration", ""),  # a preview that was kept over an update lacks it
        decision=said["decision"],
        reason=said["reason"],
        scan_name=said["scan_name"],
        scan=data,
    )
    return workshop, [by_hand.Line(**line) for line in said["lines"]]


def _done(request: HttpRequest, made: WorkshopList, *, is_new: bool) -> HttpResponse:
    entries = made.entries.values("enrolment")
    count = Credential.objects.filter(enrolment__in=entries, issued_at__gte=made.issued_at).count()
    said = ngettext("Đã cấp %(n)s giấy chứng nhận.", "Đã cấp %(n)s giấy chứng nhận.", count) % {"n": count}
    late = made.entries.count() - count
    if late > 0:
        said += " " + ngettext(
            "Còn %(n)s giấy đang được cấp, một lát nữa có trong sổ.",
            "Còn %(n)s giấy đang được cấp, một lát nữa có trong sổ.",
            late,
        ) % {"n": late}
    known = _("Danh sách này đã được cấp từ trước, không cấp thêm lần nữa.")
    (messages.success if is_new else messages.info)(request, said if is_new else known)
    return redirect("certificates_admin:by_hand_issued", made.pk)
