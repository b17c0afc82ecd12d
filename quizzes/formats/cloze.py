"""Moodle's text with embedded answers: {1:SHORTANSWER:=muối#đúng~%50%mắm}."""

import re
from html import unescape
from typing import Any

from django.utils.translation import gettext as _

from . import markup
from .answers import any_of_several, decimal_row, letters, noted, percent, short
from .base import UnreadableError

type Gap = dict[str, Any]

_GAP = re.compile(r"\{(\d*):([A-Z_]+):((?:\\.|[^}\\])*)\}", re.DOTALL)
_BROKEN = re.compile(r"\{\d*:[A-Z_]{2,30}(?=[:}]).{0,40}")  # what was meant to be one, and cannot be read
_SHORT = {"SHORTANSWER", "SA", "MW", "SHORTANSWER_C", "SAC", "MWC"}
_EXACT_CASE = {"SHORTANSWER_C", "SAC", "MWC"}
_NUMERIC = {"NUMERICAL", "NM"}
_CHOICE = re.compile(r"MULTICHOICE(?:_[VHS]+)?|MC[VHS]*")
_ENTITY = re.compile(r"&(?:[a-zA-Z]+|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")
_SIGNS = set("<>&~=#{}%\\\"'")
MOST_DIGITS = 2
_ANSWER = re.compile(r"(=|%\s*-?\d+(?:[.,]\d*)?\s*%)?(.*)", re.DOTALL)


def read(words: str) -> tuple[str, list[Gap]]:
    """(text with [[1]] [[2]] …, gaps), as `kinds.gaps` keeps them. `words` may hold HTML around the gaps."""
    gaps: list[Gap] = []

    def take(found: re.Match[str]) -> str:
        gaps.append({"id": str(len(gaps) + 1)} | _gap(found[1], found[2], found[3]))
        return f"[[{len(gaps)}]]"

    marked = _GAP.sub(take, words)
    if broken := _BROKEN.search(marked):
        raise UnreadableError(_("Chỗ trống “%(gap)s” viết chưa đúng.") % {"gap": broken[0]})
    if not gaps:
        raise UnreadableError(_("Không thấy chỗ trống nào trong đoạn văn."))
    return marked, gaps


def _gap(weight: str, kind: str, body: str) -> Gap:
    options = [_option(part) for part in re.split(r"(?<!\\)~", _ENTITY.sub(_letter, body)) if part.strip()]
    if not options:
        raise UnreadableError(_("Có chỗ trống chưa có đáp án."))
    if len(weight) > MOST_DIGITS:
        raise UnreadableError(_("Có chỗ trống tính điểm nhiều quá: nhiều nhất là 99."))
    more = {"weight": int(weight)} if weight and int(weight) > 1 else {}
    if kind in _SHORT:
        return {"kind": "short", "data": _short(options, kind)} | more
    if kind in _NUMERIC:
        rows = [decimal_row(words) | noted(share, told) for share, words, told in options]
        return {"kind": "numeric", "data": {"answers": rows}} | more
    if _CHOICE.fullmatch(kind):
        return {"kind": "single", "data": _single(options, kind)} | more
    raise UnreadableError(
        _("Chưa nhập được chỗ trống dạng %(kind)s. Hãy đổi thành gõ chữ, gõ số hoặc chọn trong danh sách.")
        % {"kind": kind}
    )


def _option(part: str) -> tuple[int | float, str, str]:
    """(percent, words, feedback)."""
    body, _mark, told = _split_feedback(part.strip())
    found = _ANSWER.fullmatch(body)
    assert found  # noqa: S101 (the pattern takes everything)
    share = 100 if found[1] == "=" else percent(found[1].strip("% ")) if found[1] else 0
    return share, _bare(found[2]), markup.from_format(_bare(told), "moodle")


def _letter(found: re.Match[str]) -> str:
    """An entity as its letter, unless that would mean something to Moodle or to HTML."""
    letter = unescape(found[0]).replace("\xa0", " ")
    return found[0] if set(letter) & _SIGNS else letter


def _split_feedback(part: str) -> tuple[str, str, str]:
    head, *rest = re.split(r"(?<!\\)#", part, maxsplit=1)
    return head, "#" if rest else "", rest[0] if rest else ""


def _bare(words: str) -> str:
    return re.sub(r"\\(.)", r"\1", words).strip()


def _short(options: list[tuple[int | float, str, str]], kind: str) -> dict[str, Any]:
    rows = [{"text": unescape(words)} | noted(share, told) for share, words, told in options]
    return short(rows, exact_case=kind in _EXACT_CASE)


def _single(options: list[tuple[int | float, str, str]], kind: str) -> dict[str, Any]:
    choices = []
    for letter, (share, words, told) in zip(letters(options), options, strict=True):
        row = {"id": letter, "text": markup.from_format(words, "moodle"), "right": share == 100, "feedback": told}
        choices.append(row if share in (0, 100) else row | {"weight": share})
    return {"choices": any_of_several(choices)} | ({} if kind.endswith("S") else {"shuffle": False})
