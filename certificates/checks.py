"""Whether issuers can sign: asked with the database at hand (`manage.py check --database default`) and before the server starts."""

from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import DatabaseError

from . import keys
from .models import Issuer, SigningKey

NO_KEY = (
    "Đơn vị cấp “{issuer}” chưa có khóa ký, nên giấy của đơn vị này chỉ kiểm tra được khi có mạng. / "
    "Issuer {issuer} has no signing key, so that its certificates can be checked with a network only."
)
MISSING = (
    "Không thấy khóa riêng {kid} của “{issuer}”, nên giấy mới không được ký. / "
    "The private key {kid} of {issuer} is not here, so that new certificates are not signed."
)
UNUSABLE = (
    "Khóa riêng {kid} của “{issuer}” không dùng được: {fault}. / The private key {kid} of {issuer} cannot be used."
)
OPEN = (
    "Người dùng khác trên máy chủ đọc được khóa riêng {kid} của “{issuer}”. / "
    "Other users of this server can read the private key {kid} of {issuer}."
)
MAKE = "manage.py certificate_keys make {issuer}"


@register(Tags.database)
def issuers_can_sign(*, databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    if not databases:
        return []
    try:
        issuers = list(Issuer.objects.filter(awards__is_active=True).distinct().prefetch_related("keys"))
    except DatabaseError:  # before the first migration
        return []
    return [message for issuer in issuers for message in _messages(issuer)]


def _messages(issuer: Issuer) -> list[CheckMessage]:
    in_use = [key for key in issuer.keys.all() if key.retired_at is None]
    if not in_use:
        return [_warning(NO_KEY, "W001", MAKE, issuer=issuer.code)]
    return [message for key in in_use for message in _about(key, issuer.code)]


def _about(key: SigningKey, issuer: str) -> list[CheckMessage]:
    said = {"kid": key.kid, "issuer": issuer}
    try:
        private = keys.private_key(key.kid)
    except keys.KeyFileError as fault:
        return [_warning(UNUSABLE, "W003", MAKE, fault=fault, **said)]
    if private is None:
        path = keys.path_of(key.kid)
        return [_warning(MISSING, "W002", f"{path}, CERTIFICATE_KEYS, CERTIFICATE_KEYS_PEM; {MAKE}", **said)]
    if keys.readable_by_others(key.kid):
        return [_warning(OPEN, "W004", f"chmod 600 {keys.path_of(key.kid)}", **said)]
    return []


def _warning(text: str, name: str, hint: str, **said: Any) -> Warning:
    return Warning(text.format(**said), hint=hint.format(**said), id=f"certificates.{name}")
