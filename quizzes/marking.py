"""Marking by hand in the admin: the queue, and one answer with its rubric."""

from fractions import Fraction
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import AnyUser, staff_with
from accounts.models import User
from lib.headings import heading
from lib.refusals import Refusal

from . import access, actions
from .kinds.numbers import NumberField
from .models import AttemptState, Item

PER_PAGE = 50


class MarkForm(forms.Form):
    """Points for each criterion of a question's rubric, and a word to the trainee."""

    comment = forms.CharField(
        required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4}), label="", help_text=""
    )

    def __init__(self, *args: Any, rubric: list[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rubric = rubric
        for row in rubric:
            self.fields[f"points-{row['id']}"] = NumberField(
                label=f"{row['text']} (0–{row['points'].replace('.', ',')})",
                error_messages={"required": _("Hãy ghi điểm, 0 cũng được.")},
            )
        self.fields["comment"].label = _("Nhận xét gửi học viên")
        self.order_fields([*(f"points-{row['id']}" for row in rubric), "comment"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for row in self.rubric:
            name = f"points-{row['id']}"
            if name in cleaned and not 0 <= Fraction(str(cleaned[name])) <= Fraction(row["points"]):
                self.add_error(name, _("Điểm phải từ 0 đến %(most)s.") % {"most": row["points"].replace(".", ",")})
        return cleaned

    def points(self) -> dict[str, str]:
        return {row["id"]: self.cleaned_data[f"points-{row['id']}"] for row in self.rubric}


def count_of(user: AnyUser) -> int:
    """For the menu of every page: most of the time nothing waits anywhere, and that is a short question."""
    if not user.has_perm(access.TO_MARK) or not access.is_marking_anywhere():
        return 0
    return access.items_to_mark(user).count()


@require_safe
@staff_with(access.TO_MARK)
def queue(request: HttpRequest, user: User) -> HttpResponse:
    page = Paginator(access.items_to_mark(user), PER_PAGE).get_page(request.GET.get("p"))
    return render(request, "quizzes/admin/queue.html", {"page": page} | heading(_("Bài chờ chấm"), "edit"))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with(access.TO_MARK)
def mark(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """One answer; from it to the next that waits, until none does."""
    item = access.items_to_mark(user).filter(pk=pk).first()
    if item is None:
        return _marked_before(request, user, pk)
    form = MarkForm(request.POST or None, rubric=item.version.data["rubric"])
    try:
        is_marked = request.method == "POST" and form.is_valid() and _is_marked(item, form, user)
    except actions.MarkedBefore:
        return _marked_before(request, user, pk)
    if is_marked:
        messages.success(request, _told(item))
        following = access.items_to_mark(user).first()
        return redirect("quizzes_admin:mark", following.pk) if following else redirect("quizzes_admin:queue")
    context = {"form": form, "item": item} | _heading()
    return render(request, "quizzes/admin/mark.html", context, status=422 if form.errors else 200)


def _heading() -> dict[str, Any]:
    return heading(_("Chấm bài"), "edit", (reverse("quizzes_admin:queue"), _("Bài chờ chấm")))


def _marked_before(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Two had the same answer open: the slower one reads who was quicker, and what was typed in vain, to copy or to talk about."""
    item = get_object_or_404(access.items_marked(user), pk=pk)
    is_sent = request.method == "POST"
    context = {
        "item": item,
        "refusal": actions.MarkedBefore(item, user) if is_sent else None,
        "form": MarkForm(request.POST, rubric=item.version.data["rubric"]) if is_sent else None,
        "following": access.items_to_mark(user).first(),
    } | _heading()
    return render(request, "quizzes/admin/marked.html", context, status=409 if is_sent else 200)


def _told(item: Item) -> str:
    item.attempt.refresh_from_db(fields=["state"])
    if item.attempt.state == AttemptState.MARKING:
        return _("Đã chấm câu này. Học viên thấy kết quả khi cả bài được chấm xong.")
    return _("Đã chấm xong bài của %(name)s. Học viên xem được kết quả ngay bây giờ.") % {
        "name": item.attempt.enrolment.person
    }


def _is_marked(item: Item, form: MarkForm, by: User) -> bool:
    """Raises MarkedBefore: for that one there is no form any more."""
    try:
        actions.mark_item(
            item=item, points=form.points(), comment=form.cleaned_data["comment"], by=by, at=timezone.now()
        )
    except actions.MarkedBefore:
        raise
    except Refusal as refusal:
        form.add_error(None, str(refusal))
    return not form.errors
