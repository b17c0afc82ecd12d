"""Questions in GIFT. Words are said to be Markdown, which Moodle and our reader both keep as it is."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from quizzes import wording
from quizzes.formats import gift
from quizzes.formats.base import Draft

from .base import Fit, Piece, Writer
from .losses import Fitting, no_such_kind, words_only

_FORMAT = re.compile(r"\s*\[(html|moodle|plain|markdown)\]", re.IGNORECASE)


def fit(draft: Draft) -> Fit:
    if draft.kind not in _BODIES:
        raise no_such_kind(draft)
    fitting = Fitting(draft)
    if draft.kind in _FITS:
        _FITS[draft.kind](fitting)
    fitting.keep_tags(",")
    fitting.drop_pictures()
    return fitting.done()


def _multiple(fitting: Fitting) -> None:
    fitting.keep_order()
    fitting.weigh()


def _short(fitting: Fitting) -> None:
    fitting.need_accents()
    fitting.drop("exact_case", _("việc phải đúng chữ hoa, chữ thường"))


def _numeric(fitting: Fitting) -> None:
    fitting.data.pop("unit_needed", None)
    fitting.drop("units", _("đơn vị của đáp số"))


def _matching(fitting: Fitting) -> None:
    fitting.keep_order()
    fitting.drop("all_or_nothing", _("“chỉ được điểm khi đúng tất cả”"))
    for pair in fitting.data["pairs"]:
        pair["match"] = words_only(fitting, pair["match"])


def _essay(fitting: Fitting) -> None:
    fitting.drop("sample", _("bài làm mẫu"))
    plain = gift.plain_rubric()
    if fitting.data.get("rubric") != plain["rubric"]:
        fitting.lose(_("hướng dẫn chấm"))
    fitting.data = plain


def _description(fitting: Fitting) -> None:
    if fitting.explanation:
        fitting.explanation = ""
        fitting.lose(_("lời giải thích"))


_FITS: Mapping[str, Callable[[Fitting], None]] = {
    "single": Fitting.keep_order,
    "multiple": _multiple,
    "short": _short,
    "numeric": _numeric,
    "matching": _matching,
    "essay": _essay,
    "description": _description,
}


def escaped(words: str) -> str:
    return re.sub(r"([\\~=#{}:])", r"\\\1", words).replace("\n", "\\n")


def _own(words: str) -> str:
    """Words that begin like the name of a format must not be taken for one."""
    return ("[markdown]" if _FORMAT.match(words) else "") + escaped(words)


def write(draft: Draft) -> str:
    said = [*([f"[id:{_noted(draft.key)}]"] if draft.key else []), *(f"[tag:{_noted(tag)}]" for tag in draft.tags)]
    note = f"// {' '.join(said)}\n" if said else ""
    title = escaped(" ".join(wording.plain(draft.stem)[:60].split()))
    told = f"\n####{_own(draft.explanation)}" if draft.explanation else ""
    body = _BODIES[draft.kind](draft.data)
    asked = f"{note}::{title}::[markdown]{escaped(draft.stem)}"
    return asked if body is None else f"{asked} {{{body}{told}}}"


def _noted(name: str) -> str:
    return re.sub(r"([\]\\])", r"\\\1", name)


def _option(sign: str, words: str, row: Mapping[str, Any], usual: float) -> str:
    weight = row.get("weight", usual)
    share = f"%{weight}%" if weight != usual or words.startswith("%") else ""
    told = f"#{_own(row['feedback'])}" if row.get("feedback") else ""
    return f"\n\t{sign}{share}{words}{told}"


def _choices(data: Mapping[str, Any]) -> Iterator[str]:
    is_single = data.get("credit") is None
    for row in data["choices"]:
        if is_single and row["right"]:
            yield _option("=", _own(row["text"]), row, 100)
        else:
            yield _option("~", _own(row["text"]), row, 0)


def _true_false_body(data: Mapping[str, Any]) -> str:
    wrong, right = (_own(data.get(name, "")) for name in ("feedback_wrong", "feedback_right"))
    told = f"#{wrong}#{right}" if right else f"#{wrong}" if wrong else ""
    return ("TRUE" if data["right"] else "FALSE") + told


def _short_body(data: Mapping[str, Any]) -> str:
    rows = [*({"text": answer} for answer in data["answers"]), *data.get("noted", [])]
    return "".join(_option("=", _own(row["text"]), row, 100) for row in rows)


def _numeric_body(data: Mapping[str, Any]) -> str:
    return "#" + "".join(_option("=", _number(row), {"weight": 100} | row, _usual(row)) for row in data["answers"])


def _usual(row: Mapping[str, Any]) -> int:
    """Of a number without a percent; every other number usually earns nothing."""
    return 0 if row["value"] == "*" else 100


def _number(row: Mapping[str, Any]) -> str:
    return row["value"] + (f":{row['tolerance']}" if row.get("tolerance") else "")


def _matching_body(data: Mapping[str, Any]) -> str:
    return "".join(
        f"\n\t={_own(row.get('text', ''))} -> {escaped(wording.plain(row['match']))}" for row in data["pairs"]
    )


_BODIES: Mapping[str, Callable[[Mapping[str, Any]], str | None]] = {
    "single": lambda data: "".join(_choices(data)),
    "multiple": lambda data: "".join(_choices(data)),
    "truefalse": _true_false_body,
    "short": _short_body,
    "numeric": _numeric_body,
    "matching": _matching_body,
    "essay": lambda data: "",
    "description": lambda data: None,
}


def bind(pieces: Sequence[tuple[Draft, Piece]]) -> bytes:
    parts = []
    for category, group in groupby(pieces, key=lambda pair: pair[0].category):
        parts.append(f"$CATEGORY: {path(category)}")
        parts += [piece for _draft, piece in group]
    return ("\n\n".join(parts) + "\n").encode()


def path(category: Sequence[str]) -> str:
    """A stroke within a name is doubled."""
    return "/".join(" ".join(step.split()).replace("/", "//") for step in ("top", *category))


WRITER = Writer("gift", "text/plain; charset=utf-8", fit, write, gift.read, bind, keeps=("key", "tags"))
