from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse
from django.utils import timezone

from accounts import newcomers
from accounts.actions import import_people
from accounts.models import Person
from accounts.newcomers import Listing, Planned, Scope, Verdict
from accounts.queries import current_consent_texts, people_listed_by
from lib import dates
from lib.lists import command
from lib.refusals import Refusal
from provinces.models import Level, Place
from provinces.queries import place_of_code, places_within


class Command(BaseCommand):
    help = "Nhập danh sách học viên. / Imports a list of people. Exit code 1: some rows did not come in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--place",
            required=True,
            metavar="CODE",
            help="mã tỉnh hoặc xã hiện nay, không ghi ai ở nơi khác / of today's province or commune: nobody is written down elsewhere",
        )
        example = '{"person": "new"}'
        command.add_arguments(parser, newcomers.LABELS, columns="name=B,phone=D", decision=example)
        parser.add_argument(
            "--consent-signed",
            action="store_true",
            help="người mới đã ký phiếu đồng ý, phiếu được giữ / new persons signed the form of consent, and it is kept",
        )
        parser.add_argument(
            "--correct",
            action="store_true",
            help="chỗ nào hồ sơ ghi khác thì sửa theo tệp / what the records say otherwise is written over",
        )

    def handle(self, *, file: Path, place: str, dry_run: bool, **options: Any) -> None:
        home, at = _place(place), timezone.now()
        listing, scope = self._listing(file, home, options), _scope(home)
        plan = newcomers.plan(listing, scope=scope, this_year=dates.local_day(at).year)
        changed, new = False, len(plan.of(Verdict.NEW))
        if not dry_run and new and not options["consent_signed"]:
            raise CommandError(
                f"Chưa nhập: có {new} người mới. Người mới đã ký phiếu đồng ý thì thêm --consent-signed. / "
                "Nothing was imported: there are new persons. Add --consent-signed if they signed the form of consent."
            )
        if not dry_run:
            consents = [one for one in current_consent_texts("vi") if one.is_required]
            try:
                done = import_people(
                    listing=listing, scope=scope, seen=None, consents=consents, how="paper", by=None, at=at
                )
            except Refusal as refusal:
                raise CommandError(str(refusal)) from refusal
            changed, plan = done.has_changed, done.plan
        self._say(plan, listing, is_json=options["json"], changed=changed)
        if plan.of(Verdict.ASK, Verdict.REFUSED):
            raise SystemExit(1)

    def _listing(self, file: Path, home: Place, options: dict[str, Any]) -> Listing:
        missing = "Không thấy cột họ và tên: hãy chỉ bằng --columns name=B. / No column of names was found."
        sheets, columns, decisions = command.asked(file, options, newcomers.LABELS, newcomers.detect, missing)
        commune = home.pk if home.level == Level.COMMUNE else None
        return Listing(sheets, columns, decisions, commune, options["correct"])

    def _say(self, plan: newcomers.Plan, listing: Listing, *, is_json: bool, changed: bool) -> None:
        without = Person.objects.filter(pk__in=people_listed_by(listing.key), user__phone=None).count()
        cards = f"{settings.BASE_URL}{reverse('accounts_admin:cards')}?nhap={listing.key}" if without else ""
        for line in command.told(plan, _row, _named, is_json=is_json, changed=changed, cards=cards):
            self.stdout.write(line)
        if cards and not is_json:
            self.stdout.write(f"{without} người chưa có số đăng nhập, in phiếu mã: / Cards to print: {cards}")


def _row(one: Planned) -> dict[str, Any]:
    return {"name": one.line.name, "place": one.place.full_name if one.place else ""}


def _named(one: Planned) -> str:
    return one.line.name


def _place(code: str) -> Place:
    if place := place_of_code(code):
        return place
    raise CommandError(f"Không có tỉnh, xã nào mang mã “{code}”. / No place of today has this code.")


def _scope(home: Place) -> Scope:
    """As somebody who manages the place: who lives elsewhere is not seen."""
    within = Place.objects.filter(pk__in=places_within(home))
    people = Person.objects.filter(merged_into=None, erased_at=None, place__in=within)
    return Scope(people=people, correctable=people, places=within, home=home)
