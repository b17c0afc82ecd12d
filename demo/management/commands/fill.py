import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from demo import filling
from lib.dates import grouped
from lib.refusals import Refusal
from reports.actions import bring_up_to_date


class Command(BaseCommand):
    help = (
        "Lấp đầy bằng số liệu giả để đo tải, trải khắp các xã (chỉ khi DEMO=1). / "
        "Fills every commune with invented records, to see how the site bears a whole country (only with DEMO=1)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--trainees", type=int, default=20_000, help="200000 là cả nước / the whole country: 200000"
        )
        parser.add_argument("--enrolments", type=int, default=100_000, help="1000000")

    def handle(self, *, trainees: int, enrolments: int, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Invented records belong to a demo: set DEMO=1. / Chỉ lấp đầy khi DEMO=1.")
        now, begun = timezone.now(), time.monotonic()
        try:
            for line in filling.fill(trainees=trainees, enrolments=enrolments, at=now):
                self.stdout.write(f"  {line} ({time.monotonic() - begun:.0f} s)")
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        places = bring_up_to_date(at=now)
        self.stdout.write(f"  {grouped(places)} địa bàn đã đếm lại ({time.monotonic() - begun:.0f} s)")
        for name, number in filling.there_is().items():
            self.stdout.write(f"  {name}: {grouped(number)}")
