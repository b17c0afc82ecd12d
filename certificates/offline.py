"""What a phone keeps to check papers without a network: a shell, the public keys of issuers, and what was revoked or replaced."""

from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from lib import workers

from .models import Credential, CredentialStatus, SigningKey

AN_HOUR, TEN_MINUTES = 3600, 600
SHELL = "certificates/offline.html"
SCRIPTS = ("app", "certificate", "lists", "statement")
FILES = ("css/site.css", "img/art/mark.svg", "img/icons.svg", *(f"js/{name}.js" for name in SCRIPTS))
OF_OLD_BROWSERS = ("js/vendor/noble-ed25519.js",)
MARK = 8  # bytes of a hash by which a statement is known


@cache_control(no_cache=True)
@require_safe
def shell(_request: HttpRequest) -> HttpResponse:
    return workers.shell(SHELL)


@cache_control(public=True, max_age=AN_HOUR)
@require_safe
def worker(_request: HttpRequest) -> HttpResponse:
    shell = reverse("certificates:shell")
    return workers.script("certificate", template=SHELL, shell=shell, files=FILES, more=OF_OLD_BROWSERS)


@cache_control(public=True, max_age=TEN_MINUTES)
@require_safe
def keys(_request: HttpRequest) -> HttpResponse:
    """{keys: [{kid, public (base64), issuer, code, disowned, specimen}]}: a statement has no room for whether its paper is a specimen."""
    found = SigningKey.objects.select_related("issuer").order_by("pk")
    return JsonResponse({"keys": [_told(key) for key in found]})


def _told(key: SigningKey) -> dict[str, Any]:
    issuer = key.issuer
    return {
        "kid": key.kid,
        "public": b64encode(bytes.fromhex(key.public)).decode(),
        "issuer": issuer.name,
        "code": issuer.code,
        "disowned": key.disowned_at is not None,
        "specimen": issuer.is_specimen or settings.DEMO,
    }


@cache_control(public=True, max_age=TEN_MINUTES)
@require_safe
def ended(_request: HttpRequest) -> HttpResponse:
    """{at, revoked, replaced}: marks of statements that hold no longer, one after another, in base64.

    A mark is the beginning of the SHA-256 of a statement, which only who has the paper knows: codes, and with them names, cannot be
    found out from this list.
    """
    found = Credential.objects.exclude(status=CredentialStatus.VALID).exclude(statement="").order_by("pk")
    marks: dict[str, list[bytes]] = {"revoked": [], "replaced": []}
    for status, statement in found.values_list("status", "statement").iterator():
        marks[status].append(sha256(statement.encode()).digest()[:MARK])
    return JsonResponse({"at": timezone.now().isoformat(), **{name: _joined(all) for name, all in marks.items()}})


def _joined(marks: Iterable[bytes]) -> str:
    return b64encode(b"".join(sorted(marks))).decode()
