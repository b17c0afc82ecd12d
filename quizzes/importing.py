"""Question files in: read, say what would happen, and only then write. All of a file or nothing; again is harmless."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from lib import text

from .formats import aiken, decoding, gift, moodle_xml, word
from .formats.base import Draft, Parsed, Problem, UnreadableError
from .kinds import KINDS
from .models import QuestionBank

LARGEST = 20_000_000  # bytes
MOST = 5_000  # questions in one file


def _of_text(read: Callable[[str], Parsed]) -> Callable[[bytes], Parsed]:
    def reader(data: bytes) -> Parsed:
        content, encoding = decoding.decoded(data)
        parsed = read(content)
        if encoding:
            said = _("Tệp viết bằng bảng mã %(name)s; đã đọc được. Lần sau nên lưu bằng UTF-8.") % {"name": encoding}
            parsed.problems.insert(0, Problem(0, said, is_loss=True))
        return parsed

    return reader


FORMATS: dict[str, Callable[[bytes], Parsed]] = {
    "gift": _of_text(gift.read),
    "aiken": _of_text(aiken.read),
    "xml": moodle_xml.read,
    "word": word.read,
}
_SUFFIXES = {".gift": "gift", ".xml": "xml", ".docx": "word"}


@dataclass(frozen=True)
class Entry:
    """A draft with the key under which it would be kept; `fate`: "new", "version" (of a known one) or "same"."""

    draft: Draft
    key: str
    fate: str

    @property
    def label(self) -> str:
        return str(KINDS[self.draft.kind].label)

    @property
    def described(self) -> list[str]:
        return KINDS[self.draft.kind].described(self.draft.data)


@dataclass
class Plan:
    """What importing a file would do. `refusals` keep all of it out."""

    bank: QuestionBank
    entries: list[Entry] = field(default_factory=list)
    refusals: list[Problem] = field(default_factory=list)
    losses: list[Problem] = field(default_factory=list)

    def count(self, fate: str) -> int:
        return sum(entry.fate == fate for entry in self.entries)


def plan(*, data: bytes, name: str, bank: QuestionBank, form: str = "") -> Plan:
    """`form` is one of `FORMATS`; "" is found out from name and content. A file that cannot be read is one refusal."""
    made = Plan(bank)
    try:
        parsed = _read(data, name, form)
    except UnreadableError as error:
        made.refusals.append(Problem(0, str(error)))
        return made
    known = _known(bank) if bank.pk else {}
    for draft in parsed.drafts:
        problems = KINDS[draft.kind].problems(draft.data) + _too_long(draft)
        made.refusals += [Problem(draft.place, problem, draft.stem[:80]) for problem in problems]
        if not problems:
            made.entries.append(_entry(draft, bank, known, made))
    made.refusals += parsed.refusals
    made.losses += [problem for problem in parsed.problems if problem.is_loss]
    made.refusals.sort(key=lambda problem: problem.place)
    return made


def _read(data: bytes, name: str, form: str) -> Parsed:
    if len(data) > LARGEST:
        raise UnreadableError(_("Tệp này lớn quá 20 MB. Hãy chia nhỏ rồi tải lên."))
    if not data.strip():
        raise UnreadableError(_("Tệp này trống."))
    parsed = FORMATS[form or guessed(data, name)](data)
    if len(parsed.drafts) > MOST:
        raise UnreadableError(_("Tệp này có hơn %(n)s câu. Hãy chia nhỏ rồi tải lên.") % {"n": MOST})
    if not parsed.drafts and not parsed.problems:
        raise UnreadableError(_("Không thấy câu hỏi nào trong tệp này."))
    return parsed


def guessed(data: bytes, name: str) -> str:
    """By suffix where it says something, else by what the content looks like."""
    suffix = PurePath(name.lower()).suffix
    if suffix in _SUFFIXES:
        return _SUFFIXES[suffix]
    if data.startswith(b"PK"):
        return "word"
    head = data.lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"<"):
        return "xml"
    return "gift" if b"{" in data or head.startswith((b"//", b"::", b"$CATEGORY")) else "aiken"


def _known(bank: QuestionBank) -> dict[str, tuple[str, str]]:
    """Key → (kind, content) of the newest version of every question in the bank."""
    found = {}
    for question in bank.questions.prefetch_related("versions"):
        version = question.versions.all()[0]
        found[question.key] = (version.kind, _content(version.kind, version.stem, version.data, version.explanation))
    return found


def _entry(draft: Draft, bank: QuestionBank, known: dict[str, tuple[str, str]], made: Plan) -> Entry:
    taken = {entry.key for entry in made.entries}
    content = _content(draft.kind, draft.stem, draft.data, draft.explanation)
    key = _key(draft, bank, content)
    if key in taken:
        made.losses.append(
            Problem(draft.place, _("Câu này đã có ở trên trong tệp; chỉ nhập một lần."), draft.stem[:80], is_loss=True)
        )
        return Entry(draft, key, "same")
    before = known.get(key)
    return Entry(draft, key, "new" if before is None else "same" if before[1] == content else "version")


def _key(draft: Draft, bank: QuestionBank, content: str) -> str:
    """What the file calls it, within the bank; else what it says: the same words are the same question."""
    own = slugify(text.fold(draft.key))[:30]
    return f"{_stem_of(bank)}-{own or hashlib.sha256(content.encode()).hexdigest()[:10]}"


def _stem_of(bank: QuestionBank) -> str:
    """Of its name, so that it is the same before the bank is made; two names that fold alike stay apart."""
    mark = hashlib.sha256(bank.name.encode()).hexdigest()[:4]
    return f"{slugify(text.fold(bank.name))[:20].strip('-') or 'nh'}-{mark}"


def _content(kind: str, stem: str, data: dict[str, Any], explanation: str) -> str:
    return json.dumps([kind, text.nfc_lines(stem), data, explanation], sort_keys=True, ensure_ascii=False)


def _too_long(draft: Draft) -> list[str]:
    return [_("Lời hỏi dài quá 10.000 ký tự.")] if len(draft.stem) > 10_000 else []


def renamed(draft: Draft, pictures: dict[str, str]) -> Draft:
    """The draft with `tep:name` replaced by where each picture is kept now."""
    if not pictures:
        return draft
    moved = json.dumps([draft.stem, draft.explanation, draft.data], ensure_ascii=False)
    for name, kept in pictures.items():
        moved = moved.replace(f"(tep:{name})", f"({kept})")
    stem, explanation, data = json.loads(moved)
    return replace(draft, stem=stem, explanation=explanation, data=data)
