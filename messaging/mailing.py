"""Mail to colleagues who asked for it. Whether it was taken is told apart from not knowing: what may have left is not sent once more."""

import smtplib
from collections.abc import Iterable

from django.conf import settings
from django.core.mail import EmailMessage, mailers
from django.core.validators import EmailValidator
from django.views.decorators.debug import sensitive_variables

from .channels import LOOPBACK

type Attachment = tuple[str, bytes, str]  # name, content, type


class MailError(Exception):
    """The server did not take the mail; the reason is safe to store (no personal data)."""


class MailDown(MailError):  # noqa: N818 (the server is)
    """No server answered: further mails need not be tried at this moment."""


class MailUnsure(Exception):  # noqa: N818 (no error: nobody can tell)
    """The connection was lost while the mail was on its way: it may have arrived."""


def mail_problem() -> str:
    """Why mail that is configured so could not be sent, or would be in the open; ""."""
    if not settings.SMTP_HOST:
        return ""
    if settings.SMTP_SECURITY not in ("starttls", "tls", "none"):
        return "SMTP_SECURITY is starttls, tls or none"
    if settings.SMTP_SECURITY == "none" and settings.SMTP_HOST not in LOOPBACK:
        return "SMTP_SECURITY=none is for a server on this machine"
    return "" if "@" in settings.MAIL_FROM else "MAIL_FROM is no address"


def is_address(typed: str) -> bool:
    try:
        EmailValidator()(typed)
    except Exception:
        return False
    return True


@sensitive_variables()
def send(*, to: str, subject: str, body: str, key: str, attachments: Iterable[Attachment] = ()) -> None:
    """One mail to one address. `key` makes its Message-ID: of two with the same one a mail program shows one.

    Raises MailError if it surely was not taken, MailUnsure if nobody can tell.
    """
    host = settings.MAIL_FROM.rpartition("@")[2].rstrip(">") or "localhost"
    headers = {"Message-ID": f"<{key}@{host}>", "Auto-Submitted": "auto-generated"}
    mail = EmailMessage(subject, body, settings.MAIL_FROM, [to], headers=headers, attachments=list(attachments))
    connection = mailers.default
    try:
        connection.open()
    except Exception as error:
        raise MailDown(_safe(error)) from None
    try:
        connection.send_messages([mail])
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused, ValueError) as error:
        raise MailError(_safe(error)) from None
    except Exception as error:
        raise MailUnsure(_safe(error)) from None
    finally:
        _close(connection)


def _close(connection: object) -> None:
    """What a server says to a good-bye changes nothing about what it took."""
    try:
        connection.close()  # type: ignore[attr-defined]
    except Exception:
        return


def _safe(error: Exception) -> str:
    """Its kind, and the server's number: its words may hold the address."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _words in error.recipients.values()]
        return f"mail: SMTP {codes[0]}" if codes else "mail: refused"
    code = getattr(error, "smtp_code", None)
    return f"mail: SMTP {code}" if code else f"mail: {type(error).__name__}"
