"""Planning: one form for all of a workshop, also from an earlier one; then a form for each part of it."""

from datetime import date, datetime
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid4, uuid5

from django import forms
from django.contrib import messages
from django.db import IntegrityError
from django.forms.utils import ErrorDict
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.access import home_of, staff_with
from accounts.models import User
from lib.dates import local_day
from lib.headings import heading
from lib.refusals import Refusal
from lib.typed import key_of
from provinces.models import Place
from workshops import actions, parallel, queries
from workshops.access import TO_LOOK, TO_MANAGE, TO_PLAN, workshops_visible_to
from workshops.inviting import receiving, wording
from workshops.models import NoticeKind, Workshop

from . import known
from .fields import DayField
from .forms import KINDS, CancelForm, DetailsForm, PlanForm
from .rows import Rows, Wrong, errors_of, with_another

ICON = "calendar-alt"
# A part that is changed by itself: the rows that it consists of, and what it is called.
PARTS: dict[str, tuple[tuple[str, ...], Any]] = {
    "sessions": (("sessions",), gettext_lazy("Các buổi")),
    "programme": (("speakers", "agenda"), gettext_lazy("Chương trình, báo cáo viên")),
    "materials": (("materials",), gettext_lazy("Tài liệu")),
    "bases": (("bases",), gettext_lazy("Căn cứ")),
    "quotas": (("quotas",), gettext_lazy("Chỉ tiêu")),
    "questions": (("questions",), gettext_lazy("Câu hỏi riêng")),
}


ONCE = "once"  # of a form, since it was opened


class FirstDayForm(forms.Form):
    ngay = DayField(label=gettext_lazy("Ngày của buổi đầu"), required=False)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with(TO_PLAN)
