"""A text with gaps as Moodle embeds them: {1:SHORTANSWER:=muối~%50%mắm#gần}."""

import re
from collections.abc import Callable, Iterable, Mapping
from html import unescape
from typing import Any

from django.utils.translation import gettext as _

from quizzes import wording
from quizzes.kinds.gap_text import MARKER

from .losses import Fitting, words_only

type Data = dict[str, Any]


def fit(fitting: Fitting) -> None:
    """The question itself has no place of its own there."""
    usual = _("Điền vào chỗ trống.")
    if fitting.stem != usual:
        fitting.lose(_("lời hỏi đứng riêng: trong tệp đứng đầu đoạn văn"))
        fitting.data["text"] = f"{fitting.stem}\n\n{fitting.data['text']}"
        fitting.stem = usual
    fitting.data["text"] = fitting.data["text"].strip()
    for gap in fitting.data["gaps"]:
        _FITS[gap["kind"]](fitting, gap["data"])


def _short(fitting: Fitting, data: Data) -> None:
    if not data.get("exact_accents"):
        fitting.lose(_("việc nhận cả câu trả lời viết không dấu"))
    data["exact_accents"] = True
    _plain_notes(fitting, data.get("noted", []))


def _single(fitting: Fitting, data: Data) -> None:
    for row in data["choices"]:
        row["text"] = words_only(fitting, row["text"])
    _plain_notes(fitting, data["choices"])


def _numeric(fitting: Fitting, data: Data) -> None:
    data.pop("unit_needed", None)
    if data.pop("units", None):
        fitting.lose(_("đơn vị của đáp số"))
    _plain_notes(fitting, data["answers"])


def _plain_notes(fitting: Fitting, rows: Iterable[Data]) -> None:
    for row in rows:
        if row.get("feedback"):
            row["feedback"] = words_only(fitting, row["feedback"])


_FITS: Mapping[str, Callable[[Fitting, Data], None]] = {"short": _short, "single": _single, "numeric": _numeric}


def written(data: Data) -> str:
    by_id = {gap["id"]: gap for gap in data["gaps"]}
    return MARKER.sub(lambda found: _gap(by_id[found[1]]), data["text"])


def _gap(gap: Data) -> str:
    kind, rows = _ROWS[gap["kind"]](gap["data"])
    options = "~".join(_option(words, row) for words, row in rows)
    return f"{{{gap.get('weight', 1)}:{kind}:{options}}}"


def _option(words: str, row: Data) -> str:
    weight = row.get("weight", 100 if row.get("right", True) else 0)
    sign = "=" if weight == 100 else f"%{weight}%"
    told = f"#{_escaped(wording.plain(row['feedback']))}" if row.get("feedback") else ""
    return f"{sign}{_escaped(words)}{told}"


def _escaped(words: str) -> str:
    return re.sub(r"([}~#\\])", r"\\\1", words)


def _letters(words: str) -> str:
    """What would be read as a sign of HTML is written as one."""
    return words if unescape(words) == words else words.replace("&", "&amp;")


def _short_rows(data: Data) -> tuple[str, list[tuple[str, Data]]]:
    rows = [*({"text": answer} for answer in data["answers"]), *data.get("noted", [])]
    kind = "SHORTANSWER_C" if data.get("exact_case") else "SHORTANSWER"
    return kind, [(_letters(row["text"]), row) for row in rows]


def _single_rows(data: Data) -> tuple[str, list[tuple[str, Data]]]:
    kind = "MULTICHOICE_S" if data.get("shuffle", True) else "MULTICHOICE"
    return kind, [(wording.plain(row["text"]), row) for row in data["choices"]]


def _numeric_rows(data: Data) -> tuple[str, list[tuple[str, Data]]]:
    rows = [(row["value"] + (f":{row['tolerance']}" if row.get("tolerance") else ""), row) for row in data["answers"]]
    return "NUMERICAL", rows


_ROWS: Mapping[str, Callable[[Data], tuple[str, list[tuple[str, Data]]]]] = {
    "short": _short_rows,
    "single": _single_rows,
    "numeric": _numeric_rows,
}
