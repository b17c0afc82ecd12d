"""Writing what `quizzes.importing.plan` found.

Whatever takes time is done before the transaction: on SQLite nobody else can write while it runs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _
from taggit.models import Tag

from accounts.models import User
from courses.models import Activity
from lib import generation
from lib.refusals import Refusal
from quizzes import importing, wording
from quizzes.importing import Entry, Plan
from quizzes.models import Question, QuestionBank, QuestionStatus, QuestionTag, QuestionVersion, VersionTranslation

from . import approval, pictures, versions


class StalePlan(Refusal):
    """Somebody was quicker; another plan says what would happen now."""


@dataclass(frozen=True)
class _Ready:
    """An entry with everything of it that can be made outside of the transaction."""

    entry: Entry
    folded: str
    lesson: Activity | None


def import_questions(*, plan: Plan, by: User | None, at: datetime) -> list[Question]:
    """All of a plan, as drafts that somebody reviews; returns what is new or has a new version. What only gets more tags stays
    as it is otherwise.

    A reviewed question whose words change is a draft again, so that nobody is asked what nobody has read; what is marked as
    waiting to be verified stays so. Raises Refusal when the plan has refusals or its bank was deleted since it was made,
    StalePlan when somebody wrote or reviewed one of its questions; then nothing is written, and no picture stays.
    """
    if plan.refusals:
        raise Refusal(
            _("Chưa nhập câu nào: tệp còn %(n)s chỗ phải sửa. Hãy sửa trong tệp rồi chọn lại.")
            % {"n": len(plan.refusals)}
        )
    entries = [entry for entry in plan.entries if entry.fate != "same"]
    lessons = importing.lessons({entry.draft.lesson for entry in entries if entry.draft.lesson})
    ready = [_ready(entry, lessons) for entry in entries]
    if not ready:
        return []
    prefetch_related_objects([one.entry.known for one in ready if one.entry.known], "translations")
    with pictures.kept([one.entry.draft for one in ready], by) as images, transaction.atomic():
        return _write(plan, ready, images, by, at)


def _ready(entry: Entry, lessons: Mapping[str, Activity]) -> _Ready:
    shown = importing.renamed(entry.draft, dict.fromkeys(entry.draft.pictures, f"{wording.PICTURE}0"))
    return _Ready(entry, versions.folded(shown.stem), lessons.get(entry.draft.lesson))


def _write(
    plan: Plan, ready: Sequence[_Ready], images: pictures.Images, by: User | None, at: datetime
) -> list[Question]:
    standing = _standing(plan, ready)
    images.save()
    questions = [_question(one, plan.bank, standing, by) for one in ready]
    Question.objects.bulk_create([question for question in questions if question.pk is None])
    _update(list(standing.values()))
    _tag({question: one.entry.tags for one, question in zip(ready, questions, strict=True)})
    written = [pair for pair in zip(ready, questions, strict=True) if pair[0].entry.fate != "tagged"]
    made = [_version(one, question, images, by, at) for one, question in written]
    QuestionVersion.objects.bulk_create(made)
    followed = [(one.entry.known, version) for (one, _question), version in zip(written, made, strict=True)]
    VersionTranslation.objects.bulk_create(
        [words for known, version in followed for words in versions.kept_translations(known, version)]
    )
    versions.note(questions, new={question.key for question in questions} - set(standing), by=by, at=at)
    generation.bump()  # pages of quizzes say how many questions there are
    return [question for _one, question in written]


def _tag(given: Mapping[Question, Sequence[str]]) -> None:
    """All at once, and as the form does: a tag that is there in other capitals is that tag."""
    if not any(given.values()):
        return
    known = {tag.name.casefold(): tag for tag in Tag.objects.all()}
    for name in sorted({name for names in given.values() for name in names}):
        if name.casefold() not in known:
            known[name.casefold()] = Tag.objects.get_or_create(name=name)[0]
    QuestionTag.objects.bulk_create(
        [
            QuestionTag(content_object=question, tag=known[name.casefold()])
            for question, names in given.items()
            for name in names
        ],
        ignore_conflicts=True,
    )


def _standing(plan: Plan, ready: Sequence[_Ready]) -> dict[str, Question]:
    """The questions that get another version, by key. Whoever else imports or edits one waits here, or was quicker."""
    bank = _locked(plan.bank)
    keys = [_key(bank, one.entry) for one in ready if one.entry.known]
    rows = Question.objects.select_for_update().filter(key__in=keys).prefetch_related("tags")  # type: ignore[misc]
    locked = {question.key: question for question in rows}
    newest = dict(importing.newest(bank).values_list("question__key", "pk"))
    if any(_is_stale(one.entry, _key(bank, one.entry), newest, locked) for one in ready):
        raise StalePlan(
            _("Chưa nhập câu nào: có người vừa sửa, duyệt hay nhập câu trong tệp này. Hãy chọn tệp lần nữa để xem lại.")
        )
    return locked


def _is_stale(entry: Entry, key: str, newest: Mapping[str, int], locked: Mapping[str, Question]) -> bool:
    """Also when it was reviewed meanwhile: nobody was told that quizzes would stop asking it."""
    if entry.known is None:
        return key in newest
    return newest.get(key) != entry.known.pk or locked[key].status != entry.known.question.status


def _locked(bank: QuestionBank) -> QuestionBank:
    """Without its key: who saves a question of the bank meanwhile looks it up there, and waits for the question alone."""
    if bank.pk is None:
        bank.save()
    found = QuestionBank.objects.select_for_update(no_key=True).filter(pk=bank.pk).first()
    if found is None:
        raise Refusal(
            _("Chưa nhập câu nào: ngân hàng “%(bank)s” vừa bị xóa. Hãy chọn ngân hàng khác.") % {"bank": bank}
        )
    return found


def _update(questions: Sequence[Question]) -> None:
    """Written as if they were new: `bulk_update` takes four times as long."""
    changed = ["kind", "status", "search", "difficulty", "lesson", *approval.FIELDS]
    Question.objects.bulk_create(questions, update_conflicts=True, unique_fields=["pk"], update_fields=changed)


def _key(bank: QuestionBank, entry: Entry) -> str:
    return entry.known.question.key if entry.known else importing.prefix(bank) + entry.own


def _question(one: _Ready, bank: QuestionBank, standing: dict[str, Question], by: User | None) -> Question:
    key = _key(bank, one.entry)
    question = standing.get(key) or Question(bank=bank, key=key, author=by)
    had = [tag.name for tag in question.tags.all()] if question.pk else []
    question.search = versions.search_text(key, one.folded, sorted([*had, *one.entry.tags]))
    if one.entry.fate == "tagged":
        return question
    question.kind = one.entry.draft.kind
    question.difficulty = one.entry.draft.difficulty or question.difficulty
    question.lesson = one.lesson or question.lesson
    question.reviewed_by = question.reviewed_at = None
    if question.status == QuestionStatus.REVIEWED:
        question.status = QuestionStatus.DRAFT
    return question


def _version(
    one: _Ready, question: Question, images: pictures.Images, by: User | None, at: datetime
) -> QuestionVersion:
    draft = importing.renamed(one.entry.draft, images.places(one.entry.draft))
    known = one.entry.known
    words = {name: getattr(draft, name) for name in ("kind", "stem", "data", "explanation")}
    to_verify = known.to_verify if known else False
    return versions.next_version(question, known, by=by, at=at, to_verify=to_verify, **words)
