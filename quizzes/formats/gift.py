"""GIFT, Moodle's text format for questions, read from its public description.

A question is a block of lines; an empty line ends it. Signs written with a backslash are ordinary; they are set aside as
private code points first, so that everything after may look for plain signs.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from quizzes import wording

from . import markup
from .answers import any_of_several, as_moodle_counts, decimal_row, letters, noted, percent, starred
from .base import Draft, Parsed, Problem, UnreadableError, check_length

_MOST_LINES = 1_000  # of one question
_ANSWERING = (
    "=",
    "~",
    "#",
    "}",
)  # an empty line within braces, after which one of these follows, was only meant to be looked at
_ESCAPABLE = "~=#{}:\\n"
_ASIDE = {sign: chr(0xE000 + place) for place, sign in enumerate(_ESCAPABLE)}
_BACK = {aside: "\n" if sign == "n" else sign for sign, aside in _ASIDE.items()}
_PRIVATE = re.compile(r"[\uE000-\uF8FF]")
_CATEGORY = re.compile(r"\$CATEGORY:\s*(.*)")
_COMMAND = re.compile(r"\$[A-Z_]+\s*[=:][^{}]*")
_TITLE = re.compile(r"\s*::(.*?)::\s*", re.DOTALL)
_FORMAT = re.compile(r"\s*\[(html|moodle|plain|markdown)\]", re.IGNORECASE)
_WEIGHT = re.compile(r"\s*%\s*(-?\d+(?:[.,]\d*)?)\s*%")
_NOTED_PAIR = re.compile(r"(?<!#)#(?!#)|=\s*%")
_TRUE_FALSE = re.compile(r"(?i)(true|t|false|f)(?![^#\s])")
_KEY_LINE = re.compile(r"(?im)^\s*(?:ANSWER|đáp án)\s*[:：]\s*[a-z]\W*$")
_LETTERED_LINES = re.compile(r"(?im)^\s*a\s*[.)]\s*\S.*\n\s*b\s*[.)]\s*\S")
_COMMENT = re.compile(r"^[ \t]*//.*")
_REMARK = re.compile(r"(?:\s|\\n|\")//\s")
_CLOSING = tuple(".,;:!?)]”’\"'")
_NOTES = re.compile(r"\[(id|tag):((?:[^\]\\]|\\.)*)\]")


@dataclass(frozen=True)
class Block:
    line: int
    lines: list[str]
    category: tuple[str, ...]
    notes: str  # the comments above and within


@dataclass(frozen=True)
class Option:
    """One answer between the braces."""

    sign: str  # "=" or "~"
    weight: Any  # percent, None where nothing is written
    words: str
    feedback: str


def read(content: str) -> Parsed:
    parsed = Parsed()
    for block in _blocks(content.splitlines()):
        excerpt = " ".join(block.lines)[:80]
        if len(block.lines) == 1 and _COMMAND.fullmatch(block.lines[0].strip()):
            parsed.problems.append(
                Problem(block.line, _("Lệnh này không có ở đây nên được bỏ qua."), excerpt, is_loss=True)
            )
            continue
        try:
            draft = _question(block)
        except UnreadableError as error:
            parsed.problems.append(Problem(block.line, str(error), excerpt))
            continue
        draft, losses = as_moodle_counts(draft)
        parsed.drafts.append(draft)
        if _REMARK.search(json.dumps([draft.stem, draft.explanation, draft.data], ensure_ascii=False)):
            losses.append(_("Phần “// …” ở giữa dòng được giữ như lời văn; lời bàn phải đứng ở đầu dòng."))
        if markup.DRAWN.search("\n".join(block.lines)):
            losses.append(markup.not_drawn())
        parsed.problems += [Problem(block.line, loss, excerpt, is_loss=True) for loss in losses]
        if draft.kind == "matching" and _NOTED_PAIR.search(_set_aside("\n".join(block.lines)).rpartition("{")[2]):
            said = _("Lời nhắn (#) và phần điểm (%) của từng cặp không nhập được.")
            parsed.problems.append(Problem(block.line, said, excerpt, is_loss=True))
    return parsed


def _blocks(lines: list[str]) -> Iterator[Block]:
    category: tuple[str, ...] = ()
    held: list[str] = []
    notes: list[str] = []
    begun = 0
    following = _openings([*lines, ""])
    for number, raw in enumerate([*lines, ""], start=1):
        line = raw.strip()
        if line.startswith("//"):
            notes.append(line)
        elif (found := _CATEGORY.match(line)) and not _is_open(held):
            if held:
                yield Block(begun, held, category, " ".join(notes))
            category, held, notes = path_of(found[1]), [], []
        elif line:
            if held and line.startswith("::") and _is_answered(held):
                yield Block(begun, held, category, " ".join(notes))
                held, notes = [], []
            begun = begun if held else number
            held.append(raw.rstrip())
            _check_end(held, begun)
        elif held and not (following[number - 1] in _ANSWERING and _is_open(held)):
            yield Block(begun, held, category, " ".join(notes))
            held, notes = [], []
        elif not held:
            notes = notes if notes else []


def _check_end(held: list[str], begun: int) -> None:
    if len(held) > _MOST_LINES:
        said = _("Câu ở dòng %(line)s không thấy chỗ kết thúc. Hãy xem lại dấu } và dòng trống sau mỗi câu.")
        raise UnreadableError(said % {"line": begun})


def _is_open(held: list[str]) -> bool:
    text = _set_aside("\n".join(held))
    return text.count("{") > text.count("}")


def _is_answered(held: list[str]) -> bool:
    """Whether the answers are closed already: a title after them is the next question's, with or without an empty line."""
    text = _set_aside("\n".join(held))
    return text.count("{") == text.count("}") > 0


