import json
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import override

from provinces.models import Place
from provinces.queries import search_communes, search_provinces
from workshops.totals import exports
from workshops.totals.counting import Period, Totals, totals_of_all
from workshops.totals.forms import year_of


class Command(BaseCommand):
    help = (
        "Tổng hợp các lớp tập huấn trong một năm. / Totals over all workshops of a year, as on the page of the admin."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--year", type=int, help="this year where nothing is said")
        parser.add_argument("--first", type=date.fromisoformat, metavar="2026-01-01")
        parser.add_argument("--last", type=date.fromisoformat, metavar="2026-06-30")
        parser.add_argument(
            "--place", default="", metavar="NAME", help="a province or a commune; the country where nothing is said"
        )
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--out", type=Path, metavar="FILE.xlsx")

    def handle(
        self, *, year: int | None, first: date | None, last: date | None, place: str, out: Path | None, **more: Any
    ) -> None:
        found = totals_of_all(_place(place), _period(year, first, last), timezone.now())
        if out:
            try:
                out.write_bytes(exports.workbook(found))
            except OSError as error:
                raise CommandError(str(error)) from error
        if more["json"]:
            self.stdout.write(json.dumps(exports.plain(found), ensure_ascii=False))
        else:
            self._tell(found)

    def _tell(self, found: Totals) -> None:
        with override("vi"):
            self.stdout.write(f"{found.name}, {exports.in_words(found.period)}")
        for head, number in zip(exports.HEADS.values(), found.total.numbers, strict=True):
            self.stdout.write(f"  {head}: {number}")


def _period(year: int | None, first: date | None, last: date | None) -> Period:
    if (first is None) != (last is None) or (first and last and first > last):
        raise CommandError(
            "Cần cả --first và --last, ngày đầu trước ngày cuối. / Both days are needed, the first one first."
        )
    if first and last:
        return Period(first, last)
    try:
        return year_of(year or timezone.localdate().year)
    except ValueError as error:
        raise CommandError(str(error)) from error


def _place(name: str) -> Place | None:
    if not name:
        return None
    found = search_provinces(name) or [hit.place for hit in search_communes(name) if hit.via is None]
    exact = [one for one in found if one.name.casefold() == name.split(",", maxsplit=1)[0].strip().casefold()] or found
    if len(exact) != 1:
        said = "; ".join(one.full_name for one in exact[:10]) or "–"
        raise CommandError(f"“{name}”: cần đúng một nơi. / Exactly one place is needed: {said}")
    return exact[0]
