from django.apps import AppConfig
from wagtail.users.apps import WagtailUsersAppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    default = True


class StaffUsersConfig(WagtailUsersAppConfig):
    """Wagtail's users app with our own forms: staff have a name and a phone number, no e-mail address."""

    user_viewset = "accounts.viewsets.StaffUserViewSet"
