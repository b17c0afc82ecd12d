from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, Permission
from django.db.models import QuerySet

from .access import roles_of
from .groups import permissions_of
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
    """allauth's, with the person fetched along: every page shows the name. What somebody may do follows the roles that hold today, which
    every page of the admin reads anyway; nobody is given a permission of their own."""

    def get_user(self, user_id: int) -> User | None:
        try:
            user = _READERS.get(pk=user_id)
        except User.DoesNotExist:
            return None
        return user if self.user_can_authenticate(user) else None

    def get_group_permissions(self, user_obj: AbstractBaseUser | AnonymousUser, obj: Any = None) -> set[str]:
        if obj is not None or not isinstance(user_obj, User):
            return set()
        if user_obj.is_superuser:
            return super().get_group_permissions(user_obj)
        return permissions_of({assignment.role for assignment in roles_of(user_obj)})

    def _get_user_permissions(self, user_obj: AbstractBaseUser) -> QuerySet[Permission]:
        return Permission.objects.none()
