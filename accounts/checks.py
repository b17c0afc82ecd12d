"""Whether another issuer's log-in (OIDC_ISSUER) is set as a whole, said before the server starts and by `manage.py check`."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from .oidc import is_guarded

NAMES = {
    "issuer": "OIDC_ISSUER",
    "client_id": "OIDC_CLIENT_ID",
    "client_secret": "OIDC_CLIENT_SECRET",
    "name": "OIDC_NAME",
}

LONGEST_ISSUER, LONGEST_NAME = 200, 40  # as `LinkedIdentity` keeps it; what a button has room for
NO_HOST = set("/;,*'\"")


def _problem(known: dict[str, str]) -> str:
    """In two languages; "" for a whole issuer and for none."""
    missing = [variable for name, variable in NAMES.items() if not known[name]]
    if len(missing) == len(NAMES):
        return ""
    if missing:
        listed = ", ".join(missing)
        return f"còn thiếu {listed} (bỏ hết các biến OIDC_ thì không có cách đăng nhập này) / {listed} missing (unset all OIDC_ variables to do without)"
    parts = urlsplit(known["issuer"])
    is_an_address = is_guarded(known["issuer"]) and not (parts.query or parts.fragment)
    is_too_long = len(known["issuer"]) > LONGEST_ISSUER or len(known["name"]) > LONGEST_NAME
    is_no_host = any(set(host) & NO_HOST for host in known["hosts"].split())
    is_one_claim = known["claim_phone"] == known["claim_phone_verified"]
    looked_at = [
        (not is_an_address, "OIDC_ISSUER không phải địa chỉ https:// / OIDC_ISSUER is no https:// address"),
        (
            ".well-known" in parts.path,
            "OIDC_ISSUER ghi không có /.well-known/… / OIDC_ISSUER goes without /.well-known/…",
        ),
        (is_too_long, "OIDC_ISSUER hoặc OIDC_NAME quá dài / OIDC_ISSUER or OIDC_NAME is too long"),
        (is_no_host, "OIDC_HOSTS chỉ ghi tên máy chủ, ví dụ login.example.vn / OIDC_HOSTS are plain host names"),
        (is_one_claim, "OIDC_CLAIM_PHONE_VERIFIED phải khác OIDC_CLAIM_PHONE / both claims have one name"),
    ]
    return next((said for is_wrong, said in looked_at if is_wrong), "")


@register(Tags.security)
def the_issuer_is_whole(**kwargs: Any) -> list[CheckMessage]:
    problem = _problem(settings.OIDC)
    if not problem:
        return []
    said = f"Đăng nhập qua nơi khác chưa dùng được: {problem}."
    return [Error(said, hint="docs/how-to/operator.md", id="accounts.E001")]
