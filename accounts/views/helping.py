"""After an officer helped somebody on the officer's own device: back to the officer's own session, by password."""

from allauth.core.exceptions import RateLimited
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import devices, helping
from accounts.forms.helping import ReturnForm


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def come_back(request: HttpRequest) -> HttpResponse:
    waiting = str(request.session.get(helping.WAITS, ""))
    officer = helping.officer_waiting(waiting)
    if officer is None or "leave" in request.POST:
        if request.method == "POST":
            helping.throw_away(waiting)
        request.session.pop(helping.WAITS, None)
        return redirect("account_login")
    form = ReturnForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            tried = devices.take_try(request, "login_failed", officer.phone or f"#{officer.pk}")
        except RateLimited:
            form.add_error("password", _("Vừa nhập sai nhiều lần. Hãy đợi 15 phút rồi thử lại, hoặc đăng nhập từ đầu."))
        else:
            if officer.check_password(form.cleaned_data["password"]):
                tried.rollback()
                helping.take_up(request, waiting)
                messages.success(request, _("Đã kết thúc giúp học. Anh/Chị làm tiếp được ở đây."))
                return redirect("person:index")
            form.add_error("password", _("Mật khẩu chưa đúng. Hãy xem lại rồi nhập lần nữa."))
    context = {"form": form, "officer": officer.get_full_name()}
    return render(request, "accounts/come_back.html", context, status=422 if form.errors else 200)
