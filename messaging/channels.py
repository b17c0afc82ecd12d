"""Ways out. A channel has one method: `send(to=E.164, body=text)`; it raises ChannelError when nothing was taken."""

import sys
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class ChannelError(Exception):
    """The provider did not take the message; the reason is safe to store (no personal data)."""


class Channel(Protocol):
    def send(self, *, to: str, body: str) -> None: ...


class Console:
    """Prints the message: for a developer at a terminal. The only place outside a phone where a code appears."""

    def send(self, *, to: str, body: str) -> None:
        sys.stderr.write(f"[SMS] {to}: {body}\n")


def sms_channel() -> Channel:
    return import_string(settings.MESSAGING_SMS_CHANNEL)()
