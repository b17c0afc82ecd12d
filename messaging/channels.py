"""Ways out. A channel has one method: `send(to=E.164, body=text)`; it raises ChannelError when nothing was taken."""

import json
import re
import sys
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.module_loading import import_string
from django.views.decorators.debug import sensitive_variables

from lib import phones

if TYPE_CHECKING:
    from requests import PreparedRequest

SECONDS = 10  # until a provider has taken the connection, and between two pieces of its answer
LONGEST = 64 * 1024  # bytes of an answer
SHORT = re.compile(r"[A-Za-z0-9_.-]{1,8}")  # a code of a provider may be kept; nobody's number is so short
WORD = re.compile(r"\{(\w+)\}")
RECIPIENT = re.compile(r"\{to(84|0)?\}")
LOOPBACK = ("localhost", "127.0.0.1", "::1")


class ChannelError(Exception):
    """The provider did not take the message; the reason is safe to store (no personal data)."""


class Channel(Protocol):
    def send(self, *, to: str, body: str) -> None: ...


class Console:
    """Prints the message: for a developer at a terminal. The only place outside a phone where a code appears."""

    def send(self, *, to: str, body: str) -> None:
        sys.stderr.write(f"[SMS] {to}: {body}\n")


class Gateway:
    """A provider's HTTPS address, for SMS or Zalo: one POST for each message, worded as SMS_GATEWAY_… say (docs/how-to/operator.md)."""

    @sensitive_variables()
    def send(self, *, to: str, body: str) -> None:
        known = settings.MESSAGING_GATEWAY
        if problem := gateway_problem(known):
            raise ChannelError(f"gateway: {problem}")
        words = {
            "to": to,
            "to84": to.removeprefix("+"),
            "to0": phones.local(to),
            "body": body,
            "token": known["token"],
        }
        status, answer = _posted(known, filled(json.loads(known["message"]), words), filled(known["header"], words))
        if not 200 <= status < 300:
            raise ChannelError(f"gateway: HTTP {status}")
        if known["taken"]:
            _refuse_untaken(known["taken"], answer)


def gateway_problem(known: dict[str, str]) -> str:
    """Why a gateway that is configured so could send nothing, or would send in the open; ""."""
    parts = urlsplit(known["url"])
    if not (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)):
        return "SMS_GATEWAY_URL is no https:// address"
    try:
        message = json.loads(known["message"])
    except ValueError:
        return "SMS_GATEWAY_MESSAGE is not JSON"
    said = json.dumps(message)
    if not isinstance(message, dict) or "{body}" not in said or not RECIPIENT.search(said):
        return "SMS_GATEWAY_MESSAGE has no {to} or no {body}"
    if known["format"] not in ("json", "form"):
        return "SMS_GATEWAY_FORMAT is neither json nor form"
    if known["header"] and ":" not in known["header"]:
        return "SMS_GATEWAY_HEADER has no colon"
    return "" if "=" in known["taken"] or not known["taken"] else "SMS_GATEWAY_TAKEN has no equals sign"


def filled(said: Any, words: dict[str, str]) -> Any:
    """With each {word} of its texts put in, once: what somebody wrote into a message is not read as another {word}."""
    if isinstance(said, str):
        return WORD.sub(lambda found: words.get(found[1], found[0]), said)
    if isinstance(said, dict):
        return {name: filled(value, words) for name, value in said.items()}
    return [filled(one, words) for one in said] if isinstance(said, list) else said


@sensitive_variables()
def _posted(known: dict[str, str], said: Any, header: str) -> tuple[int, bytes]:
    """Status and the beginning of the answer. To nobody else than the address: a redirect is no answer that a message was taken."""
    import requests

    def signed(request: "PreparedRequest") -> "PreparedRequest":
        name, _colon, value = header.partition(":")
        if name:
            request.headers[name.strip()] = value.strip()
        return request  # also where nothing is signed, so that no password of a .netrc goes along

    kind = "json" if known["format"] == "json" else "data"
    try:
        with requests.post(
            known["url"], auth=signed, timeout=SECONDS, allow_redirects=False, stream=True, **{kind: said}
        ) as response:
            return response.status_code, response.raw.read(LONGEST, decode_content=True)
    except Exception as error:
        raise ChannelError(
            f"gateway: {type(error).__name__}"
        ) from None  # its words may hold the address and the number


def _refuse_untaken(wanted: str, answer: bytes) -> None:
    """Many providers answer 200 to everything, and say in a field whether they took it: `wanted` is "CodeResult=100", "sms.0.ok=true"."""
    path, _equals, value = wanted.partition("=")
    try:
        found = json.loads(answer)
        for name in path.split("."):
            found = found[int(name)] if isinstance(found, list) else found[name]
    except (ValueError, LookupError, TypeError, RecursionError):
        raise ChannelError(f"gateway: no {path} in the answer") from None
    said = found if isinstance(found, str) else json.dumps(found)
    if said != value:
        raise ChannelError(f"gateway: {path} is {said if SHORT.fullmatch(said) else 'another'}")


def sms_channel() -> Channel:
    return import_string(settings.MESSAGING_SMS_CHANNEL)()
