"""…/cach-xem/ in the admin: the views that somebody saved or that colleagues share; saving one, renaming, removing."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import staff_with
from accounts.models import User
from lib.refusals import Refusal
from lib.typed import TypedField
from reports.models import SavedView
from reports.queries import PERMISSION

from . import actions, views


class ViewForm(forms.Form):
    ten = TypedField(
        label=gettext_lazy("Tên"),
        max_length=100,
        help_text=gettext_lazy("Ví dụ: Cán bộ chưa học xong, quý IV"),
        error_messages={"required": gettext_lazy("Hãy đặt tên cho cách xem này.")},
    )
    chung = forms.ChoiceField(label=gettext_lazy("Ai xem được"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shared = [(unit.key, _("dùng chung cho đơn vị: %s") % unit.name) for unit in views.units_of(user)]
        self.fields["chung"].choices = [("", _("chỉ tôi")), *shared]  # type: ignore[attr-defined]


@csp_override(settings.SECURE_CSP)
@require_safe
@staff_with(PERMISSION)
def saved_views(request: HttpRequest, user: User) -> HttpResponse:
    rows = views.visible_to(user).select_related("owner__person", "place__parent")
    return render(request, "reports/saved_views.html", {"rows": rows, "pages": views.PAGES, "current": "board"})


@csp_override(settings.SECURE_CSP)
@require_http_methods(["GET", "HEAD", "POST"])
@staff_with(PERMISSION)
def save(request: HttpRequest, user: User) -> HttpResponse:
    """The page of the address in `tu`. After it one is back on that page, as it was kept."""
    found = views.read(request.GET.get("tu", ""))
    if found is None or not user.has_perm(views.PAGES[found[0]].permission):
        messages.error(request, _("Trang này không lưu được."))
        return redirect("saving:views")
    page, query = found

    def saved(said: dict[str, Any]) -> SavedView:
        return actions.save(name=said["ten"], page=page, query=query, unit=said["chung"], by=user, at=timezone.now())

    return _form(request, ViewForm(request.POST or None, user=user), saved, {"title": _("Lưu cách xem này"), "page": views.PAGES[page]})  # fmt: skip


@csp_override(settings.SECURE_CSP)
@require_http_methods(["GET", "HEAD", "POST"])
@staff_with(PERMISSION)
def change(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    view = get_object_or_404(views.visible_to(user).filter(owner=user), pk=pk)
    initial = {"ten": view.name, "chung": str(view.place_id or 0) if view.is_shared else ""}

    def changed(said: dict[str, Any]) -> SavedView:
        return actions.change(view=view, name=said["ten"], unit=said["chung"], by=user)

    form = ViewForm(request.POST or None, initial=initial, user=user)
    return _form(request, form, changed, {"title": _("Sửa cách xem"), "page": views.PAGES[view.page]})


def _form(request: HttpRequest, form: ViewForm, save: Any, context: dict[str, Any]) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            saved = save(form.cleaned_data)
        except Refusal as refusal:
            form.add_error("ten", str(refusal))
        else:
            messages.success(request, _("Đã lưu cách xem “%(name)s”.") % {"name": saved.name})
            return redirect(views.address_of(saved))
    status = 422 if form.errors else 200
    return render(request, "reports/saved_view.html", context | {"form": form, "current": "board"}, status=status)


@require_POST
@staff_with(PERMISSION)
def remove(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    view = get_object_or_404(views.removable_by(user), pk=pk)
    view.delete()
    messages.success(request, _("Đã bỏ cách xem “%(name)s”.") % {"name": view.name})
    return redirect("saving:views")


patterns = [
    path("cach-xem/", saved_views, name="views"),
    path("cach-xem/luu/", save, name="save"),
    path("cach-xem/<int:pk>/", change, name="change"),
    path("cach-xem/<int:pk>/bo/", remove, name="remove"),
]
