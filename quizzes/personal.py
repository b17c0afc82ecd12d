"""What must always be true of attempts. What quizzes hold about a person hangs on the enrolment (courses.personal)."""

from decimal import Decimal

from django.db.models import F, Q, Sum
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import AnyUser
from accounts.models import Person
from courses.models import Completion
from lib.registries import EnrolmentRecords, Fact, PersonFacts

from .access import attempts_visible_to
from .actions import joining
from .models import Attempt, AttemptState, Counted

ATTEMPTS = EnrolmentRecords(join=joining.join_attempts, hold=joining.hold)
ALLOWANCES = EnrolmentRecords(join=joining.join_allowances)

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


def _facts(person: Person, user: AnyUser) -> list[Fact]:
    """Without answers, whose keys may be hidden from whoever reads."""
    rows = attempts_visible_to(user, ATTEMPTS_OF_PERSON.permission).filter(enrolment__person=person)
    return [
        Fact(
            _("%(quiz)s, lần %(n)s") % {"quiz": row.quiz.activity.title, "n": row.number},
            ", ".join(filter(None, [_began(row), str(row.get_state_display()), _result(row)])),
            reverse("attempt:inspect", args=[row.pk]),
        )
        for row in rows.order_by("quiz", "number")
    ]


def _began(attempt: Attempt) -> str:
    return date_format(localdate(attempt.started_at), "SHORT_DATE_FORMAT")


def _result(attempt: Attempt) -> str:
    percent = "" if attempt.percent is None else f"{attempt.percent.normalize():f}%"
    return " ".join(filter(None, [attempt.outcome(), percent]))


ATTEMPTS_OF_PERSON = PersonFacts(gettext_lazy("Lượt làm bài"), "quizzes.view_attempt", _facts)