def plan(request: HttpRequest, user: User) -> HttpResponse:
    """With `tu`, the key of an earlier workshop, its form is filled in like that one, on later days."""
    earlier = _earlier(request, user)
    moving = FirstDayForm(request.GET if "ngay" in request.GET else None)
    first = moving.cleaned_data["ngay"] if moving.is_bound and moving.is_valid() else None
    sets = _sets(request, user, tuple(KINDS), lambda kind: _copied(earlier, kind, first), home_of(user, TO_PLAN))
    form = PlanForm(
        _posted(request),
        user=user,
        day=_past_day(sets),
        initial=known.copied_details(earlier) if earlier else _usual(user),
    )
    if request.method == "POST" and "them" in request.POST:
        _hush(form)
    elif request.method == "POST" and _are_valid(form, sets):
        made = _planned(form, sets, user, _sent_as(request))
        if made is not None:
            messages.success(request, _("Đã lập lớp “%(title)s” và đăng trang của lớp.") % {"title": made.title})
            if others := _alike(made, user):
                said = _("Anh/Chị còn lớp khác cùng tên, bắt đầu cùng lúc: %(others)s. Nếu lập nhầm thì hủy bớt.")
                messages.warning(request, said % {"others": "; ".join(others)})
            _tell_outside(request, made)
            if _past_day(sets):
                messages.info(
                    request,
                    _("Lớp này đã qua, nên không nhận đăng ký. Ghi đại biểu bằng cách nhập danh sách của ngày ấy."),
                )
            return redirect("workshops_admin:workshop", made.pk)
    context = {
        "form": form, "sets": sets, "earlier": earlier, "moving": moving, "once": request.POST.get(ONCE) or uuid4().hex,
        "wrong": [*_wrong(form), *errors_of(sets.values())], "media": _media(form, sets),
    }  # fmt: skip
    above = (reverse("workshops_admin:workshops"), _("Lớp tập huấn"))
    return render(
        request,
        "workshops/admin/plan.html",
        context | heading(_("Lập lớp tập huấn"), ICON, above),
        status=_status(request, form, sets),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with(TO_MANAGE)
def details(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    workshop = _of(user, pk)
    page = known.page_of(workshop)
    initial = {"title": page.title if page else workshop.title, "summary": page.summary if page else ""}
    form = DetailsForm(
        _posted(request), user=user, day=_past(queries.begins_at(workshop)), instance=workshop, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        before = wording.facts_of(_of(user, pk)).fingerprint  # the form has written its own into `workshop`
        said = {"workshop": workshop, "by": user, "at": timezone.now()}
        if _done(form, actions.change_with_certificate, **form.arguments(), **said):
            return _saved(request, user, pk, before)
    context = {"form": form, "workshop": workshop, "wrong": _wrong(form), "media": form.media}
    return render(
        request,
        "workshops/admin/plan_part.html",
        context | _heading(workshop, _("Thông tin chung")),
        status=_status(request, form, {}),
    )


def part(name: str) -> Any:
    """The page on which one part of a workshop is changed."""
    kinds, label = PARTS[name]

    @require_http_methods(["GET", "HEAD", "POST"])
    @staff_with(TO_MANAGE)
    def changed(request: HttpRequest, user: User, pk: int) -> HttpResponse:
        workshop = _of(user, pk)
        day = _past(queries.begins_at(workshop))
        sets = _sets(request, user, kinds, lambda kind: known.rows_of(workshop, kind), workshop.place, day)
        form = forms.Form(_posted(request))
        numbered = list(enumerate(known.sessions_of(workshop), 1)) if name in ("programme", "materials") else []
        order = "-".join(str(one.pk) for _number, one in numbered)
        if request.POST.get("order", order) != order:  # whoever wrote "1" meant another one
            form.add_error(
                None, _("Chưa lưu gì. Các buổi vừa đổi thứ tự: hãy xem lại số của từng buổi rồi bấm lần nữa.")
            )
        elif request.method == "POST" and "them" not in request.POST and _are_valid(form, sets):
            before = wording.facts_of(workshop).fingerprint
            said = {"workshop": workshop, "part": name, "by": user, "at": timezone.now()}
            if _done(form, actions.change_part, **_specs(sets), **said):
                return _saved(request, user, pk, before)
        context = {
            "form": form, "sets": sets, "workshop": workshop, "numbered": numbered, "order": order, "part": name,
            "wrong": errors_of(sets.values()), "media": _media(form, sets), "side_by_side": parallel.choices(workshop) if name == "sessions" else [],
        }  # fmt: skip
        return render(
            request,
            "workshops/admin/plan_part.html",
            context | _heading(workshop, str(label)),
            status=_status(request, form, sets),
        )

    return changed


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with(TO_MANAGE)
def cancel(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    workshop = _of(user, pk)
    form = CancelForm(_posted(request))
    if form.is_valid():
        said = {"workshop": workshop, "by": user, "at": timezone.now()}
        if _done(form, actions.cancel_workshop, reason=form.cleaned_data["reason"], **said):
            messages.success(
                request,
                _(
                    "Lớp đã hủy. Đại biểu có số điện thoại được nhắn tin; trang của lớp nói rõ lý do, danh sách đăng ký vẫn còn."
                ),
            )
            return redirect("workshops_admin:workshop", pk)
    return render(
        request,
        "workshops/admin/plan_cancel.html",
        {"form": form, "workshop": workshop} | _heading(workshop, _("Hủy lớp")),
        status=422 if form.errors else 200,
    )


def _posted(request: HttpRequest) -> QueryDict | None:
    """Also what is empty: whoever sent nothing is told what is missing."""
    return request.POST if request.method == "POST" else None


def _sent_as(request: HttpRequest) -> UUID:
    """Of all that a form said, and of the form: a second press sends the same, whoever changed a word or opened it anew does not."""
    said = [(name, values) for name, values in sorted(request.POST.lists()) if name != "csrfmiddlewaretoken"]
    files = [(name, [(one.name, one.size) for one in some]) for name, some in sorted(request.FILES.lists())]
    return uuid5(NAMESPACE_OID, repr((said, files)))


def _alike(made: Workshop, user: User) -> list[str]:
    """Addresses of the other workshops that are called so and begin when this one does."""
    known = workshops_visible_to(user, TO_LOOK).filter(activity__title=made.title, cancelled_at=None)
    same = known.filter(sessions__starts_at__in=queries.slots(made)[:1]).exclude(pk=made.pk)
    return [f"{one.venue} (/tap-huan/{one.slug}/)" for one in same.distinct()]


def _of(user: User, pk: int) -> Workshop:
    return get_object_or_404(workshops_visible_to(user, TO_MANAGE), pk=pk)


def _earlier(request: HttpRequest, user: User) -> Workshop | None:
    if "tu" not in request.GET:
        return None
    found = workshops_visible_to(user, TO_LOOK).filter(pk=key_of(request.GET["tu"])).first()
    if found is None:
        raise Http404
    return found


def _copied(earlier: Workshop | None, kind: str, first: date | None) -> list[dict[str, Any]]:
    if earlier is None:
        return []
    return known.copied(earlier, kind, known.days_between(earlier, first))


def _usual(user: User) -> dict[str, Any]:
    """As this colleague called the organiser last time."""
    last = Workshop.objects.filter(created_by=user).order_by("-created_at").first()
    names = ("organiser", "organiser_parent", "co_organiser", "contact")
    return {name: getattr(last, name) for name in names} if last else {}


def _past(begins_at: datetime | None) -> date | None:
    """The day of a workshop that is over: places are called as they were called then."""
    day = local_day(begins_at) if begins_at else None
    return day if day and day < timezone.localdate() else None


def _past_day(sets: dict[str, Rows]) -> date | None:
    """The same of one that is being planned, as far as its sessions say it."""
    days = [row.cleaned_data.get("day") for _at, row in sets["sessions"].wanted] if sets["sessions"].is_bound else []
    first = min(filter(None, days), default=None)
    return first if first and first < timezone.localdate() else None


def _sets(
    request: HttpRequest,
    user: User,
    kinds: tuple[str, ...],
    initial: Any,
    home: Place | None,
    day: date | None = None,
) -> dict[str, Rows]:
    more = request.POST.get("them")
    sets: dict[str, Rows] = {}
    for kind in kinds:
        made = KINDS[kind]
        data = _posted(request)
        if data is not None and kind == more:
            data = with_another(data, kind, made.form)
        own: dict[str, Any] = {"form_kwargs": {"user": user}} if kind in ("materials", "speakers") else {}
        if kind == "quotas":
            own = {"form_kwargs": {"day": day or (_past_day(sets) if "sessions" in sets else None), "home": home}}
        sets[kind] = made(data, request.FILES or None, prefix=kind, initial=initial(kind), **own)
        if more:
            sets[kind].hush()
    return sets


def _hush(form: Any) -> None:
    form._errors = ErrorDict()


def _are_valid(form: forms.BaseForm, sets: dict[str, Rows]) -> bool:
    """Everything is looked at, so that all that is wrong is said at once."""
    fine = [form.is_valid(), *(rows.is_valid() for rows in sets.values())]
    sessions = sets.get("sessions")
    if sessions is not None and sessions.is_valid() and not sessions.wanted:
        for row in sessions.forms[:1]:
            row.add_error("day", _("Hãy ghi ít nhất một buổi."))
        fine.append(False)
    if not all(fine):
        form.add_error(None, _("Chưa lưu gì, vì còn ô cần sửa. Lý do ghi ngay ở từng ô."))
    return all(fine)


def _specs(sets: dict[str, Rows]) -> dict[str, list[Any]]:
    return {kind: rows.specs() for kind, rows in sets.items()}


def _planned(form: PlanForm, sets: dict[str, Rows], user: User, sent_as: UUID) -> Workshop | None:
    """A session is named by its place on the page; empty rows between are passed over."""
    places = {at: number for number, (at, _row) in enumerate(sets["sessions"].wanted, 1)}
    for _at, row in [*sets["agenda"].wanted, *sets["materials"].wanted]:
        number = places.get(row.cleaned_data["session"] - 1)
        if number is None:
            row.add_error("session", _("Không có buổi số này ở trên."))
            form.add_error(None, _("Chưa lưu gì, vì còn ô cần sửa. Lý do ghi ngay ở từng ô."))
            return None
        row.cleaned_data["session"] = number
    specs = {kind: [row.spec() for _at, row in rows.wanted] for kind, rows in sets.items()}
    return _done(
        form, actions.plan_with_certificate, **form.arguments(), **specs, sent_as=sent_as, by=user, at=timezone.now()
    )


def _done(form: forms.BaseForm, action: Any, **said: Any) -> Any:
    """What the action gives, or None with its refusal in the form."""
    try:
        return action(**said) or True
    except Refusal as refusal:
        form.add_error(None, str(refusal))
    except IntegrityError:
        form.add_error(None, _("Chưa lưu được, vì có người vừa sửa cùng lúc. Hãy xem lại rồi bấm lần nữa."))
    return None


def _wrong(form: forms.BaseForm) -> list[Wrong]:
    return [Wrong(str(field.label), field) for field in form.visible_fields() if field.errors]


def _media(form: forms.BaseForm, sets: dict[str, Rows]) -> forms.Media:
    """Each script once: of fields that only rows have as well."""
    return sum((rows.media for rows in sets.values()), form.media)


def _status(request: HttpRequest, form: forms.BaseForm, sets: dict[str, Rows]) -> int:
    is_asked = request.method == "POST" and "them" not in request.POST
    return 422 if is_asked and (form.errors or any(not rows.is_valid() for rows in sets.values())) else 200


def _saved(request: HttpRequest, user: User, pk: int, before: str) -> HttpResponse:
    """Where time or place changed and somebody is expected, the message that tells them is offered."""
    messages.success(request, _("Đã lưu."))
    _tell_outside(request, _of(user, pk))
    facts, now = wording.facts_of(_of(user, pk)), timezone.now()
    is_to_come = not facts.starts or facts.starts[0] > now
    if facts.fingerprint != before and is_to_come and receiving.of_kind(_of(user, pk), NoticeKind.CHANGE).exists():
        messages.warning(request, _("Giờ hoặc địa điểm đã đổi. Báo cho đại biểu thì xem tin dưới đây rồi bấm gửi."))
        return redirect("workshops_notices:write", pk, NoticeKind.CHANGE.value)
    return redirect("workshops_admin:workshop", pk)


def _tell_outside(request: HttpRequest, workshop: Workshop) -> None:
    """Of what may be a slip of the pen, and may be meant: it is saved."""
    outside = queries.items_outside(workshop)
    if outside:
        named = "; ".join(
            _("“%(topic)s” lúc %(at)s (buổi %(begins)s–%(ends)s)")
            % {
                "topic": one.topic,
                "at": f"{one.starts_at:%H:%M}",
                "begins": f"{timezone.localtime(one.session.starts_at):%H:%M}",
                "ends": f"{timezone.localtime(one.session.ends_at):%H:%M}",
            }
            for one in outside
        )
        messages.warning(
            request,
            _("Có mục chương trình ngoài giờ của buổi: %(items)s. Đã lưu như anh/chị ghi; gõ nhầm thì sửa lại.")
            % {"items": named},
        )


def _heading(workshop: Workshop, title: str) -> dict[str, Any]:
    return heading(
        title,
        ICON,
        (reverse("workshops_admin:workshops"), _("Lớp tập huấn")),
        (reverse("workshops_admin:workshop", args=[workshop.pk]), workshop.title),
    )
