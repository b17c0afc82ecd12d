"""System checks: why nothing would be sealed although a key is named."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from . import keys

SOON = timedelta(days=30)
NUMBERS = {"missing": "E001", "password": "E002", "expired": "E003", "weak": "E004", "usage": "E005", "token": "E006"}
UNSEALED = (
    "Giấy chứng nhận vẫn được cấp và tải về, nhưng không có con dấu số. / Certificates go out, but without a seal."
)


@register(Tags.security)
def the_seal_can_be_used(**kwargs: Any) -> list[CheckMessage]:
    if not keys.is_configured():
        return []
    try:
        sealer = keys.sealer()
    except keys.KeyProblemError as problem:
        return [Error(str(problem), hint=UNSEALED, id=f"certificates.{NUMBERS[problem.code]}")]
    return [*_ends_soon(sealer), *_readable_by_others()]


def _ends_soon(sealer: keys.Sealer) -> list[CheckMessage]:
    if sealer.certificate.not_valid_after - datetime.now(UTC) > SOON:
        return []
    said = f"Chứng thư số của con dấu hết hạn ngày {sealer.certificate.not_valid_after:%d/%m/%Y}. / The sealing certificate ends soon."
    return [Warning(said, id="certificates.W011")]


def _readable_by_others() -> list[CheckMessage]:
    from pathlib import Path

    named = [Path(settings.SEAL[key]) for key in ("file", "password_file") if settings.SEAL[key]]
    if not any(path.exists() and path.stat().st_mode & 0o077 for path in named):
        return []
    said = "Tệp khóa hoặc mật khẩu con dấu đọc được bởi tài khoản khác: hãy chmod 600. / Others can read the key: chmod 600."
    return [Warning(said, id="certificates.W012")]
