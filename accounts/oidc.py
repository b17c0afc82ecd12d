"""The issuer of OpenID Connect that the operator set (settings.OIDC): the way to it and back, and what it says of somebody.

Authlib speaks the protocol (discovery, state, PKCE, nonce, signature and claims of the id_token). It is imported when somebody first
asks for it: a site without an issuer carries none of it. Why not allauth's provider: docs/decisions/0033-another-issuer.md.
"""

import logging
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.debug import sensitive_variables

from lib import codes, phones, text

from . import rules
from .actions import Statement

if TYPE_CHECKING:
    from authlib.integrations.django_client import DjangoOAuth2App

logger = logging.getLogger(__name__)
METHOD = "oidc"  # as sessions record how somebody came in
SECONDS = (3, 4)  # to connect, and between two pieces of an answer
REST_SECONDS = 30  # after an issuer did not answer: whoever comes next is not kept waiting, nor is a worker
KNOWN_SECONDS = 600  # for which what an issuer says of itself is kept, with its keys; a new key is asked for at once
WITHIN_SECONDS = 900  # somebody looks for the card or the other phone first
LEEWAY = 120  # seconds that clocks may be apart
TRIES_KEPT = 5  # tabs
LONGEST_SUB = 255
# Signatures that only the issuer can make; "none", and those that share our secret, are not among them.
SIGNED_WITH = ("RS256", "PS256", "ES256", "RS384", "PS384", "ES384", "RS512", "PS512", "ES512", "Ed25519", "EdDSA")
READ_OF_DISCOVERY = (
    "issuer", "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri",
    "id_token_signing_alg_values_supported", "token_endpoint_auth_methods_supported", "_loaded_at", "jwks",
)  # fmt: skip
LOOPBACK = ("localhost", "127.0.0.1", "::1")
YEAR = re.compile(r"(?<!\d)(\d{4})(?!\d)")


class Reason(StrEnum):
    CANCELLED = "da-dung"
    DOWN = "khong-tra-loi"
    UNPROVED = "khong-kiem-chung-duoc"
    LATE = "het-han"
    CLOCKS = "lech-gio"
    NO_NUMBER = "khong-co-so"
    TAKEN = "so-da-noi"
    OTHER_ACCOUNT = "tai-khoan-khac"


class Odd(Exception):  # noqa: N818 (an answer, not a fault)
    """Something of an issuer's answer does not fit; its words are ours."""


class Failed(Exception):  # noqa: N818 (an answer, not a fault)
    """Somebody did not come in by the issuer; `journey` is what was kept of the try, where that is known."""

    def __init__(self, reason: Reason, journey: "Journey | None" = None) -> None:
        super().__init__(reason)
        self.reason, self.journey = reason, journey


@dataclass(frozen=True)
class Journey:
    """What is kept in the session while somebody is away at the issuer. `links`: the log-in that is to be linked; 0 to come in."""

    language: str
    there: str
    is_shared: bool = False
    links: int = 0


def is_on() -> bool:
    return all(settings.OIDC[name] for name in ("issuer", "client_id", "client_secret", "name"))


def name() -> str:
    """What people call the issuer; "" where none is set."""
    return str(settings.OIDC["name"]) if is_on() else ""


def is_guarded(address: object) -> bool:
    """An https address, or one of this very machine."""
    parts = urlsplit(str(address))
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK))


def way_there(request: HttpRequest, journey: Journey) -> str:
    """The issuer's address to log in at, with what this session will know the answer by. Raises Failed."""
    if cache.get(_key("rests")):
        raise Failed(Reason.DOWN, journey)
    try:
        client = _client()
        asked = {"ui_locales": journey.language}
        if journey.is_shared:  # whoever logged in there last is not taken for whoever stands before it now
            asked["prompt"] = "login"
        made = client.create_authorization_url(_address_of_return(request), **asked)
        _tidy(request)
        at = int(timezone.now().timestamp())
        client.save_authorize_data(
            request, redirect_uri=_address_of_return(request), at=at, journey=vars(journey), **made
        )
    except Exception as error:
        raise _failed(error, journey) from None
    return str(made["url"])


@sensitive_variables()
def statement(request: HttpRequest) -> tuple[Statement, Journey]:
    """What the issuer says of whom it sent back, once. Raises Failed; where nothing of the answer fits this session, nobody is asked."""
    journey = _taken_up(request)
    if "error" in request.GET:
        is_refusal = request.GET["error"] == "access_denied"
        logger.info("oidc: the issuer sent somebody back: %s", "access_denied" if is_refusal else "another error")
        raise Failed(Reason.CANCELLED if is_refusal else Reason.UNPROVED, journey)
    try:
        return _read(_claims(request)), journey
    except Exception as error:
        raise _failed(error, journey) from None


def _taken_up(request: HttpRequest) -> Journey:
    key = f"_state_{METHOD}_{request.GET.get('state')}"
    kept = request.session.get(key, {}).get("data", {})
    journey = Journey(**kept["journey"]) if kept else None
    if journey is None or timezone.now().timestamp() - kept["at"] > WITHIN_SECONDS or "state" not in request.GET:
        request.session.pop(key, None)
        raise Failed(Reason.LATE, journey)
    if "error" in request.GET:
        del request.session[key]
    return journey


def _tidy(request: HttpRequest) -> None:
    """A session keeps the last few tries only."""
    kept = {key: value["exp"] for key, value in request.session.items() if key.startswith(f"_state_{METHOD}_")}
    for key in sorted(kept, key=lambda key: kept[key])[: -(TRIES_KEPT - 1)]:
        del request.session[key]


