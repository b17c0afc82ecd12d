"""…/account/thu/ in the admin: where one's own reports are sent by mail."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts import actions
from accounts.access import staff_with
from accounts.models import MailAddress, User
from lib import limits
from lib.headings import heading
from lib.refusals import Refusal

TO_WORK_HERE = "wagtailadmin.access_admin"
TITLE, ICON = gettext_lazy("Địa chỉ thư điện tử"), "mail"


class AddressForm(forms.Form):
    address = forms.CharField(
        label=gettext_lazy("Địa chỉ thư điện tử của anh/chị"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=gettext_lazy("Nên dùng thư công vụ. Địa chỉ này chỉ để nhận báo cáo mà anh/chị hoặc đồng nghiệp đặt, không dùng để đăng nhập."),
        error_messages={"required": gettext_lazy("Hãy nhập địa chỉ thư điện tử.")},
    )  # fmt: skip


def _heading() -> dict[str, object]:
    return heading(str(TITLE), ICON, (reverse("wagtailadmin_account"), _("Tài khoản của tôi")))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with(TO_WORK_HERE)
def own_mail(request: HttpRequest, user: User) -> HttpResponse:
    if request.method == "POST" and request.POST.get("do") == "drop":
        actions.drop_mail(user=user)
        messages.success(request, _("Đã bỏ địa chỉ thư điện tử. Báo cáo gửi bằng thư cho anh/chị dừng từ bây giờ."))
        return redirect("accounts_admin:own_mail")
    form = AddressForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        limits.take(request, "mail_address")
        try:
            actions.ask_mail(user=user, address=form.cleaned_data["address"], at=timezone.now())
        except Refusal as refusal:
            form.add_error("address", str(refusal))
        else:
            messages.success(request, _("Đã gửi thư xác nhận. Hãy mở thư ấy và bấm đường dẫn trong ba ngày."))
            return redirect("accounts_admin:own_mail")
    context = {"form": form, "mail": MailAddress.objects.filter(user=user).first(), "is_on": settings.MAIL_IS_ON}
    return render(request, "accounts/admin/own_mail.html", context | _heading(), status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with(TO_WORK_HERE)
def confirm_mail(request: HttpRequest, user: User, token: str) -> HttpResponse:
    """A mail program that opens links by itself confirms nothing."""
    refused = ""
    if request.method == "POST":
        try:
            address = actions.confirm_mail(user=user, token=token, at=timezone.now())
        except Refusal as refusal:
            refused = str(refusal)
        else:
            messages.success(request, _("Đã xác nhận %(address)s.") % {"address": address})
            return redirect("accounts_admin:own_mail")
    context = {"address": actions.mails.wanted_of(user, token), "refused": refused}
    return render(request, "accounts/admin/confirm_mail.html", context | _heading(), status=422 if refused else 200)
