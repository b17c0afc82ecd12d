"""Questions as the workbook that an import reads: one a row, all that a kind knows in some column."""

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from string import ascii_lowercase
from typing import Any

from django.utils.translation import gettext as _

from lib import sheets
from quizzes.formats import table
from quizzes.formats.base import Draft, Parsed, Problem, UnreadableError
from quizzes.formats.excel import Cell, Row, tidied
from quizzes.kinds import gap_text, numbers

from .base import Fit, Piece, Writer
from .losses import Fitting

type Data = Mapping[str, Any]
type Cells = dict[str, str]

LETTERS_SHOWN = 10
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADS = {
    "key": ("Mã", 12), "kind": ("Dạng", 16), "stem": ("Câu hỏi", 50), "right": ("Đáp án", 16),
    "weights": ("Điểm từng phương án", 20), "feedback": ("Phản hồi", 40), "explanation": ("Giải thích", 40),
    "units": ("Đơn vị", 16), "options": ("Tùy chọn", 24), "difficulty": ("Độ khó", 10), "tags": ("Nhãn", 16),
    "lesson": ("Bài học", 30),
}  # fmt: skip
_BEFORE = ("key", "kind", "stem")
_OPTION_WIDTH = 24


def fit(draft: Draft) -> Fit:
    fitting = Fitting(draft)
    if draft.kind == "gaps":
        _gaps(fitting)
    fitting.keep_tags(",;")
    fitting.drop_pictures()
    return fitting.done()


def _gaps(fitting: Fitting) -> None:
    """Gaps are written as in the form, which knows less than a question of its own does."""
    text, gaps = gap_text.read(gap_text.write(fitting.data["text"], fitting.data["gaps"]))
    if gaps != fitting.data["gaps"]:
        fitting.lose(_("thiết lập riêng của từng chỗ trống, như phải đúng dấu hay không xáo trộn"))
    fitting.data = {"text": text, "gaps": gaps}


def write(draft: Draft) -> Cells:
    cells = {"key": draft.key, "kind": table.NAMES[draft.kind][0], "stem": draft.stem, "explanation": draft.explanation}
    cells |= {"difficulty": str(draft.difficulty or ""), "lesson": draft.lesson, "options": _flags(draft.data)}
    cells["tags"] = ", ".join(draft.tags)
    cells |= _CELLS[draft.kind](draft.data)
    return {column: said for column, said in cells.items() if said}


def _flags(data: Data) -> str:
    named = [name for name in ("exact_accents", "exact_case", "wildcards", "unit_needed") if data.get(name)]
    named += ["no_shuffle"] if data.get("shuffle") is False else []
    named += ["together"] if data.get("all_or_nothing") or data.get("credit") == "all" else []
    return "; ".join(table.FLAGS[name] for name in named)


def _lettered(words: Iterable[str]) -> Cells:
    return dict(zip(ascii_lowercase, words, strict=False))


def _named(said: Iterable[Any], join: str) -> str:
    return join.join(
        f"{letter.upper()}: {words}" for letter, words in zip(ascii_lowercase, said, strict=False) if words != ""
    )


def _weights(rows: Iterable[Data]) -> str:
    return _named((str(row.get("weight", "")).replace(".", ",") for row in rows), "; ")


def _feedback(rows: Iterable[Data]) -> str:
    return _named((row.get("feedback") or "" for row in rows), "\n")


def _choices(data: Data) -> Cells:
    rows = data["choices"]
    right = ", ".join(row["id"].upper() for row in rows if row["right"])
    return _lettered(row["text"] for row in rows) | {
        "right": right,
        "weights": _weights(rows),
        "feedback": _feedback(rows),
    }


def _true_false(data: Data) -> Cells:
    told = {"Khi đúng": data.get("feedback_right"), "Khi sai": data.get("feedback_wrong")}
    feedback = "\n".join(f"{name}: {words}" for name, words in told.items() if words)
    return {"right": "Đúng" if data["right"] else "Sai", "feedback": feedback}


def _short(data: Data) -> Cells:
    rows = [*({"text": answer} for answer in data["answers"]), *data.get("noted", [])]
    return _lettered(row["text"] for row in rows) | {"weights": _weights(rows), "feedback": _feedback(rows)}


def _numeric(data: Data) -> Cells:
    rows, units = data["answers"], data.get("units", [])
    said = "; ".join(unit["name"] + (f" = {_clear(unit['factor'])}" if unit["factor"] != "1" else "") for unit in units)
    return _lettered(map(_answer, rows)) | {"weights": _weights(rows), "feedback": _feedback(rows), "units": said}


def _answer(row: Data) -> str:
    value = row["value"] if row["value"] == "*" else _clear(row["value"])
    return value + (f" ± {_clear(row['tolerance'])}" if row.get("tolerance") else "")


def _clear(number: str) -> str:
    """With a nought more where three decimals could be thousands."""
    said = number.replace(".", ",")
    return said if len(numbers.readings(said)) == 1 else f"{said}0"


def _matching(data: Data) -> Cells:
    return _lettered(f"{pair.get('text', '')} {table.ARROW} {pair['match']}".strip() for pair in data["pairs"])


def _essay(data: Data) -> Cells:
    points = _named((_clear(row["points"]) for row in data["rubric"]), "; ")
    return _lettered(row["text"] for row in data["rubric"]) | {"weights": points, "right": data.get("sample", "")}


_CELLS: Mapping[str, Callable[[Data], Cells]] = {
    "single": _choices,
    "multiple": _choices,
    "truefalse": _true_false,
    "short": _short,
    "numeric": _numeric,
    "matching": _matching,
    "ordering": lambda data: _lettered(step["text"] for step in data["items"]),
    "gaps": lambda data: {"a": gap_text.write(data["text"], data["gaps"])},
    "essay": _essay,
    "description": lambda data: {},
}


def _alone(piece: Cells) -> Parsed:
    try:
        return Parsed([table.draft(Row(1, {column: Cell(tidied(words)) for column, words in piece.items()}))])
    except UnreadableError as error:
        return Parsed(problems=[Problem(1, str(error))])


def columns(pieces: Iterable[Cells]) -> list[str]:
    """Ten options, or as many as the question with most of them has."""
    used = {column for piece in pieces for column in piece}
    last = max((ascii_lowercase.index(column) + 1 for column in used if column in ascii_lowercase), default=0)
    return [*_BEFORE, *ascii_lowercase[: max(last, LETTERS_SHOWN)], *(name for name in HEADS if name not in _BEFORE)]


def bind(pieces: Sequence[tuple[Draft, Piece]]) -> bytes:
    output = io.BytesIO()
    with sheets.book(output) as book:
        write_sheet(book, [piece for _draft, piece in pieces])
    return output.getvalue()


def write_sheet(book: Any, rows: Sequence[Cells]) -> None:
    """All as text, so that Excel makes no dates of answers."""
    shown, sheet = columns(rows), book.add_worksheet("Câu hỏi")
    bold, words = (
        book.add_format({"bold": True}),
        book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"}),
    )
    sheet.freeze_panes(1, 0)
    for column, name in enumerate(shown):
        head, width = HEADS.get(name, (f"Phương án {name.upper()}", _OPTION_WIDTH))
        sheet.set_column(column, column, width, words)
        sheet.write_string(0, column, head, bold)
    for number, row in enumerate(rows, start=1):
        for column, name in enumerate(shown):
            if name in row:
                sheet.write_string(number, column, row[name], words)


WRITER = Writer("xlsx", CONTENT_TYPE, fit, write, _alone, bind, keeps=("key", "tags", "difficulty", "lesson"))
