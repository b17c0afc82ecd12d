"""An issuer of OpenID Connect on loopback, for tests and for looking: discovery, authorize, token, jwks, userinfo.

    .venv/bin/python -m tests.fake_issuer 9400 0900000010     (a port, and the verified number that it tells)

and beside it the demo with OIDC_ISSUER=http://127.0.0.1:9400 OIDC_CLIENT_ID=hoc-ocop OIDC_CLIENT_SECRET=mot-bi-mat-dai OIDC_NAME=VNeID.
Whom it names is `claims`; what it does wrong is `misdeeds`.
"""

import base64
import hashlib
import html
import json
import secrets
import sys
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

CLIENT, SECRET = "hoc-ocop", "mot-bi-mat-dai"
PERSON = {
    "sub": "nguoi-1",
    "name": "TRẦN THỊ ÚT",
    "phone_number": "+84912345678",
    "phone_number_verified": True,
    "birthdate": "1975-03-02",
    # What is sent and never kept.
    "national_id": "001075012345",
    "address": {"formatted": "Số 1, đường Canary"},
    "email": "canary@vi-du.vn",
}
PAGE = """<!doctype html><html lang="vi"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Cổng định danh thử</title><h1>Cổng định danh thử</h1><p>{name} đăng nhập vào Học OCOP?</p>
<p><a href="/agree?{query}">Đồng ý</a></p><p><a href="/refuse?{query}">Không</a></p>"""


