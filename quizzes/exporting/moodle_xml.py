"""Questions in Moodle XML, with their pictures packed in. Words are said to be Markdown, as in GIFT."""

import base64
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any
from urllib.parse import unquote
from xml.etree.ElementTree import Element, SubElement, tostring  # written here, nothing foreign is read

from django.utils.translation import gettext as _

from quizzes import wording
from quizzes.formats import moodle_xml
from quizzes.formats.base import Draft, UnreadableError
from quizzes.formats.gift import plain_rubric
from quizzes.kinds import numbers

from . import cloze
from .base import Fit, Piece, Writer
from .gift import path
from .losses import Fitting, words_only

type Data = Mapping[str, Any]

_TYPES = {
    "single": "multichoice", "multiple": "multichoice", "truefalse": "truefalse", "short": "shortanswer",
    "numeric": "numerical", "matching": "matching", "ordering": "ordering", "gaps": "cloze", "essay": "essay",
    "description": "description",
}  # fmt: skip
_SHOWN = re.compile(r"\(tep:([^)\s]+)\)")


def fit(draft: Draft) -> Fit:
    fitting = Fitting(draft)
    if draft.kind in _FITS:
        _FITS[draft.kind](fitting)
    fitting.keep_tags(",")
    return fitting.done()


def _matching(fitting: Fitting) -> None:
    fitting.drop("all_or_nothing", _("“chỉ được điểm khi đúng tất cả”"))
    for pair in fitting.data["pairs"]:
        pair["match"] = words_only(fitting, pair["match"])


def _numeric(fitting: Fitting) -> None:
    """A unit is there as what the number is multiplied by; what does not come back exactly is left out."""
    units = fitting.data.get("units", [])
    kept = [unit for unit in units if _comes_back(unit["factor"])]
    if len(kept) < len(units):
        fitting.lose(_("đơn vị có hệ số không viết được thành số thập phân"))
        fitting.data["units"] = kept


def _comes_back(factor: str) -> bool:
    try:
        return moodle_xml.inverse(_multiplier(factor)) == factor
    except (ArithmeticError, UnreadableError):
        return False


def _multiplier(factor: str) -> Decimal:
    return 1 / Decimal(factor)


def _essay(fitting: Fitting) -> None:
    if fitting.data.get("rubric") != plain_rubric()["rubric"]:
        fitting.lose(_("hướng dẫn chấm"))
    sample = str(fitting.data.get("sample", "")).strip()
    fitting.data = plain_rubric() | ({"sample": sample} if sample else {})


_FITS: Mapping[str, Callable[[Fitting], None]] = {
    "multiple": Fitting.weigh,
    "short": Fitting.need_accents,
    "numeric": _numeric,
    "matching": _matching,
    "essay": _essay,
    "gaps": cloze.fit,
}


def write(draft: Draft) -> Element:
    made = Element("question", type=_TYPES[draft.kind])
    _text(SubElement(made, "name"), wording.plain(_asked(draft))[:60])
    _words(made, "questiontext", _asked(draft), draft.pictures)
    _words(made, "generalfeedback", draft.explanation, draft.pictures)
    _plain(made, defaultgrade="1", penalty="0.3333333", hidden="0", idnumber=draft.key)
    if draft.kind in _BODIES:
        _BODIES[draft.kind](made, draft)
    tags = SubElement(made, "tags") if draft.tags else made
    for tag in draft.tags:
        _text(SubElement(tags, "tag"), tag)
    return made


def _asked(draft: Draft) -> str:
    return cloze.written(draft.data) if draft.kind == "gaps" else draft.stem


def _plain(element: Element, **children: str) -> None:
    for name, said in children.items():
        SubElement(element, name).text = said


def _text(element: Element, words: str) -> None:
    SubElement(element, "text").text = words


def _words(element: Element, name: str, words: str, pictures: Mapping[str, bytes], **more: str) -> Element:
    made = SubElement(element, name, more | {"format": "markdown"})
    _text(made, _SHOWN.sub(r"(@@PLUGINFILE@@/\1)", words))
    for shown in dict.fromkeys(_SHOWN.findall(words)):
        if shown in pictures:
            file = SubElement(made, "file", name=unquote(shown), path="/", encoding="base64")
            file.text = base64.b64encode(pictures[shown]).decode()
    return made


