"""Second factors for tests: an app on a phone, and what it shows."""

import hashlib
import json
import re
import secrets
import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.webauthn.internal.auth import WebAuthn
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

from accounts.models import User

PERIOD = 30


def shown_by(secret: str, *, periods_ahead: int = 0) -> str:
    """The six digits that an app shows now, or some half minutes later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD + periods_ahead))


def wrong_for(secret: str) -> str:
    """Six digits that are right neither now nor around now."""
    near = {shown_by(secret, periods_ahead=ahead) for ahead in range(-2, 3)}
    return next(code for code in ("111111", "222222", "333333", "444444", "555555", "666666") if code not in near)


def app_of(user: User) -> str:
    """Sets up an app, with recovery codes as allauth makes them beside it; returns its secret."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return secret


def recovery_codes_of(user: User) -> list[str]:
    return Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()


def key_of(user: User, host: str = "testserver") -> "Key":
    """Sets up a passkey in software."""
    key = Key(host)
    made = json.loads(key.made({"publicKey": {"challenge": "AA"}}))
    WebAuthn.add(user, "Máy ở xã", made)
    RecoveryCodes.activate(user)
    return key


def with_password(phone: str = "0987654321", there: str = "/quan-tri/", **more: Any) -> tuple[Client, Any]:
    """A browser in which a colleague typed number and password, and what it was answered."""
    from . import cast

    client = Client()
    typed = {"login": phone, "password": cast.PASSWORD} | more
    return client, client.post(f"/tai-khoan/dang-nhap/?next={there}", typed)


def passed(user: User) -> Client:
    """A browser in which a colleague came in with password and second step."""
    from . import cast

    client = cast.client_of(user)
    session = client.session
    session["account_authentication_methods"] += [{"method": "mfa", "at": 0}]
    session.save()
    return client


class Key:
    """A passkey in software: makes itself for a site and answers its questions, as a browser would send it."""

    def __init__(self, host: str = "localhost", *, scheme: str = "https") -> None:
        self.host, self.origin = host, f"{scheme}://{host}"
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.name = secrets.token_bytes(16)
        self.uses = 0

    def made(self, options: dict[str, Any]) -> str:
        data = AttestedCredentialData.create(
            b"\0" * 16, self.name, ES256.from_cryptography_key(self.private.public_key())
        )
        flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT
        attested = AttestationObject.create("none", self._data(flags, data), {})
        said = {"attestationObject": websafe_encode(attested), **self._client("webauthn.create", options)}
        return self._sent(said)

    def answer(self, options: dict[str, Any]) -> str:
        self.uses += 1
        data = self._data(AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV)
        client = self._client("webauthn.get", options)
        signed = data + hashlib.sha256(websafe_decode(client["clientDataJSON"])).digest()
        signature = self.private.sign(signed, ec.ECDSA(hashes.SHA256()))
        said = {"authenticatorData": websafe_encode(data), "signature": websafe_encode(signature), **client}
        return self._sent(said)

    def _data(self, flags: Any, data: bytes = b"") -> bytes:
        return AuthenticatorData.create(hashlib.sha256(self.host.encode()).digest(), flags, self.uses, data)

    def _client(self, kind: str, options: dict[str, Any]) -> dict[str, str]:
        challenge = options["publicKey"]["challenge"]
        said = json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False})
        return {"clientDataJSON": websafe_encode(said.encode())}

    def _sent(self, response: dict[str, str]) -> str:
        name = websafe_encode(self.name)
        return json.dumps(
            {"type": "public-key", "id": name, "rawId": name, "response": response, "clientExtensionResults": {}}
        )


def options_on(page: str) -> dict[str, Any]:
    """What a page asks of a passkey."""
    data = json.loads(re.search(r'id="key-data" type="application/json">(.*?)</script>', page)[1])
    return data.get("request_options") or data["creation_options"]
