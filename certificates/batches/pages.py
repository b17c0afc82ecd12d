"""Pages of the admin: a batch is made, watched, taken away as files, tried again or stopped."""

import secrets
from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import managed_places, staff_with
from accounts.models import User
from certificates import actions
from certificates.access import TO_REISSUE
from certificates.models import Batch, BatchEntry, EntryState
from certificates.models.batches import BatchQuerySet
from lib.headings import heading
from lib.refusals import Refusal

from . import files, working
from .forms import ChooseForm, ChosenBatchForm

SHOWN = 20  # batches of the list


def visible(user: User) -> BatchQuerySet:
    """One's own with somebody of one's places; to whoever may issue everywhere, all. Who lost a place sees what he made for it no more."""
    if managed_places(user, TO_REISSUE) is None:
        return Batch.objects.all()
    return Batch.objects.filter(Exists(_of_places(user).filter(batch=OuterRef("pk"))), made_by=user)


def _of_places(user: User) -> QuerySet[BatchEntry]:
    """Of people who are in this user's places by now: of nobody else a name is told or a paper handed out."""
    places, entries = managed_places(user, TO_REISSUE), BatchEntry.objects.all()
    return entries if places is None else entries.filter(enrolment__person__place__in=places)


def _shows_others(user: User, batch: Batch) -> bool:
    """Sheets are one file: where one on them moved away, nobody's are handed out."""
    drawn = batch.entries.filter(state=EntryState.DONE)
    return drawn.exclude(pk__in=_of_places(user).filter(batch=batch).values("pk")).exists()


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with(TO_REISSUE)
def batches(request: HttpRequest, user: User) -> HttpResponse:
    """Narrowed by the address, so that the register can lead here with what it was narrowed to. What is posted is what stands on the
    page; whoever changed it and saw no new count is shown that first."""
    if "loc" in request.POST:
        return redirect(f"{reverse('certificates_admin:batches')}?{ChooseForm.query_of(request.POST)}")
    choose = ChooseForm(request.POST or request.GET, user=user)
    form = ChosenBatchForm(request.POST or None, initial={"token": secrets.token_urlsafe(16)})
    if request.method == "POST" and form.is_valid() and choose.is_valid():
        try:
            batch = _made(form, choose, user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("certificates_admin:batch", batch.pk)
    context = {
        "choose": choose,
        "form": form,
        "most": actions.batches.MOST,
        "batches": visible(user).counted().order_by("-made_at", "-pk").select_related("made_by__person")[:SHOWN],
    }
    status = 422 if form.is_bound and form.errors else 200
    above = (reverse("credential:index"), _("Sổ cấp giấy chứng nhận"))
    return render(
        request,
        "certificates/admin/batches.html",
        context | _counted(choose, user) | heading(_("In hàng loạt"), "doc-full-inverse", above),
        status=status,
    )


def _counted(choose: ChooseForm, user: User) -> dict[str, Any]:
    """What the page says of whom is chosen: as it is by now, also after a refusal."""
    if not choose.is_valid():
        return {"seen": 0}
    today = timezone.localdate()
    count, waiting, elsewhere = choose.credentials(today).count(), choose.waiting().count(), choose.elsewhere(today)
    return {
        "seen": count + waiting,
        "count": count,
        "waiting": waiting,
        "elsewhere": elsewhere.values("enrolment").distinct().count(),
        "elsewhere_in": visible(user).filter(pk__in=elsewhere.values("batch")).order_by("pk")[:SHOWN],
    }


def _made(form: ChosenBatchForm, choose: ChooseForm, user: User) -> Batch:
    today = timezone.localdate()
    count = choose.credentials(today).count() + choose.waiting().count()
    fields = dict(form.cleaned_data)
    known = Batch.objects.filter(token=fields["token"]).first()  # a second click; some of them may be drawn already
    if known is None and fields.pop("seen") != count:
        said = _(
            "Chưa lập đợt in: điều kiện hoặc sổ cấp vừa thay đổi, bây giờ là %(count)s giấy. Xem lại rồi bấm lần nữa."
        )
        raise Refusal(said % {"count": count})
    return known or actions.make_batch(
        **fields,
        enrolments=choose.enrolments(today, most=actions.batches.MOST + 1),
        is_again=choose.cleaned_data["again"],
        title=choose.title(),
        by=user,
        at=timezone.now(),
    )


@require_safe
@staff_with(TO_REISSUE)
def batch(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    found = _of(user, pk)
    entries = _of_places(user).filter(batch=found)
    has_ended, shows_others = found.ended().exists(), _shows_others(user, found)
    failures = entries.filter(state=EntryState.FAILED).order_by("position")
    ended = found.ended().filter(pk__in=entries.values("pk")).select_related("credential")
    settled = found.done + found.failed
    context = {
        "batch": found,
        "settled": settled,
        "can_stop": found.is_running and not (found.is_retried and settled == found.total),
        "failures": failures.select_related("enrolment__person", "enrolment__course", "credential"),
        "ended": [entry.credential for entry in ended],
        "can_retry": not found.is_running and bool(found.failed or found.trouble or (has_ended and not shows_others)),
        "shows_others": shows_others,
        "has_files": bool(found.finished_at and not found.forgotten_at and found.done),
        "has_sheets": files.sheets(found).exists() and not has_ended and not shows_others,
        "until": found.finished_at and found.finished_at + actions.KEPT,
    }
    above = (reverse("certificates_admin:batches"), _("In hàng loạt"))
    return render(
        request, "certificates/admin/batch.html", context | heading(str(found).capitalize(), "doc-full-inverse", above)
    )


@require_safe
@staff_with(TO_REISSUE)  # type: ignore[arg-type]
def sheets(request: HttpRequest, user: User, pk: int) -> HttpResponseBase:
    """Not while they show a certificate that ended since: they are put together anew without it."""
    found = _finished(user, pk)
    if _shows_others(user, found):
        raise Http404
    if found.ended().exists():
        messages.warning(
            request, _("Tờ in có giấy đã bị thu hồi hoặc được thay thế. Hãy bấm “Ghép lại tờ in” rồi tải.")
        )
        return redirect("certificates_admin:batch", pk)
    try:
        file = files.sheets(found).open("rb")
    except OSError:
        raise Http404 from None
    return FileResponse(file, as_attachment=True, filename=f"dot-in-{found.pk}-{found.layout}.pdf")


@require_safe
@staff_with(TO_REISSUE)  # type: ignore[arg-type]  # a stream is no HttpResponse
def papers(request: HttpRequest, user: User, pk: int) -> HttpResponseBase:
    found = _finished(user, pk)
    headers = {"Content-Disposition": f'attachment; filename="dot-in-{found.pk}.zip"'}
    return StreamingHttpResponse(
        files.zipped(found, _of_places(user).filter(batch=found)), content_type="application/zip", headers=headers
    )


@require_POST
@staff_with(TO_REISSUE)
def retry(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    try:
        working.retry(_of(user, pk), by=user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("certificates_admin:batch", pk)


@require_POST
@staff_with(TO_REISSUE)
def stop(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    if not actions.cancel_batch(batch=_of(user, pk), by=user, at=timezone.now()):
        messages.info(request, _("Đợt in này đã xong hoặc đã dừng từ trước."))
    return redirect("certificates_admin:batch", pk)


def _of(user: User, pk: int) -> Any:
    return get_object_or_404(visible(user).counted(), pk=pk)


def _finished(user: User, pk: int) -> Batch:
    return get_object_or_404(visible(user), pk=pk, finished_at__isnull=False, forgotten_at=None)
