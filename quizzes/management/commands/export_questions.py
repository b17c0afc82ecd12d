import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from quizzes import exporting
from quizzes.models import Question, QuestionBank


class Command(BaseCommand):
    help = "Xuất câu hỏi của một ngân hàng ra tệp. / Exports the questions of a bank; says what a format cannot hold."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--bank", required=True, help="name of the bank")
        parser.add_argument("--format", choices=exporting.WRITERS, required=True, dest="form")
        parser.add_argument("--out", type=Path, help="where to; without it the file goes to the standard output")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *, bank: str, form: str, out: Path | None, as_json: bool, **options: Any) -> None:
        known = QuestionBank.objects.filter(name=bank).first()
        if known is None:
            raise CommandError(f"Không có ngân hàng “{bank}”. / There is no such bank.")
        made = exporting.export(Question.objects.filter(bank=known), form)
        if out:
            self._write(out, made.content)
        report = json.dumps(_report(made), ensure_ascii=False, indent=2) if as_json else _in_words(made)
        if out:
            self.stdout.write(report)
            return
        self.stderr.write(report)
        sys.stdout.buffer.write(made.content)

    def _write(self, out: Path, content: bytes) -> None:
        try:
            out.write_bytes(content)
        except OSError as error:
            raise CommandError(f"{out}: {error.strerror}") from error


def _report(made: exporting.Exported) -> dict[str, Any]:
    return {
        "written": made.written,
        "left_out": sum(loss.is_out for loss in made.losses),
        "losses": [
            {"key": loss.key, "kind": loss.kind, "stem": loss.stem, "reason": loss.reason, "left_out": loss.is_out}
            for loss in made.losses
        ],
    }


def _in_words(made: exporting.Exported) -> str:
    lines = [f"{loss.key} ({loss.kind}){' ✗' if loss.is_out else ''}: {loss.reason}" for loss in made.losses]
    return "\n".join([*lines, f"đã xuất/written {made.written}, bỏ lại/left out {_report(made)['left_out']}"])
