from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from demo import people
from lib.refusals import Refusal


class Command(BaseCommand):
    help = "Nạp người và tiến độ dùng thử (chỉ khi DEMO=1). / Loads demo people and progress (only with DEMO=1)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--trainees", type=int, default=400)
        parser.add_argument("--seed", type=int, default=2026)

    def handle(self, *, trainees: int, seed: int, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Demo people belong to a demo: set DEMO=1. / Chỉ nạp khi DEMO=1.")
        try:
            for line in people.load(now=timezone.now(), count=trainees, seed=seed):
                self.stdout.write(f"  {line}")
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
