from allauth.account.auth_backends import AuthenticationBackend

from .models import User

# What pages of a signed-in reader need; the rest of a user or person is fetched when it is asked for.
_FIELDS = (
    "password", "session_mark", "phone", "display_name", "has_pin", "is_active", "is_staff", "is_superuser",
    "person__name", "person__place", "person__kind", "person__subject", "person__birth_year",
    "person__has_consented",
)  # fmt: skip


# Put together once, as every page of a signed-in reader asks for it; what is asked for by `get` is a copy.
_READERS = User.objects.select_related("person").only(*_FIELDS)


class PhoneBackend(AuthenticationBackend):
    """allauth's, with the person fetched along: every page shows the name."""

    def get_user(self, user_id: int) -> User | None:
        try:
            user = _READERS.get(pk=user_id)
        except User.DoesNotExist:
            return None
        return user if self.user_can_authenticate(user) else None
