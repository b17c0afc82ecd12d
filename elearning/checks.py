"""System checks: what this installation would do differently than its owner may expect, each in two languages.

`manage.py check --deploy` explains every header that follows BASE_URL. `refuse_demo_data` runs at the start of the web
server and of the jobs, because a server does not run checks.
"""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection

DEMO_CHANNEL = "demo.channels.DemoPhone"
LEFT_OVERS = (
    "Cơ sở dữ liệu này có người dùng thử, mật khẩu của họ ai cũng biết. Hãy dùng cơ sở dữ liệu khác, hoặc đặt DEMO=1. / "
    "This database holds demo people with well-known passwords. Use another database, or set DEMO=1."
)
REAL_DATA = (
    "DEMO=1 nhưng cơ sở dữ liệu này là của một trang thật: có cán bộ, không có người dùng thử. Bản dùng thử cho ai cũng đọc được "
    "mã đăng nhập. Hãy bỏ DEMO, hoặc dùng cơ sở dữ liệu khác. / DEMO=1, but this database belongs to a real site: it has staff and no "
    "demo people. A demo shows log-in codes to everybody. Unset DEMO, or use another database."
)
HEADERS = {
    "elearning.W001": (
        "Strict-Transport-Security",
        "a browser would refuse plain HTTP for a year",
        lambda: settings.SECURE_HSTS_SECONDS > 0,
    ),
    "elearning.W002": (
        "Secure (session cookie)",
        "the log-in would only travel encrypted",
        lambda: settings.SESSION_COOKIE_SECURE,
    ),
    "elearning.W003": (
        "Secure (CSRF cookie)",
        "the form token would only travel encrypted",
        lambda: settings.CSRF_COOKIE_SECURE,
    ),
    "elearning.W004": (
        "Location: https://…",
        "plain HTTP would be led to HTTPS",
        lambda: settings.SECURE_SSL_REDIRECT,
    ),
}


@register(Tags.security, deploy=True)
def headers_follow_the_address(**kwargs: Any) -> list[CheckMessage]:
    """One message for each header that is off because BASE_URL begins with http://."""
    hint = f"BASE_URL={settings.BASE_URL}: đặt địa chỉ https://… khi đã có chứng chỉ. / Set an https:// address."
    return [
        Warning(f"{header}: not sent, because BASE_URL begins with http://; with https:// {what}.", hint=hint, id=name)
        for name, (header, what, is_on) in HEADERS.items()
        if not is_on()
    ]


@register(Tags.security)
def demo_stays_in_the_demo(**kwargs: Any) -> list[CheckMessage]:
    if not settings.DEMO and settings.MESSAGING_SMS_CHANNEL == DEMO_CHANNEL:
        return [
            Error(
                "Điện thoại dùng thử cho ai cũng đọc được mã đăng nhập. / The demo phone shows log-in codes to everybody.",
                hint="Set SMS_CHANNEL to a provider's channel, or DEMO=1.",
                id="elearning.E001",
            )
        ]
    return []


@register(Tags.security, deploy=True)
def codes_have_a_way_out(**kwargs: Any) -> list[CheckMessage]:
    if settings.MESSAGING_SMS_CHANNEL == "messaging.channels.Console":
        return [
            Warning(
                "Chưa có nhà mạng gửi tin: mã đăng nhập chỉ in ra màn hình máy chủ. / No SMS provider: log-in codes are only "
                "printed on the server's terminal.",
                hint="Set SMS_CHANNEL, or hand out printed one-time codes (docs/how-to/operator.md).",
                id="elearning.W005",
            )
        ]
    return []


@register(Tags.security, deploy=True)
def https_comes_from_somewhere(**kwargs: Any) -> list[CheckMessage]:
    if settings.HTTPS and not settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        return [
            Warning(
                "BASE_URL là https nhưng PROXY_COUNT=0: nếu có máy chủ web đứng trước, trang sẽ tự chuyển hướng mãi. / BASE_URL is "
                "https, but PROXY_COUNT is 0: behind a reverse proxy every page would redirect to itself.",
                hint="Set PROXY_COUNT to the number of proxies in front (docs/how-to/operator.md).",
                id="elearning.W006",
            )
        ]
    return []


@register(Tags.security)
def no_demo_people(**kwargs: Any) -> list[CheckMessage]:
    """With the plain `manage.py check`, and so before `serve` and `run_jobs` begin: a sentence and no traceback."""
    return [Error(LEFT_OVERS, id="elearning.E002")] if has_demo_people() else []


@register(Tags.security)
def no_demo_on_real_data(**kwargs: Any) -> list[CheckMessage]:
    """A demo shows log-in codes to everybody, so that it must not stand on the data of a real site."""
    is_real = settings.DEMO and _exists(is_demo=False, is_staff=True) and not _exists(is_demo=True)
    return [Error(REAL_DATA, id="elearning.E003")] if is_real else []


def has_demo_people() -> bool:
    """Whether a site that is not a demo stands on a demo's data."""
    return not settings.DEMO and _exists(is_demo=True)


def _exists(**fields: bool) -> bool:
    """Whether there is such a user; False before the first migration."""
    from accounts.models import User

    try:
        return User.objects.filter(**fields).exists()
    except DatabaseError:
        connection.close()
        return False


def refuse_demo_data() -> None:
    """Raises ImproperlyConfigured for a demo on real data, and for the demo's people or phone in a real site."""
    for problem in [*no_demo_people(), *no_demo_on_real_data(), *demo_stays_in_the_demo()]:
        raise ImproperlyConfigured(problem.msg)
