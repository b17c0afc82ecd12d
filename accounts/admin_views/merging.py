"""Officers look at two rows of people beside each other, and say that they are one."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import actions
from accounts.access import AnyUser, people_visible_to, staff_with
from accounts.doubles import doubles_of
from accounts.forms.merging import MergingForm, log_in_of
from accounts.models import Person, User
from accounts.queries import deletion_of, people_called
from lib import phones, registries
from lib.dates import short
from lib.headings import heading
from lib.refusals import Refusal
from lib.registries import Fact

TO_MERGE = "accounts.change_person"


def _mine(user: User) -> Any:
    return people_visible_to(user, TO_MERGE).select_related("place__parent", "subject", "user")


@require_safe
@staff_with(TO_MERGE)
def doubles(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Whom somebody may be as well; a search finds any other of the own places."""
    among = _mine(user)
    person, query = get_object_or_404(among, pk=pk), request.GET.get("q", "").strip()[:100]
    called = [(one, "") for one in people_called(among.exclude(pk=pk), query)]
    context = {"person": person, "query": query, "found": called if query else doubles_of(person, among)}
    context |= heading(_("Gộp người ghi trùng"), "user", *_above(person))
    return render(request, "accounts/admin/doubles.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with(TO_MERGE)
def merge(request: HttpRequest, user: User, pk: int, other: int) -> HttpResponse:
    if pk == other:
        raise Http404
    one, twin = get_object_or_404(_mine(user), pk=pk), get_object_or_404(_mine(user), pk=other)
    sent = request.POST if request.method == "POST" else None
    form = MergingForm(sent, two=(one, twin), initial=_likely(one, twin))
    if form.is_bound and form.is_valid():
        try:
            left = actions.merge_people(**form.chosen(), by=user, at=timezone.now())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            said = _("Đã gộp hai hồ sơ thành một. Khóa học, giấy chứng nhận và đăng ký lớp đã chuyển về đây.")
            messages.success(request, said)
            return redirect("person:inspect", left.pk)
    if form.errors:
        messages.error(request, _("Chưa gộp, vì còn chỗ chưa chọn hoặc chưa ghi ở dưới đây."))
    context = {"form": form, "one": one, "twin": twin, "rows": _compared(one, twin), "facts": _facts(one, twin, user)}
    context["deletion"] = deletion_of(one) or deletion_of(twin)
    context |= heading(_("So hai hồ sơ"), "user", *_above(one))
    return render(request, "accounts/admin/merge.html", context, status=422 if form.errors else 200)


def _likely(one: Person, twin: Person) -> dict[str, Any]:
    """The row with a log-in, else the one that was there first."""
    first = min((one, twin), key=lambda row: (getattr(row, "user", None) is None, row.created_at, row.pk))
    return {"into": str(first.pk), "log_in": str(first.pk)}


def _compared(one: Person, twin: Person) -> list[tuple[str, str, str, bool]]:
    """What each row says, and whether they differ."""
    said = zip(_said(one), _said(twin), strict=True)
    return [(label, mine, theirs, mine != theirs) for (label, mine), (_label, theirs) in said]


def _said(person: Person) -> list[tuple[str, str]]:
    subject = person.subject.name if person.subject else ""
    role = person.get_subject_role_display() or person.get_official_level_display()
    return [
        (_("Họ và tên"), person.name),
        (_("Năm sinh"), str(person.birth_year or "–")),
        (_("Nơi ở"), person.place.full_name),
        (_("Đối tượng"), person.get_kind_display()),
        (_("Chủ thể, công tác"), ", ".join(filter(None, [subject, role])) or "–"),
        (_("Số đăng nhập"), log_in_of(person)),
        (_("Điện thoại liên hệ"), phones.readable(person.contact_phone) if person.contact_phone else "–"),
        (_("Đồng ý ghi kết quả học"), _("Có") if person.has_consented else _("Không")),
        (_("Xin xóa dữ liệu"), short(gone.erase_on) if (gone := deletion_of(person)) and gone.erase_on else "–"),
        (_("Ngày ghi"), date_format(localdate(person.created_at), "SHORT_DATE_FORMAT")),
    ]


def _facts(one: Person, twin: Person, user: AnyUser) -> list[tuple[Any, list[Fact], list[Fact]]]:
    """What each has, of every kind of which one has something."""
    kinds = [kind for _name, kind in registries.person_facts if user.has_perm(kind.permission)]
    told = [(kind.label, kind.rows(one, user), kind.rows(twin, user)) for kind in kinds]
    return [row for row in told if row[1] or row[2]]


def _above(person: Person) -> list[tuple[str, str]]:
    return [(reverse("person:index"), _("Học viên")), (reverse("person:inspect", args=[person.pk]), person.name)]
