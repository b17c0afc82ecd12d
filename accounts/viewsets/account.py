"""Everybody's own account page in the admin."""

from typing import ClassVar

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.account import (
    AccountView,
    BaseSettingsPanel,
    ChangePasswordPanel,
    LocaleSettingsPanel,
    ThemeSettingsPanel,
)
from wagtail.users.models import UserProfile

from accounts.forms.staff import OwnNameForm
from lib import limits


class NamePanel(BaseSettingsPanel):
    name = "name"
    title = _("Họ và tên")
    order = 100
    form_class = OwnNameForm

    def is_active(self) -> bool:
        return not self.user.person_id  # a person's name is corrected by an officer


class OwnAccountView(AccountView):
    """Only what works here: no picture, which nobody would see, and no notices, which go by e-mail."""

    page_title = _("Tài khoản của tôi")
    kinds: ClassVar[list[type[BaseSettingsPanel]]] = [
        NamePanel,
        LocaleSettingsPanel,
        ThemeSettingsPanel,
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
