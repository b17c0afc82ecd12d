from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from taggit.models import Tag
from wagtail.log_actions import log

from accounts.models import User
from courses.actions import prepare_activity
from courses.models import Activity, LegalText
from lib import dates, generation, text
from lib.refusals import Refusal
from quizzes.kinds import KINDS
from quizzes.models import (
    Question,
    QuestionBank,
    QuestionStatus,
    QuestionVersion,
    Quiz,
    QuizPage,
    Slot,
    VersionTranslation,
)
from quizzes.queries import last_change

from . import approval, versions
from .copying import free_keys


@transaction.atomic
def save_question(
    *,
    bank: QuestionBank,
    kind: str,
    stem: str,
    data: dict[str, Any],
    explanation: str,
    at: datetime,
    key: str = "",
    by: User | None = None,
    lesson: Activity | None = None,
    paragraph: str = "",
    difficulty: int = 1,
    legal_texts: Iterable[LegalText] = (),
    to_verify: bool = False,
    status: str = QuestionStatus.DRAFT,
    tags: Iterable[str] = (),
    language: str = "vi",
) -> Question:
    """Writes a question by its key; without a key a new one is made. Versions never change: another is made only when
    the wording or the right answers changed.

    Raises Refusal with the kind's sentences when the data cannot be asked.
    """
    if problems := KINDS[kind].problems(data):
        raise Refusal(f"{key}: {' '.join(problems)}")
    key = key or _free_key(bank)
    fields = {
        "bank": bank, "kind": kind, "status": status, "difficulty": difficulty, "lesson": lesson, "paragraph": paragraph, "language": language,
    }  # fmt: skip
    tags = sorted({text.nfc(tag) for tag in tags})
    search = versions.search_text(key, versions.folded(stem), tags)
    question, created = Question.objects.get_or_create(key=key, defaults={**fields, "author": by, "search": search})
    stands = not created and question.status == status
    if not created:
        for name, value in fields.items():
            setattr(question, name, value)
        question.search = search
        # Whoever else edits it waits here for this version. A mark "cần rà soát" that was set meanwhile is left alone.
        question.save(update_fields=[*fields, "search"])
    question.legal_texts.set(legal_texts)
    question.tags.set(tags)
    words: dict[str, Any] = {
        "kind": kind,
        "stem": stem,
        "data": data,
        "explanation": explanation,
        "to_verify": to_verify,
    }
    newest, is_new = _write_version(question, words, by=by, at=at)
    approval.note(question, newest, stands=stands and not is_new, by=by, at=at)
    generation.bump()  # pages of quizzes say how many questions there are
    versions.note([question], new=[key] if created else [], by=by, at=at)
    return question


def _write_version(
    question: Question, words: dict[str, Any], *, by: User | None, at: datetime
) -> tuple[QuestionVersion, bool]:
    """The newest version, and whether it is new: another is made only for other words or right answers."""
    before = question.versions.order_by("-number").first()
    version = versions.next_version(question, before, by=by, at=at, **words)
    if before and not versions.is_other(version, before):
        return before, False
    version.save()
    VersionTranslation.objects.bulk_create(versions.kept_translations(before, version))
    return version, True


def _free_key(bank: QuestionBank) -> str:
    """The lock keeps two editors from getting the same one."""
    return next(free_keys(QuestionBank.objects.select_for_update(no_key=True).get(pk=bank.pk)))


@transaction.atomic
def save_translation(
    *, version: QuestionVersion, language: str, stem: str, texts: dict[str, Any], explanation: str
) -> VersionTranslation:
    """Other words for the same version; the key stays where it is."""
    fields = {"stem": stem, "texts": texts, "explanation": explanation}
    return VersionTranslation.objects.update_or_create(version=version, language=language, defaults=fields)[0]


@dataclass(frozen=True)
class SlotSpec:
    """A fixed question, or `draw` questions from a bank (of one difficulty, one tag and one parallel form, if given), in a section."""

    question: Question | None = None
    bank: QuestionBank | None = None
    draw: int = 1
    difficulty: int | None = None
    tag: Tag | None = None
    form: str = ""
    section: str = ""
    marks: Decimal = Decimal(1)

    def is_met_by(self, slot: Slot) -> bool:
        return all(getattr(slot, name) == value for name, value in vars(self).items())


