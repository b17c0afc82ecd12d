from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import Person
from accounts.queries import current_consent_texts
from lib import dates
from lib.lists import command
from lib.refusals import Refusal
from workshops import importing
from workshops.actions import import_roster
from workshops.importing import BY_PLACE, Planned, Roster, Scope, Verdict
from workshops.models import Workshop


class Command(BaseCommand):
    help = "Nhập danh sách đại biểu. / Imports a list of delegates. Exit code 1: some rows did not come in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--workshop", required=True, metavar="SLUG")
        example = '{"person": "new"}'
        command.add_arguments(parser, importing.LABELS, columns="name=B,phone=D", decision=example)
        parser.add_argument(
            "--consent-signed",
            action="store_true",
            help="người mới đã ký phiếu đồng ý, phiếu được giữ / new persons signed the form of consent, and it is kept",
        )
        parser.add_argument("--quotas", action="store_true", help="seats of the quota of each one's place or unit")

    def handle(self, *, file: Path, workshop: str, dry_run: bool, **options: Any) -> None:
        found = Workshop.objects.select_related("activity", "place").filter(slug=workshop).first()
        if found is None:
            raise CommandError(f"Không có lớp “{workshop}”. / There is no such workshop.")
        roster, scope, at = (
            self._roster(file, options),
            Scope(Person.objects.filter(merged_into=None), None),
            timezone.now(),
        )
        plan = importing.plan(roster, workshop=found, scope=scope, this_year=dates.local_day(at).year)
        changed = False
        if not dry_run and plan.of(Verdict.NEW) and not options["consent_signed"]:
            raise CommandError(
                f"Chưa nhập: có {len(plan.of(Verdict.NEW))} người mới. Người mới đã ký phiếu đồng ý thì thêm --consent-signed. / "
                "Nothing was imported: there are new persons. Add --consent-signed if they signed the form of consent."
            )
        if not dry_run:
            consents = [one for one in current_consent_texts("vi") if one.is_required]
            try:
                done = import_roster(
                    workshop=found, roster=roster, scope=scope, seen=None, consents=consents, by=None, at=at
                )
            except Refusal as refusal:
                raise CommandError(str(refusal)) from refusal
            changed, plan = done.has_changed, done.plan or plan
        self._say(plan, is_json=options["json"], changed=changed)
        if plan.of(Verdict.ASK, Verdict.REFUSED):
            raise SystemExit(1)

    def _roster(self, file: Path, options: dict[str, Any]) -> Roster:
        missing = "Không thấy cột họ và tên: hãy chỉ bằng --columns name=B. / No column of names was found."
        sheets, columns, decisions = command.asked(file, options, importing.LABELS, importing.detect, missing)
        return Roster(sheets, columns, decisions, BY_PLACE if options["quotas"] else "")

    def _say(self, plan: importing.Plan, *, is_json: bool, changed: bool) -> None:
        for line in command.told(plan, _row, _named, is_json=is_json, changed=changed, waiting=plan.waiting):
            self.stdout.write(line)


def _row(one: Planned) -> dict[str, Any]:
    return {"name": one.line.name, "place": one.of_day.full_name if one.of_day else ""}


def _named(one: Planned) -> str:
    return one.line.name
