"""What officers do for people: write down, correct, print a card, change a number."""

from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import actions
from accounts.access import managed_places, people_visible_to, phone_changes_visible_to, staff_with
from accounts.forms.people import CorrectionForm, RegistrationForm
from accounts.models import Person, PhoneChange, User
from accounts.queries import current_consent_texts, is_name_on_paper, number_of
from lib import phones, qr, text
from lib.headings import heading
from lib.refusals import Refusal
from lib.typed import key_of
from provinces.models import Place


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with("accounts.add_person")
def register(request: HttpRequest, user: User) -> HttpResponse:
    """Writes down somebody who cannot sign up alone; somebody who looks the same is shown first."""
    within = managed_places(user, "accounts.add_person")
    form = RegistrationForm(request.POST or None, within=within, texts=current_consent_texts("vi"), initial=_home(user))
    twins: list[Person] = []
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            twins = _twins(user, form)
            if (not twins or "anyway" in request.POST) and (answer := _register(request, user, form)):
                return answer
    is_same_age = any(twin.birth_year and twin.birth_year == form.cleaned_data["birth_year"] for twin in twins)
    context = {"twins": twins, "is_same_age": is_same_age, "submit": _("Đăng ký")}
    return _form_page(request, form, _("Đăng ký giúp học viên"), context)


def _home(user: User) -> dict[str, str]:
    """The commune of an officer who has only one."""
    places = managed_places(user, "accounts.add_person")
    communes = list(places.current().communes().select_related("parent")[:2]) if places is not None else []
    return {"place": capfirst(communes[0].full_name)} if len(communes) == 1 else {}


def _twins(user: User, form: RegistrationForm) -> list[Person]:
    """Whoever looks the same, apart from the person whom this very form has made already.

    Of two officers who write the same neighbour down at once the second waits here, and is shown what the first has written;
    whoever lives, learns or signs up in the commune waits for neither.
    """
    data = form.cleaned_data
    Place.objects.select_for_update(no_key=True).get(pk=data["place"].pk)
    people = people_visible_to(user, "accounts.view_person").exclude(form_token=data["form_token"])
    return list(people.select_related("place__parent").filter(search=text.fold(data["name"]), place=data["place"])[:5])


def _register(request: HttpRequest, user: User, form: RegistrationForm) -> HttpResponse | None:
    """To the person's page; None for a form that has registered somebody else, and gets a token of its own."""
    data = form.cleaned_data
    try:
        person = _registered(user, form)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        form.data = request.POST.copy()
        form.data["form_token"] = str(uuid4())
        return None
    messages.success(request, _("Đã đăng ký cho %(name)s. Có thể in phiếu mã ngay bên dưới.") % {"name": person.name})
    if data["phone"] and not number_of(person):
        messages.warning(
            request,
            _(
                "Số %(number)s đang là số đăng nhập của người khác, nên chỉ ghi để liên hệ. %(name)s vào học bằng phiếu mã in bên dưới. Hãy dặn đừng đăng nhập bằng số này, vì đó là số của tài khoản người kia."
            )
            % {"number": phones.readable(data["phone"]), "name": person.name},
        )
    return redirect("person:inspect", person.pk)


