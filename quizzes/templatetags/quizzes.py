from typing import Any
from uuid import UUID

from django import template

from accounts.models import Person
from quizzes import access
from quizzes.models import AttemptState, Quiz, Slot

register = template.Library()


@register.simple_tag
def quiz_rules(key: UUID) -> dict[str, Any]:
    """What everybody may know: how many questions, the pass mark, the attempts allowed. Empty before the page is live."""
    quiz = Quiz.objects.filter(activity__translation_key=key).first()
    if quiz is None:
        return {}
    slots = Slot.objects.filter(quiz=quiz, cancelled_at=None)
    return {"quiz": quiz, "questions": sum(slot.draw for slot in slots)}


@register.simple_tag
def quiz_state(key: UUID, person: Person | None) -> dict[str, Any]:
    """Where one person stands: a running attempt, the best finished one, and the attempts left (None: unlimited)."""
    quiz = access.get_quiz(key)
    attempts = access.attempts_of(access.enrolment_for(person, quiz) if person else None, quiz)
    finished = [attempt for attempt in attempts if attempt.state == AttemptState.FINISHED]
    left = None if quiz.attempts_allowed is None else max(0, quiz.attempts_allowed - len(attempts))
    best = max(finished, key=lambda attempt: attempt.score or 0, default=None)
    return {"running": access.running(attempts), "best": best, "left": left, "passed": bool(best and best.passed)}
