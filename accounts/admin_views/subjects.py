"""What officers do with the register of subjects: write down, correct, confirm, join, close; and the products of one."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import actions
from accounts.access import managed_places, staff_with, subjects_visible_to
from accounts.forms.subjects import (
    ClosingForm,
    JoiningForm,
    ProductCorrectionForm,
    ProductForm,
    RemovalForm,
    SubjectCorrectionForm,
    SubjectForm,
)
from accounts.models import Product, Subject, User
from accounts.queries import alike
from lib import text
from lib.headings import heading
from lib.refusals import Refusal

TO_SEE, TO_ADD, TO_CHANGE = "accounts.view_subject", "accounts.add_subject", "accounts.change_subject"
MOST_OFFERED = 20


def _subject(user: User, pk: int) -> Subject:
    return get_object_or_404(subjects_visible_to(user, TO_CHANGE).select_related("place__parent"), pk=pk)


def _product(user: User, pk: int) -> Product:
    product = get_object_or_404(Product.objects.select_related("subject__place__parent"), pk=pk)
    if not subjects_visible_to(user, TO_CHANGE).contains(product.subject):
        raise Http404
    return product


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _page_of(subject: Subject) -> HttpResponse:
    return redirect("subject:inspect", subject.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with(TO_ADD)
def add(request: HttpRequest, user: User) -> HttpResponse:
    within = managed_places(user, TO_ADD)
    form = SubjectForm(_sent(request), within=within, initial=_home(user))
    if request.method == "POST" and form.is_valid():
        try:
            subject = actions.write_subject(**form.cleaned_data, by=user, at=timezone.now())
        except Refusal as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("Đã ghi %(name)s vào sổ.") % {"name": subject.name})
            return _page_of(subject)
    return _form_page(request, form, _("Ghi chủ thể vào sổ"), {"submit": _("Ghi vào sổ")})


def _home(user: User) -> dict[str, str]:
    """The commune of an officer who has only one."""
    places = managed_places(user, TO_ADD)
    communes = list(places.current().communes().select_related("parent")[:2]) if places is not None else []
    return {"place": capfirst(communes[0].full_name)} if len(communes) == 1 else {}


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with(TO_CHANGE)
def correct(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    subject = _subject(user, pk)
    form = SubjectCorrectionForm(_sent(request), subject=subject, within=managed_places(user, TO_CHANGE))
    if request.method == "POST" and form.is_valid():
        try:
            changed = actions.correct_subject(subject=subject, **form.cleaned_data, by=user)
        except Refusal as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("Đã sửa thông tin chủ thể.") if changed else _("Không có gì thay đổi."))
            return _page_of(subject)
    return _form_page(request, form, _("Sửa thông tin chủ thể"), _of(subject) | {"submit": _("Lưu")})


@require_POST
@staff_with(TO_CHANGE)
def confirm(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    subject = _subject(user, pk)
    done = _tried(request, lambda: actions.confirm_subject(subject=subject, by=user))
    if done:
        messages.success(request, _("Đã xác nhận %(name)s.") % {"name": subject.name})
    return _page_of(subject)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with(TO_CHANGE)
def close(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    subject, form = _subject(user, pk), ClosingForm(_sent(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if _tried(request, lambda: actions.close_subject(subject=subject, by=user, reason=reason, at=timezone.now())):
            said = _("Đã ghi: %(name)s ngừng hoạt động. Học viên, sản phẩm và nhật ký vẫn được giữ.")
            messages.success(request, said % {"name": subject.name})
        return _page_of(subject)
    about = _(
        "Chủ thể vẫn còn trong sổ với đầy đủ học viên, sản phẩm; từ nay không tính vào số chủ thể đang hoạt động."
    )
    context = {"submit": _("Ghi ngừng hoạt động"), "about": about, "is_serious": True}
    return _form_page(request, form, _("Ngừng hoạt động"), _of(subject) | context)


@require_POST
@staff_with(TO_CHANGE)
def reopen(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    subject = _subject(user, pk)
    if _tried(request, lambda: actions.reopen_subject(subject=subject, by=user)):
        messages.success(request, _("Đã ghi: %(name)s hoạt động trở lại.") % {"name": subject.name})
    return _page_of(subject)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with(TO_CHANGE)
def join(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Two rows that are one subject. Those called alike are offered first; a search finds any other of the own places."""
    subject, query = _subject(user, pk), request.GET.get("q", "").strip()[:100]
    among = subjects_visible_to(user, TO_CHANGE).exclude(pk=subject.pk)
    offered = [one.pk for one in (_called(among, query) if query else likely(subject, among))][:MOST_OFFERED]
    candidates = among.filter(pk__in=offered).select_related("place").prefetch_related("products")
    form = JoiningForm(_sent(request), among=candidates)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if into := _tried(
            request,
            lambda: actions.join_subjects(subject=subject, into=data["into"], by=user, reason=data["reason"]),
        ):
            said = _("Đã gộp %(name)s vào %(into)s. Học viên và sản phẩm đã chuyển theo.")
            messages.success(request, said % {"name": subject.name, "into": into.name})
            return _page_of(into)
        return redirect("subject:index")
    if form.errors:
        messages.error(request, _("Chưa gộp, vì còn chỗ chưa chọn hoặc chưa ghi ở dưới đây."))
    context = {"form": form, "subject": subject, "query": query, "offered": offered}
    context |= heading(_("Gộp chủ thể ghi trùng"), "group", *_above(subject))
    return render(request, "accounts/admin/subject_join.html", context, status=422 if form.errors else 200)


