"""`manage.py check_sending`: whether regular reports, reminders and the outbox go out; exit code 1 when something does not."""

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from reports.sending import alarms


class Command(BaseCommand):
    help = "Kiểm tra báo cáo định kỳ, tin nhắc và hộp gửi. / Checks whether reports, reminders and messages go out."

    def handle(self, **options: Any) -> None:
        found = alarms.for_operators(at=timezone.now())
        for sentence in found:
            self.stdout.write(sentence)
        self.stdout.write(f"{len(found)} trục trặc / troubles")
        if found:
            sys.exit(1)
