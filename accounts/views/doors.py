"""The ways in and out: number and code, card, lost number, log-out."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.views import ConfirmLoginCodeView
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import actions, forms
from accounts.access import first_stop
from lib import limits
from lib.refusals import Refusal
from lib.sessions import end_session
from messaging.actions import BudgetSpent

from .journey import next_address, onward, to


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
        was_in = request.user.is_authenticated
        response = end_session(request, HttpResponseRedirect(next_address(request) or reverse("read", args=[""])))
        if was_in:
            messages.success(request, _("Đã đăng xuất khỏi máy này. Kết quả học vẫn được giữ."))
        return response
    return render(request, "account/logout.html")
