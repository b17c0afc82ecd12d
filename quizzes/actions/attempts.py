import random
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses import access as course_access
from courses.actions import complete_activity
from courses.models import Enrolment
from lib.refusals import Refusal
from quizzes import rules
from quizzes.kinds import KINDS
from quizzes.models import Attempt, AttemptState, Item, QuestionVersion, Quiz
from quizzes.queries import pool_of

_draw = random.SystemRandom()


class StaleAnswer(Exception):  # noqa: N818 (a state, not a mistake)
    """The answer was saved elsewhere (another tab or phone) since this one was opened; `item` is how it stands."""

    def __init__(self, item: Item) -> None:
        super().__init__("stale")
        self.item = item


@transaction.atomic
def start_attempt(
    *, enrolment: Enrolment, quiz: Quiz, language: str, at: datetime, rng: random.Random = _draw
) -> Attempt:
    """A running attempt is resumed, else a new one is drawn under the rules of this moment.

    Raises Refusal with what to do when lessons come first, attempts are used up, or the quiz has no questions.
    """
    Enrolment.objects.select_for_update().get(pk=enrolment.pk)  # two taps: the second waits and then resumes
    attempts = list(Attempt.objects.filter(enrolment=enrolment, quiz=quiz).order_by("number"))
    running = next((attempt for attempt in attempts if attempt.state == AttemptState.IN_PROGRESS), None)
    if running:
        return running
    if not course_access.readable(enrolment.person, quiz.activity).ok:
        raise Refusal(_("Hãy đọc xong các bài trước rồi làm bài kiểm tra."))
    _refuse_if_hindered(attempts, quiz, at)
    drawn = _draw_questions(quiz, rng)
    if not drawn:
        raise Refusal(_("Bài kiểm tra này chưa có câu hỏi. Chúng tôi đã ghi nhận; hãy thử lại sau."))
    attempt = Attempt.objects.create(
        enrolment=enrolment,
        quiz=quiz,
        number=len(attempts) + 1,
        language=language,
        pass_percent=quiz.pass_percent,
        started_at=at,
        max_score=sum((marks for _version, marks in drawn), Decimal(0)),
    )
    Item.objects.bulk_create(
        Item(attempt=attempt, position=position, version=version, marks=marks, order=_order(version, rng))
        for position, (version, marks) in enumerate(drawn, start=1)
    )
    return attempt


def _refuse_if_hindered(attempts: list[Attempt], quiz: Quiz, at: datetime) -> None:
    earlier = [rules.Earlier(a.finished_at or at, bool(a.passed)) for a in attempts]
    why = rules.hindrance(earlier, allowed=quiz.attempts_allowed, cooldown_minutes=quiz.cooldown_minutes, now=at)
    if why is rules.Hindrance.PASSED:
        raise Refusal(_("Anh/Chị đã đạt bài kiểm tra này rồi."))
    if why is rules.Hindrance.USED_UP:
        raise Refusal(_("Anh/Chị đã dùng hết lượt làm. Hãy xem lại bài học và hỏi cán bộ xã để được thêm lượt."))
    if why is rules.Hindrance.COOLDOWN:
        raise Refusal(_("Hãy xem lại bài học, một lúc nữa làm lại."))


def _draw_questions(quiz: Quiz, rng: random.Random) -> list[tuple[QuestionVersion, Decimal]]:
    """Newest versions of what the slots ask for; no question twice in one attempt, and fixed ones are never drawn."""
    chosen: list[tuple[int, Decimal]] = []
    slots = list(quiz.slots.filter(cancelled_at=None).order_by("position", "pk"))
    fixed = {slot.question_id for slot in slots if slot.question_id}
    taken: set[int] = set()
    for slot in slots:
        pool = sorted(pool_of(slot) - taken - (set() if slot.question_id else fixed))
        for pk in rng.sample(pool, min(slot.draw, len(pool))):
            taken.add(pk)
            chosen.append((pk, slot.marks))
    newest: dict[int, QuestionVersion] = {}
    for version in QuestionVersion.objects.filter(question__in=taken).order_by("number"):
        newest[version.question_id] = version
    return [(newest[pk], marks) for pk, marks in chosen if pk in newest]


def _order(version: QuestionVersion, rng: random.Random) -> list[str]:
    ids = KINDS[version.kind].ids(version.data)
    if version.data.get("shuffle", True):
        rng.shuffle(ids)
    return ids


@transaction.atomic
def save_answer(*, item: Item, answer: Any, revision: int, at: datetime) -> Item:
    """Stores an answer that the kind has cleaned. `revision` is the one that the page was showing.

    A replay of the same answer is harmless. Raises StaleAnswer when another tab saved something else since, and Refusal
    when the attempt is over.
    """
    # The lock keeps a submission out. The update names columns of the item alone: with a condition on the attempt it would
    # become a subquery, and PostgreSQL does not look at a subquery again after waiting for another tab's row lock.
    state = Attempt.objects.select_for_update().values_list("state", flat=True).get(pk=item.attempt_id)
    if state == AttemptState.IN_PROGRESS:
        unchanged = Item.objects.filter(pk=item.pk, revision=revision)
        if unchanged.update(answer=answer, revision=revision + 1, saved_at=at):
            item.answer, item.revision, item.saved_at = answer, revision + 1, at
            return item
    item.refresh_from_db(fields=["answer", "revision", "saved_at"])
    if item.answer == answer and item.revision == revision + 1:
        return item
    if state != AttemptState.IN_PROGRESS:
        raise Refusal(_("Bài này đã nộp rồi nên không sửa được nữa."))
    raise StaleAnswer(item)


@transaction.atomic
def submit_attempt(*, attempt: Attempt, at: datetime | None = None) -> Attempt:
    """Grades an attempt once; a second submission gives the same result. A pass completes the activity."""
    at = at or timezone.now()
    # Only the attempt is locked: the quiz is everybody's, and others start theirs meanwhile.
    alone = Attempt.objects.select_for_update(of=("self",))
    attempt = alone.select_related("quiz__activity", "enrolment").get(pk=attempt.pk)
    if attempt.state != AttemptState.IN_PROGRESS:
        return attempt
    items = list(attempt.items.select_related("version"))
    for item in items:
        kind = KINDS[item.version.kind]
        item.score = rules.score(kind.fraction(item.version.data, item.answer), item.marks)
    Item.objects.bulk_update(items, ["score"])
    attempt.score = sum((item.score for item in items if item.score is not None), Decimal(0))
    attempt.passed = rules.has_passed(attempt.score, attempt.max_score, attempt.pass_percent)
    attempt.state, attempt.finished_at = AttemptState.FINISHED, at
    attempt.save()
    if attempt.passed:
        complete_activity(enrolment=attempt.enrolment, activity=attempt.quiz.activity, at=at)
    return attempt
