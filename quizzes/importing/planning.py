"""What importing a file would do, before anything is written."""

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import unquote

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _

from courses.models import Activity
from pages.forms.images import WholeImageField
from quizzes import rules, wording
from quizzes.formats.base import Draft, Problem, UnreadableError
from quizzes.kinds import KINDS
from quizzes.models import QuestionBank, QuestionStatus, QuestionTag, QuestionVersion

from . import likeness
from .likeness import Known
from .reading import read

_FAR = re.compile(r"!\[[^\]]*\]\((?!anh:|tep:)([^)\s\"]+)")
_BROUGHT = re.compile(r"!\[([^\]]*)\]\(tep:[^)\s]+\)")
_UNDESCRIBED = re.compile(r"!\[\s*\]\((?:tep:|anh:)")
_LATEX = re.compile(
    r"\\\\?\([^\n]+?\\\\?\)|\$\$[^$]+\$\$|\\\\\\\[.+?\\\\\\\]"
)  # as Markdown, in which \ is \\ and [ is \[
LONGEST = 10_000  # letters of what is asked


@dataclass(frozen=True)
class Entry:
    """A draft with what names it within the bank; `fate`: "new", "version" (which follows `known`), "tagged" or "same".

    `tags` are those that it gets. A file adds tags and takes none away: it may know fewer than editors have given since.
    """

    draft: Draft
    own: str
    fate: str
    known: QuestionVersion | None = None
    tags: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return str(KINDS[self.draft.kind].label)

    @property
    def stem(self) -> str:
        return with_pictures_named(self.draft.stem)

    @property
    def described(self) -> list[str]:
        return [with_pictures_named(words) for words in KINDS[self.draft.kind].described(self.draft.data)]

    @property
    def is_taken_out(self) -> bool:
        """Whether quizzes stop asking it until somebody has reviewed the new words."""
        was = self.known.question.status if self.known else ""
        return self.fate == "version" and was == QuestionStatus.REVIEWED


@dataclass
class Plan:
    """What importing a file would do. `refusals` keep all of it out."""

    bank: QuestionBank
    name: str  # of the file
    entries: list[Entry] = field(default_factory=list)
    refusals: list[Problem] = field(default_factory=list)
    losses: list[Problem] = field(default_factory=list)
    new_tags: list[str] = field(default_factory=list)  # that no question has yet

    def count(self, fate: str) -> int:
        return sum(entry.fate == fate for entry in self.entries)

    @property
    def taken_out(self) -> int:
        return sum(entry.is_taken_out for entry in self.entries)

    @property
    def digest(self) -> str:
        """Of all that would be written: what somebody agrees to is still what happens while this is the same."""
        written = [one for one in self.entries if one.fate != "same"]
        seen = [(one.own, one.fate, one.known and one.known.pk, one.is_taken_out, one.tags) for one in written]
        return likeness.digest(json.dumps(seen))

    def note(self, problems: Iterable[Problem]) -> None:
        for problem in problems:
            (self.losses if problem.is_loss else self.refusals).append(problem)


class _Bank:
    """What is there, by its name and by what it says."""

    def __init__(self, known: Mapping[str, Known]) -> None:
        self.known = known
        self.by_content = {one.content: own for own, one in known.items()}

    def own_name(self, draft: Draft, content: str) -> str:
        """What a file does not name and the bank holds already, word by word, is that question, whoever wrote it."""
        own = likeness.own_name(draft, content)
        return own if draft.key or own in self.known else self.by_content.get(content, own)


