"""People's own doors: number and code, profile in three steps, PIN, card, lost number."""

from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.views import ConfirmLoginCodeView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lib import limits
from lib.refusals import Refusal
from lib.sessions import end_session
from messaging.actions import BudgetSpent
from provinces.models import Place
from provinces.queries import search_communes

from . import actions, forms
from .access import first_stop, is_colleague, person_required, standing, the_person
from .models import Consent, PersonKind, Subject, User
from .queries import current_consent_texts, is_asked_again, is_name_on_paper, open_consent_texts, running_consents


def next_address(request: HttpRequest) -> str:
    """Where the person wanted to go, if it is on this site."""
    there = request.POST.get("next") or request.GET.get("next") or ""
    return there if url_has_allowed_host_and_scheme(there, {request.get_host()}, request.is_secure()) else ""


def onward(request: HttpRequest, default: str) -> HttpResponseRedirect:
    """To where the person wanted to go, else to the named page. (`redirect` would take "abc" for the name of a view.)"""
    return HttpResponseRedirect(next_address(request) or reverse(default))


def to(name: str, request: HttpRequest) -> HttpResponseRedirect:
    """The next step of a journey; where the person wanted to go travels along."""
    there = next_address(request)
    return HttpResponseRedirect(reverse(name) + (f"?{urlencode({'next': there})}" if there else ""))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """One door: the number of an account gets a code, an unknown number gets one too. Nobody learns which it was."""
    if request.user.is_authenticated:
        return onward(request, settings.LOGIN_REDIRECT_URL)
    form = forms.StartForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        phone = form.cleaned_data["phone"]
        # No log-in is made for a number that gets no code; the adapter counts what is sent.
        limits.take(request, "request_login_code", phone, is_counted=False)
        request.session["is_shared_device"] = form.cleaned_data["is_shared"]
        user = actions.user_for_phone(phone=phone, at=timezone.now())
        try:
            LoginCodeVerificationProcess.initiate(request=request, user=user, phone=phone)
        except BudgetSpent:
            return render(request, "account/no_more_sms.html", status=503)
        return to("account_confirm_login_code", request)
    return render(request, "account/start.html", {"form": form, "next": next_address(request)})


