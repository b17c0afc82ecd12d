"""`manage.py audit_invariants`: checks what must always be true of the records; exit code 1 when something is not."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from lib import registries


class Command(BaseCommand):
    help = "Kiểm tra tính đúng của dữ liệu. / Checks what must always be true of the records."

    def handle(self, **options: Any) -> None:
        found = [f"{name}: {sentence}" for name, check in registries.invariants for sentence in check()]
        for sentence in found:
            self.stdout.write(sentence)
        self.stdout.write(f"{len(found)} vi phạm / violations")
        if found:
            sys.exit(1)
