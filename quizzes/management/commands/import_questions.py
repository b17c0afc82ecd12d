import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from lib.refusals import Refusal
from quizzes import actions, importing
from quizzes.models import QuestionBank


class Command(BaseCommand):
    help = "Nhập câu hỏi từ tệp vào một ngân hàng. / Imports questions from a file into a bank; all of it or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--bank", required=True, help="name of the bank; made if there is none")
        parser.add_argument("--format", choices=[*importing.FORMATS, *importing.ALIASES], default="", dest="form")
        parser.add_argument("--dry-run", action="store_true")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *, file: Path, bank: str, form: str, dry_run: bool, as_json: bool, **options: Any) -> None:
        try:
            data = file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        known = QuestionBank.objects.filter(name=bank).first() or QuestionBank(name=bank)
        plan = importing.plan(data=data, name=file.name, bank=known, form=form)
        if not dry_run and not plan.refusals:
            self._write(plan)
        report = _report(plan, written=not dry_run and not plan.refusals)
        self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2) if as_json else _in_words(report))
        if plan.refusals:
            raise SystemExit(1)

    def _write(self, plan: importing.Plan) -> None:
        try:
            actions.import_questions(plan=plan, by=None, at=timezone.now())
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal


def _report(plan: importing.Plan, *, written: bool) -> dict[str, Any]:
    return {
        "written": written,
        "new": plan.count("new"),
        "versions": plan.count("version"),
        "same": plan.count("same"),
        "tagged": plan.count("tagged"),
        "new_tags": plan.new_tags,
        "taken_out": plan.taken_out,
        "questions": [
            {
                "place": entry.draft.place,
                "key": importing.prefix(plan.bank) + entry.own if plan.bank.pk else "",
                "fate": entry.fate,
                "title": entry.draft.title,
                "kind": entry.draft.kind,
                "stem": entry.draft.stem,
                "data": entry.draft.data,
                "explanation": entry.draft.explanation,
                "category": list(entry.draft.category),
                "tags": list(entry.draft.tags),
                "difficulty": entry.draft.difficulty,
                "lesson": entry.draft.lesson,
            }
            for entry in plan.entries
        ],
        "problems": [
            {"place": one.place, "reason": one.reason, "excerpt": one.excerpt, "refuses": not one.is_loss}
            for one in [*plan.refusals, *plan.losses]
        ],
    }


def _in_words(report: dict[str, Any]) -> str:
    lines = [f"{one['place']}: {one['reason']}" for one in report["problems"]]
    lines.append(f"mới/new {report['new']}, phiên bản/versions {report['versions']}, giữ nguyên/same {report['same']}")
    if report["tagged"]:
        lines.append(f"thêm nhãn/tagged {report['tagged']}")
    if report["new_tags"]:
        lines.append(f"nhãn mới/new tags: {', '.join(report['new_tags'])}")
    if report["taken_out"]:
        lines.append(f"đã duyệt, thành bản nháp/reviewed, drafts again {report['taken_out']}")
    return "\n".join(lines)