@dataclass
class FakeIssuer:
    port: int = 0
    claims: dict[str, Any] = field(default_factory=lambda: dict(PERSON))
    misdeeds: set[str] = field(default_factory=set)
    in_id_token: tuple[str, ...] | None = None  # which claims the id_token has beside `sub`; all
    asked: list[str] = field(default_factory=list)  # paths
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "mot", "alg": "RS256", "use": "sig"})
        self.other_key = RSAKey.generate_key(2048, {"kid": "mot", "alg": "RS256", "use": "sig"})
        self.ended = threading.Event()
        fake = self

        class Answers(BaseHTTPRequestHandler):
            def log_message(self, *said: Any) -> None:
                pass

            def do_GET(self) -> None:
                fake.answer(self, "")

            def do_POST(self) -> None:
                fake.answer(self, self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())

        self.server = ThreadingHTTPServer(("127.0.0.1", self.port), Answers)
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    def begin_anew(self) -> None:
        """As it was at first, for the next test."""
        self.ended.set()
        self.ended = threading.Event()
        self.claims, self.misdeeds, self.in_id_token, self.asked = dict(PERSON), set(), None, []

    def end(self) -> None:
        self.ended.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def answer(self, ask: BaseHTTPRequestHandler, body: str) -> None:
        parts = urlsplit(ask.path)
        what = parts.path.strip("/").replace(".well-known/openid-configuration", "discovery")
        self.asked.append(what)
        if f"slow {what}" in self.misdeeds:  # says nothing until everything ends
            self.ended.wait()
            return
        if f"broken {what}" in self.misdeeds:
            self._send(ask, 200, "<html>Bảo trì</html>", "text/html")
        elif f"failing {what}" in self.misdeeds:
            self._send(ask, 503, "{}")
        elif f"moved {what}" in self.misdeeds:
            self._redirect(ask, f"{self.address}/elsewhere", 307)
        elif what in ("discovery", "jwks", "userinfo", "token", "authorize", "agree", "refuse"):
            getattr(self, f"_{what}")(ask, dict(parse_qsl(parts.query)), {k: v[0] for k, v in parse_qs(body).items()})
        else:
            self._send(ask, 404, "{}")

    def _send(self, ask: BaseHTTPRequestHandler, status: int, body: str, kind: str = "application/json") -> None:
        data = body.encode()
        ask.send_response(status)
        ask.send_header("Content-Type", f"{kind}; charset=utf-8")
        ask.send_header("Content-Length", str(len(data)))
        ask.end_headers()
        ask.wfile.write(data)

    def _redirect(self, ask: BaseHTTPRequestHandler, there: str, status: int = 302) -> None:
        ask.send_response(status)
        ask.send_header("Location", there)
        ask.send_header("Content-Length", "0")
        ask.end_headers()

    def _discovery(self, ask: BaseHTTPRequestHandler, query: dict[str, str], form: dict[str, str]) -> None:
        said: dict[str, Any] = {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "jwks_uri": f"{self.address}/jwks",
            "response_types_supported": ["code"],
            "id_token_signing_alg_values_supported": ["none", "HS256", "RS256"],
            "token_endpoint_auth_methods_supported": [
                "client_secret_post" if "by post" in self.misdeeds else "client_secret_basic"
            ],
            "code_challenge_methods_supported": ["S256"],
        }
        if "another issuer in discovery" in self.misdeeds:
            said["issuer"] = "https://khac.vi-du.vn"
        if "token in the open" in self.misdeeds:
            said["token_endpoint"] = "http://khac.vi-du.vn/token"
        if "no keys" in self.misdeeds:
            del said["jwks_uri"]
        self._send(ask, 200, json.dumps(said))

    def _jwks(self, ask: BaseHTTPRequestHandler, query: dict[str, str], form: dict[str, str]) -> None:
        self._send(ask, 200, json.dumps({"keys": [self.key.as_dict(private=False)]}))

    def _authorize(self, ask: BaseHTTPRequestHandler, query: dict[str, str], form: dict[str, str]) -> None:
        page = PAGE.format(name=html.escape(str(self.claims.get("name"))), query=html.escape(urlencode(query)))
        self._send(ask, 200, page, "text/html")

    def _agree(self, ask: BaseHTTPRequestHandler, query: dict[str, str], form: dict[str, str]) -> None:
        code = secrets.token_urlsafe()
        self.codes[code] = query
        self._redirect(ask, f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}")

    def _refuse(self, ask: BaseHTTPRequestHandler, query: dict[str, str], form: dict[str, str]) -> None:
        said = {"error": "access_denied", "error_description": "<b>CANARY</b>", "state": query["state"]}
        self._redirect(ask, f"{query['redirect_uri']}?{urlencode(said)}")

    def _token(self, ask: BaseHTTPRequestHandler, query: dict[str, str], form: dict[str, str]) -> None:
        given = self.codes.pop(form.get("code", ""), None)
        challenge = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        is_ours = given is not None and (
            base64.urlsafe_b64encode(challenge).rstrip(b"=").decode() == given["code_challenge"]
            and given["code_challenge_method"] == "S256"
            and form.get("redirect_uri") == given["redirect_uri"]
            and self._is_client(ask, form)
        )
        if given is None or not is_ours:
            self._send(ask, 400, json.dumps({"error": "invalid_grant", "error_description": "CANARY"}))
            return
        token = secrets.token_urlsafe()
        self.tokens.add(token)
        answer = {"access_token": token, "token_type": "Bearer", "expires_in": 300, "id_token": self._id_token(given)}
        if "no id_token" in self.misdeeds:
            del answer["id_token"]
        self._send(ask, 200, json.dumps(answer))

    def _is_client(self, ask: BaseHTTPRequestHandler, form: dict[str, str]) -> bool:
        if "by post" in self.misdeeds:
            return (form.get("client_id"), form.get("client_secret")) == (CLIENT, SECRET)
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        return ask.headers.get("Authorization") == f"Basic {basic}"

    def _id_token(self, given: dict[str, str]) -> str:
        now, wrong = int(time.time()), self.misdeeds
        claims = self.claims if self.in_id_token is None else {k: self.claims[k] for k in ("sub", *self.in_id_token)}
        said = claims | {
            "iss": "https://khac.vi-du.vn" if "another issuer" in wrong else self.address,
            "aud": "ai-khac" if "another audience" in wrong else given["client_id"],
            "nonce": "mot-cai-khac" if "another nonce" in wrong else given["nonce"],
            "iat": now,
            "exp": now + 300,
        }
        if "another audience" in wrong:  # though it was made at our asking
            said["azp"] = given["client_id"]
        if "no nonce" in wrong:
            del said["nonce"]
        if "clock behind" in wrong:
            said |= {"iat": now - 4000, "exp": now - 3700}
        if "clock ahead" in wrong:
            said |= {"iat": now + 3600, "exp": now + 3900}
        if "clock a little off" in wrong:
            said |= {"iat": now + 60, "exp": now + 360}
        if "unsigned" in wrong:
            head, body = ({"alg": "none", "kid": "mot"}, said)
            return (
                ".".join(base64.urlsafe_b64encode(json.dumps(x).encode()).rstrip(b"=").decode() for x in (head, body))
                + "."
            )
        if "signed with our secret" in wrong:
            return jwt.encode({"alg": "HS256", "kid": "mot"}, said, OctKey.import_key(SECRET), algorithms=["HS256"])
        return jwt.encode(
            {"alg": "RS256", "kid": self.key.kid}, said, self.other_key if "another key" in wrong else self.key
        )

    def _userinfo(self, ask: BaseHTTPRequestHandler, query: dict[str, str], form: dict[str, str]) -> None:
        is_known = ask.headers.get("Authorization", "").removeprefix("Bearer ") in self.tokens
        said = self.claims | ({"sub": "nguoi-2"} if "another in userinfo" in self.misdeeds else {})
        self._send(ask, 200 if is_known else 401, json.dumps(said if is_known else {}))


if __name__ == "__main__":
    fake = FakeIssuer(int(sys.argv[1]))
    fake.claims["phone_number"] = sys.argv[2]
    print(f"OIDC_ISSUER={fake.address} OIDC_CLIENT_ID={CLIENT} OIDC_CLIENT_SECRET={SECRET} OIDC_NAME=VNeID")  # noqa: T201
    fake.thread.join()
