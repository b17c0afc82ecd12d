"""What the environment says about messages to people; `elearning.settings` takes it over."""

import os

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
BULK_REMINDERS = os.environ.get("BULK_REMINDERS") == "1"
BULK_DAILY_BUDGET = int(os.environ.get("BULK_DAILY_BUDGET") or "500")
