"""A browser that goes to the fake issuer and back, redirect by redirect."""

from typing import Any

import requests
from django.test import Client
from django.utils import timezone

from accounts import actions
from accounts.models import LinkedIdentity, User
from lib import codes, phones
from tests import cast
from tests.fake_issuer import CLIENT, SECRET, FakeIssuer

BEGIN, BACK, FAILED = "/tai-khoan/noi-khac/", "/tai-khoan/noi-khac/ve/", "/tai-khoan/noi-khac/chua-vao/"
WHOSE, START, HOME = "/tai-khoan/cua-ai/", "/tai-khoan/dien-thoai/", "/tai-khoan/"
LINK, CONFIRM, UNLINK = "/tai-khoan/noi/", "/tai-khoan/noi/xac-nhan/", "/tai-khoan/noi/go/"


def set_to(settings: Any, issuer: FakeIssuer) -> None:
    settings.OIDC = settings.OIDC | {
        "issuer": issuer.address, "client_id": CLIENT, "client_secret": SECRET, "name": "VNeID",
    }  # fmt: skip


def there_and_agreed(client: Client, page: str = BEGIN, answer: str = "agree", **typed: str) -> str:
    """The address, on this site, to which the issuer sends somebody who agreed there."""
    sent = client.post(page, typed)
    assert sent.status_code == 302
    assert "/authorize?" in sent.url, sent.url
    asked = requests.get(sent.url.replace("/authorize?", f"/{answer}?"), allow_redirects=False, timeout=5)
    return asked.headers["Location"].partition("testserver")[2]


def log_in(client: Client, **typed: str) -> Any:
    return client.get(there_and_agreed(client, **typed))


def why(answer: Any) -> str:
    """Which reason somebody is told who did not come in."""
    assert answer.status_code == 302
    assert FAILED in answer.url, answer.url
    return answer.url.partition("vi-sao=")[2].partition("&")[0]


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def learner(name: str = "Trần Thị Út", phone: str = "0912345678") -> User:
    return cast.trainee(name, phone)


def written_down(name: str = "Trần Thị Số", phone: str = "0912345678") -> User:
    """Whose number an officer wrote down, and nobody proved."""
    user = actions.user_for_phone(phone=phones.to_e164(phone), at=timezone.now())
    cast.person(name, user=user)
    user.refresh_from_db()
    return user


def link(user: User, issuer: FakeIssuer, sub: str = "nguoi-1") -> LinkedIdentity:
    """As if they had gone there and confirmed it."""
    digest = codes.digest("oidc", f"{issuer.address} {sub}")
    actions.link_identity(user=user, issuer=issuer.address, digest=digest, at=timezone.now())
    return LinkedIdentity.objects.get(sub_digest=digest)
