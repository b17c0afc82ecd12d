"""Keys for other systems: given out by whoever keeps colleagues of a place, shown once, taken back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from accounts import actions
from accounts.access import keepers_of_colleagues, tokens_visible_to
from accounts.forms.tokens import RevokeForm, TokenForm
from accounts.models import User
from lib.headings import heading
from lib.refusals import Refusal

TITLE, ICON = gettext_lazy("Kết nối với hệ thống khác"), "key"


@sensitive_variables("secret")
@require_http_methods(["GET", "HEAD", "POST"])
@keepers_of_colleagues
def tokens(request: HttpRequest, user: User) -> HttpResponse:
    """The keys of one's places, and another one. A new secret is on the page that answers the form, and nowhere else."""
    form = TokenForm(request.POST if request.method == "POST" else None, by=user)
    secret = _issued(form, user) if request.method == "POST" and form.is_valid() else ""
    if secret:
        form = TokenForm(by=user)
    today = timezone.localdate()
    rows = [(one, one.is_over(today)) for one in tokens_visible_to(user).select_related("place__parent", "issued_by")]
    context = {"form": form, "secret": secret, "rows": rows} | heading(str(TITLE), ICON)
    return render(request, "accounts/admin/tokens.html", context, status=422 if form.errors else 200)


@sensitive_variables("secret")
def _issued(form: TokenForm, by: User) -> str:
    said = form.cleaned_data
    try:
        _token, secret = actions.issue_token(
            name=said["name"],
            place=said["place_name"],
            with_subjects=said["with_subjects"],
            valid_until=said["valid_until"],
            form_token=said["form_token"],
            by=by,
            at=timezone.now(),
        )
    except Refusal as refusal:
        form.add_error("valid_until", str(refusal))
        return ""
    return secret


@require_http_methods(["GET", "HEAD", "POST"])
@keepers_of_colleagues
def revoke_token(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Asks once more, and why."""
    token = get_object_or_404(tokens_visible_to(user).filter(revoked_at=None), pk=pk)
    form = RevokeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.revoke_token(token=token, by=user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Đã thu hồi. Hệ thống dùng khóa này không đọc được nữa."))
        return redirect("accounts_admin:tokens")
    context = {"form": form, "token": token}
    context |= heading(
        _("Thu hồi khóa “%(name)s”") % {"name": token}, ICON, (reverse("accounts_admin:tokens"), str(TITLE))
    )
    return render(request, "accounts/admin/revoke_token.html", context, status=422 if form.errors else 200)
