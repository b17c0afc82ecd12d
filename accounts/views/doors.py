"""The ways in and out: number and code, card, lost number, log-out."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.views import ConfirmLoginCodeView
from allauth.core.exceptions import RateLimited
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import actions, forms, helping, oidc, sessions
from accounts.models import User
from accounts.queries import is_written_down
from lib import limits
from lib.refusals import Refusal
from lib.sessions import end_session
from messaging.actions import BudgetSpent

from .journey import enter, next_address, onward, to


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """One door: the number of an account gets a code, an unknown number gets one too. Nobody learns which it was."""
    if request.user.is_authenticated:
        return onward(request, settings.LOGIN_REDIRECT_URL)
    mistyped = sessions.asked_for(request) if "sua" in request.GET else {}
    form = forms.StartForm(request.POST or None, initial=mistyped)
    if request.method == "POST" and form.is_valid():
        request.session["is_shared_device"] = form.cleaned_data["is_shared"]
        try:
            _ask(request, form.cleaned_data["phone"])
        except BudgetSpent:
            return render(request, "account/no_more_sms.html", status=503)
        except RateLimited:
            return render(request, "account/no_more_codes.html", status=429)
        return to("account_confirm_login_code", request)
    return render(request, "account/start.html", {"form": form, "next": next_address(request)})


@transaction.atomic
def _ask(request: HttpRequest, phone: str) -> None:
    """The number is held meanwhile: a second tap waits for the first and finds its code. No code, no log-in either."""
    sessions.forget_proven(request)
    user = actions.user_for_phone(phone=phone, at=timezone.now())
    if sessions.asked_again(request, phone):
        return
    LoginCodeVerificationProcess.initiate(request=request, user=user, phone=phone)
    sessions.keep_asked(request, phone)


class ConfirmCodeView(ConfirmLoginCodeView):
    """allauth counts wrong codes in the session, which guesses at the same moment all read alike; each takes a try first.

    Only what may be a code is a guess: an empty field is asked for again and costs nothing. Where allauth sends somebody whose
    code is over back to the start, it forgets where they wanted to go; that travels along.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user = sessions.entry_again(request, self._typed) if request.method == "POST" and self._typed else None
        if user:
            return enter(request, user, method="code")
        answer = super().dispatch(request, *args, **kwargs)
        if sessions.proven(request):  # just now, or by the first of two taps
            return to("accounts_whose_number", request)
        is_over = answer.headers.get("Location") == reverse("account_request_login_code")
        if not is_over:
            return answer
        if request.method == "POST" and not getattr(self, "_process", None):
            messages.warning(
                request,
                _(
                    "Chưa vào được: mã đã hết hạn, hoặc được gửi theo yêu cầu ở máy khác. Anh/Chị nhập lại số để nhận mã mới."
                ),
            )
        return to("account_request_login_code", request)

    @property
    def _typed(self) -> str:
        code = forms.digits(self.request.POST.get("code", ""))
        return code if len(code) == forms.CODE_LENGTH else ""

    @property
    def _key(self) -> str:
        return str(self._process.code).partition(":")[0]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self._process.user is None:
            return self._from_the_start(
                _(
                    "Mã này không còn dùng được, vì số điện thoại để lâu chưa xác nhận. Anh/Chị nhập lại số để nhận mã mới."
                )
            )
        if self._process.user.phone != self._process.state["phone"]:
            return self._from_the_start(
                _(
                    "Mã này không còn dùng được, vì số nhận mã không còn là số đăng nhập của tài khoản. Kết quả học vẫn còn nguyên. Anh/Chị nhập số đang dùng để nhận mã mới."
                )
            )
        sessions.forget_asked(request, self._process.state["phone"])
        is_guess = self._action == "verify" and self._typed
        if is_guess and not actions.take_try(key=self._key):
            return self._from_the_start(get_adapter(request).error_messages["too_many_login_attempts"])
        try:
            answer: HttpResponse = super().post(request, *args, **kwargs)
        except BudgetSpent:
            return render(request, "account/no_more_sms.html", status=503)
        return answer

    def _from_the_start(self, why: str) -> HttpResponse:
        self._process.abort()
        messages.error(self.request, why)
        return to("account_request_login_code", self.request)

    def form_valid(self, form: Any) -> HttpResponse:
        user = self._process.user
        if self._action == "verify" and is_written_down(user) and user.is_active:
            self._process.abort()
            sessions.keep_proven(self.request, user, method="code")
            return to("accounts_whose_number", self.request)
        if self._action == "verify":  # kept first: logging in ends the session under which a second tap comes
            sessions.keep_entry(self.request, self._typed, user)
        answer: HttpResponse = super().form_valid(form)
        return answer

    def _resend_form_valid(self, form: Any) -> HttpResponse:
        """Of two taps the second finds its code replaced and sends nothing; a code that has no successor goes on."""
        try:
            with transaction.atomic():
                if actions.replace_code(key=self._key):
                    self._process.resend()
        except RateLimited:
            messages.error(self.request, get_adapter(self.request).error_messages["rate_limited"])
        return to("account_confirm_login_code", self.request)

    def form_invalid(self, form: Any) -> HttpResponse:
        if self._typed:
            answer: HttpResponse = super().form_invalid(form)
            return answer
        return self.render_to_response(self.get_context_data(form=form))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def use_card(request: HttpRequest) -> HttpResponse:
    form = forms.CardForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        tried = limits.take(request, "use_card")
        try:
            user = _card_holder(request, form.cleaned_data["code"])
        except Refusal as refusal:
            form.add_error("code", str(refusal))
        else:
            tried.rollback()  # only wrong codes count: a hall logs in at once, through one address
            given = actions.help_of_code(code=form.cleaned_data["code"], at=timezone.now())
            request.session["is_shared_device"] = form.cleaned_data["is_shared"] or given is not None
            answer = enter(request, user, method="card")
            if given:
                helping.mark(request, given)
            return answer
    return render(request, "accounts/card.html", {"form": form, "next": next_address(request)})


def _card_holder(request: HttpRequest, code: str) -> User:
    """Card and entry are kept together: a second tap that waited for the first finds both."""
    try:
        with transaction.atomic():
            user = actions.use_card(code=code, at=timezone.now())
            sessions.keep_entry(request, code, user)
    except Refusal:
        if again := sessions.entry_again(request, code):
            return again
        raise
    return user


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
        was_in, helped = request.user.is_authenticated, helping.of(request)
        stays_in_elsewhere = oidc.is_on() and oidc.METHOD in sessions.methods_of(request)
        if helped:
            actions.end_help(pk=helped["help"], at=timezone.now())
        # Where the browser runs scripts, the form comes a second time, after what it keeps was cleared.
        if waiting := helped.get("waiting") or (not was_in and request.session.get(helping.WAITS)):
            response = end_session(request, HttpResponseRedirect(reverse("accounts_come_back")))
            request.session[helping.WAITS] = waiting
            return response
        response = end_session(request, HttpResponseRedirect(next_address(request) or reverse("read", args=[""])))
        if was_in:
            messages.success(request, _("Đã đăng xuất khỏi máy này. Những gì đã lưu vẫn được giữ."))
        if stays_in_elsewhere:
            said = _(
                "Máy này có thể vẫn đang đăng nhập ở %(name)s. Nếu là máy dùng chung, anh/chị mở trang hoặc ứng dụng %(name)s và đăng xuất cả ở đó."
            )
            messages.warning(request, said % {"name": oidc.name()})
        return response
    return render(request, "account/logout.html")
