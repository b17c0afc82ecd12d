from allauth.account.auth_backends import AuthenticationBackend

from .models import User


class PhoneBackend(AuthenticationBackend):
    """allauth's, with the person fetched along: every page shows the name."""

    def get_user(self, user_id: int) -> User | None:
        try:
            user = User.objects.select_related("person").get(pk=user_id)
        except User.DoesNotExist:
            return None
        return user if self.user_can_authenticate(user) else None
