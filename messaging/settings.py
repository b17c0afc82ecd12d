"""What the environment says about messages to people; `elearning.settings` takes it over."""

import os
from typing import Any

DEMO = os.environ.get("DEMO") == "1"

# Which channel carries a text message. The console channel prints it: for development only.
MESSAGING_SMS_CHANNEL = os.environ.get(
    "SMS_CHANNEL", "demo.channels.DemoPhone" if DEMO else "messaging.channels.Console"
)
# Of messaging.channels.Gateway alone: a provider's address, and how a message is put to it.
MESSAGING_GATEWAY = {
    "url": os.environ.get("SMS_GATEWAY_URL", ""),
    "token": os.environ.get("SMS_GATEWAY_TOKEN", ""),
    "header": os.environ.get("SMS_GATEWAY_HEADER", "Authorization: Bearer {token}"),
    "message": os.environ.get("SMS_GATEWAY_MESSAGE", '{"to": "{to}", "text": "{body}"}'),
    "format": os.environ.get("SMS_GATEWAY_FORMAT", "json"),
    "taken": os.environ.get("SMS_GATEWAY_TAKEN", ""),
}

# How long the outbox keeps what was sent or given up.
MESSAGE_LOG_DAYS = int(os.environ.get("MESSAGE_LOG_DAYS") or "30")

# Reminders to many at once: off unless the operator, who pays for them, wants them; and how many a day, as providers count them.
BULK_REMINDERS = os.environ.get("BULK_REMINDERS", "1" if DEMO else "") == "1"  # the demo's phone costs nothing
BULK_DAILY_BUDGET = int(os.environ.get("BULK_DAILY_BUDGET") or "500")

# Mail to colleagues who asked for it. Without SMTP_HOST none leaves; the demo puts mails into files.
SMTP_HOST, SMTP_SECURITY = os.environ.get("SMTP_HOST", ""), os.environ.get("SMTP_SECURITY", "starttls")
MAIL_FROM = DEFAULT_FROM_EMAIL = os.environ.get("MAIL_FROM", "hoc-ocop@localhost" if DEMO else "")
MAIL_IS_ON = bool(SMTP_HOST) or DEMO
MAILERS: dict[str, dict[str, Any]]
if SMTP_HOST:
    MAILERS = {
        "default": {
            "OPTIONS": {
                "host": SMTP_HOST,
                "port": int(os.environ["SMTP_PORT"]) if os.environ.get("SMTP_PORT") else None,
                "username": os.environ.get("SMTP_USER", ""),
                "password": os.environ.get("SMTP_PASSWORD", ""),
                "use_tls": SMTP_SECURITY == "starttls",
                "use_ssl": SMTP_SECURITY == "tls",
                "timeout": 20,  # seconds: a server that hangs holds up the other jobs no longer
            }
        }
    }
elif DEMO:
    MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "OPTIONS": {"file_path": os.path.join(os.environ.get("VAR_DIR", "var"), "mails")},
        }
    }
