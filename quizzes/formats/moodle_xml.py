"""Moodle XML, read from its public description. Foreign XML goes through defusedxml, without document types."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import localcontext
from html import escape
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from django.utils.translation import gettext as _

from lib.foreign import foreign_xml
from quizzes import wording

from . import cloze, markup
from .answers import any_of_several, as_moodle_counts, decimal, letters, noted, percent, spread, starred
from .base import Draft, Parsed, Problem, UnreadableError
from .gift import path_of, plain_rubric
from .moodle_files import Files

type Read = tuple[str, dict[str, Any]]

MOST_READ = 10_000  # questions and categories
EXACT_DIGITS = 20  # fewer than a multiplier is written with, so that a third of a third is again what it was

_FORMATS = {"html": "html", "moodle_auto_format": "moodle", "plain_text": "plain", "markdown": "markdown"}
_SHOWN = re.compile(r"<(?:img|svg|audio|video|iframe|object)\b", re.IGNORECASE)
_ZEROS = re.compile(r"(?<=\.\d)0+$|\.0+$")
_USUAL_GRADE = re.compile(r"(?:[01](?:\.0*)?)?")
_SELECT_GAP = re.compile(r"\[\[(\d+)\]\]")


def _format(element: Element, given: str = "html") -> str:
    return _FORMATS.get(element.get("format", ""), given)


@dataclass
class Source:
    """One <question> with what is collected while it is read."""

    element: Element
    number: int
    files: Files = field(default_factory=Files)
    losses: list[str] = field(default_factory=list)

    def text(self, path: str) -> str:
        return (self.element.findtext(path) or "").strip()

    def words(self, path: str) -> str:
        found = self.element.find(path)
        return "" if found is None else self.words_of(found)

    def words_of(self, element: Element, given: str = "html") -> str:
        """The text of an element in its format as Markdown; pictures packed with it are kept aside by name."""
        self.files.keep(element)
        return self.marked(element.findtext("text") or "", _format(element, given))

    @property
    def how(self) -> str:
        """The format of what is asked: answers that name none have the same."""
        found = self.element.find("questiontext")
        return "html" if found is None else _format(found)

    def marked(self, raw: str, how: str) -> str:
        if how in ("html", "moodle") and markup.DRAWN.search(raw):
            self.losses.append(markup.not_drawn())
        return self.files.settled(markup.from_format(self.files.addressed(raw), how))


def read(data: bytes) -> Parsed:
    """Raises UnreadableError when the file is no Moodle XML at all."""
    parsed = Parsed()
    category: tuple[str, ...] = ()
    for number, element in enumerate(_questions(data), start=1):
        if element.get("type") == "category":
            category = path_of(element.findtext("category/text") or "")
            continue
        source = Source(element, number)
        try:
            draft, losses = as_moodle_counts(_draft(source, category))
            parsed.drafts.append(draft)
            source.losses += losses
        except UnreadableError as error:
            parsed.problems.append(Problem(number, str(error), source.text("name/text")[:80]))
        parsed.problems += [
            Problem(number, loss, source.text("name/text")[:80], is_loss=True) for loss in source.losses
        ]
    return parsed


def _questions(data: bytes) -> list[Element]:
    found = _root(data).findall("question")
    if len(found) > MOST_READ:
        raise UnreadableError(_("Tệp này có %(n)s câu. Hãy chia nhỏ rồi tải lên.") % {"n": len(found)})
    return found


def _root(data: bytes) -> Element:
    root = foreign_xml.root(data, forbid_dtd=True)
    if root.tag != "quiz":
        raise UnreadableError(
            _(
                "Đây không phải tệp câu hỏi của Moodle: phần tử ngoài cùng là <%(tag)s>. Hãy xuất câu hỏi từ Moodle ở dạng Moodle XML rồi chọn lại."
            )
            % {"tag": root.tag.rpartition("}")[2][:40]}
        )
    return root


def _draft(source: Source, category: tuple[str, ...]) -> Draft:
    named = source.element.get("type", "")
    if named not in _KINDS:
        raise UnreadableError(
            _("Chưa nhập được dạng câu hỏi “%(kind)s”. Hãy bỏ câu này khỏi tệp, hoặc viết lại bằng một dạng có ở đây.")
            % {"kind": named[:40]}
        )
    _adopt_old_picture(source.element)
    stem = source.words("questiontext")
    kind, data = _KINDS[named](source)
    if kind == "gaps":
        stem = _("Điền vào chỗ trống.")
    if not stem:
        raise UnreadableError(_("Câu này không có lời hỏi."))
    explanation = source.words("generalfeedback")
    _note_losses(source)
    return Draft(
        place=source.number,
        kind=kind,
        stem=stem,
        data=data,
        explanation=explanation,
        title=source.text("name/text"),
        category=category,
        tags=tuple(tag.findtext("text") or "" for tag in source.element.findall("tags/tag")),
        key=source.text("idnumber"),
        pictures=source.files.pictures(),
    )


def _adopt_old_picture(question: Element) -> None:
    """Before Moodle 2 a question had one picture, which stood under its words."""
    asked, name = question.find("questiontext/text"), (question.findtext("image") or "").strip()
    if asked is None or not name:
        return
    asked.text = f'{asked.text or ""}<p><img src="@@PLUGINFILE@@/{escape(name)}" alt=""></p>'
    packed = SubElement(question.find("questiontext"), "file", name=name)  # type: ignore[arg-type]
    packed.text = question.findtext("image_base64")


def _note_losses(source: Source) -> None:
    """What is said only by parts that have no place here."""
    source.losses = [*dict.fromkeys(source.losses), *source.files.losses()]
    if any((hint.findtext("text") or "").strip() for hint in source.element.findall("hint")):
        source.losses.append(_("Gợi ý cho lần thử sau (hint) không nhập được."))
    if not _USUAL_GRADE.fullmatch(source.text("defaultgrade")):
        marks = _("Điểm của câu (%(n)s) không nhập; điểm được đặt ở bài kiểm tra.")
        source.losses.append(marks % {"n": _ZEROS.sub("", source.text("defaultgrade"))[:20]})
    if source.text("responsetemplate/text"):
        source.losses.append(_("Mẫu bài làm có sẵn trong ô trả lời (responsetemplate) không nhập được."))
    if source.text("responseformat") in ("noinline", "editorfilepicker") or source.text("attachments") not in ("", "0"):
        source.losses.append(_("Việc nộp tệp kèm bài làm (attachments) không nhập được; ở đây chỉ viết chữ."))
    if source.text("selecttype") in ("1", "2", "RANDOM", "CONTIGUOUS") and source.text("selectcount") not in (
        "",
        "0",
        "-1",
    ):
        source.losses.append(_("Câu này chỉ hỏi một phần các mục (selectcount); khi nhập, mọi mục đều được hỏi."))
    combined = ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")
    standard = {"", "Your answer is correct.", "Your answer is partially correct.", "Your answer is incorrect."}
    said = (re.sub(r"<[^>]*>", "", source.text(f"{name}/text")).strip() for name in combined)
    if any(words not in standard for words in said):
        source.losses.append(_("Lời nhắn chung khi đúng, đúng một phần hay chưa đúng không nhập được."))


def _answers(source: Source) -> Iterator[tuple[int | float, Element, str]]:
    """(percent, the answer, what is told about it)."""
    for answer in source.element.findall("answer"):
        told = answer.find("feedback")
        yield percent(answer.get("fraction") or "0"), answer, "" if told is None else source.words_of(told)


def _shuffle(source: Source) -> dict[str, Any]:
    return {"shuffle": False} if source.text("shuffleanswers").lower() in ("false", "0") else {}


def _choice(source: Source) -> Read:
    rows = list(_answers(source))
    is_single = source.text("single").lower() not in ("false", "0")
    choices = []
    for letter, (share, answer, told) in zip(letters(rows), rows, strict=True):
        row = {
            "id": letter,
            "text": source.words_of(answer, source.how),
            "right": share == 100 if is_single else share > 0,
            "feedback": told,
        }
        choices.append(row if is_single and share in (0, 100) else row | {"weight": share})
    if is_single:
        return "single", {"choices": any_of_several(choices)} | _shuffle(source)
    return "multiple", {"choices": choices} | _shuffle(source) | {"credit": "weights"}


def _true_false(source: Source) -> Read:
    told: dict[str, str] = {}
    right = None
    for share, answer, words in _answers(source):
        is_true = (answer.findtext("text") or "").strip().lower() == "true"
        if share == 100:
            right = is_true
        told["feedback_right" if share == 100 else "feedback_wrong"] = words
    if right is None:
        raise UnreadableError(_("Câu đúng hay sai này không có đáp án."))
    return "truefalse", {"right": right} | {name: words for name, words in told.items() if words}


def _short(source: Source) -> Read:
    written = [((answer.findtext("text") or "").strip(), share, told) for share, answer, told in _answers(source)]
    rows = [{"text": words} | noted(share, told) for words, share, told in written if words]
    return "short", starred(rows, exact_case=source.text("usecase") == "1")


def _numeric(source: Source) -> Read:
    answers = [_number(answer) | noted(share, told) for share, answer, told in _answers(source)]
    units = [
        {"name": unit.findtext("unit_name") or "", "multiplier": decimal(unit.findtext("multiplier") or "1")}
        for unit in source.element.findall("units/unit")
    ]
    data: dict[str, Any] = {"answers": answers}
    if units:
        # Moodle multiplies the answer by it to get the other unit; here a typed number is multiplied to get the answer's.
        data["units"] = [{"name": unit["name"], "factor": inverse(unit["multiplier"])} for unit in units]
    if units and source.text("unitgradingtype") in ("1", "2"):
        data["unit_needed"] = True
    return "numeric", data


def inverse(multiplier: Any) -> str:
    if not multiplier:
        raise UnreadableError(_("Hệ số của đơn vị phải khác 0."))
    with localcontext(prec=EXACT_DIGITS):
        return spread(1 / multiplier, decimal("0"))["value"]


def _number(answer: Element) -> dict[str, str]:
    said = answer.findtext("text")
    written = (said if said is not None else answer.text or "").strip()  # before <text> there was none
    if written == "*":
        return {"value": "*"}
    return spread(decimal(written), abs(decimal(answer.findtext("tolerance") or "0")))


def _matching(source: Source) -> Read:
    subs = source.element.findall("subquestion")
    pairs = []
    for letter, sub in zip(letters(subs), subs, strict=True):
        words, match = source.words_of(sub), wording.quoted((sub.findtext("answer/text") or "").strip())
        if not words and _SHOWN.search(sub.findtext("text") or ""):
            raise UnreadableError(
                _("Vế hỏi khớp với “%(match)s” chỉ có hình, mà hình không nhập được.") % {"match": match[:80]}
            )
        if words and not match:
            raise UnreadableError(_("Vế “%(row)s” chưa có vế khớp.") % {"row": words[:80]})
        if match:
            pairs.append({"id": letter} | ({"text": words} if words else {}) | {"match": match})
    return "matching", {"pairs": pairs} | _shuffle(source)


def _ordering(source: Source) -> Read:
    answers = source.element.findall("answer")
    items = [
        {"id": letter, "text": source.words_of(answer)}
        for letter, answer in zip(letters(answers), answers, strict=True)
    ]
    is_together = source.text("gradingtype") in ("ALL_OR_NOTHING", "-1")
    return "ordering", {"items": items} | ({"all_or_nothing": True} if is_together else {})


def _essay(source: Source) -> Read:
    sample = source.words("graderinfo")
    return "essay", plain_rubric() | ({"sample": sample} if sample else {})


def _description(source: Source) -> Read:
    return "description", {}


def _cloze(source: Source) -> Read:
    raw, gaps = cloze.read(source.text("questiontext/text"))
    return "gaps", {"text": _with_gaps(source, raw), "gaps": gaps}


def _with_gaps(source: Source, raw: str) -> str:
    """Markdown in which the gaps are still [[1]]: brackets would be escaped."""
    aside = re.sub(r"\[\[(\d+)\]\]", lambda found: f"\ue100{found[1]}\ue101", raw)
    return source.marked(aside, source.how).replace("\ue100", "[[").replace("\ue101", "]]")


def _select(source: Source, boxes: str, words: str, group: str) -> Read:
    """Missing words chosen from lists: [[3]] is filled by the third; all of its group are offered."""
    options = [(box.findtext(words) or "", box.findtext(group) or "1") for box in source.element.findall(boxes)]
    raw = source.text("questiontext/text")
    gaps = []
    for number, found in enumerate(_SELECT_GAP.findall(raw), start=1):
        if len(found) > 4 or not 1 <= int(found) <= len(options):
            raise UnreadableError(_("Chỗ trống [[%(n)s]] không có từ nào.") % {"n": found[:20]})
        mine = [
            (place, option) for place, option in enumerate(options, start=1) if option[1] == options[int(found) - 1][1]
        ]
        choices = [
            {
                "id": letter,
                "text": markup.from_format(option[0], "moodle"),
                "right": place == int(found),
                "feedback": "",
            }
            for letter, (place, option) in zip(letters(mine), mine, strict=True)
        ]
        gaps.append({"id": str(number), "kind": "single", "data": {"choices": choices} | _shuffle(source)})
    count = iter(range(1, len(gaps) + 1))
    return "gaps", {
        "text": _with_gaps(source, _SELECT_GAP.sub(lambda _found: f"[[{next(count)}]]", raw)),
        "gaps": gaps,
    }


_KINDS: Mapping[str, Callable[[Source], Read]] = {
    "multichoice": _choice,
    "truefalse": _true_false,
    "shortanswer": _short,
    "numerical": _numeric,
    "matching": _matching,
    "ordering": _ordering,
    "essay": _essay,
    "description": _description,
    "cloze": _cloze,
    "multianswer": _cloze,
    "gapselect": lambda source: _select(source, "selectoption", "text", "group"),
    "ddwtos": lambda source: _select(source, "dragbox", "text", "group"),
}