def likely(subject: Subject, among: Any) -> list[Subject]:
    """Of the same commune: what may be the same subject under another name."""
    return alike(subject.name, subject.phone, subject.leader, among.filter(place=subject.place)[:2000])


def _called(among: Any, query: str) -> list[Subject]:
    for word in text.fold(query).split():
        among = among.filter(search__contains=word)
    return list(among[:MOST_OFFERED])


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with(TO_CHANGE)
def add_product(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    subject, form = _subject(user, pk), ProductForm(_sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            product = actions.write_product(subject=subject, **form.cleaned_data, by=user)
        except Refusal as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("Đã ghi sản phẩm %(name)s.") % {"name": product.name})
            return _page_of(subject)
    return _form_page(request, form, _("Thêm sản phẩm"), _of(subject) | {"submit": _("Ghi sản phẩm")})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with(TO_CHANGE)
def correct_product(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    product = _product(user, pk)
    form = ProductCorrectionForm(_sent(request), product=product)
    if request.method == "POST" and form.is_valid():
        try:
            changed = actions.correct_product(product=product, **form.cleaned_data, by=user)
        except Refusal as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("Đã sửa sản phẩm.") if changed else _("Không có gì thay đổi."))
            return _page_of(product.subject)
    return _form_page(request, form, _("Sửa sản phẩm"), _of(product.subject) | {"submit": _("Lưu")})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with(TO_CHANGE)
def remove_product(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    product, form = _product(user, pk), RemovalForm(_sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.remove_product(product=product, by=user, reason=form.cleaned_data["reason"])
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Đã bỏ sản phẩm %(name)s khỏi sổ.") % {"name": product.name})
        return _page_of(product.subject)
    about = _(
        "Chỉ bỏ sản phẩm ghi nhầm. Sản phẩm hết hạn thì để nguyên; được công nhận lại thì sửa. Nhật ký vẫn giữ những gì đã ghi."
    )
    context = {"submit": _("Bỏ sản phẩm"), "about": f"{product.name}: {about}", "is_serious": True}
    return _form_page(request, form, _("Bỏ sản phẩm"), _of(product.subject) | context)


def _tried(request: HttpRequest, action: Any) -> Any:
    """What the action gives; None where it was refused, which is said."""
    try:
        return action()
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return None


def _of(subject: Subject) -> dict[str, Any]:
    return {"subject": subject}


def _above(subject: Subject | None) -> list[tuple[str, str]]:
    above = [(reverse("subject:index"), str(Subject._meta.verbose_name_plural))]
    return [*above, (reverse("subject:inspect", args=[subject.pk]), subject.name)] if subject else above


def _form_page(request: HttpRequest, form: forms.Form, title: str, context: dict[str, Any]) -> HttpResponse:
    is_wrong = form.is_bound and not form.is_valid()
    if is_wrong:  # Wagtail adds the button that leads to the first one
        messages.error(request, _("Chưa lưu được vì còn chỗ chưa đúng. Những gì anh/chị đã ghi vẫn còn ở dưới đây."))
    shared = {"form": form} | heading(title, "group", *_above(context.get("subject")))
    return render(request, "accounts/admin/subject_form.html", shared | context, status=422 if is_wrong else 200)
