"""What must always be true of attempts. What quizzes hold about a person hangs on the enrolment (courses.personal)."""

from decimal import Decimal

from django.db.models import F, Q, Sum

from courses.models import Completion

from .models import Attempt, AttemptState, Counted

HALF_A_PLACE = Decimal("0.000005")  # of the five that scores are kept with


def violations() -> list[str]:
    """Scores that are not the sum of their items, and passes that completed nothing."""
    finished = Attempt.objects.filter(state=AttemptState.FINISHED)
    summed = finished.annotate(items_score=Sum("items__score"))
    low, high = F("score") - HALF_A_PLACE, F("score") + HALF_A_PLACE  # SQLite adds decimals as floats
    wrong = summed.filter(Q(items_score__lt=low) | Q(items_score__gt=high))
    found = [f"attempt {pk}: the score is not the sum of its items" for pk in wrong.values_list("pk", flat=True)]
    done = set(Completion.objects.values_list("enrolment_id", "activity_id"))
    later = Q(quiz__counted=Counted.FIRST, number__gt=1)  # shows what was learnt, and completes nothing
    passed = (
        finished.filter(passed=True, annulled_at=None)
        .exclude(later)
        .values_list("pk", "enrolment_id", "quiz__activity_id")
    )
    return found + [f"attempt {pk}: passed, but not completed" for pk, *pair in passed if tuple(pair) not in done]