def _answer(element: Element, draft: Draft, share: Any, words: str, told: str, *, is_plain: bool = False) -> Element:
    if is_plain:
        made = SubElement(element, "answer", fraction=str(share), format="moodle_auto_format")
        _text(made, words)
    else:
        made = _words(element, "answer", words, draft.pictures, fraction=str(share))
    if told:
        _words(made, "feedback", told, draft.pictures)
    return made


def _choices(made: Element, draft: Draft) -> None:
    is_single = draft.kind == "single"
    _plain(made, single=_bool(is_single), shuffleanswers=_bool(draft.data.get("shuffle", True)), answernumbering="abc")
    for row in draft.data["choices"]:
        _answer(made, draft, row.get("weight", 100 if row["right"] else 0), row["text"], row["feedback"])


def _bool(value: bool) -> str:
    return "true" if value else "false"


def _true_false(made: Element, draft: Draft) -> None:
    for said in (True, False):
        is_right = said == draft.data["right"]
        told = draft.data.get("feedback_right" if is_right else "feedback_wrong", "")
        _answer(made, draft, 100 if is_right else 0, _bool(said), told, is_plain=True)


def _short(made: Element, draft: Draft) -> None:
    _plain(made, usecase="1" if draft.data.get("exact_case") else "0")
    _rows(made, draft, [*({"text": answer} for answer in draft.data["answers"]), *draft.data.get("noted", [])])


def _rows(made: Element, draft: Draft, rows: Iterable[Data]) -> None:
    for row in rows:
        _answer(made, draft, row.get("weight", 100), row["text"], row.get("feedback", ""), is_plain=True)


def _numbers(made: Element, draft: Draft) -> None:
    for row in draft.data["answers"]:
        answer = _answer(made, draft, row.get("weight", 100), row["value"], row.get("feedback", ""), is_plain=True)
        _plain(answer, tolerance=row.get("tolerance", "0"))
    units = SubElement(made, "units") if draft.data.get("units") else None
    for unit in draft.data.get("units", []):
        said = numbers.plain(_multiplier(unit["factor"]))
        _plain(SubElement(units, "unit"), multiplier=said, unit_name=unit["name"])  # type: ignore[arg-type]
    if draft.data.get("unit_needed"):
        _plain(made, unitgradingtype="1", unitpenalty="1", showunits="0")


def _pairs(made: Element, draft: Draft) -> None:
    _plain(made, shuffleanswers=_bool(draft.data.get("shuffle", True)))
    for pair in draft.data["pairs"]:
        row = _words(made, "subquestion", pair.get("text", ""), draft.pictures)
        _text(SubElement(row, "answer"), wording.plain(pair["match"]))


def _steps(made: Element, draft: Draft) -> None:
    grading = "ALL_OR_NOTHING" if draft.data.get("all_or_nothing") else "ABSOLUTE_POSITION"
    _plain(made, layouttype="VERTICAL", selecttype="ALL", selectcount="0", gradingtype=grading, showgrading="SHOW")
    for place, step in enumerate(draft.data["items"], start=1):
        _words(made, "answer", step["text"], draft.pictures, fraction=str(place))


def _essay_parts(made: Element, draft: Draft) -> None:
    _plain(made, responseformat="editor", responserequired="1", attachments="0")
    if draft.data.get("sample"):
        _words(made, "graderinfo", draft.data["sample"], draft.pictures)


_BODIES: Mapping[str, Callable[[Element, Draft], None]] = {
    "single": _choices,
    "multiple": _choices,
    "truefalse": _true_false,
    "short": _short,
    "numeric": _numbers,
    "matching": _pairs,
    "ordering": _steps,
    "essay": _essay_parts,
}


def bind(pieces: Sequence[tuple[Draft, Piece]]) -> bytes:
    root = Element("quiz")
    for category, group in groupby(pieces, key=lambda pair: pair[0].category):
        head = SubElement(root, "question", type="category")
        _text(SubElement(head, "category"), f"$course$/{path(category)}")
        root.extend(piece for _draft, piece in group)
    return tostring(root, encoding="utf-8", xml_declaration=True)


def _alone(piece: Element) -> moodle_xml.Parsed:
    root = Element("quiz")
    root.append(piece)
    return moodle_xml.read(tostring(root, encoding="utf-8"))


WRITER = Writer("xml", "application/xml", fit, write, _alone, bind, keeps=("key", "tags", "pictures"))
