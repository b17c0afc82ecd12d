"""A row of the workbook as a question, kind by kind. Words are Markdown, as in the form of the admin."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from lib import text
from quizzes.kinds import gap_text, numbers

from .answers import letters, noted, percent, short
from .base import Draft, UnreadableError
from .excel import Cell, Row

type Data = dict[str, Any]

NAMES = {  # as the template writes them; the first is what an export writes
    "single": ("một lựa chọn", "trắc nghiệm", "1 lựa chọn", "single"),
    "multiple": ("nhiều lựa chọn", "nhiều đáp án", "multiple"),
    "truefalse": ("đúng hay sai", "đúng sai", "đúng/sai", "true/false", "truefalse"),
    "short": ("trả lời ngắn", "điền đáp án", "short"),
    "numeric": ("số", "đáp số", "numeric"),
    "matching": ("ghép cặp", "ghép đôi", "nối", "matching"),
    "ordering": ("xếp thứ tự", "sắp xếp", "ordering"),
    "gaps": ("điền chỗ trống", "điền khuyết", "gaps"),
    "essay": ("tự luận", "tự luận, chấm tay", "essay"),
    "description": ("chỉ đọc", "đoạn đọc", "description"),
}
_KINDS = {text.fold(name): kind for kind, names in NAMES.items() for name in names}
FLAGS = {
    "exact_accents": "phải đúng dấu",
    "exact_case": "phải đúng chữ hoa",
    "wildcards": "dấu * thay chữ",
    "no_shuffle": "không xáo trộn",
    "together": "đúng hết mới được điểm",
    "unit_needed": "phải ghi đơn vị",
}
_FLAGS = {text.fold(words): name for name, words in FLAGS.items()}
_LEVELS = {"1": 1, "de": 1, "2": 2, "vua": 2, "trung binh": 2, "3": 3, "kho": 3}
_LISTED = re.compile(r"(?i)[a-z]\.?(?:\s*(?:[,;&]|và\b)?\s*[a-z]\.?)*")
_LETTERED = re.compile(r"(?i)([a-z])\s*[:：]\s*(.*)", re.DOTALL)
ARROW = "→"
_ARROW = re.compile(r"→|=>|->")


def draft(row: Row) -> Draft:
    kind, stem = _kind(row), row.words("stem")
    if not stem:
        raise row.fault("stem", _("chưa ghi câu hỏi."))
    data = _DATA[kind](row, _flags(row))
    if kind == "gaps" and not row.words("a"):
        stem = _("Điền vào chỗ trống.")
    tags = tuple(tag for part in re.split(r"[,;\n]", row.words("tags")) if (tag := part.strip()))
    return Draft(
        row.number, kind, stem, data,
        explanation=row.words("explanation"), key=row.words("key"), tags=tags,
        difficulty=_difficulty(row), lesson=row.words("lesson"),
    )  # fmt: skip


def _kind(row: Row) -> str:
    said = row.words("kind")
    if not said:
        return _guessed(row)
    if kind := _KINDS.get(text.fold(said)):
        return kind
    known = ", ".join(names[0] for names in NAMES.values())
    raise row.fault("kind", _("không có dạng “%(kind)s”. Các dạng: %(known)s.") % {"kind": said[:40], "known": known})


def _guessed(row: Row) -> str:
    """Without a kind: by whether there are choices and how many are right."""
    right = row.words("right")
    if row.choices():
        return "multiple" if len(re.findall(r"(?i)\b[a-z]\b", right)) > 1 else "single"
    return "truefalse" if _truth(right) is not None else "short"


def _flags(row: Row) -> set[str]:
    parts = [text.fold(part).strip(" .") for part in re.split(r"[;,\n]", row.words("options"))]
    if unknown := [part for part in parts if part and part not in _FLAGS]:
        known = "; ".join(FLAGS.values())
        said = _("không hiểu “%(word)s”. Có thể ghi: %(known)s.") % {"word": unknown[0][:40], "known": known}
        raise row.fault("options", said)
    return {_FLAGS[part] for part in parts if part}


def _difficulty(row: Row) -> int:
    said = text.fold(row.words("difficulty")).strip()
    if not said:
        return 0
    level = _LEVELS.get(said) or _LEVELS.get(said[:1] if said[:1].isdigit() else "")
    if level is None:
        raise row.fault("difficulty", _("độ khó là 1 (dễ), 2 (vừa) hoặc 3 (khó)."))
    return level


def _by_letter(row: Row, column: str) -> dict[str, str]:
    """ "A: một\\nB: hai" by letter; a line that names none goes on with the one before."""
    found: dict[str, str] = {}
    last = ""
    for line in row.words(column).splitlines():
        if named := _LETTERED.fullmatch(line):
            last = named[1].lower()
            found[last] = named[2].strip()
        elif last:
            found[last] += f"\n{line}"
        else:
            raise row.fault(column, _("mỗi dòng bắt đầu bằng chữ cái của phương án, ví dụ “A: …”."))
    return found


def _weights(row: Row) -> dict[str, str]:
    """ "A: 50; C: -20", or "50; 50; 0" in the order of the options, by letter."""
    parts = [part.strip() for part in re.split(r"[;\n]", row.words("weights"))]
    if not any(parts):
        return {}
    if any(":" in part for part in parts):
        pairs = [_named(row, part) for part in parts if part]
    elif len(parts) == len(row.choices()):
        pairs = [(at, part) for (at, _cell), part in zip(row.choices(), parts, strict=True) if part]
    else:
        raise row.fault("weights", _("cần một số cho mỗi phương án, cách nhau bằng dấu “;”, hoặc ghi “A: 50; B: 0”."))
    return {letter: said.strip().rstrip("%").strip() for letter, said in pairs}


def _named(row: Row, part: str) -> tuple[str, str]:
    found = _LETTERED.fullmatch(part)
    if found is None:
        raise row.fault("weights", _("không hiểu “%(part)s”. Ví dụ: “A: 50; B: 0”.") % {"part": part[:40]})
    return found[1].lower(), found[2]


def _percents(row: Row) -> dict[str, int | float]:
    try:
        return {letter: percent(said) for letter, said in _weights(row).items()}
    except UnreadableError as error:
        raise row.fault("weights", str(error)) from error


def _key(row: Row) -> set[str]:
    """The letters of the key. An option that is the key word for word counts too: people paste it."""
    said = row.words("right")
    own = {letter for letter, cell in row.choices() if cell.words.casefold() == said.casefold()}
    if own and len(said) > 1:
        return own
    if not _LISTED.fullmatch(" ".join(said.split())):
        raise row.fault(
            "right",
            _("đáp án ghi bằng chữ cái của phương án, ví dụ “B” hoặc “A, C”; ô này ghi “%(said)s”.")
            % {"said": said[:40]},
        )
    named = {letter.lower() for letter in re.findall(r"(?i)(?<![^\W_])[a-z](?![^\W_])", said)} or set(said.lower())
    if unknown := named - {letter for letter, _cell in row.choices()}:
        raise row.fault(
            "right", _("phương án %(letter)s không có chữ.") % {"letter": ", ".join(sorted(unknown)).upper()}
        )
    return named


def _choices(row: Row, flags: set[str], kind: str) -> Data:
    key, weights, told = _key(row), _percents(row), _by_letter(row, "feedback")
    by_weight = kind == "multiple" and bool(weights)
    choices = []
    for letter, (at, cell) in zip(letters(row.choices()), row.choices(), strict=True):
        choice = {"id": letter, "text": cell.words, "right": at in key, "feedback": told.get(at, "")}
        usual = 100 if at in key else 0
        weight = weights.get(at, usual)
        choices.append(choice | ({"weight": weight} if by_weight or weight != usual else {}))
    return {"choices": choices} | _order(flags) | _credit(flags, by_weight)


def _credit(flags: set[str], by_weight: bool) -> Data:
    return {"credit": "all"} if "together" in flags else {"credit": "weights"} if by_weight else {}


def _order(flags: set[str]) -> Data:
    return {"shuffle": False} if "no_shuffle" in flags else {}


def _together(flags: set[str]) -> Data:
    return {"all_or_nothing": True} if "together" in flags else {}


def _truth(said: str) -> bool | None:
    return {"dung": True, "true": True, "d": True, "sai": False, "false": False, "s": False}.get(
        text.fold(said).strip(" .")
    )


def _true_false(row: Row, flags: set[str]) -> Data:
    right = _truth(row.words("right"))
    if right is None:
        raise row.fault("right", _("ghi “Đúng” hoặc “Sai”."))
    told = {name: words for name, words in _told(row).items() if words}
    return {"right": right} | told


def _told(row: Row) -> dict[str, str]:
    """ "Khi đúng: …" and "Khi sai: …", each as many lines as it has."""
    parts = re.split(r"(?im)^\s*(khi (?:đúng|sai))\s*:\s*", row.words("feedback"))
    if parts[0].strip():
        raise row.fault("feedback", _("ghi “Khi đúng: …” và “Khi sai: …”, mỗi ý một dòng."))
    names = {"khi đúng": "feedback_right", "khi sai": "feedback_wrong"}
    return {names[name.lower()]: words.strip() for name, words in zip(parts[1::2], parts[2::2], strict=True)}


def _short(row: Row, flags: set[str]) -> Data:
    plain = [{"text": said} for part in re.split(r"[;|\n]", row.words("right")) if (said := part.strip())]
    weights, told = _percents(row), _by_letter(row, "feedback")
    rows = [{"text": cell.words} | noted(weights.get(at, 100), told.get(at, "")) for at, cell in row.choices()]
    if not plain + rows:
        raise row.fault("right", _("chưa ghi câu trả lời nào được chấp nhận."))
    data = short([*plain, *rows])
    names = ("exact_accents", "exact_case", "wildcards")
    kept = {name: value for name, value in data.items() if name not in names}
    return kept | {name: True for name in names if name in flags}


def _numeric(row: Row, flags: set[str]) -> Data:
    cells = [(at, cell) for at, cell in [("right", row.cell("right")), *row.choices()] if cell.words]
    weights, told = _percents(row), _by_letter(row, "feedback")
    answers = [_number(row, at, cell) | noted(weights.get(at, 100), told.get(at, "")) for at, cell in cells]
    units = _units(row)
    needed = {"unit_needed": True} if "unit_needed" in flags else {}
    return {"answers": answers} | ({"units": units} if units else {}) | needed


def _number(row: Row, column: str, cell: Cell) -> Data:
    if cell.words == "*":
        return {"value": "*"}
    value, _sign, tolerance = (part.strip() for part in re.sub(r"\+/?-", "±", cell.words).partition("±"))
    exact = cell.number if cell.number is not None else _exact(row, column, value)
    return {"value": numbers.plain(exact)} | (
        {"tolerance": numbers.plain(_exact(row, column, tolerance))} if tolerance else {}
    )


def _exact(row: Row, column: str, said: str) -> Decimal:
    meant = numbers.readings(said)
    if len(meant) == 1:
        return meant.pop()
    why = _("“%(said)s” đọc được hai cách. Hãy bỏ dấu ngăn nghìn.") if meant else _("“%(said)s” không phải là số.")
    raise row.fault(column, why % {"said": said[:40]})


def _units(row: Row) -> list[Data]:
    """ "kg; g = 0,001"."""
    named = ((piece.strip() for piece in part.partition("=")) for part in re.split(r"[;\n]", row.words("units")))
    return [
        {"name": name, "factor": numbers.plain(_exact(row, "units", factor)) if factor else "1"}
        for name, _equals, factor in named
        if name
    ]


def _matching(row: Row, flags: set[str]) -> Data:
    pairs = []
    for letter, (at, cell) in zip(letters(row.choices()), row.choices(), strict=True):
        parts = [part.strip() for part in _ARROW.split(cell.words, maxsplit=1)]
        if len(parts) < 2 or not parts[1]:
            raise row.fault(at, _("ghi “vế hỏi → vế khớp”, dùng dấu → hoặc =>."))
        pairs.append({"id": letter} | ({"text": parts[0]} if parts[0] else {}) | {"match": parts[1]})
    return {"pairs": pairs} | _order(flags) | _together(flags)


def _ordering(row: Row, flags: set[str]) -> Data:
    """In the order of the columns, unless the key says another."""
    by_letter = {at: cell.words for at, cell in row.choices()}
    said = [letter.lower() for letter in re.findall(r"(?i)[a-z]", row.words("right"))] or list(by_letter)
    if sorted(said) != sorted(by_letter):
        raise row.fault("right", _("thứ tự phải nêu mỗi bước đúng một lần, ví dụ “B, A, C”."))
    return {
        "items": [{"id": letter, "text": by_letter[at]} for letter, at in zip(letters(said), said, strict=True)]
    } | _together(flags)


def _gaps(row: Row, flags: set[str]) -> Data:
    column = "a" if row.words("a") else "stem"
    try:
        marked, gaps = gap_text.read(row.words(column))
    except gap_text.UnreadableError as error:
        raise row.fault(column, str(error)) from error
    return {"text": marked, "gaps": gaps}


def _essay(row: Row, flags: set[str]) -> Data:
    points = {at: numbers.plain(_exact(row, "weights", said)) for at, said in _weights(row).items()}
    rows = row.choices() or [("a", Cell(_("Trả lời đúng và đủ ý")))]
    rubric = [
        {"id": letter, "text": cell.words, "points": points.get(at, "1")}
        for letter, (at, cell) in zip(letters(rows), rows, strict=True)
    ]
    return {"rubric": rubric} | ({"sample": row.words("right")} if row.words("right") else {})


_DATA: Mapping[str, Callable[[Row, set[str]], Data]] = {
    "single": lambda row, flags: _choices(row, flags, "single"),
    "multiple": lambda row, flags: _choices(row, flags, "multiple"),
    "truefalse": _true_false,
    "short": _short,
    "numeric": _numeric,
    "matching": _matching,
    "ordering": _ordering,
    "gaps": _gaps,
    "essay": _essay,
    "description": lambda row, flags: {},
}