def plan(*, data: bytes, name: str, bank: QuestionBank, form: str = "", within: Collection[int] | None = None) -> Plan:
    """`form` is one of `FORMATS`; "" is found out from name and content. A file that cannot be read is one refusal. So is a
    question that was moved since it came in, out of the banks `within` (ids; None: any) that somebody may write in."""
    made = Plan(bank, name)
    try:
        parsed = read(data, name, form)
    except UnreadableError as error:
        made.refusals.append(Problem(0, str(error)))
        return made
    known, above = _Bank(likeness.known(bank)), dict[str, tuple[str, str]]()
    library = likeness.pictures_of(parsed.drafts)
    for draft in parsed.drafts:
        problems = [_problem(draft, problem) for problem in _problems(draft)]
        made.note(problems or _enter(draft, likeness.content_of_draft(draft, library), known, above, made.entries))
    made.note(_moved_away(made.entries, within))
    made.note(parsed.problems + _unplaced(parsed.drafts) + _far_pictures(parsed.drafts) + _formulas(parsed.drafts))
    made.note(_undescribed(made.entries))
    made.refusals.sort(key=lambda problem: problem.place)
    made.new_tags = _new_tags(made.entries)
    return made


def _problem(draft: Draft, reason: str, *, is_loss: bool = False) -> Problem:
    said = wording.plain(with_pictures_named(draft.stem[:LONGEST]))[:80]
    return Problem(draft.place, reason, said, is_loss=is_loss, name=draft.name)


def with_pictures_named(words: str) -> str:
    """A picture that comes with a file cannot be shown before it is kept: what it is described as is."""
    return _BROUGHT.sub(lambda found: _named(found[1]), words)


def _named(alt: str) -> str:
    return f"[{_('hình: %(alt)s') % {'alt': alt}}]" if alt.strip() else f"[{_('hình')}]"


def _undescribed(entries: Iterable[Entry]) -> list[Problem]:
    said = _(
        "Có hình chưa có mô tả: ai không xem được hình thì không biết hình nói gì. Hãy ghi mô tả ở trang sửa câu hỏi."
    )
    brought = [entry.draft for entry in entries if entry.fate != "same"]
    return [_problem(draft, said, is_loss=True) for draft in brought if _UNDESCRIBED.search(_written(draft))]


def _written(draft: Draft) -> str:
    return json.dumps([draft.stem, draft.explanation, draft.data], ensure_ascii=False)


def _moved_away(entries: Iterable[Entry], within: Collection[int] | None) -> list[Problem]:
    if within is None:
        return []
    said = _("Câu này đã được chuyển sang một ngân hàng mà anh/chị không sửa được. Hãy bỏ câu này khỏi tệp.")
    changed = [entry for entry in entries if entry.known and entry.fate != "same"]
    return [
        _problem(entry.draft, said) for entry in changed if entry.known and entry.known.question.bank_id not in within
    ]


def _problems(draft: Draft) -> list[str]:
    too_long = [_("Lời hỏi dài quá 10.000 ký tự.")] if len(draft.stem) > LONGEST else []
    broken = (_fault(unquote(name), content) for name, content in draft.pictures.items())
    return KINDS[draft.kind].problems(draft.data) + too_long + [fault for fault in broken if fault]


def _new_tags(entries: Iterable[Entry]) -> list[str]:
    brought = {tag.casefold(): tag for entry in entries for tag in entry.tags}
    used = {tag.name.casefold() for tag in QuestionTag.in_use()} if brought else set()
    return sorted(tag for folded, tag in brought.items() if folded not in used)


def _tags(draft: Draft) -> list[str]:
    return [tag for tag in rules.tags(draft.tags) if len(tag) <= rules.LONGEST_TAG]


def _unplaced(drafts: Sequence[Draft]) -> list[Problem]:
    """What a file says beside questions and is not kept: tags without end, and lessons that are not found by their title."""
    long = _("Có nhãn dài quá %(n)s ký tự nên không nhập nhãn đó: “%(tag)s”.")
    tags = [
        _problem(draft, long % {"n": rules.LONGEST_TAG, "tag": f"{tag[:40]}…"}, is_loss=True)
        for draft in drafts
        for tag in rules.tags(draft.tags)
        if len(tag) > rules.LONGEST_TAG
    ]
    named = {draft.lesson: draft.place for draft in reversed(drafts) if draft.lesson}
    found = lessons(named)
    said = _(
        "Không thấy bài học tên “%(name)s”, hoặc có nhiều bài cùng tên. Câu hỏi vẫn được nhập nhưng không gắn bài học; hãy chọn bài ở trang sửa câu hỏi."
    )
    return tags + [
        Problem(place, said % {"name": name}, is_loss=True) for name, place in named.items() if name not in found
    ]


