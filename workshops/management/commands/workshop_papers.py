from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.http import QueryDict

from lib.refusals import Refusal
from workshops.models import Workshop
from workshops.papers import making
from workshops.papers.pages import PAPERS

NAMES = {"xlsx": "workbook"}
REPORTS = {"report.docx": "docx", "report.pdf": "pdf"}


class Command(BaseCommand):
    help = "Làm giấy tờ của một lớp tập huấn. / Makes papers of a workshop, of all its delegates."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        kinds = [*REPORTS, "attendance", "badges", "delegates", "invitations", "payment", "xlsx"]
        parser.add_argument("--what", required=True, choices=kinds)
        parser.add_argument("--out", required=True, type=Path, metavar="FILE")
        parser.add_argument(
            "--with",
            dest="options",
            default="",
            metavar="thu_tu=name&dong_trong=20",
            help="as in the address of the page",
        )

    def handle(self, *, slug: str, what: str, out: Path, options: str, **_more: Any) -> None:
        workshop = Workshop.objects.select_related("activity", "place__parent").filter(slug=slug).first()
        if workshop is None:
            raise CommandError(f"Không có lớp “{slug}”. / There is no such workshop.")
        try:
            made = self._made(workshop, what, options)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        try:
            out.write_bytes(made.data)
        except OSError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{out}: {len(made.data):,} byte")

    def _made(self, workshop: Workshop, what: str, options: str) -> making.File:
        if what in REPORTS:
            return making.report(workshop, REPORTS[what])
        paper = PAPERS[NAMES.get(what, what)]
        form = paper.form(QueryDict(options), workshop=workshop)
        if not form.is_valid():
            raise CommandError("; ".join(f"{name}: {' '.join(map(str, said))}" for name, said in form.errors.items()))
        return paper.make(workshop, workshop.registrations.all(), form)
