from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.http import QueryDict

from lib.refusals import Refusal
from workshops.models import Moment, Workshop
from workshops.papers import making
from workshops.papers.pages import PAPERS

NAMES = {"xlsx": "workbook"}
# Those that are wanted in one way only.
PLAIN: dict[str, Callable[[Workshop], making.File]] = {
    "report.docx": partial(making.report, kind="docx"), "report.pdf": partial(making.report, kind="pdf"),
    "programme": making.programme, "test-before": partial(making.test, moment=Moment.BEFORE),
    "test-after": partial(making.test, moment=Moment.AFTER), "key": making.key, "feedback": making.feedback,
}  # fmt: skip
WITH_OPTIONS = ("attendance", "badges", "consent", "delegates", "invitations", "payment", "xlsx")


class Command(BaseCommand):
    help = "Làm giấy tờ của một lớp tập huấn. / Makes papers of a workshop, of all its delegates."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--what", required=True, choices=[*PLAIN, *WITH_OPTIONS])
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
            made = PLAIN[what](workshop) if what in PLAIN else self._made(workshop, what, options)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        try:
            out.write_bytes(made.data)
        except OSError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{out}: {len(made.data):,} byte")

    def _made(self, workshop: Workshop, what: str, options: str) -> making.File:
        paper = PAPERS[NAMES.get(what, what)]
        form = paper.form(QueryDict(options), workshop=workshop)
        if not form.is_valid():
            raise CommandError("; ".join(f"{name}: {' '.join(map(str, said))}" for name, said in form.errors.items()))
        return paper.make(workshop, workshop.registrations.all(), form)
