"""`manage.py purge_personal_data`: what is kept for a time only and whose time is over, now instead of tonight."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from accounts.rights.purging import STEPS, counted, purge


class Command(BaseCommand):
    help = "Xóa dữ liệu cá nhân đã hết hạn giữ. / Deletes personal data whose time is over (accounts.settings), as the nightly job does."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="chỉ đếm, không xóa gì / say how much there is, and delete nothing"
        )
        parser.add_argument("--json", action="store_true", help="cho máy đọc / for machines")

    def handle(self, **options: Any) -> None:
        now = timezone.now()
        found = counted(now) if options["dry_run"] else purge(now)
        if options["json"]:
            self.stdout.write(json.dumps({"dry_run": options["dry_run"], "steps": found}))
            return
        for name, number in found.items():
            self.stdout.write(f"{number:>8}  {STEPS[name].label} ({name})")
        self.stdout.write("Chưa xóa gì. / Nothing was deleted." if options["dry_run"] else "Đã xóa. / Deleted.")
