import json
from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from lib.refusals import Refusal
from quizzes import actions, importing
from quizzes.models import QuestionBank

NAMES = {
    "xml": "moodle_xml",
    "word": "docx",
    "excel": "xlsx",
}  # as an export calls them; the others have one name anyway
SHOWN = [NAMES.get(form, form) for form in importing.FORMATS]


class Command(BaseCommand):
    help = "Nhập câu hỏi từ tệp vào một ngân hàng. / Imports questions from a file into a bank; all of it or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="tệp câu hỏi / the file with the questions")
        parser.add_argument(
            "--bank",
            required=True,
            help="tên ngân hàng, chưa có thì được lập / name of the bank; made if there is none",
        )
        parser.add_argument(
            "--format", type=_form, default="", dest="form", metavar="|".join(SHOWN),
            help="dạng tệp; không ghi thì tự nhận ra / found out if it is not named",
        )  # fmt: skip
        parser.add_argument(
            "--dry-run", action="store_true", help="chỉ xem, không ghi gì / says what would happen, writes nothing"
        )
        parser.add_argument(
            "--json",
            action="store_true",
            dest="as_json",
            help="báo bằng JSON, có đủ từng câu / as JSON, with every question",
        )

    def handle(self, *, file: Path, bank: str, form: str, dry_run: bool, as_json: bool, **options: Any) -> None:
        try:
            data = file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        known = QuestionBank.objects.filter(name=bank).first() or QuestionBank(name=bank)
        plan = importing.plan(data=data, name=file.name, bank=known, form=form)
        is_new = known.pk is None and not plan.refusals
        if not dry_run and not plan.refusals:
            self._write(plan)
        report = _report(plan, written=not dry_run and not plan.refusals) | {"new_bank": bank if is_new else ""}
        self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2) if as_json else _in_words(report))
        if plan.refusals:
            raise SystemExit(1)

    def _write(self, plan: importing.Plan) -> None:
        try:
            actions.import_questions(plan=plan, by=None, at=timezone.now())
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal


def _form(name: str) -> str:
    if name and name not in {*importing.FORMATS, *importing.ALIASES}:
        raise ArgumentTypeError(f"{name}: {', '.join(SHOWN)}")
    return name


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
            {
                "place": one.place,
                "name": one.name,
                "reason": one.reason,
                "excerpt": one.excerpt,
                "refuses": not one.is_loss,
            }
            for one in [*plan.refusals, *plan.losses]
        ],
    }


def _in_words(report: dict[str, Any]) -> str:
    lines = [_line(one) for one in report["problems"]]
    if faults := sum(one["refuses"] for one in report["problems"]):
        return "\n".join([*lines, f"chưa nhập gì, còn {faults} chỗ phải sửa / nothing written, {faults} to mend"])
    if report["new_bank"]:
        lines.append(f"{'đã' if report['written'] else 'sẽ'} lập ngân hàng mới “{report['new_bank']}” / new bank")
    lines.append(f"mới/new {report['new']}, phiên bản/versions {report['versions']}, giữ nguyên/same {report['same']}")
    if report["tagged"]:
        lines.append(f"thêm nhãn/tagged {report['tagged']}")
    if report["new_tags"]:
        lines.append(f"nhãn mới/new tags: {', '.join(report['new_tags'])}")
    if report["taken_out"]:
        lines.append(f"đã duyệt, thành bản nháp/reviewed, drafts again {report['taken_out']}")
    lines += [] if report["written"] else ["chạy thử, chưa ghi gì / dry run, nothing written"]
    return "\n".join(lines)


def _line(problem: dict[str, Any]) -> str:
    where = problem["name"] or problem["place"]
    return f"{'✗' if problem['refuses'] else '·'} {f'{where}: ' if where else ''}{problem['reason']}"
