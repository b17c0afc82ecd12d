"""Who asks: a key, in whose giver's rights and place it reads."""

from typing import Any

from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from accounts.access import managed_places
from accounts.actions import use_token
from accounts.models import ApiToken, User
from reports.queries import PERMISSION, visible_places

SCHEME = "Bearer"
TO_SEE_SUBJECTS = "accounts.view_subject"
REFUSED = "Khóa không đúng, đã hết hạn hoặc đã thu hồi. / The key is wrong, over or revoked."
GIVER_WITHOUT_PLACE = "Người cấp khóa không còn quản lý địa bàn này: hãy xin khóa mới. / Whoever gave the key out no longer manages this place: ask for a new one."
NEEDED = "Cần một khóa kết nối. / A key is needed."
WITHOUT_SUBJECTS = "Khóa này không đọc sổ chủ thể. / This key does not read the register of subjects."


class KeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer <key>`; a browser's session opens nothing here."""

    @sensitive_variables()
    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _blank, secret = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme != SCHEME:
            return None
        token = use_token(secret=secret.strip(), at=timezone.now())
        if token is None:
            raise AuthenticationFailed(REFUSED)
        if not _is_still_given(token):
            raise AuthenticationFailed(GIVER_WITHOUT_PLACE)
        return token.issued_by, token

    def authenticate_header(self, request: Request) -> str:
        return SCHEME


def _is_still_given(token: ApiToken) -> bool:
    """A key opens no more than its giver may see today."""
    giver = token.issued_by
    if not giver.has_perm(PERMISSION):
        return False
    if token.place is None:
        return managed_places(giver, PERMISSION) is None
    return visible_places(giver).filter(pk=token.place.pk).exists()


class WithKey(BasePermission):
    def has_permission(self, request: Request, view: Any) -> bool:
        return isinstance(request.auth, ApiToken)


class WithSubjects(WithKey):
    message = WITHOUT_SUBJECTS

    def has_permission(self, request: Request, view: Any) -> bool:
        key = request.auth
        return isinstance(key, ApiToken) and key.with_subjects and key.issued_by.has_perm(TO_SEE_SUBJECTS)


class PerKey(SimpleRateThrottle):
    """Enough for a page of figures each second; a script that goes round in circles is told to wait."""

    rate = "120/min"

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        return f"api-{request.auth.pk}" if isinstance(request.auth, ApiToken) else None