def _address_of_return(request: HttpRequest) -> str:
    """One address for all languages: the issuer has to know it beforehand."""
    with translation.override(settings.LANGUAGE_CODE):
        return request.build_absolute_uri(reverse("accounts_oidc_back"))


def _client() -> "DjangoOAuth2App":
    """With what the issuer says of itself today. Raises whatever stands in the way."""
    from authlib.integrations.django_client import OAuth

    known = settings.OIDC
    client: DjangoOAuth2App = OAuth().register(
        METHOD,
        client_id=known["client_id"],
        client_secret=known["client_secret"],
        server_metadata_url=f"{known['issuer'].rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={
            "scope": " ".join(dict.fromkeys(["openid", *known["scopes"].split()])),
            "code_challenge_method": "S256",
            "default_timeout": SECONDS,
            "max_redirects": 0,  # our secret goes to the address that was told, and nowhere else
        },
    )
    client.server_metadata = cache.get(_key("known")) or _discovered(client)
    methods = client.server_metadata.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    is_basic = "client_secret_basic" in methods
    client.client_kwargs["token_endpoint_auth_method"] = "client_secret_basic" if is_basic else "client_secret_post"
    return client


def _discovered(client: "DjangoOAuth2App") -> dict[str, Any]:
    known, said = settings.OIDC, client.load_server_metadata()
    if said.get("issuer") != known["issuer"]:
        raise Odd("its document names another issuer than OIDC_ISSUER")
    addresses = [said.get(key) for key in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
    if not all(map(is_guarded, [*addresses, said.get("userinfo_endpoint", known["issuer"])])):
        raise Odd("an address of its document is missing or no https")
    offered = said.get("id_token_signing_alg_values_supported") or ["RS256"]
    said["id_token_signing_alg_values_supported"] = [one for one in SIGNED_WITH if one in offered]
    kept = {key: said[key] for key in READ_OF_DISCOVERY if key in said}
    cache.set(_key("known"), kept, KNOWN_SECONDS)
    return kept


@sensitive_variables()
def _claims(request: HttpRequest) -> dict[str, Any]:
    """Of the signed id_token; of userinfo what that does not say. No token outlives this function."""
    client, known = _client(), settings.OIDC
    wanted = {
        "iss": {"essential": True, "value": known["issuer"]},
        "aud": {"essential": True, "value": known["client_id"]},
        "sub": {"essential": True},
    }
    keys = client.server_metadata.get("jwks")
    token = client.authorize_access_token(request, claims_options=wanted, leeway=LEEWAY)
    if client.server_metadata.get("jwks") != keys:
        cache.set(_key("known"), client.server_metadata, KNOWN_SECONDS)
    claims: dict[str, Any] = dict(token["userinfo"])
    if known["claim_phone"] not in claims and client.server_metadata.get("userinfo_endpoint"):
        more = dict(client.userinfo(token=token))
        if more.get("sub") != claims["sub"]:
            raise Odd("userinfo is of somebody else")
        claims = more | claims
    return claims


@sensitive_variables()
def _read(claims: dict[str, Any]) -> Statement:
    known, sub = settings.OIDC, claims["sub"]
    if not isinstance(sub, str) or not 0 < len(sub) <= LONGEST_SUB:
        raise Odd("no fitting sub")
    told = claims.get(known["claim_phone_verified"])
    is_verified = told is True or told == "true"
    return Statement(
        issuer=known["issuer"],
        digests=tuple(codes.digests("oidc", f"{known['issuer']} {sub}")),
        phone=_mobile(claims.get(known["claim_phone"])) if is_verified else "",
        name=_name(claims.get(known["claim_name"])),
        birth_year=_year(claims.get(known["claim_birth"])),
    )


def _mobile(said: object) -> str:
    if not isinstance(said, str) or (said.strip().startswith("+") and not said.strip().startswith("+84")):
        return ""
    try:
        return phones.to_e164(said)
    except ValidationError:
        return ""


def _name(said: object) -> str:
    """As it is usually written; "" for what is no name here."""
    written = rules.capitalised(text.name(said)) if isinstance(said, str) else ""
    return written if len(written) <= 100 and rules.looks_like_a_name(written) else ""


def _year(said: object) -> int | None:
    """ "1975", "1975-03-02" and "02/03/1975" have one year each."""
    found = YEAR.search(said) if isinstance(said, str) else None
    year = int(found[1]) if found else 0
    return year if rules.is_adult_birth_year(year, date.today().year) else None


def _key(what: str) -> str:
    return f"oidc-{what}-{codes.digest('oidc', settings.OIDC['issuer'])[:16]}"


def _failed(error: Exception, journey: Journey) -> Failed:
    """The kind of error goes into the log, never its words: they may quote what the issuer answered."""
    import requests
    from joserfc.errors import ExpiredTokenError, InvalidClaimError

    logger.warning("oidc: nobody came in: %s", error if isinstance(error, Odd) else type(error).__name__)
    if isinstance(error, requests.ConnectionError | requests.Timeout):
        cache.set(_key("rests"), True, REST_SECONDS)
    if isinstance(error, requests.RequestException):
        return Failed(Reason.DOWN, journey)
    is_of_time = isinstance(error, ExpiredTokenError) or (
        isinstance(error, InvalidClaimError) and error.claim in ("iat", "nbf", "exp")
    )
    return Failed(Reason.CLOCKS if is_of_time else Reason.UNPROVED, journey)
