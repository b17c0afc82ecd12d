"""Everybody's own account page in the admin."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.components import Component
from wagtail.admin.views.account import (
    AccountView,
    BaseSettingsPanel,
    ChangePasswordPanel,
    LocaleSettingsPanel,
    ThemeSettingsPanel,
)
from wagtail.users.models import UserProfile

from accounts.forms.staff import OwnNameForm
from accounts.models import MailAddress
from accounts.queries import has_second_factor
from lib import limits


class NamePanel(BaseSettingsPanel):
    name = "name"
    title = _("Họ và tên")
    order = 100
    form_class = OwnNameForm

    def is_active(self) -> bool:
        return not self.user.person_id  # a person's name is corrected by an officer


class SecondFactorPanel(BaseSettingsPanel):
    """Leads to its own pages; nothing of it is saved with the rest."""

    name = "second_factor"
    title = _("Xác minh hai bước")
    order = 490
    template_name = "accounts/admin/factors/panel.html"
    form_class = forms.Form

    def get_form(self) -> forms.Form:
        return forms.Form()

    def get_context_data(self) -> dict[str, Any]:
        return {"is_set_up": has_second_factor(self.user)}


class MailPanel(BaseSettingsPanel):
    """Leads to a page of its own, as the address has to be confirmed."""

    name = "mail"
    title = _("Địa chỉ thư điện tử")
    order = 480
    template_name = "accounts/admin/mail_panel.html"
    form_class = forms.Form

    def is_active(self) -> bool:
        return settings.MAIL_IS_ON

    def get_form(self) -> forms.Form:
        return forms.Form()

    def get_context_data(self) -> dict[str, Any]:
        return {"mail": MailAddress.objects.filter(user=self.user).first()}


class SecondFactorInvitation(Component):
    """On the admin's first page, of whoever has none yet."""

    name = "second_factor"
    order = 900
    template_name = "accounts/admin/factors/invitation.html"


class OwnAccountView(AccountView):
    """Only what works here: no picture, which nobody would see, and no notices, which go by e-mail."""

    page_title = _("Tài khoản của tôi")
    kinds: ClassVar[list[type[BaseSettingsPanel]]] = [
        NamePanel,
        LocaleSettingsPanel,
        ThemeSettingsPanel,
        MailPanel,
        SecondFactorPanel,
        ChangePasswordPanel,
    ]

    def get_panels(self) -> list[BaseSettingsPanel]:
        user = self.request.user
        profile = UserProfile.get_for_user(user)  # one for all, or the last panel saves over the others
        panels = [kind(self.request, user, profile) for kind in self.kinds]
        return [panel for panel in panels if panel.is_active()]

    def post(self, request: HttpRequest) -> HttpResponse:
        """A device left open does not guess the password: allauth's limit, as on its own page for this."""
        if request.POST.get("password-new_password1") or request.POST.get("password-new_password2"):
            limits.take(request, "change_password")
        response: HttpResponse = super().post(request)
        return response