def _openings(lines: list[str]) -> list[str]:
    """Of each line, how the next one begins that says something."""
    found, last = list[str](), ""
    for line in map(str.strip, reversed(lines)):
        found.append(last)
        last = line[:1] if line and not line.startswith("//") else last
    return found[::-1]


def path_of(written: str) -> tuple[str, ...]:
    """ "$course$/top/Muối" → ("Muối",): where it stood in the other system's own tree says nothing here."""
    steps = [step.strip().replace("//", "/") for step in re.split(r"(?<!/)/(?!/)", written)]
    return tuple(step for step in steps if step and step != "top" and not re.fullmatch(r"\$\w+\$", step))


def _set_aside(written: str) -> str:
    return re.sub(r"\\([~=#{}:\\n])", lambda found: _ASIDE[found[1]], _PRIVATE.sub("", written))


def _put_back(words: str) -> str:
    return _PRIVATE.sub(lambda found: _BACK.get(found[0], ""), words)


def _question(block: Block) -> Draft:
    written = "\n".join(block.lines)
    check_length(written)
    text = _set_aside(written)
    title = ""
    if found := _TITLE.match(text):
        title, text = _put_back(found[1]).strip(), _COMMENT.sub("", text[found.end() :])
    before, inside, after = _braces(text)
    how, before = _format(before)
    empty: dict[str, Any] = {}
    if inside is None:
        _refuse_lettered(before)
        kind, data, told, stem = "description", empty, "", before
    else:
        inside, told = _general_feedback(_COMMENT.sub("", inside), how)
        after = _COMMENT.sub("", after)
        stem = _with_blank(before.rstrip(), after.lstrip()) if after.strip() else before
        kind, data = _answers(inside, how)
    words = markup.from_format(_put_back(stem).strip(), how)
    if not words:
        raise UnreadableError(_("Câu này không có lời hỏi."))
    notes = [(name, re.sub(r"\\(.)", r"\1", value)) for name, value in _NOTES.findall(block.notes)]
    return Draft(
        place=block.line,
        kind=kind,
        stem=words,
        data=data,
        explanation=told,
        title=title,
        category=block.category,
        tags=tuple(value for name, value in notes if name == "tag"),
        key=next((value for name, value in notes if name == "id"), ""),
    )


def _with_blank(before: str, after: str) -> str:
    """A line where the answers stood; what ends or goes on a sentence stays next to it."""
    return f"{before} _____{'' if after[:1] in _CLOSING else ' '}{after}"


def _refuse_lettered(text: str) -> None:
    """Choices with letters are Aiken; as words to read they would be lost without anybody noticing."""
    if _KEY_LINE.search(text) or _LETTERED_LINES.search(text):
        raise UnreadableError(
            _(
                "Câu này viết kiểu Aiken (A. … B. … ANSWER: …), còn tệp là GIFT. Hãy để câu này trong một tệp riêng, hoặc viết đáp án trong { }."
            )
        )


def _braces(text: str) -> tuple[str, str | None, str]:
    """(before, between the braces or None, after)."""
    opened, closed = text.count("{"), text.count("}")
    if opened != closed:
        raise UnreadableError(
            _("Câu này thiếu dấu } ở cuối phần đáp án.")
            if opened > closed
            else _("Câu này thiếu dấu { ở đầu phần đáp án.")
        )
    if opened > 1:
        raise UnreadableError(_("Câu này có nhiều hơn một cặp ngoặc { }. Dấu { trong lời văn thì viết \\{."))
    if not opened:
        return text, None, ""
    before, _open, rest = text.partition("{")
    inside, close, after = rest.partition("}")
    if not close:
        raise UnreadableError(_("Dấu } đứng trước dấu {."))
    return before, inside, after


def _format(text: str, given: str = "moodle") -> tuple[str, str]:
    found = _FORMAT.match(text)
    return (found[1].lower(), text[found.end() :]) if found else (given, text)


def _marked(words: str, how: str) -> str:
    own, rest = _format(words, how)
    return markup.from_format(_put_back(rest).strip(), own)


def _general_feedback(inside: str, how: str) -> tuple[str, str]:
    answers, mark, told = inside.rpartition("####")
    return (answers.strip(), _marked(told, how)) if mark else (told.strip(), "")


