from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts import importing
from accounts.actions import import_register
from accounts.importing import Planned, Register, Verdict
from lib.lists import command
from lib.refusals import Refusal
from provinces.models import Level, Place
from provinces.queries import place_of_code, places_within


class Command(BaseCommand):
    help = "Nhập sổ chủ thể OCOP. / Imports a register of subjects. Exit code 1: some rows did not come in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--place",
            required=True,
            metavar="CODE",
            help="mã tỉnh hoặc xã hiện nay, không ghi gì ở nơi khác / of today's province or commune: nothing is written elsewhere",
        )
        example = '{"subject": "new"}'
        command.add_arguments(parser, importing.LABELS, columns="name=B,product=F", decision=example)
        parser.add_argument(
            "--fill-only",
            action="store_true",
            help="chỉ điền chỗ sổ còn trống / what the register says already stays as it is",
        )

    def handle(self, *, file: Path, place: str, dry_run: bool, **options: Any) -> None:
        home = self._place(place)
        register, within = self._register(file, home, options), Place.objects.filter(pk__in=places_within(home))
        plan, changed = importing.plan(register, within=within, home=home), False
        if not dry_run:
            try:
                done = import_register(
                    register=register, within=within, home=home, seen=None, by=None, at=timezone.now()
                )
            except Refusal as refusal:
                raise CommandError(str(refusal)) from refusal
            changed, plan = done.has_changed, done.plan
        self._say(plan, is_json=options["json"], changed=changed)
        if plan.of(Verdict.ASK, Verdict.REFUSED):
            raise SystemExit(1)

    def _place(self, code: str) -> Place:
        if place := place_of_code(code):
            return place
        raise CommandError(f"Không có tỉnh, xã nào mang mã “{code}”. / No place of today has this code.")

    def _register(self, file: Path, home: Place, options: dict[str, Any]) -> Register:
        missing = "Không thấy cột tên chủ thể: hãy chỉ bằng --columns name=B. / No column of subjects' names was found."
        sheets, columns, decisions = command.asked(file, options, importing.LABELS, importing.detect, missing)
        commune = home.pk if home.level == Level.COMMUNE else None
        return Register(sheets, columns, decisions, commune, options["fill_only"])

    def _say(self, plan: importing.Plan, *, is_json: bool, changed: bool) -> None:
        for line in command.told(plan, _row, _named, is_json=is_json, changed=changed):
            self.stdout.write(line)


def _row(one: Planned) -> dict[str, Any]:
    place = one.place.full_name if one.place else ""
    return {"name": one.line.name, "product": one.line.product, "place": place}


def _named(one: Planned) -> str:
    return ", ".join(filter(None, [one.line.name, one.line.product]))
