"""Read models of quizzes: what a slot can ask, where a question comes up, and where a person stands."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from taggit.models import Tag
from wagtail.log_actions import registry as log_registry
from wagtail.models import ModelLogEntry

from courses.models import Enrolment, Renewal

from . import rules, wording
from .kinds import KINDS
from .models import (
    Allowance,
    Attempt,
    AttemptState,
    Counted,
    Item,
    Question,
    QuestionBank,
    QuestionStatus,
    QuestionTag,
    QuestionVersion,
    Quiz,
    ResultPart,
    Slot,
    VersionTranslation,
)

SCORED = [kind.name for kind in KINDS.values() if kind.is_scored]  # what is only read is placed by hand, never drawn
MOST_OFFERED = 500  # keys with their words, under a field in which one is typed


def pools(slots: Sequence[Slot]) -> list[set[int]]:
    """Ids of the questions that each slot of one quiz may ask today; a fixed question is never drawn by another slot."""
    return _pools(slots, _askable(slots))


@dataclass(frozen=True)
class _Candidate:
    """A question that may be asked, with those of its tags that a slot asks for."""

    pk: int
    bank: int
    difficulty: int
    form: str
    tags: frozenset[int]

    def fits(self, slot: Slot, fixed: Collection[int]) -> bool:
        if slot.question_id:
            return self.pk == slot.question_id
        fits = slot.difficulty in (None, self.difficulty) and slot.form in ("", self.form)
        fits = fits and (slot.tag_id is None or slot.tag_id in self.tags)
        return self.bank == slot.bank_id and self.pk not in fixed and fits


type _Askable = list[_Candidate]


def _askable(slots: Sequence[Slot]) -> _Askable:
    fixed = {slot.question_id for slot in slots if slot.question_id}
    banks = {slot.bank_id for slot in slots if slot.bank_id}
    wanted = Question.objects.askable().filter(Q(pk__in=fixed) | Q(bank__in=banks, kind__in=SCORED))
    tagged = _tagged({slot.tag_id for slot in slots if slot.tag_id})
    rows = wanted.values_list("pk", "bank", "difficulty", "form")
    return [_Candidate(*row, frozenset(tagged.get(row[0], ()))) for row in rows]


def _tagged(tags: Collection[int]) -> dict[int, set[int]]:
    """Question → which of these tags it has; without tags nothing is asked."""
    found: dict[int, set[int]] = {}
    pairs = QuestionTag.objects.filter(tag__in=tags).values_list("content_object", "tag") if tags else []
    for question, tag in pairs:
        found.setdefault(question, set()).add(tag)
    return found


def _pools(slots: Sequence[Slot], askable: _Askable, without: Collection[int] = ()) -> list[set[int]]:
    fixed = {slot.question_id for slot in slots if slot.question_id}
    return [{one.pk for one in askable if one.fits(slot, fixed)} - {*without} for slot in slots]


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


def address_of_export(bank: QuestionBank) -> str:
    return f"{reverse('question:export')}?bank={bank.pk}"


def address_of_attempts(cohort_id: int) -> str:
    return f"{reverse('attempt:index')}?cohort={cohort_id}"


def address_of_analyses(cohort_id: int) -> str:
    return f"{reverse('quizzes_admin:analyses')}?cohort={cohort_id}"


def quizzes_asking(question: Question) -> QuerySet[Quiz]:
    """The quizzes in which a question comes up or can be drawn."""
    tags = QuestionTag.objects.filter(content_object=question).values("tag")
    drawn = Q(slots__bank=question.bank_id) & (Q(slots__difficulty=None) | Q(slots__difficulty=question.difficulty))
    drawn &= Q(slots__tag=None) | Q(slots__tag__in=tags)
    drawn &= Q(slots__form__in=["", question.form])
    asking = Quiz.objects.filter(Q(slots__cancelled_at=None) & (Q(slots__question=question) | drawn))
    return asking.select_related("activity__course").distinct()


def asked_in(question: Question) -> list[Quiz]:
    """None while it is a draft, and none once it is retired."""
    return list(quizzes_asking(question)) if question.status == QuestionStatus.REVIEWED else []


def made_to_wait(questions: Iterable[Question]) -> list[Quiz]:
    """Where a result waits for somebody who marks once these are asked: quizzes that fit a question which no machine scores.
    Of several that are drawn alike one is looked at."""
    essays = [question for question in questions if KINDS[question.kind].is_marked_by_hand]
    tags: dict[int, list[int]] = {question.pk: [] for question in essays}
    for pk, tag in (
        QuestionTag.objects.filter(content_object__in=essays).order_by("tag").values_list("content_object", "tag")
    ):
        tags[pk].append(tag)
    alike = {(one.bank_id, one.difficulty, one.form, *tags[one.pk]): one for one in essays}
    fixed = Quiz.objects.filter(slots__cancelled_at=None, slots__question__in=essays).select_related("activity__course")
    return list(dict.fromkeys([*fixed, *(quiz for one in alike.values() for quiz in quizzes_asking(one))]))


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
    def passages(self) -> int:
        """To be read, and counted among the questions where these are numbered."""
        return sum(supply.sure for supply in self.supplies if not supply.is_scored)

    @property
    def wanted(self) -> int:
        return sum(supply.slot.draw for supply in self.supplies if supply.is_scored)

    @property
    def marks(self) -> Decimal:
        return sum((supply.sure * supply.slot.marks for supply in self.supplies if supply.is_scored), Decimal(0))

    @property
    def short(self) -> list[Supply]:
        return [supply for supply in self.supplies if supply.missing]


def outlook(quiz: Quiz) -> Outlook:
    return outlooks([quiz])[0]


def outlooks(quizzes: Sequence[Quiz], *, without: Collection[int] = ()) -> list[Outlook]:
    """Of several quizzes in their order, by two queries; as if the questions `without` were no longer asked."""
    slots: dict[int, list[Slot]] = {quiz.pk: [] for quiz in quizzes}
    for slot in Slot.objects.in_use().filter(quiz__in=quizzes).select_related("question", "bank", "tag"):
        slots[slot.quiz_id].append(slot)
    askable = _askable([slot for some in slots.values() for slot in some])
    return [_outlook(quiz, slots[quiz.pk], _pools(slots[quiz.pk], askable, without)) for quiz in quizzes]


def _outlook(quiz: Quiz, slots: list[Slot], pools: list[set[int]]) -> Outlook:
    sure = rules.sure_draws(pools, [slot.draw for slot in slots])
    supplies = [Supply(slot, len(pool), count) for slot, pool, count in zip(slots, pools, sure, strict=True)]
    return Outlook(quiz, supplies)


def shortened(questions: Sequence[Question]) -> list[Outlook]:
    """How the quizzes stand that would ask less, or less surely, if these questions were no longer asked."""
    gone = [question.pk for question in questions if question.status == QuestionStatus.REVIEWED]
    banks = {question.bank_id for question in questions}
    using = Q(slots__cancelled_at=None) & (Q(slots__question__in=gone) | Q(slots__bank__in=banks))
    quizzes = list(Quiz.objects.filter(using).select_related("activity__course").distinct())
    pairs = zip(outlooks(quizzes), outlooks(quizzes, without=gone), strict=True)
    return [after for before, after in pairs if after.questions < before.questions]


def reviewers(questions: QuerySet[Question]) -> QuerySet[Any]:
    """Ids of whoever reviewed some of these, as they stand."""
    return questions.exclude(reviewed_by=None).order_by().values("reviewed_by").distinct()


def tags_of(questions: QuerySet[Question]) -> QuerySet[Tag]:
    used = QuestionTag.objects.filter(content_object__in=questions.order_by().values("pk"))
    return Tag.objects.filter(pk__in=used.values("tag")).order_by("name")


def newest_versions(question_ids: Iterable[int]) -> dict[int, int]:
    """Question → its newest version."""
    rows = QuestionVersion.objects.filter(question__in=list(question_ids)).order_by("number")
    return dict(rows.values_list("question", "pk"))


def last_change(quiz_id: int) -> ModelLogEntry | None:
    """Who set the quiz last, and when."""
    entries: QuerySet[ModelLogEntry] = log_registry.get_logs_for_instance(Quiz(pk=quiz_id)).filter(
        action="wagtail.edit"
    )
    return entries.select_related("user").order_by("-pk").first()


@dataclass(frozen=True)
class Usage:
    """A quiz that asks a question or once did: since which version, in how many attempts."""

    quiz: Quiz
    is_asking: bool
    since: int | None = None
    attempts: int = 0


def usage(question: Question) -> list[Usage]:
    """Quizzes that ask it now come first; by three queries, however many there are."""
    counts = Item.objects.filter(version__question=question).order_by().values("attempt__quiz")
    rows = counts.annotate(since=Min("version__number"), attempts=Count("attempt", distinct=True))
    asked = {row["attempt__quiz"]: (row["since"], row["attempts"]) for row in rows}
    asking = asked_in(question)
    once = Quiz.objects.filter(pk__in=asked.keys() - {quiz.pk for quiz in asking}).select_related("activity__course")
    now = [Usage(quiz, True, *asked.get(quiz.pk, ())) for quiz in asking]
    return now + [Usage(quiz, False, *asked[quiz.pk]) for quiz in once]


@dataclass(frozen=True)
class Standing:
    """One person in one quiz: every attempt in order, and how many there may be in all (None: no limit)."""

    attempts: tuple[Attempt, ...] = ()
    allowed: int | None = None
    counted: str = Counted.BEST
    shown: frozenset[str] = frozenset(ResultPart)
    is_practice: bool = False
    minutes: int = 0  # beyond the time of the quiz, for whoever shows them; see `minutes_given`
    since: datetime | None = None  # when the renewal that runs began: it asks for the quiz anew

    @property
    def counting(self) -> list[Attempt]:
        """Without those that were annulled, and those that another round of the course has behind it."""
        known = [attempt for attempt in self.attempts if attempt.annulled_at is None]
        return [attempt for attempt in known if self.since is None or attempt.started_at >= self.since]

    @property
    def running(self) -> Attempt | None:
        return next((attempt for attempt in self.attempts if attempt.is_running), None)

    @property
    def waiting(self) -> Attempt | None:
        """Submitted, and not marked yet."""
        return next((attempt for attempt in self.counting if attempt.state == AttemptState.MARKING), None)

    @property
    def best(self) -> Attempt | None:
        finished = [attempt for attempt in self.counting if attempt.state == AttemptState.FINISHED]
        return max(finished, key=lambda attempt: attempt.score or 0, default=None)

    @property
    def result(self) -> Attempt | None:
        """The attempt that counts as this person's result, by the quiz's own rule."""
        finished = [attempt for attempt in self.counting if attempt.state == AttemptState.FINISHED]
        if self.counted == Counted.BEST or not finished:
            return self.best
        return finished[0 if self.counted == Counted.FIRST else -1]

    @property
    def has_passed(self) -> bool:
        if self.counted == Counted.FIRST:
            return bool(self.result and self.result.is_pass)
        return any(attempt.is_pass for attempt in self.counting)

    @property
    def left(self) -> int | None:
        return None if self.allowed is None else max(0, self.allowed - len(self.counting))


def standing(enrolment: Enrolment | None, quiz: Quiz) -> Standing:
    """`enrolment` is None for somebody who is not in the course."""
    if enrolment is None:
        return Standing(allowed=quiz.attempts_allowed, is_practice=quiz.is_practice)
    attempts = Attempt.objects.filter(enrolment=enrolment, quiz=quiz).order_by("number")
    given = allowances_of(enrolment, quiz).order_by().values("quiz").annotate(n=Sum("attempts")).values("n")
    attempts = attempts.annotate(given=Coalesce(Subquery(given), 0))
    if enrolment.completed_at:  # only what was finished is renewed
        renewing = Renewal.objects.running().filter(enrolment=OuterRef("enrolment")).values("begun_at")
        attempts = attempts.annotate(renewing_since=Subquery(renewing))
    known = tuple(attempts)
    allowed = quiz.attempts_allowed
    if allowed is not None:
        allowed = None if quiz.is_practice else allowed + (known[0].given if known else _given_ahead(enrolment, quiz))
    since = getattr(known[0], "renewing_since", None) if known else None
    return Standing(known, allowed, quiz.counted, quiz.shown_at(timezone.now()), quiz.is_practice, since=since)


def allowances_of(enrolment: Enrolment, quiz: Quiz) -> QuerySet[Allowance]:
    """What was given to a person, and to the cohort in which `enrolment`, as it was read, says that the person is."""
    to_whom = Q(enrolment=enrolment)
    if enrolment.cohort_id:
        to_whom |= Q(cohort=enrolment.cohort_id)
    return Allowance.objects.filter(to_whom, quiz=quiz)


def _given_ahead(enrolment: Enrolment, quiz: Quiz) -> int:
    return allowances_of(enrolment, quiz).aggregate(attempts=Sum("attempts", default=0))["attempts"]


def minutes_given(enrolment: Enrolment, quiz: Quiz) -> int:
    """Beyond the time that the quiz allows, by officers; asked for only where it has an end."""
    if not quiz.limits_time:
        return 0
    return allowances_of(enrolment, quiz).aggregate(minutes=Sum("minutes", default=0))["minutes"]
