"""Fetching is authorising: an attempt is its person's alone; "not yours" and "does not exist" look the same."""

from uuid import UUID

from django.http import Http404

from accounts.models import Person
from courses.models import Enrolment

from .models import Attempt, AttemptState, Item, Quiz


def get_quiz(key: UUID) -> Quiz:
    quiz = (
        Quiz.objects.filter(activity__translation_key=key, activity__retired_at=None, activity__course__retired_at=None)
        .select_related("activity__course")
        .first()
    )
    if quiz is None:
        raise Http404
    return quiz


def get_attempt(person: Person, pk: int) -> Attempt:
    attempt = (
        Attempt.objects.filter(pk=pk, enrolment__person=person)
        .select_related("quiz__activity__course", "enrolment")
        .first()
    )
    if attempt is None:
        raise Http404
    return attempt


def get_item(person: Person, attempt_pk: int, position: int) -> Item:
    item = (
        Item.objects.filter(attempt=attempt_pk, attempt__enrolment__person=person, position=position)
        .select_related("version", "attempt__quiz__activity")
        .first()
    )
    if item is None:
        raise Http404
    return item


def enrolment_for(person: Person, quiz: Quiz) -> Enrolment | None:
    return Enrolment.objects.filter(person=person, course=quiz.activity.course_id).first()


def attempts_of(enrolment: Enrolment | None, quiz: Quiz) -> list[Attempt]:
    return list(Attempt.objects.filter(enrolment=enrolment, quiz=quiz).order_by("number")) if enrolment else []


def running(attempts: list[Attempt]) -> Attempt | None:
    return next((attempt for attempt in attempts if attempt.state == AttemptState.IN_PROGRESS), None)
