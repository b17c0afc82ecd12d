"""Questions with lettered choices in plain lines: Aiken, and the way in which they are written in Word here.

Câu 1: Muối nào có chỉ dẫn địa lý?      What color is the sky?
A. Muối Cà Mau                          A. Red
*B. Muối Bạc Liêu                       B) Blue
Đáp án: B                               ANSWER: B
Giải thích: Được bảo hộ từ 2013.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from string import ascii_uppercase
from typing import Any

from django.utils.translation import gettext as _

from lib.text import nfc
from quizzes import wording

from .base import LONGEST_RAW, Draft, Parsed, Problem, UnreadableError

_NUMBERED = re.compile(
    r"(?i)(?P<word>câu|question|bài)?\s*(?:hỏi\s*)?(?:số\s*)?(?P<number>\d{1,4})(?:\s*\([^()]{0,20}(?:điểm|points?)\))?(?P<sign>\s*[.:)/–-]+)?(?:\s+|$|(?<=[.:)/–-]))"
)
_PART = re.compile(r"(?i)(?:phần|chương|part|section)\s+(?:[ivx]+|\d{1,2})\s*(?:[.:–-]|$)")
_CHOICE = re.compile(r"(\*\s*)?([A-Za-z])\s*[.)]\s*(.*)", re.DOTALL)
_KEY = re.compile(
    r"(?i)(?:đáp án(?: đúng)?(?: là)?|trả lời|answer|key)\s*[:：]\s*(.*)|(?:đáp án(?: đúng)?(?: là)?)\s+([a-z])\s*\.?$"
)
_NOTE = re.compile(r"(?i)(?:giải thích|lời giải|explanation)\s*[:：]\s*(.*)", re.DOTALL)
_LED = re.compile(r"(?i)(?:cả|câu|ý|chọn|phương án)\s+")
_LISTED = re.compile(r"(?i)[a-z]\s*[.)]?(?:\s*(?:[,;&]|và\b|and\b)\s*[a-z]\s*[.)]?)*")
_WORDED = re.compile(r"([A-Za-z])\s*[.)]\s*(\S.*)", re.DOTALL)
_LONE = re.compile(r"\b[A-Za-z]\b")


@dataclass(frozen=True)
class Line:
    number: int
    text: str
    marks: frozenset[str] = (
        frozenset()
    )  # "b letter", "u words": how Word shows a choice, one of the ways to mark the key
    is_partly: bool = False  # only some of its words are marked
    losses: tuple[str, ...] = ()
    in_table: bool = False


@dataclass
class Choice:
    letter: str
    words: str
    is_starred: bool
    marks: frozenset[str] = frozenset()
    is_partly: bool = False


@dataclass
class Block:
    """One question as it stands."""

    number: int
    stem: list[str] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    key: str = ""
    note: list[str] = field(default_factory=list)
    head: str = ""  # its first line, with its number
    losses: list[str] = field(default_factory=list)
    length: int = 0  # letters

    @property
    def name(self) -> str:
        found = _numbered(self.head)
        return _("Câu %(n)s") % {"n": int(found["number"])} if found else ""

    @property
    def is_asked(self) -> bool:
        return bool(self.choices or self.key)


def read(lines: Iterable[Line]) -> Parsed:
    parsed = Parsed()
    blocks = list(_blocks(lines))
    for place, block in enumerate(blocks):
        if _is_heading(block, blocks[place + 1 : place + 2], is_first=not place):
            parsed.problems.append(Problem(block.number, _told_of_heading(block), block.head[:80], is_loss=True))
            continue
        try:
            parsed.drafts.append(_draft(block))
        except UnreadableError as error:
            parsed.problems.append(Problem(block.number, str(error), block.head[:80], name=block.name))
        parsed.problems += [
            Problem(block.number, loss, block.head[:80], is_loss=True, name=block.name)
            for loss in dict.fromkeys(block.losses)
        ]
    return parsed


def _told_of_heading(block: Block) -> str:
    if any(line.rstrip().endswith((".", ":", "…")) for line in block.stem):
        return _(
            "Đoạn này đứng trước câu đầu và không có đáp án, nên không nhập. Muốn học viên đọc đoạn này, hãy thêm câu dạng “đoạn để đọc, không hỏi” rồi chép đoạn vào."
        )
    return _("Dòng này là đầu đề, không phải câu hỏi, nên được bỏ qua.")


def _is_heading(block: Block, following: list[Block], *, is_first: bool) -> bool:
    """The title above the first numbered question, or "Phần II. …": nobody is asked anything there."""
    if block.is_asked or block.note or "?" in " ".join(block.stem):
        return False
    above_all = is_first and not _numbered(block.head) and any(_numbered(one.head) for one in following)
    return above_all or bool(_PART.match(block.head))


def _blocks(lines: Iterable[Line]) -> Iterator[Block]:
    """A question begins with its number, or after an empty line or a key with words that are no choice."""
    block: Block | None = None
    was_empty = True
    for line in lines:
        text = line.text.strip()
        if not text:
            was_empty = True
            if block:
                block.losses += line.losses
            continue
        if block is None or _begins(text, block, was_empty):
            if block:
                yield block
            block = Block(line.number, head=text)
        block.losses += line.losses
        block.length += len(text)
        if block.length > LONGEST_RAW:
            raise UnreadableError(_("Câu ở dòng %(line)s dài quá nên tệp chưa được đọc.") % {"line": block.number})
        _take(block, text, line)
        was_empty = False
    if block:
        yield block


def _begins(text: str, block: Block, was_empty: bool) -> bool:
    if _PART.match(text) and "?" not in text:
        return block.is_asked
    if found := _numbered(text):
        return bool(found["word"]) or (block.is_asked and not block.note)
    if _KEY.match(text) or _CHOICE.fullmatch(text):
        return bool(block.key and not block.note and (block.choices or was_empty))
    if _NOTE.match(text):
        return False
    return bool(block.choices or block.key) and (was_empty or bool(block.key and not block.note))


def _numbered(text: str) -> re.Match[str] | None:
    """ "Câu 3: …", "Câu 3 Muối …" or "3. …"; "Bài 3 nói gì?" is a sentence, and "3.5 kg" a number."""
    found = _NUMBERED.match(text)
    if not found or not (found["word"] or found["sign"]):
        return None
    rest = text[found.end() :]
    if found["sign"]:
        return found if found["word"] or text[found.end("sign") :][:1].isspace() else None
    return found if not rest or rest[0].isupper() else None


def _take(block: Block, text: str, line: Line) -> None:
    if found := _KEY.match(text):
        block.key = (found[1] or found[2] or "").strip()
    elif found := _NOTE.match(text):
        block.note.append(found[1])
    elif block.note:
        block.note.append(text)
    elif (found := _CHOICE.fullmatch(text)) and (block.stem or block.choices) and _is_next(found[2], block):
        starred = bool(found[1])
        block.choices.append(Choice(found[2].upper(), found[3].strip(), starred, line.marks, line.is_partly))
    elif block.choices:
        block.choices[-1].words += f" {text}"
    else:
        if line.in_table and block.stem:
            block.losses.append(_("Bảng trong lời hỏi chỉ còn là các dòng chữ; hãy xem lại sau khi nhập."))
        numbered = _numbered(text)
        block.stem.append(text[numbered.end() :] if numbered and not block.stem else text)


def _is_next(letter: str, block: Block) -> bool:
    """ "A" opens the choices and each next one has the next letter: so "a) và b) đều đúng" within a choice is none."""
    return letter.upper() == ascii_uppercase[len(block.choices)] if len(block.choices) < len(ascii_uppercase) else False


def _draft(block: Block) -> Draft:
    stem = "\n".join(line for line in block.stem if line)
    if not stem:
        raise UnreadableError(_("Câu này không có lời hỏi."))
    if not block.choices:
        return _written(block, stem)
    right = _right(block)
    choices = [
        {"id": one.letter.lower(), "text": wording.quoted(one.words), "right": one.letter in right, "feedback": ""}
        for one in block.choices
    ]
    if any(not choice["text"] for choice in choices):
        raise UnreadableError(_("Có phương án chưa ghi chữ."))
    return _made(block, stem, "single" if len(right) == 1 else "multiple", {"choices": choices})


def _right(block: Block) -> set[str]:
    """The letters of the key; without a key line, the choices that are marked."""
    known = {one.letter for one in block.choices}
    named = _named(block) if block.key else set()
    if unknown := named - known:
        raise UnreadableError(
            _("Đáp án %(letters)s không có trong các phương án.") % {"letters": ", ".join(sorted(unknown))}
        )
    marked = _marked(block)
    if named and marked and named != marked:
        raise UnreadableError(
            _("Dòng đáp án ghi %(named)s nhưng phương án được đánh dấu là %(marked)s.")
            % {"named": ", ".join(sorted(named)), "marked": ", ".join(sorted(marked))}
        )
    if right := named or marked:
        return right
    if partly := [one.letter for one in block.choices if one.is_partly]:
        said = _(
            "Câu này chưa có đáp án: phương án %(letters)s chỉ được tô đậm, gạch chân hay tô màu một phần. Hãy đánh dấu cả phương án, hoặc ghi dòng “Đáp án:”."
        )
        raise UnreadableError(said % {"letters": ", ".join(partly)})
    raise UnreadableError(_("Câu này chưa có đáp án."))


def _marked(block: Block) -> set[str]:
    """Those with a star, else those that alone are shown in some way: what all choices share tells none of them apart."""
    known = {one.letter for one in block.choices}
    starred = {one.letter for one in block.choices if one.is_starred}
    if starred:
        return starred if len(starred) < len(known) else set()
    ways = {
        mark: {one.letter for one in block.choices if mark in one.marks} for one in block.choices for mark in one.marks
    }
    telling = [letters for letters in ways.values() if len(letters) < len(known)]
    if any(letters != telling[0] for letters in telling) and not block.key:
        said = _(
            "Phương án %(letters)s được đánh dấu theo những cách khác nhau, nên chưa rõ đáp án. Hãy ghi dòng “Đáp án:”."
        )
        raise UnreadableError(said % {"letters": ", ".join(sorted(set().union(*telling)))})
    return set().union(*telling)


def _named(block: Block) -> set[str]:
    """The letters of a key line. A sentence that merely holds letters is refused: who guesses teaches a wrong answer."""
    key = _core(block.key)
    if len(key) > 1 and (said := {one.letter for one in block.choices if _core(one.words) == key}):
        return said  # one of the choices may itself be "Cả A và B"
    if _LISTED.fullmatch(key):
        return {letter.upper() for letter in _LONE.findall(key)}
    if (found := _WORDED.fullmatch(key)) and _is_about(found[1].upper(), found[2], block):
        return {found[1].upper()}
    raise UnreadableError(
        _(
            "Chưa rõ phương án nào đúng, vì dòng đáp án ghi “%(key)s”. Hãy chỉ ghi chữ cái của phương án đúng, ví dụ “B”; nếu nhiều phương án đúng, ví dụ “A, C”."
        )
        % {"key": block.key[:80]}
    )


def _core(words: str) -> str:
    led = _LED.match(words)
    return nfc(words[led.end() :] if led else words).casefold().strip(" .")


def _is_about(letter: str, rest: str, block: Block) -> bool:
    """Whether the words behind "B." say that choice again, or at least name no other."""
    words = {one.letter: _core(one.words) for one in block.choices}
    others = [other for known, other in words.items() if known != letter]
    return _core(rest) == words.get(letter) or not (_LONE.search(rest) or any(other in _core(rest) for other in others))


def _written(block: Block, stem: str) -> Draft:
    """Without choices: true or false when the key says so, else a short answer."""
    if not block.key:
        raise UnreadableError(_("Câu này không có phương án và không có đáp án."))
    said = block.key.strip(" .").casefold()
    if said in ("đúng", "sai", "true", "false"):
        return _made(block, stem, "truefalse", {"right": said in ("đúng", "true")})
    opened = _CHOICE.match(stem)
    if (len(said) == 1 and said.isalpha()) or (opened and opened[2].upper() == "A"):
        raise UnreadableError(
            _("Dòng đáp án ghi “%(key)s” nhưng không thấy các phương án, hoặc thiếu lời hỏi ở trên các phương án.")
            % {"key": block.key}
        )
    answers = [part.strip() for part in re.split(r"[;|]", block.key) if part.strip()]
    return _made(block, stem, "short", {"answers": answers})


def _made(block: Block, stem: str, kind: str, data: dict[str, Any]) -> Draft:
    note = "\n".join(block.note).strip()
    return Draft(block.number, kind, wording.quoted(stem), data, explanation=wording.quoted(note), name=block.name)
