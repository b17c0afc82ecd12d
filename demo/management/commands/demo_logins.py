import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from demo import people


class Command(BaseCommand):
    help = "Người dùng thử theo vai trò. / Demo people by role with how to log in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *, as_json: bool, **options: Any) -> None:
        rows = people.logins()
        if as_json:
            self.stdout.write(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=2))
            return
        for row in rows:
            self.stdout.write(f"  {row.role:<44} {row.name:<28} {row.phone}   {row.how}")
