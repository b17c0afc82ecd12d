import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from certificates import fetching, rules, verifying
from certificates.proofs import checking
from certificates.proofs.reading import LARGEST

ONLY_INSIDE = 2


class Command(BaseCommand):
    help = (
        "Kiểm tra một giấy chứng nhận điện tử: PDF, ảnh PNG hoặc SVG, JWT hay JSON. / "
        "Verifies a credential in a PDF, a baked PNG or SVG, a JWT or JSON; ends with 0 only when it is valid, with 2 when what is signed inside "
        "is, and nothing speaks for the page or picture around it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="tệp cần kiểm tra / the file")
        parser.add_argument("--json", action="store_true", dest="as_json", help="báo bằng JSON / as JSON")
        parser.add_argument(
            "--fetch",
            action="store_true",
            help="hỏi khóa và danh sách thu hồi của nơi cấp khác qua mạng / asks other issuers for keys and status lists",
        )

    def handle(self, *, file: Path, as_json: bool, fetch: bool, **options: Any) -> None:
        try:
            with file.open("rb") as opened:
                data = opened.read(LARGEST + 1)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        verdict = verifying.judge(
            data,
            now=timezone.now(),
            lookup=fetching.lookup if fetch else checking.unknown,
            status=fetching.is_withdrawn if fetch else None,
        )
        report = _report(verdict)
        self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2) if as_json else _in_words(verdict, report))
        if verdict.finding not in verifying.GOOD:
            raise SystemExit(1)
        if verdict.is_page_open:  # whoever asks a script would take another name on the page for ours
            raise SystemExit(ONLY_INSIDE)


def _report(verdict: verifying.Verdict) -> dict[str, Any]:
    row = verdict.registered
    return {
        "finding": verdict.finding,
        "detail": verdict.detail,
        "file": verdict.kind,
        "issuer": verdict.issuer,
        "ours": verdict.is_ours,
        "signed": verdict.is_signed,
        "status_known": verdict.is_status_known,
        "proof": verdict.proof,
        "facts": verdict.facts,
        "register": {"number": row.number, "status": row.status, "reason": row.status_reason} if row else None,
        "differences": [vars(one) for one in verdict.differences],
        "seals": verdict.seals,
        "specimen": rules.SPECIMEN_MARK if verdict.is_specimen else "",
        "page": verdict.page,
        "is_page_whole": not verdict.is_page_open if verdict.page else None,
        "warning": str(rules.warning(verdict.kind)) if verdict.is_page_open else "",
    }


def _in_words(verdict: verifying.Verdict, report: dict[str, Any]) -> str:
    said = rules.sentence(verdict.finding, is_ours=verdict.is_ours, is_page_open=verdict.is_page_open)
    inside = " INSIDE" if verdict.is_page_open and verdict.finding in verifying.GOOD else ""
    lines = [f"{verdict.finding.upper()}{inside}: {said}"]
    lines += [
        f"  {key}: {report[key]}" for key in ("warning", "specimen", "detail", "file", "issuer", "proof") if report[key]
    ]
    lines += [f"  {key}: {value}" for key, value in verdict.facts.items() if value]
    if report["register"]:
        lines.append("  register: {number}, {status} {reason}".format(**report["register"]).rstrip())
    lines += [f"  {one.what}: {one.in_file} ≠ {one.in_register}" for one in verdict.differences]
    return "\n".join([*lines, *(f"  {seal}" for seal in verdict.seals)])
