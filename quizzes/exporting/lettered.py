"""Questions with lettered choices: Aiken, which knows nothing else, and the way in which they are written in Word here."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from quizzes import wording
from quizzes.formats import lettered
from quizzes.formats.base import Draft, Parsed

from . import docx
from .base import Fit, LeftOutError, Piece, Writer
from .losses import Fitting, no_such_kind, words_only

type Data = dict[str, Any]


def fit_aiken(draft: Draft) -> Fit:
    if draft.kind != "single":
        raise no_such_kind(draft)
    fitting = Fitting(draft)
    if fitting.explanation:
        fitting.lose(_("lời giải thích"))
    fitting.explanation = ""
    return _fitted(fitting)


def fit_word(draft: Draft) -> Fit:
    if draft.kind not in ("single", "multiple", "truefalse", "short"):
        raise no_such_kind(draft)
    fitting = Fitting(draft)
    fitting.explanation = words_only(fitting, fitting.explanation)
    return _fitted(fitting)


def _fitted(fitting: Fitting) -> Fit:
    fitting.keep_tags()
    fitting.stem = words_only(fitting, fitting.stem)
    {"truefalse": _true_false, "short": _short}.get(fitting.draft.kind, _choices)(fitting)
    return fitting.done()


def _choices(fitting: Fitting) -> None:
    data = fitting.data
    fitting.keep_order()
    if fitting.draft.kind == "multiple" and sum(row["right"] for row in data["choices"]) < 2:
        raise LeftOutError(
            _("Câu nhiều lựa chọn này chỉ có một phương án đúng; ghi vào dạng tệp này thì thành câu một lựa chọn.")
        )
    fitting.drop("credit", _("cách tính điểm: trong tệp mỗi ý đúng được một phần, mỗi ý sai mất một phần"))
    for row in data["choices"]:
        row["text"] = words_only(fitting, row["text"])
        _bare(fitting, row)


def _bare(fitting: Fitting, row: Data) -> None:
    if row.pop("weight", None) is not None and fitting.draft.kind == "single":
        fitting.lose(_("phần điểm của phương án chưa đúng hẳn"))
    if row.get("feedback"):
        fitting.lose(_("lời nhắn khi chọn"))
    row["feedback"] = ""


def _true_false(fitting: Fitting) -> None:
    for name in ("feedback_right", "feedback_wrong"):
        fitting.drop(name, _("lời nhắn khi trả lời"))


def _short(fitting: Fitting) -> None:
    fitting.drop("exact_accents", _("việc phải đúng dấu"))
    fitting.drop("exact_case", _("việc phải đúng chữ hoa, chữ thường"))
    fitting.drop("wildcards", _("dấu * thay cho chữ bất kỳ"))
    fitting.data["answers"] += [row["text"] for row in fitting.data.get("noted", []) if row.get("weight", 100) == 100]
    fitting.drop("noted", _("câu trả lời có phần điểm hay lời nhắn riêng"))


def write_aiken(draft: Draft) -> list[str]:
    return [wording.plain(draft.stem), *_lettered(draft.data), f"ANSWER: {_key(draft)}"]


def write_word(draft: Draft) -> list[str]:
    choices = _lettered(draft.data) if "choices" in draft.data else []
    told = [f"Giải thích: {wording.plain(draft.explanation)}"] if draft.explanation else []
    return [f"Câu {draft.place}: {wording.plain(draft.stem)}", *choices, f"Đáp án: {_key(draft)}", *told]


def _lettered(data: Mapping[str, Any]) -> Iterator[str]:
    return (f"{row['id'].upper()}. {wording.plain(row['text'])}" for row in data["choices"])


def _key(draft: Draft) -> str:
    if draft.kind == "truefalse":
        return "Đúng" if draft.data["right"] else "Sai"
    if draft.kind == "short":
        return "; ".join(draft.data["answers"])
    return ", ".join(row["id"].upper() for row in draft.data["choices"] if row["right"])


def _read(piece: Sequence[str]) -> Parsed:
    return lettered.read(lettered.Line(number, line) for number, line in enumerate(piece, start=1))


def _bind_aiken(pieces: Sequence[tuple[Draft, Piece]]) -> bytes:
    return "\n".join(line for _draft, piece in pieces for line in [*piece, ""]).encode()


def _bind_word(pieces: Sequence[tuple[Draft, Piece]]) -> bytes:
    return docx.document(line for _draft, piece in pieces for line in [*piece, ""])


AIKEN = Writer("txt", "text/plain; charset=utf-8", fit_aiken, write_aiken, _read, _bind_aiken)
WORD = Writer("docx", docx.CONTENT_TYPE, fit_word, write_word, _read, _bind_word)