def _far_pictures(drafts: Sequence[Draft]) -> list[Problem]:
    """Nothing is fetched from elsewhere, and such a picture is not shown: that has to be known before somebody asks with it."""
    said = _("Hình ở địa chỉ “%(address)s” không được tải về. Hãy thêm hình ở trang sửa câu hỏi.")
    return [
        _problem(draft, said % {"address": address[:100]}, is_loss=True)
        for draft in drafts
        for address in dict.fromkeys(_FAR.findall(_written(draft)))
    ]


def _formulas(drafts: Sequence[Draft]) -> list[Problem]:
    said = _("Công thức LaTeX được giữ như chữ đã gõ, không hiện thành công thức.")
    return [_problem(draft, said, is_loss=True) for draft in drafts if _has_formula(draft)]


def _has_formula(draft: Draft) -> bool:
    return bool(_LATEX.search(_written(draft).replace(r"\\", "\\")))


def lessons(titles: Collection[str]) -> dict[str, Activity]:
    """By title, where just one activity has it."""
    if not titles:
        return {}
    activities = list(Activity.objects.filter(title__in=titles))
    times = Counter(activity.title for activity in activities)
    return {activity.title: activity for activity in activities if times[activity.title] == 1}


def _fault(name: str, content: bytes) -> str:
    try:
        WholeImageField().clean(SimpleUploadedFile(name, content))
    except ValidationError as error:
        return _("Hình “%(name)s”: %(why)s") % {"name": name, "why": " ".join(error.messages)}
    return ""


def _enter(
    draft: Draft, content: str, bank: _Bank, above: dict[str, tuple[str, str]], entries: list[Entry]
) -> list[Problem]:
    """Adds what would become of a draft; what stood `above` in the file is not entered again."""
    own = bank.own_name(draft, content)
    if own in above:
        return [_repeated(draft, above[own], content)]
    above[own] = (draft.name or str(draft.place), content)
    stands, tags = bank.known.get(own), _tags(draft)
    lacking = stands.lacks(tags) if stands else tuple(tags)
    fate = _fate(draft, content, stands, lacking)
    entries.append(Entry(draft, own, fate, stands.version if stands else None, lacking))
    return []


def _repeated(draft: Draft, above: tuple[str, str], content: str) -> Problem:
    place, said = above
    if said == content:
        reason = _("Câu này đã có ở trên trong tệp; chỉ nhập một lần.")
        return _problem(draft, reason, is_loss=True)
    reason = _("Câu này trùng mã “%(id)s” với câu ở %(place)s nhưng khác lời. Hãy đặt cho mỗi câu một mã riêng.")
    return _problem(draft, reason % {"id": draft.key[:60], "place": place})


def _fate(draft: Draft, content: str, known: Known | None, lacking: Sequence[str]) -> str:
    """What the file does not name is known by its words: it came in before, and what editors mended since stays."""
    if known is None:
        return "new"
    if draft.key and known.content != content:
        return "version"
    return "tagged" if lacking else "same"


def renamed(draft: Draft, pictures: Mapping[str, str]) -> Draft:
    """The draft with `tep:name` replaced by where each picture is kept now."""
    if not pictures:
        return draft
    moved = _written(draft)
    for name, kept in pictures.items():
        moved = moved.replace(f"(tep:{name})", f"({kept})")
    stem, explanation, data = json.loads(moved)
    return replace(draft, stem=stem, explanation=explanation, data=data)
