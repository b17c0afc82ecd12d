"""What must always be true of attempts. What quizzes hold about a person hangs on the enrolment (courses.personal)."""

from django.db.models import F, Sum

from courses.models import Completion

from .models import Attempt, AttemptState


def violations() -> list[str]:
    """Scores that are not the sum of their items, and passes that completed nothing."""
    finished = Attempt.objects.filter(state=AttemptState.FINISHED)
    summed = finished.annotate(items_score=Sum("items__score")).exclude(score=F("items_score"))
    found = [f"attempt {pk}: the score is not the sum of its items" for pk in summed.values_list("pk", flat=True)]
    done = set(Completion.objects.values_list("enrolment_id", "activity_id"))
    passed = finished.filter(passed=True, annulled_at=None).values_list("pk", "enrolment_id", "quiz__activity_id")
    return found + [f"attempt {pk}: passed, but not completed" for pk, *pair in passed if tuple(pair) not in done]