def ensure_quiz(*, activity: Activity) -> Quiz:
    """The rules of a quiz activity, with defaults when they were never configured."""
    return Quiz.objects.get_or_create(activity=activity)[0]


@transaction.atomic
def prepare_quiz(*, page: QuizPage, at: datetime) -> Quiz:
    """Rules for a quiz in draft: its questions are set before it opens."""
    return ensure_quiz(activity=prepare_activity(page=page, at=at))


@transaction.atomic
def withhold_quiz(*, page: QuizPage, at: datetime) -> None:
    """A quiz that went live without a usable question is a draft again, as if it had never gone; its history says so."""
    if page.first_published_at == page.last_published_at:
        page.first_published_at = page.last_published_at = None
    page.go_live_at = None
    page.unpublish(log_action="quizzes.withheld")
    prepare_quiz(page=page, at=at)


RULES = (
    "pass_percent", "attempts_allowed", "cooldown_minutes", "counted", "opens_at", "closes_at", "time_limit",
    "when_time_is_up", "grace_minutes", "layout", "is_fixed_order", "is_shuffled", "is_practice", "shown_after", "shown_when_closed",
)  # fmt: skip


@transaction.atomic
def configure_quiz(
    *,
    activity: Activity,
    slots: Sequence[SlotSpec],
    at: datetime,
    by: User | None = None,
    seen: int | None = None,
    **rules: Any,
) -> Quiz:
    """Sets the rules (fields of Quiz in RULES; what is not named stays) and slots of a quiz. Slots that stay the same are kept;
    the others are cancelled, never deleted.

    Attempts that have begun keep what they were started under. `seen` is the last change (its number in the log, 0 for
    none) that the editor's page was showing: StaleQuiz when somebody else was quicker.
    """
    quiz = Quiz.objects.select_for_update().get(pk=ensure_quiz(activity=activity).pk)
    _refuse_stale(quiz, seen)
    if unknown := rules.keys() - set(RULES):
        raise TypeError(f"no rules of a quiz: {sorted(unknown)}")
    changed: dict[str, Any] = {name: value for name, value in rules.items() if getattr(quiz, name) != value}
    for name, value in changed.items():
        setattr(quiz, name, value)
    quiz.save(update_fields=list(changed))
    if _arrange(quiz, slots, at):
        changed["slots"] = [str(slot) for slot in quiz.slots.in_use().select_related("question", "bank", "tag")]
    if changed and by:
        said = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in changed.items()}
        log(instance=quiz, action="wagtail.edit", user=by, data=said)
    generation.bump()
    return quiz


class StaleQuiz(Refusal):
    """Somebody else was quicker; `last` is the number of their change, for whoever insists."""

    def __init__(self, sentence: str, last: int) -> None:
        super().__init__(sentence)
        self.last = last


def _refuse_stale(quiz: Quiz, seen: int | None) -> None:
    last = last_change(quiz.pk)
    if seen is None or last is None or last.pk == seen:
        return
    said = _(
        "Chưa lưu gì: %(name)s vừa lưu bài kiểm tra này lúc %(at)s. Những gì anh/chị nhập vẫn còn ở dưới. Hãy mở trang này ở cửa sổ khác để xem bản vừa lưu; nếu bấm Lưu lần nữa, bản của anh/chị thay bản đó."
    )
    name = last.user.get_full_name() if last.user else _("một người khác")
    raise StaleQuiz(said % {"name": name, "at": dates.moment(last.timestamp)}, last.pk)


def _arrange(quiz: Quiz, specs: Sequence[SlotSpec], at: datetime) -> bool:
    """Whether anything is other than before. Two slots may ask the same; each spec takes one of them."""
    standing = list(quiz.slots.in_use().select_related("question", "bank", "tag"))
    before = [(slot.pk, slot.position) for slot in standing]
    after = []
    for position, spec in enumerate(specs, start=1):
        slot = next((slot for slot in standing if spec.is_met_by(slot)), None)
        if slot:
            standing.remove(slot)
            Slot.objects.filter(pk=slot.pk).update(position=position)
        else:
            slot = Slot.objects.create(quiz=quiz, position=position, **vars(spec))
        after.append((slot.pk, position))
    quiz.slots.filter(pk__in=[slot.pk for slot in standing]).update(cancelled_at=at)
    return before != after
