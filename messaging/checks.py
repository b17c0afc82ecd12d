"""Whether messages find a way out, said before the server starts and by `manage.py check`."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from .channels import gateway_problem
from .mailing import mail_problem

GATEWAY = "messaging.channels.Gateway"


@register(Tags.security)
def the_gateway_can_be_used(**kwargs: Any) -> list[CheckMessage]:
    problem = gateway_problem(settings.MESSAGING_GATEWAY) if settings.MESSAGING_SMS_CHANNEL == GATEWAY else ""
    if not problem:
        return []
    said = f"Cổng gửi tin nhắn chưa dùng được. / The gateway for messages cannot be used: {problem}."
    return [Error(said, hint="docs/how-to/operator.md", id="messaging.E001")]


@register(Tags.security)
def mail_can_be_sent(**kwargs: Any) -> list[CheckMessage]:
    problem = mail_problem()
    if not problem:
        return []
    said = f"Máy chủ thư chưa dùng được. / The mail server cannot be used: {problem}."
    return [Error(said, hint="docs/how-to/operator.md", id="messaging.E002")]