def _answers(inside: str, how: str) -> tuple[str, dict[str, Any]]:
    if not inside:
        return "essay", plain_rubric()
    if inside.startswith("#"):
        return "numeric", _numeric(inside[1:].strip(), how)
    if found := _TRUE_FALSE.match(inside):
        return "truefalse", _true_false(found[1], inside[found.end() :], how)
    options = list(_options(inside, how))
    if not options:
        raise UnreadableError(_("Trong ngoặc { } không có đáp án nào bắt đầu bằng = hoặc ~."))
    if any(option.sign == "~" for option in options):
        return _choices(options, how)
    if any("->" in option.words for option in options):
        return "matching", _matching(options, how)
    return "short", _short(options)


def plain_rubric() -> dict[str, Any]:
    """For essays of formats that know no rubric."""
    return {"rubric": [{"id": "a", "text": _("Trả lời đúng và đủ ý"), "points": "1"}]}


def _options(inside: str, how: str) -> Iterator[Option]:
    inside = re.sub(r"~\s*=", "=", inside)  # as some files mark the right one
    signs = list(re.finditer(r"[=~]", inside))
    if not signs:
        return
    if stray := inside[: signs[0].start()].strip():
        raise UnreadableError(_("“%(stray)s” đứng trong ngoặc mà không có dấu = hay ~.") % {"stray": _put_back(stray)})
    for here, following in zip(signs, [*signs[1:], None], strict=True):
        body = inside[here.end() : following.start() if following else None]
        words, _mark, told = body.partition("#")
        weight = None
        if found := _WEIGHT.match(words):
            weight, words = percent(found[1]), words[found.end() :]
        yield Option(here[0], weight, words.strip(), _marked(told, how))


def _choices(options: list[Option], how: str) -> tuple[str, dict[str, Any]]:
    """With a wholly right one marked "=" one may be chosen; else their percents decide, and several may be."""
    weights = [_weight(option) for option in options]
    is_single = any(option.sign == "=" and weight == 100 for option, weight in zip(options, weights, strict=True))
    if not is_single and not any(weight > 0 for weight in weights):
        raise UnreadableError(_("Câu này không có phương án nào đúng."))
    choices = [
        _choice(letter, option, weight, is_single, how)
        for letter, option, weight in zip(letters(options), options, weights, strict=True)
    ]
    if is_single:
        return "single", {"choices": any_of_several(choices)}
    return "multiple", {"choices": choices, "credit": "weights"}


def _weight(option: Option) -> int | float:
    if option.weight is not None:
        return option.weight  # type: ignore[no-any-return]
    return 100 if option.sign == "=" else 0


def _choice(letter: str, option: Option, weight: int | float, is_single: bool, how: str) -> dict[str, Any]:
    right = weight == 100 if is_single else weight > 0
    choice = {"id": letter, "text": _marked(option.words, how), "right": right, "feedback": option.feedback}
    usual = 100 if right else 0
    return choice if weight == usual and is_single else choice | {"weight": weight}


def _short(options: list[Option]) -> dict[str, Any]:
    rows = []
    for option in options:
        words = _put_back(_format(option.words)[1]).strip()
        if not words:
            raise UnreadableError(_("Có đáp án trống."))
        rows.append({"text": words} | noted(_weight(option), option.feedback))
    return starred(rows)


def _matching(options: list[Option], how: str) -> dict[str, Any]:
    pairs = []
    for letter, option in zip(letters(options), options, strict=True):
        row, _arrow, match = option.words.partition("->")
        words, answer = _marked(row.strip(), how), wording.quoted(_put_back(match).strip())
        if not answer:
            raise UnreadableError(_("Vế “%(row)s” chưa có vế khớp.") % {"row": words})
        pairs.append({"id": letter} | ({"text": words} if words else {}) | {"match": answer})
    return {"pairs": pairs}


def _true_false(said: str, rest: str, how: str) -> dict[str, Any]:
    _before, *told = rest.split("#")
    data: dict[str, Any] = {"right": said[0].lower() == "t"}
    notes = [_marked(words, how) for words in told[:2]]
    names = ("feedback_wrong", "feedback_right")
    return data | {name: words for name, words in zip(names, notes, strict=False) if words}


def _numeric(inside: str, how: str) -> dict[str, Any]:
    if not inside:
        raise UnreadableError(_("Câu hỏi số chưa có đáp số."))
    rows = _options(inside if inside.startswith(("=", "~")) else f"={inside}", how)
    return {"answers": [_number(option) for option in rows]}


def _number(option: Option) -> dict[str, Any]:
    """Behind "~" stands what is told to whoever gave another number, as Moodle writes it: with or without a "*"."""
    if option.words in ("*", "") and (option.words or option.sign == "~"):
        return {"value": "*"} | noted(option.weight or 0, option.feedback)
    return decimal_row(_put_back(option.words)) | noted(_weight(option), option.feedback)
