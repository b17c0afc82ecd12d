"""The text in which an author writes gaps, and what it means.

Muối Bạc Liêu được cấp chỉ dẫn địa lý năm [#2013].       a number; [#3,5±0,1] with a tolerance
Nơi đóng gói phải [sạch|sạch sẽ].                         typed; the first answer is the one shown
Tôm khô là đặc sản của [*Cà Mau|Hà Giang|Đắk Lắk].        chosen from a list; * marks the right ones
[50%:gần đúng→Cần nói rõ hơn]                             part of the marks, and what is told
[(2)muối]                                                 a gap that counts twice
A backslash before [ ] | → \\ * # : makes it an ordinary sign.
"""

import re
from decimal import Decimal
from string import ascii_lowercase
from typing import Any

from django.utils.translation import gettext as _

from . import numbers

type Gap = dict[str, Any]

GAP = re.compile(r"\[((?:\\.|[^\]\\\[])*)\]", re.DOTALL)
MARKER = re.compile(r"\[\[(\d+)\]\]")
_SIGNS = r"[]|→\*#:("
_KINDS = {"*": "single", "#": "numeric"}


class UnreadableError(ValueError):
    """Says which gap cannot be read and why."""


def read(written: str) -> tuple[str, list[Gap]]:
    """(text with [[1]] [[2]] … for the gaps, the gaps). Raises UnreadableError."""
    gaps: list[Gap] = []

    def take(found: re.Match[str]) -> str:
        gaps.append({"id": str(len(gaps) + 1)} | _gap(found[1]))
        return f"[[{len(gaps)}]]"

    marked = re.sub(r"\\.|" + GAP.pattern, lambda found: take(found) if found[1] is not None else found[0], written)
    if re.search(r"(?<!\\)\[(?!\[\d+\]\])", MARKER.sub("", marked)):
        raise UnreadableError(_("Có dấu [ chưa được đóng."))
    return re.sub(r"\\(.)", r"\1", marked), gaps


def _gap(inside: str) -> Gap:
    weight = re.match(r"\((\d{1,2})\)", inside)
    body = inside[weight.end() :] if weight else inside
    kind = _KINDS.get(body.lstrip()[:1], "short")
    options = [_option(part, kind) for part in _split(body, "|")]
    if not any(option["text"] for option in options):
        raise UnreadableError(_("Chỗ trống “[%(inside)s]” chưa có đáp án.") % {"inside": inside})
    more = {"weight": int(weight[1])} if weight and int(weight[1]) > 1 else {}
    return {"kind": kind, "data": _DATA[kind](options)} | more


def _option(part: str, kind: str) -> dict[str, Any]:
    words, *told = _split(part, "→")
    words = words.strip()
    is_marked = kind != "short" and words[:1] in _KINDS
    words = words[1:] if is_marked else words
    percent = re.match(r"\s*(-?\d{1,3}(?:[.,]\d{1,5})?)%:", words)
    if percent:
        words = words[percent.end() :]
    option = {"text": _bare(words), "is_marked": is_marked, "feedback": _bare("→".join(told))}
    return option | ({"weight": _number(percent[1])} if percent else {})


def _split(written: str, sign: str) -> list[str]:
    """At each `sign` that is not written with a backslash."""
    parts = [""]
    for token in re.findall(r"\\.|.", written, re.DOTALL):
        if token == sign:
            parts.append("")
        else:
            parts[-1] += token
    return parts


def _bare(written: str) -> str:
    return re.sub(r"\\(.)", r"\1", written).strip()


def _number(percent: str) -> int | float:
    value = float(percent.replace(",", "."))
    return int(value) if value.is_integer() else value


def _noted(option: dict[str, Any]) -> dict[str, Any]:
    weight = {} if option.get("weight", 100) == 100 else {"weight": option["weight"]}
    return weight | ({"feedback": option["feedback"]} if option["feedback"] else {})


def _short(options: list[dict[str, Any]]) -> dict[str, Any]:
    notes = [{"text": option["text"]} | _noted(option) for option in options if option["text"]]
    plain = [note["text"] for note in notes if len(note) == 1]
    rest = [note for note in notes if len(note) > 1]
    return {"answers": plain} | ({"noted": rest} if rest else {})


def _single(options: list[dict[str, Any]]) -> dict[str, Any]:
    if len(options) > len(ascii_lowercase):
        raise UnreadableError(_("Có chỗ trống với %(n)s lựa chọn; nhiều nhất là 26.") % {"n": len(options)})
    return {
        "choices": [
            {
                "id": letter,
                "text": option["text"],
                "right": option["is_marked"],
                "feedback": option["feedback"],
            }
            | ({"weight": option["weight"]} if "weight" in option else {})
            for letter, option in zip(ascii_lowercase, options, strict=False)
        ]
    }


def _numeric(options: list[dict[str, Any]]) -> dict[str, Any]:
    return {"answers": [_answer(option) for option in options]}


def _answer(option: dict[str, Any]) -> dict[str, Any]:
    value, _sign, tolerance = (part.strip() for part in option["text"].partition("±"))
    read_ = [numbers.readings(part) for part in (value, tolerance) if part]
    if not value or any(len(meant) != 1 for meant in read_):
        raise UnreadableError(_("“%(text)s” không phải là một số rõ ràng.") % {"text": option["text"]})
    exact: list[Decimal] = [meant.pop() for meant in read_]
    row = {"value": numbers.plain(exact[0])} | ({"tolerance": numbers.plain(exact[1])} if tolerance else {})
    return row | _noted(option)


_DATA = {"short": _short, "single": _single, "numeric": _numeric}


def write(marked: str, gaps: list[Gap]) -> str:
    """What an author would have written; `read` of it gives the same again."""
    by_id = {gap["id"]: gap for gap in gaps}
    pieces = MARKER.split(marked)
    return "".join(
        f"[{_inside(by_id[piece])}]" if place % 2 else _safe(piece, "[]\\") for place, piece in enumerate(pieces)
    )


def _inside(gap: Gap) -> str:
    weight = f"({gap['weight']})" if gap.get("weight", 1) > 1 else ""
    return weight + "|".join(_OPTIONS[gap["kind"]](gap["data"]))


def _safe(words: str, signs: str = _SIGNS) -> str:
    return "".join(f"\\{sign}" if sign in signs else sign for sign in words)


def _written(words: str, row: dict[str, Any], mark: str = "") -> str:
    percent = f"{row['weight']}%:".replace(".", ",") if "weight" in row else ""
    return mark + percent + words + (f"→{_safe(row['feedback'])}" if row.get("feedback") else "")


_OPTIONS: dict[str, Any] = {
    "short": lambda data: [
        *(_safe(answer) for answer in data["answers"]),
        *(_written(_safe(row["text"]), row) for row in data.get("noted", [])),
    ],
    "single": lambda data: [
        _written(_safe(choice["text"]), choice, "*" if choice["right"] else "") for choice in data["choices"]
    ],
    "numeric": lambda data: [
        _written(
            row["value"].replace(".", ",") + (f"±{row['tolerance'].replace('.', ',')}" if row.get("tolerance") else ""),
            row,
            "#",
        )
        for row in data["answers"]
    ],
}
