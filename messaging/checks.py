"""Whether messages find a way out, said before the server starts and by `manage.py check`."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from .channels import gateway_problem
from .mailing import mail_problem

GATEWAY, CONSOLE = "messaging.channels.Gateway", "messaging.channels.Console"


@register(Tags.security)
def the_gateway_can_be_used(**kwargs: Any) -> list[CheckMessage]:
    problem = gateway_problem(settings.MESSAGING_GATEWAY) if settings.MESSAGING_SMS_CHANNEL == GATEWAY else ""
    if not problem:
        return []
    said = f"Cổng gửi tin nhắn chưa dùng được. / The gateway for messages cannot be used: {problem}."
    return [Error(said, hint="docs/how-to/operator.md", id="messaging.E001")]


@register(Tags.security, deploy=True)
def reminders_have_a_way_out(**kwargs: Any) -> list[CheckMessage]:
    """Else numbers of many would stand in the server's log."""
    if not settings.BULK_REMINDERS or settings.MESSAGING_SMS_CHANNEL != CONSOLE:
        return []
    said = "BULK_REMINDERS=1 mà chưa có nhà mạng: tin và số điện thoại in ra nhật ký. / Without a provider reminders would be printed into the log, with numbers."
    return [Error(said, hint="Set SMS_CHANNEL (docs/how-to/operator.md).", id="messaging.E003")]


@register(Tags.security)
def mail_can_be_sent(**kwargs: Any) -> list[CheckMessage]:
    problem = mail_problem()
    if not problem:
        return []
    said = f"Máy chủ thư chưa dùng được. / The mail server cannot be used: {problem}."
    return [Error(said, hint="docs/how-to/operator.md", id="messaging.E002")]
