"""Writing what `quizzes.importing.plan` found.

Whatever takes time is done before the transaction: on SQLite nobody else can write while it runs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _
from wagtail.models import ModelLogEntry

from accounts.models import User
from lib import generation, text
from lib.refusals import Refusal
from quizzes import importing, wording
from quizzes.importing import Entry, Plan
from quizzes.models import Question, QuestionBank, QuestionStatus, QuestionVersion

from . import pictures
from .questions import carry_translations


@dataclass(frozen=True)
class _Ready:
    """An entry with everything of it that can be made outside of the transaction."""

    entry: Entry
    stem: str
    folded: str


def import_questions(*, plan: Plan, by: User | None, at: datetime) -> list[Question]:
    """All of a plan, as drafts that somebody reviews; returns what is new or has a new version.

    A reviewed question whose words change is a draft again, so that nobody is asked what nobody has read; what is marked as
    waiting to be verified stays so. Raises Refusal when the plan has refusals, or somebody changed one of its questions or
    deleted its bank since it was made; then nothing is written, and no picture stays.
    """
    if plan.refusals:
        raise Refusal(_("Chưa nhập câu nào: tệp còn %(n)s chỗ phải sửa.") % {"n": len(plan.refusals)})
    ready = [_ready(entry) for entry in plan.entries if entry.fate != "same"]
    if not ready:
        return []
    prefetch_related_objects([one.entry.known for one in ready if one.entry.known], "translations")
    with pictures.kept([one.entry.draft for one in ready], by) as images, transaction.atomic():
        return _write(plan, ready, images, by, at)


def _ready(entry: Entry) -> _Ready:
    shown = importing.renamed(entry.draft, dict.fromkeys(entry.draft.pictures, f"{wording.PICTURE}0"))
    return _Ready(entry, text.nfc_lines(entry.draft.stem), text.fold(wording.plain(shown.stem)))


def _write(
    plan: Plan, ready: Sequence[_Ready], images: pictures.Images, by: User | None, at: datetime
) -> list[Question]:
    standing = _standing(plan, ready)
    images.save()
    questions = [_question(one, plan.bank, standing, by) for one in ready]
    Question.objects.bulk_create([question for question in questions if question.pk is None])
    _update(list(standing.values()))
    versions = [_version(one, question, images, by, at) for one, question in zip(ready, questions, strict=True)]
    QuestionVersion.objects.bulk_create(versions)
    for one, version in zip(ready, versions, strict=True):
        if one.entry.known:
            carry_translations(one.entry.known, version)
    _log(questions, set(standing), by, at)
    generation.bump()  # pages of quizzes say how many questions there are
    return questions


def _standing(plan: Plan, ready: Sequence[_Ready]) -> dict[str, Question]:
    """The questions that get another version, by key. Whoever else imports or edits one waits here, or was quicker."""
    bank = _locked(plan.bank)
    keys = [_key(bank, one.entry) for one in ready if one.entry.known]
    locked = {question.key: question for question in Question.objects.select_for_update().filter(key__in=keys)}
    newest = importing.newest(bank).values_list("question__key", "pk")
    now = {key.removeprefix(importing.prefix(bank)): pk for key, pk in newest}
    if any(now.get(one.entry.own) != (one.entry.known and one.entry.known.pk) for one in ready):
        raise Refusal(
            _("Chưa nhập câu nào: có người vừa sửa hay nhập câu trong tệp này. Hãy chọn tệp lần nữa để xem lại.")
        )
    return locked


def _locked(bank: QuestionBank) -> QuestionBank:
    if bank.pk is None:
        bank.save()
    found = QuestionBank.objects.select_for_update().filter(pk=bank.pk).first()
    if found is None:
        raise Refusal(
            _("Chưa nhập câu nào: ngân hàng “%(bank)s” vừa bị xóa. Hãy chọn ngân hàng khác.") % {"bank": bank}
        )
    return found


def _update(questions: Sequence[Question]) -> None:
    """Written as if they were new: `bulk_update` takes four times as long."""
    changed = ["kind", "status", "search"]
    Question.objects.bulk_create(questions, update_conflicts=True, unique_fields=["pk"], update_fields=changed)


def _key(bank: QuestionBank, entry: Entry) -> str:
    return importing.prefix(bank) + entry.own


def _question(one: _Ready, bank: QuestionBank, standing: dict[str, Question], by: User | None) -> Question:
    key = _key(bank, one.entry)
    question = standing.get(key) or Question(bank=bank, key=key, author=by)
    question.kind, question.search = one.entry.draft.kind, f"{text.fold(key)} {one.folded}"
    if question.status == QuestionStatus.REVIEWED:
        question.status = QuestionStatus.DRAFT
    return question


def _version(
    one: _Ready, question: Question, images: pictures.Images, by: User | None, at: datetime
) -> QuestionVersion:
    draft = importing.renamed(one.entry.draft, images.places(one.entry.draft))
    known = one.entry.known
    return QuestionVersion(
        question=question,
        number=known.number + 1 if known else 1,
        kind=draft.kind,
        stem=text.nfc_lines(draft.stem),
        data=draft.data,
        explanation=draft.explanation,
        to_verify=known.to_verify if known else False,
        created_at=at,
        created_by=by,
    )


def _log(questions: Sequence[Question], standing: set[str], by: User | None, at: datetime) -> None:
    if by is None:
        return
    kind = ContentType.objects.get_for_model(Question)
    ModelLogEntry.objects.bulk_create(
        ModelLogEntry(
            content_type=kind,
            object_id=str(question.pk),
            label=str(question),
            action="wagtail.edit" if question.key in standing else "wagtail.create",
            timestamp=at,
            user=by,
        )
        for question in questions
    )