def _registered(user: User, form: RegistrationForm) -> Person:
    data = form.cleaned_data
    fields = ("name", "birth_year", "place", "kind", "subject_name", "subject_kind", "subject_role", "official_level")
    return actions.register_for(
        form_token=data["form_token"],
        phone=data["phone"],
        consents=form.given(),
        how=data["how"],
        by=user,
        at=timezone.now(),
        **{name: data[name] for name in fields},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with("accounts.change_person")
@transaction.atomic
def correct(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    people = people_visible_to(user, "accounts.change_person").select_related("place__parent", "subject")
    if request.method == "POST":  # of two at once the second waits, and reads what the first has written
        people = people.select_for_update(of=("self",))
    person = get_object_or_404(people, pk=pk)
    within, initial = managed_places(user, "accounts.change_person"), CorrectionForm.initial_of(person)
    form = CorrectionForm(request.POST or None, within=within, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            changed = actions.correct_person(person=person, by=user, at=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _said_of(person) if changed else _("Không có gì thay đổi."))
            return redirect("person:inspect", pk)
    return _form_page(request, form, _("Sửa thông tin: %(name)s") % {"name": person.name}, {"submit": _("Lưu")})


def _said_of(corrected: Person) -> str:
    if is_name_on_paper(corrected):
        return _("Đã sửa. Giấy chứng nhận đã cấp vẫn giữ như đã in.")
    return _("Đã sửa thông tin.")


def _form_page(request: HttpRequest, form: forms.Form, title: str, context: dict[str, Any]) -> HttpResponse:
    shared = {"form": form} | heading(title, "user", (reverse("person:index"), _("Học viên")))
    status = 200 if request.method in ("GET", "HEAD") or form.is_valid() else 422
    if form.errors:  # Wagtail adds the button that leads to the first one
        messages.error(request, _("Chưa lưu được vì còn chỗ chưa đúng. Những gì anh/chị đã ghi vẫn còn ở dưới đây."))
    return render(request, "accounts/admin/form.html", shared | context, status=status)


@require_POST
@staff_with("accounts.add_person")
def card(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """A page to print and cut: the code, where to type it, and a QR that leads there."""
    people = people_visible_to(user, "accounts.add_person")
    person = get_object_or_404(people.select_related("place__parent"), pk=pk)
    now = timezone.now()
    code = actions.issue_card(person=person, by=user, at=now)
    address = settings.BASE_URL + reverse("accounts_card")
    picture = qr.picture(address, scale=8)
    last = actions.last_day_of_card(now)
    context = {"person": person, "code": code, "address": address.partition("://")[2], "qr": picture, "last": last}
    return render(request, "accounts/admin/card.html", context)


@require_POST
@staff_with("accounts.change_phonechange")
def new_number(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """A number that the officer has been told, on the way of every other request: seen once more before it counts."""
    person = get_object_or_404(people_visible_to(user, "accounts.change_phonechange").select_related("place"), pk=pk)
    try:
        number = phones.to_e164(request.POST.get("number", ""))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("person:inspect", pk)
    change = actions.request_phone_change(
        name=person.name, place=person.place, old_phone=number_of(person), new_phone=number, at=timezone.now()
    )
    return redirect(f"{reverse('phonechange:inspect', args=[change.pk])}?nguoi={person.pk}")


@require_POST
@staff_with("accounts.change_phonechange")
def phone_change(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    change = get_object_or_404(phone_changes_visible_to(user, "accounts.change_phonechange"), pk=pk)
    person = (
        people_visible_to(user, "accounts.change_phonechange").filter(pk=key_of(request.POST.get("person"))).first()
    )
    try:
        actions.decide_phone_change(
            change=change,
            by=user,
            is_confirmed=_is_confirmed(request),
            person=person,
            reason=request.POST.get("reason", ""),
            at=timezone.now(),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Đã ghi quyết định và nhắn tin cho số mới."))
        _tell_who_stays_out(request, pk)
    return redirect("phonechange:inspect", pk)


def _tell_who_stays_out(request: HttpRequest, change: int) -> None:
    given = {"phone_changes": change, "phone_changes__status": PhoneChange.Status.CONFIRMED}
    if person := Person.objects.filter(**given, user__is_active=False).first():
        said = _(
            "%(name)s vẫn chưa đăng nhập được, vì đang bị tạm ngừng đăng nhập. Nếu nay cho vào lại, hãy mở trang của người ấy rồi bấm “Cho đăng nhập lại”."
        )
        messages.warning(request, said % {"name": person.name})


def _is_confirmed(request: HttpRequest) -> bool:
    """By the button that was pressed: a form sent without one (by Enter, say) must not refuse somebody by text message."""
    decisions = {"confirm": True, "refuse": False}
    if (pressed := request.POST.get("decision")) in decisions:
        return decisions[pressed]
    raise Refusal(
        _("Chưa ghi quyết định, yêu cầu vẫn còn chờ. Hãy bấm “Xác nhận số mới” hoặc “Từ chối” ở cuối trang này.")
    )
