"""What the commands that import lists share: the file, columns told by hand, and decisions taken beforehand."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.core.management import CommandError, CommandParser

from .columns import Columns, typed
from .deciding import Decisions
from .reading import Sheet, UnreadableListError, read


def add_arguments(parser: CommandParser, labels: Mapping[str, Any], *, columns: str, decision: str) -> None:
    """`columns` and `decision` are examples."""
    parser.add_argument("--dry-run", action="store_true", help="say what would come of each row; write nothing")
    parser.add_argument("--json", action="store_true", help="verdicts as JSON")
    parser.add_argument("--columns", default="", metavar=columns, help=f"of: {', '.join(labels)}")
    parser.add_argument(
        "--decisions", type=Path, metavar="FILE", help=f'JSON: {{"0:12": {decision}}}, keys as --json shows them'
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