class ConfirmCodeView(ConfirmLoginCodeView):
    """allauth counts wrong codes in the session, which guesses at the same moment all read alike; each takes a try first."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        is_guess = self._action == "verify"
        if is_guess and not actions.take_try(key=self._process.code.partition(":")[0]):
            self._process.abort()
            messages.error(request, get_adapter(request).error_messages["too_many_login_attempts"])
            return to("account_request_login_code", request)
        try:
            answer: HttpResponse = super().post(request, *args, **kwargs)
        except BudgetSpent:
            return render(request, "account/no_more_sms.html", status=503)
        return answer


@never_cache
@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """Leads to the first step that is not done yet."""
    user = _user(request)
    if user.person_id:
        return onward(request, settings.LOGIN_REDIRECT_URL)
    draft = user.profile_draft
    if not draft.get("name"):
        return to("accounts_profile_name", request)
    return to("accounts_profile_consent" if draft.get("place") else "accounts_profile_place", request)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile_name(request: HttpRequest) -> HttpResponse:
    user = _user(request)
    form = forms.NameForm(request.POST or None, initial=user.profile_draft)
    if request.method == "POST" and form.is_valid():
        actions.keep_draft(user=user, values=form.cleaned_data)
        return to("accounts_profile_place", request)
    return render(request, "accounts/profile_name.html", {"form": form, "next": next_address(request)})


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile_place(request: HttpRequest) -> HttpResponse:
    """Search and choice in one form, so that it works without JavaScript."""
    user = _user(request)
    query = (request.POST.get("q") or request.GET.get("q") or "").strip()
    form = forms.PlaceForm(request.POST if request.method == "POST" and "search" not in request.POST else None)
    if form.is_bound and form.is_valid():
        actions.keep_draft(user=user, values={"place": form.cleaned_data["place"].pk})
        return to("accounts_profile_consent", request)
    hits = search_communes(query)
    chosen = user.profile_draft.get("place")
    if not query and chosen:
        hits = [*search_communes(Place.objects.get(pk=chosen).name)]
    context = {"form": form, "query": query, "hits": hits, "chosen": chosen, "next": next_address(request)}
    return render(request, "accounts/profile_place.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile_consent(request: HttpRequest) -> HttpResponse:
    """The last step: role and consent, then the person is written."""
    user = _user(request)
    draft = user.profile_draft
    if user.person_id or not (draft.get("name") and draft.get("place")):
        return to("accounts_profile", request)
    place = get_object_or_404(Place.objects.current(), pk=draft["place"])
    texts = current_consent_texts(get_language() or "vi")
    data = request.POST if request.method == "POST" else None
    role_form_class = forms.SubjectForm if draft["kind"] == PersonKind.SUBJECT else forms.OfficialForm
    role_form, consent_form = role_form_class(data), forms.ConsentForm(data, texts=texts)
    if data is not None and role_form.is_valid() and consent_form.is_valid():
        actions.register_person(
            user=user,
            name=draft["name"],
            birth_year=draft.get("birth_year"),
            kind=draft["kind"],
            place=place,
            consents=consent_form.given(),
            at=timezone.now(),
            **role_form.cleaned_data,
        )
        return onward(request, settings.LOGIN_REDIRECT_URL)
    context = {
        "role_form": role_form,
        "consent_form": consent_form,
        "subjects": Subject.objects.filter(place=place)[:200],
        "place": place,
        "draft_name": draft["name"],
        "next": next_address(request),
    }
    return render(request, "accounts/profile_consent.html", context)


@require_safe
def search_places(request: HttpRequest) -> JsonResponse:
    """[{id, label}] for the type-ahead; public knowledge, so no log-in is needed."""
    hits = search_communes(request.GET.get("q", "")[:100])
    response = JsonResponse({"places": [{"id": hit.place.pk, "label": capfirst(hit.label)} for hit in hits]})
    response["Cache-Control"] = "public, max-age=3600"
    return response


@never_cache
@person_required
def home(request: HttpRequest) -> HttpResponse:
    person = the_person(request)
    context = {
        "person": person,
        "consents": running_consents(person),
        "is_name_on_paper": is_name_on_paper(person),
        "has_more_to_agree": bool(open_consent_texts(person, get_language() or "vi")),
    }
    return render(request, "accounts/home.html", context)


@never_cache
@login_required
@require_safe
def colleague(request: HttpRequest) -> HttpResponse:
    """Who works here without being a learner: the roles, the way to the admin, and learning as a choice."""
    user = _user(request)
    if user.person_id or not is_colleague(user):
        return to("accounts_profile", request)
    there = next_address(request)
    is_for_learners = not there.startswith(reverse("wagtailadmin_home"))
    return render(request, "accounts/colleague.html", standing(user) | {"next": there if is_for_learners else ""})


@never_cache
@person_required
@require_http_methods(["GET", "HEAD", "POST"])
def name(request: HttpRequest) -> HttpResponse:
    person = the_person(request)
    form = forms.PrintedNameForm(request.POST or None, initial={"name": person.name})
    if request.method == "POST" and form.is_valid():
        try:
            is_changed = actions.correct_own_name(person=person, by=_user(request), **form.cleaned_data)
        except Refusal as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, _("Đã sửa tên.") if is_changed else _("Không có gì thay đổi."))
        return redirect("accounts_home")
    return render(request, "accounts/name.html", {"form": form, "is_name_on_paper": is_name_on_paper(person)})


@never_cache
@person_required
@require_http_methods(["GET", "HEAD", "POST"])
def consent(request: HttpRequest) -> HttpResponse:
    """What the person has not agreed to, took back, or is asked again, to agree to now."""
    person = the_person(request)
    texts = open_consent_texts(person, get_language() or "vi")
    form = forms.ConsentForm(request.POST if request.method == "POST" else None, texts=texts)
    if not texts or (request.method == "POST" and form.is_valid()):
        actions.give_consents(person=person, texts=form.given() if texts else [], at=timezone.now())
        return onward(request, "accounts_home")
    context = {"form": form, "person": person, "is_asked_again": is_asked_again(person), "next": next_address(request)}
    return render(request, "accounts/consent.html", context)


@never_cache
@person_required
@require_http_methods(["GET", "HEAD", "POST"])
def pin(request: HttpRequest) -> HttpResponse:
    user = _user(request)
    if not user.phone:
        messages.warning(request, _("Mã PIN đi cùng số điện thoại. Nhờ cán bộ xã ghi số của anh/chị trước."))
        return redirect("accounts_home")
    form = forms.PinForm(request.POST or None, birth_year=user.person.birth_year if user.person else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_pin(user=user, pin=form.cleaned_data["pin"])
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            _keep_session(request, user)
            messages.success(request, _("Đã đặt mã PIN. Lần sau vào máy khác chỉ cần số điện thoại và mã này."))
            return redirect("accounts_home")
    return render(request, "accounts/pin.html", {"form": form})


def _keep_session(request: HttpRequest, user: User) -> None:
    from django.contrib.auth import update_session_auth_hash

    update_session_auth_hash(request, user)


@never_cache
@person_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """A link says first what follows from taking an agreement back; only the button there does it."""
    person = the_person(request)
    row = next((row for row in running_consents(person) if row.pk == pk), None)
    if row is not None and request.method != "POST":
        return render(request, "accounts/withdraw.html", {"consent": row})
    if row is not None and actions.withdraw_consent(person=person, consent_id=pk, at=timezone.now()):
        messages.success(request, _after_withdrawal(row))
    return redirect("accounts_home")


def _after_withdrawal(row: Consent) -> str:
    if row.text.is_required:
        return _("Đã rút lại sự đồng ý. Từ nay không ghi thêm; những gì đã ghi vẫn được giữ theo quy định.")
    return _("Đã rút lại sự đồng ý. Việc học và kết quả của anh/chị không thay đổi.")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def use_card(request: HttpRequest) -> HttpResponse:
    form = forms.CardForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        tried = limits.take(request, "use_card")
        try:
            user = actions.use_card(code=form.cleaned_data["code"], at=timezone.now())
        except Refusal as refusal:
            form.add_error("code", str(refusal))
        else:
            tried.rollback()  # only wrong codes count: a hall logs in at once, through one address
            request.session["is_shared_device"] = form.cleaned_data["is_shared"]
            get_adapter(request).login(request, user)
            record_authentication(request, user, method="card")
            there = next_address(request) or reverse(settings.LOGIN_REDIRECT_URL)
            return HttpResponseRedirect(first_stop(user, there))
    return render(request, "accounts/card.html", {"form": form, "next": next_address(request)})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lost_number(request: HttpRequest) -> HttpResponse:
    """A request for the officer. The answer is the same whether the old number is known or not."""
    form = forms.LostNumberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        limits.take(request, "lost_number", form.cleaned_data["new_phone"])
        actions.request_phone_change(at=timezone.now(), **form.cleaned_data)
        return render(request, "accounts/lost_number_sent.html", {"place": form.cleaned_data["place"]})
    return render(request, "accounts/lost_number.html", {"form": form})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def log_out(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return end_session(request, HttpResponseRedirect(next_address(request) or reverse("read", args=[""])))
    return render(request, "account/logout.html")


def _user(request: HttpRequest) -> User:
    """The user of a view behind login_required."""
    user: Any = request.user
    return user
