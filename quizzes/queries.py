"""Read models of quizzes: what a slot can ask, where a question comes up, how its versions differ, and where a person stands."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.log_actions import registry as log_registry
from wagtail.models import ModelLogEntry

from courses.models import Enrolment

from . import rules, wording
from .kinds import KINDS
from .models import (
    Attempt,
    AttemptState,
    Question,
    QuestionBank,
    QuestionStatus,
    QuestionVersion,
    Quiz,
    Slot,
    VersionTranslation,
)

SCORED = [kind.name for kind in KINDS.values() if kind.is_scored]  # what is only read is placed by hand, never drawn
MOST_OFFERED = 500  # keys with their words, under a field in which one is typed


def pools(slots: Sequence[Slot], *, without: Question | None = None) -> list[set[int]]:
    """Ids of the questions that each slot of one quiz may ask today; a fixed question is never drawn by another slot."""
    return _pools(slots, _askable(slots), without)


type _Askable = list[tuple[int, int, int]]  # question, bank, difficulty


def _askable(slots: Iterable[Slot]) -> _Askable:
    fixed = {slot.question_id for slot in slots if slot.question_id}
    banks = {slot.bank_id for slot in slots if slot.bank_id}
    wanted = Question.objects.askable().filter(Q(pk__in=fixed) | Q(bank__in=banks, kind__in=SCORED))
    return list(wanted.values_list("pk", "bank", "difficulty"))


def _pools(slots: Sequence[Slot], askable: _Askable, without: Question | None) -> list[set[int]]:
    fixed = {slot.question_id for slot in slots if slot.question_id}

    def fits(slot: Slot, pk: int, bank: int, difficulty: int) -> bool:
        if slot.question_id:
            return pk == slot.question_id
        return bank == slot.bank_id and pk not in fixed and slot.difficulty in (None, difficulty)

    gone = {without.pk} if without else set()
    return [{pk for pk, bank, difficulty in askable if fits(slot, pk, bank, difficulty)} - gone for slot in slots]


def offered(quiz: Quiz) -> list[tuple[str, str]]:
    """(key, what it asks) of what may be asked from the banks that a quiz uses, from all while it uses none.

    For a list that opens under a field; whoever knows another key types it.
    """
    slots = quiz.slots.in_use().order_by().values_list("bank", "question__bank")
    banks = {bank for pair in slots for bank in pair if bank}
    questions = Question.objects.askable().filter(Q(bank__in=banks) if banks else Q()).order_by("key")
    newest = QuestionVersion.objects.filter(question=OuterRef("pk")).order_by("-number").values("stem")[:1]
    rows = questions.annotate(words=Subquery(newest)).values_list("key", "words")[:MOST_OFFERED]
    return [(key, wording.plain(words or "")) for key, words in rows]


def with_counts(banks: QuerySet[QuestionBank]) -> QuerySet[QuestionBank]:
    """Banks with how many questions are in use (`written`) and how many of them may be asked (`reviewed`)."""
    return banks.annotate(
        written=Count("questions", filter=~Q(questions__status=QuestionStatus.RETIRED)),
        reviewed=Count("questions", filter=Q(questions__status=QuestionStatus.REVIEWED)),
    )


def address_of_questions(bank: QuestionBank) -> str:
    return f"{reverse('question:index')}?bank={bank.pk}"


def quizzes_asking(question: Question) -> QuerySet[Quiz]:
    """The quizzes in which a question comes up or can be drawn."""
    drawn = Q(slots__bank=question.bank_id) & (Q(slots__difficulty=None) | Q(slots__difficulty=question.difficulty))
    asking = Quiz.objects.filter(Q(slots__cancelled_at=None) & (Q(slots__question=question) | drawn))
    return asking.select_related("activity__course").distinct()


def asked_in(question: Question) -> list[Quiz]:
    """None while it is a draft, and none once it is retired."""
    return list(quizzes_asking(question)) if question.status == QuestionStatus.REVIEWED else []


def answered_in(question: Question) -> QuerySet[Quiz]:
    """The quizzes in which it came up, be it long ago, each with in how many attempts (`answered`)."""
    asked = Quiz.objects.filter(attempts__items__version__question=question)
    return asked.annotate(answered=Count("attempts")).select_related("activity__course").order_by("pk")


def lost_languages(question: Question) -> list[str]:
    """In which an earlier version was translated and the newest is not."""
    newest = question.versions.first()
    translations = VersionTranslation.objects.filter(version__question=question)
    kept = translations.filter(version=newest).values("language")
    return sorted(set(translations.exclude(language__in=kept).values_list("language", flat=True)))


@dataclass(frozen=True)
class Supply:
    """A slot and what there is for it today: `askable` questions fit, `sure` of them are certain to be asked."""

    slot: Slot
    askable: int
    sure: int

    @property
    def is_scored(self) -> bool:
        fixed = self.slot.question
        return fixed is None or fixed.kind in SCORED

    @property
    def missing(self) -> int:
        return self.slot.draw - self.sure


@dataclass(frozen=True)
class Outlook:
    """What a quiz asks whoever starts it now."""

    quiz: Quiz
    supplies: list[Supply]

    @property
    def questions(self) -> int:
        return sum(supply.sure for supply in self.supplies if supply.is_scored)

    @property
    def wanted(self) -> int:
        return sum(supply.slot.draw for supply in self.supplies if supply.is_scored)

    @property
    def marks(self) -> Decimal:
        return sum((supply.sure * supply.slot.marks for supply in self.supplies if supply.is_scored), Decimal(0))

    @property
    def short(self) -> list[Supply]:
        return [supply for supply in self.supplies if supply.missing]


def outlook(quiz: Quiz, *, without: Question | None = None) -> Outlook:
    """`without`: as if that question were no longer asked."""
    return outlooks([quiz], without=without)[0]


def outlooks(quizzes: Sequence[Quiz], *, without: Question | None = None) -> list[Outlook]:
    """Of several quizzes in their order, by two queries."""
    slots: dict[int, list[Slot]] = {quiz.pk: [] for quiz in quizzes}
    for slot in Slot.objects.in_use().filter(quiz__in=quizzes).select_related("question", "bank"):
        slots[slot.quiz_id].append(slot)
    askable = _askable([slot for some in slots.values() for slot in some])
    return [_outlook(quiz, slots[quiz.pk], _pools(slots[quiz.pk], askable, without)) for quiz in quizzes]


def _outlook(quiz: Quiz, slots: list[Slot], pools: list[set[int]]) -> Outlook:
    sure = rules.sure_draws(pools, [slot.draw for slot in slots])
    supplies = [Supply(slot, len(pool), count) for slot, pool, count in zip(slots, pools, sure, strict=True)]
    return Outlook(quiz, supplies)


def last_change(quiz_id: int) -> ModelLogEntry | None:
    """Who set the quiz last, and when."""
    entries: QuerySet[ModelLogEntry] = log_registry.get_logs_for_instance(Quiz(pk=quiz_id)).filter(
        action="wagtail.edit"
    )
    return entries.select_related("user").order_by("-pk").first()


@dataclass(frozen=True)
class Part:
    """One part of a version beside the same part of the version before; no `before` when it is the first or the same."""

    label: str
    now: list[rules.Piece]
    before: list[rules.Piece]


@dataclass(frozen=True)
class Edition:
    version: QuestionVersion
    parts: list[Part]

    @property
    def has_before(self) -> bool:
        return any(part.before for part in self.parts)


def editions(question: Question) -> list[Edition]:
    """All versions, the newest first, each compared with the one before it."""
    versions = list(question.versions.select_related("created_by").prefetch_related("translations"))
    older: list[QuestionVersion | None] = [*versions[1:], None]
    return [Edition(now, _parts(now, before)) for now, before in zip(versions, older, strict=True)]


def _parts(now: QuestionVersion, before: QuestionVersion | None) -> list[Part]:
    texts, earlier = _texts(now), _texts(before) if before else {}
    return [_part(label, words, earlier.get(label, "")) for label, words in texts.items()]


def _part(label: str, now: str, before: str) -> Part:
    if not before or now == before:
        return Part(label, [rules.Piece(now)], [])
    old, new = rules.word_changes(before, now)
    return Part(label, new, old)


def _texts(version: QuestionVersion) -> dict[str, str]:
    kind = KINDS[version.kind]
    return {
        _("Dạng"): str(kind.label),
        _("Câu hỏi"): version.stem,
        _("Đáp án"): "\n".join(kind.described(version.data)),
        _("Giải thích"): version.explanation,
    }


@dataclass(frozen=True)
class Standing:
    """One person in one quiz: every attempt in order, and how many there may be in all (None: no limit)."""

    attempts: tuple[Attempt, ...] = ()
    allowed: int | None = None

    @property
    def counting(self) -> list[Attempt]:
        """Without those that were annulled."""
        return [attempt for attempt in self.attempts if attempt.annulled_at is None]

    @property
    def running(self) -> Attempt | None:
        return next((attempt for attempt in self.attempts if attempt.state == AttemptState.IN_PROGRESS), None)

    @property
    def waiting(self) -> Attempt | None:
        """Submitted, and not marked yet."""
        return next((attempt for attempt in self.counting if attempt.state == AttemptState.MARKING), None)

    @property
    def best(self) -> Attempt | None:
        finished = [attempt for attempt in self.counting if attempt.state == AttemptState.FINISHED]
        return max(finished, key=lambda attempt: attempt.score or 0, default=None)

    @property
    def has_passed(self) -> bool:
        return any(attempt.is_pass for attempt in self.attempts)

    @property
    def left(self) -> int | None:
        return None if self.allowed is None else max(0, self.allowed - len(self.counting))


def standing(enrolment: Enrolment | None, quiz: Quiz) -> Standing:
    """`enrolment` is None for somebody who is not in the course."""
    if enrolment is None:
        return Standing(allowed=quiz.attempts_allowed)
    attempts = Attempt.objects.filter(enrolment=enrolment, quiz=quiz).order_by("number")
    given = Count("enrolment__allowances", filter=Q(enrolment__allowances__quiz=quiz))
    known = tuple(attempts.annotate(given=given))
    if quiz.attempts_allowed is None:
        return Standing(known)
    return Standing(known, quiz.attempts_allowed + (known[0].given if known else 0))


def begun(enrolment_ids: Collection[int]) -> dict[tuple[int, int], str]:
    """Entry of the registry `begun`: a running attempt is gone on with, also when its quiz was taken off the site."""
    running = Attempt.objects.filter(enrolment__in=enrolment_ids, state=AttemptState.IN_PROGRESS)
    found = running.values_list("enrolment", "quiz__activity", "pk")
    return {(enrolment, activity): reverse("quizzes:attempt", args=[pk]) for enrolment, activity, pk in found}
