"""Fetching is authorising: an attempt is its person's and its officers'; "not yours" and "does not exist" look the same."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone

from accounts.access import AnyUser, managed_places, person_of
from accounts.models import Person
from courses.access import cohorts_wholly_visible_to, enrolments_visible_to
from courses.models import Cohort, Enrolment

from .models import Attempt, AttemptState, Item, Question, QuestionBank, Quiz, ResultPart


def get_quiz(key: UUID) -> Quiz:
    """On offer or not: what was begun is handed in all the same, and who presses too late is told so by the action."""
    return get_object_or_404(Quiz.objects.select_related("activity__course"), activity__translation_key=key)


def get_attempt(person: Person, pk: int, *along: str) -> Attempt:
    """With the relations that its page shows fetched `along`."""
    attempts = Attempt.objects.select_related(*along) if along else Attempt.objects.all()
    return get_object_or_404(attempts, pk=pk, enrolment__person=person)


# Answers are saved ten times a quiz by a whole class at once: a save asks for what it looks at, a page for what it shows.
_TO_SAVE = (
    "attempt", "position", "version__kind", "version__data", "attempt__state", "attempt__due_at", "attempt__when_time_is_up",
    "attempt__grace_minutes", "attempt__is_practice", "attempt__is_fixed_order", "attempt__layout", "attempt__at_position",
)  # fmt: skip
_TO_SHOW = (
    *_TO_SAVE, "answer", "revision", "saved_at", "revealed_at", "attempt__quiz", "section", "order", "marks", "version__stem", "version__question", "version__question__language",
    "attempt__language", "attempt__started_at",
)  # fmt: skip


# Put together once: each request asks for one of them with its own conditions.
_ASKED = Item.objects.select_related("version__question", "attempt").only(*_TO_SHOW)
_SAVED = Item.objects.select_related("version", "attempt").only(*_TO_SAVE)


def get_item(person: Person, attempt_pk: int, position: int) -> Item:
    return _own_item(_ASKED, person, attempt_pk, position)


def get_item_to_save(person: Person, attempt_pk: int, position: int) -> Item:
    return _own_item(_SAVED, person, attempt_pk, position)


def _own_item(items: QuerySet[Item], person: Person, attempt_pk: int, position: int) -> Item:
    return get_object_or_404(items, attempt=attempt_pk, attempt__enrolment__person=person, position=position)


def enrolment_for(person: Person, quiz: Quiz) -> Enrolment | None:
    return Enrolment.objects.filter(person=person, course=quiz.activity.course_id).first()


TO_MARK = "quizzes.change_item"


def items_to_mark(user: AnyUser) -> QuerySet[Item]:
    """What waits for somebody to mark it, the longest first, in the places in which a user may.

    Nobody marks an own answer, and nothing is added to the record of somebody who took the agreement back: once it is
    given again, the answer waits here again.
    """
    waiting = Item.objects.filter(attempt__state=AttemptState.MARKING, score=None)
    return _in_reach(waiting, user).order_by("attempt__finished_at", "pk")


def items_marked(user: AnyUser) -> QuerySet[Item]:
    """What somebody marked already, among what this user might have: a colleague who was slower is told, nobody else."""
    return _in_reach(Item.objects.filter(marked_at__isnull=False), user).select_related("marked_by")


def _in_reach(items: QuerySet[Item], user: AnyUser) -> QuerySet[Item]:
    mine = items.filter(attempt__enrolment__person__has_consented=True)
    mine = mine.filter(attempt__enrolment__in=enrolments_visible_to(user, TO_MARK))
    if own := person_of(user):
        mine = mine.exclude(attempt__enrolment__person=own)
    related = ("version", "attempt__enrolment__person", "attempt__enrolment__place", "attempt__quiz__activity__course")
    return mine.select_related(*related)


def is_marking_anywhere() -> bool:
    return Attempt.objects.filter(state=AttemptState.MARKING).exists()


TO_ALLOW = "quizzes.add_allowance"


def enrolments_to_allow(user: AnyUser, quiz: Quiz) -> QuerySet[Enrolment]:
    """Who may be given more time or attempts in a quiz ahead: not yet begun, in the places of a user, and not oneself."""
    mine = enrolments_visible_to(user, TO_ALLOW).filter(course=quiz.activity.course_id)
    mine = mine.exclude(attempts__quiz=quiz).select_related("person", "place")
    return mine.exclude(person=own) if (own := person_of(user)) else mine


def cohorts_to_allow(user: AnyUser, quiz: Quiz) -> QuerySet[Cohort]:
    """To which something may be given as a whole: all in them are in the places of a user, and not the user among them."""
    mine = cohorts_wholly_visible_to(user, TO_ALLOW).filter(course=quiz.activity.course_id)
    own = person_of(user)
    return mine.exclude(Exists(Enrolment.objects.filter(cohort=OuterRef("pk"), person=own))) if own else mine


def attempts_visible_to(user: AnyUser, permission: str) -> QuerySet[Attempt]:
    """Attempts of the enrolments recorded in the places in which a user may do this."""
    attempts = Attempt.objects.filter(enrolment__in=enrolments_visible_to(user, permission))
    return attempts.select_related("enrolment__person", "quiz__activity")


TO_CONFIGURE = "quizzes.change_quiz"


def keys_hidden_from(user: AnyUser, quizzes: Iterable[Quiz]) -> list[Quiz]:
    """Those of which a user may read neither key nor answers, out of which it follows, of whomever these are.

    Editors may; officers unless a quiz hides its key today, or they are trainees of its course themselves.
    """
    if user.has_perm(TO_CONFIGURE):
        return []
    now, own = timezone.now(), person_of(user)
    learning = set(Enrolment.objects.filter(person=own).values_list("course", flat=True)) if own else set()
    return [
        quiz for quiz in quizzes if quiz.activity.course_id in learning or ResultPart.ANSWERS not in quiz.shown_at(now)
    ]


TO_WRITE = "quizzes.change_question"


def banks_of(user: AnyUser) -> QuerySet[QuestionBank]:
    """Banks that a user names and shares: of the own provinces, former ones included, or all for the whole country."""
    return QuestionBank.objects.filter(_owned(user))


def banks_to_write(user: AnyUser) -> QuerySet[QuestionBank]:
    """Also those in which another province lets the own one write."""
    return QuestionBank.objects.filter(_owned(user) | _let("writers", user))


def banks_visible_to(user: AnyUser) -> QuerySet[QuestionBank]:
    """Also those of the country, those that are open to every province, and those that another one lets the own one read."""
    if not user.has_perm(TO_WRITE):
        return QuestionBank.objects.none()
    shared = Q(owner_place=None) | Q(is_open=True) | _let("readers", user) | _let("writers", user)
    return QuestionBank.objects.filter(_owned(user) | shared)


def _owned(user: AnyUser) -> Q:
    places = managed_places(user, TO_WRITE)
    return ~Q(pk__in=()) if places is None else Q(owner_place__in=places)


def _let(who: str, user: AnyUser) -> Q:
    """Without a join, so that no bank comes twice. Who may in the whole country needs nobody's leave."""
    places = managed_places(user, TO_WRITE)
    if places is None:
        return Q(pk__in=())
    let = getattr(QuestionBank, who).through.objects.filter(place__in=places)
    return Q(pk__in=let.values("questionbank"))


def questions_visible_to(user: AnyUser) -> QuerySet[Question]:
    return Question.objects.filter(bank__in=banks_visible_to(user))


def questions_to_write(user: AnyUser) -> QuerySet[Question]:
    return Question.objects.filter(bank__in=banks_to_write(user))
