from allauth.account.auth_backends import AuthenticationBackend

from .models import User


class PhoneBackend(AuthenticationBackend):
    """allauth's, with the person fetched along: every page shows the name."""

    def get_user(self, user_id: int) -> User | None:
        user = User.objects.select_related("person").filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None
