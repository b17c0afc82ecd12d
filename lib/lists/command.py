"""What the commands that import lists share: the file, columns told by hand, and decisions taken beforehand."""

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from django.core.management import CommandError, CommandParser

from .columns import Columns, typed
from .deciding import Decisions
from .reading import Sheet, UnreadableListError, read

SAID = {
    "new": "mới", "known": "bổ sung", "already": "giữ nguyên", "more": "thêm sản phẩm", "changed": "cập nhật", "same": "giữ nguyên",
    "twice": "ghi trùng trong tệp", "ask": "chờ chọn", "refused": "chưa nhập được", "skipped": "chọn bỏ",
}  # fmt: skip


def add_arguments(parser: CommandParser, labels: Mapping[str, Any], *, columns: str, decision: str) -> None:
    """`columns` and `decision` are examples."""
    parser.add_argument(
        "--dry-run",
        action="store_true",
        help="cho xem từng dòng sẽ thành gì, chưa ghi gì / say what would come of each row; write nothing",
    )
    parser.add_argument("--json", action="store_true", help="kết quả dạng JSON / verdicts as JSON")
    parser.add_argument("--columns", default="", metavar=columns, help=f"các cột nhận được / of: {', '.join(labels)}")
    parser.add_argument(
        "--decisions",
        type=Path,
        metavar="FILE",
        help=f'JSON: {{"0:12": {decision}}}, khóa như --json cho thấy / keys as --json shows them',
    )


def asked(
    file: Path, options: Mapping[str, Any], labels: Mapping[str, Any], detect: Callable[[Sheet], Columns], missing: str
) -> tuple[list[Sheet], list[Columns], Decisions]:
    """Raises CommandError for what cannot be read, and with `missing` where no sheet has a column of names."""
    try:
        sheets = read(file.read_bytes(), file.name)
        corrected = typed(options["columns"], labels)
        decisions = json.loads(options["decisions"].read_text()) if options["decisions"] else {}
    except (UnreadableListError, ValueError, OSError) as error:
        raise CommandError(str(error)) from error
    columns = [detect(sheet) for sheet in sheets]
    if corrected:
        columns = [Columns({**one.places, **corrected}, one.begin, True, one.is_found) for one in columns]
    if not any("name" in one.places for one in columns):
        raise CommandError(missing)
    return sheets, columns, decisions


def told(
    plan: Any,
    row: Callable[[Any], dict[str, Any]],
    named: Callable[[Any], str],
    *,
    is_json: bool,
    changed: bool,
    **more: Any,
) -> Iterable[str]:
    """What came of each row, as lines to write: `row` says what is special of one in JSON, `named` how it is called. `more` stands in the
    JSON alone."""
    if is_json:
        rows = [
            {"key": one.line.key, "sheet": one.line.sheet, "row": one.line.number, "verdict": one.verdict.value, "why": one.why}
            | {"questions": {question.kind: dict(question.options) for question in one.questions}} | row(one)
            for one in plan.lines
        ]  # fmt: skip
        others = [{"sheet": one.sheet, "row": one.number, "why": one.why, "words": one.words} for one in plan.others]
        said = {"changed": changed, "counts": plan.counts, **more, "rows": rows, "others": others}
        yield json.dumps(said, ensure_ascii=False, indent=1)
        return
    for one in plan.lines:
        yield f"{one.line.where}: {named(one) or '—'}: {_word(one.verdict.value)}{f' ({one.why})' if one.why else ''}"
    yield ", ".join(f"{_word(name)}: {count}" for name, count in plan.counts.items() if count)
    yield "Đã nhập. / Imported." if changed else "Không có gì thay đổi. / Nothing has changed."


def _word(verdict: str) -> str:
    """In Vietnamese, with the name that JSON has for it."""
    return f"{SAID[verdict]} / {verdict}" if verdict in SAID else verdict
