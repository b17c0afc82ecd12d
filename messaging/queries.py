from datetime import datetime

from .models import Message


def secrets_sent_since(moment: datetime) -> int:
    """How many codes were asked for since then: what a daily budget is measured by."""
    return Message.objects.filter(is_secret=True, created_at__gte=moment).count()
