"""Attempts: started, answered, submitted; annulled when their pass is taken back; and one more where an officer gives it."""

import random
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.log_actions import log

from accounts.models import User
from courses import access as course_access
from courses.actions import complete_activity
from courses.models import Enrolment
from lib import dates, text
from lib.refusals import Refusal
from quizzes import queries, rules
from quizzes.kinds import KINDS
from quizzes.models import Allowance, Attempt, AttemptState, Item, QuestionVersion, Quiz
from quizzes.queries import Standing, standing

_draw = random.SystemRandom()
TAKEN_DOWN = gettext_lazy(
    "Bài kiểm tra này đã được gỡ khỏi trang nên chưa bắt đầu được. Kết quả và câu trả lời đã có vẫn được giữ; anh/chị học tiếp các bài khác, rồi quay lại sau."
)


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

    Raises Refusal with what to do when the quiz was taken off the site, lessons come first, attempts are used up, or it has
    no questions.
    """
    Enrolment.objects.select_for_update().get(pk=enrolment.pk)  # two taps: the second waits and then resumes
    stands = standing(enrolment, quiz)
    if stands.running:
        return stands.running
    if not quiz.is_offered:
        raise Refusal(str(TAKEN_DOWN))
    if not course_access.readable(enrolment.person, quiz.activity).ok:
        raise Refusal(
            _(
                "Chưa làm bài kiểm tra được, vì còn bài đứng trước chưa xong. Những bài đã học vẫn được giữ; anh/chị học tiếp rồi quay lại."
            )
        )
    _refuse_if_hindered(stands, quiz, at)
    drawn = _draw_questions(quiz, rng)
    if not drawn:
        raise Refusal(
            _(
                "Bài kiểm tra này chưa có câu hỏi nên chưa làm được. Kết quả học của anh/chị vẫn được giữ. Hãy báo cán bộ xã, rồi quay lại sau."
            )
        )
    attempt = Attempt.objects.create(
        enrolment=enrolment,
        quiz=quiz,
        number=len(stands.attempts) + 1,
        language=language,
        pass_percent=quiz.pass_percent,
        started_at=at,
        max_score=sum((marks for _version, marks in drawn), Decimal(0)),
    )
    Item.objects.bulk_create(
        Item(
            attempt=attempt,
            position=position,
            version=version,
            marks=marks,
            order=KINDS[version.kind].order(version.data, rng),
        )
        for position, (version, marks) in enumerate(drawn, start=1)
    )
    return attempt


def _refuse_if_hindered(stands: Standing, quiz: Quiz, at: datetime) -> None:
    if stands.waiting:
        raise Refusal(
            _(
                "Chưa làm lượt mới được, vì bài anh/chị đã nộp đang chờ cán bộ chấm. Bài làm vẫn được giữ; có kết quả mà chưa đạt thì anh/chị làm lại được."
            )
        )
    earlier = [rules.Earlier(a.finished_at or at, bool(a.passed)) for a in stands.counting]
    why = rules.hindrance(earlier, allowed=stands.allowed, cooldown_minutes=quiz.cooldown_minutes, now=at)
    if why is rules.Hindrance.PASSED:
        raise Refusal(
            _(
                "Anh/Chị đã đạt bài kiểm tra này rồi, không cần làm lại. Kết quả đã ghi; còn bài nào trong khóa thì anh/chị học tiếp."
            )
        )
    if why is rules.Hindrance.USED_UP:
        raise Refusal(_("Anh/Chị đã dùng hết lượt làm. Hãy xem lại các bài học rồi nhờ cán bộ xã cho thêm lượt làm."))
    rested = rules.rested_at(earlier, quiz.cooldown_minutes)
    if why is rules.Hindrance.COOLDOWN and rested:
        said = _(
            "Chưa làm lại ngay được, vì giữa hai lượt có thời gian chờ. Kết quả lượt trước vẫn được giữ. Anh/Chị xem lại bài học, từ %(at)s làm lại được."
        )
        raise Refusal(said % {"at": dates.moment(rested)})


def _draw_questions(quiz: Quiz, rng: random.Random) -> list[tuple[QuestionVersion, Decimal]]:
    """Newest versions of what the slots ask for; no question twice in one attempt, and fixed ones are never drawn."""
    slots = list(quiz.slots.in_use())
    pools = queries.pools(slots)
    shares: dict[int, list[int]] = {}
    taken: set[int] = set()
    for index in rules.narrow_first(pools):
        pool = sorted(pools[index] - taken)
        shares[index] = rng.sample(pool, min(slots[index].draw, len(pool)))
        taken.update(shares[index])
    chosen = [(pk, slot.marks) for index, slot in enumerate(slots) for pk in shares[index]]
    newest: dict[int, QuestionVersion] = {}
    for version in QuestionVersion.objects.filter(question__in=taken).order_by("number"):
        newest[version.question_id] = version
    return [
        (newest[pk], marks if KINDS[newest[pk].kind].is_scored else Decimal(0)) for pk, marks in chosen if pk in newest
    ]


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
        if unchanged.update(answer=answer, revision=F("revision") + 1, saved_at=at):
            item.answer, item.revision, item.saved_at = answer, revision + 1, at
            return item
    item.refresh_from_db(fields=["answer", "revision", "saved_at"])
    if item.answer == answer and item.revision == revision + 1:
        return item
    if state != AttemptState.IN_PROGRESS:
        raise Refusal(
            _("Bài này đã nộp rồi nên không sửa được nữa. Câu trả lời đã lưu trước lúc nộp vẫn được giữ và được tính.")
        )
    raise StaleAnswer(item)


@transaction.atomic
def submit_attempt(*, attempt: Attempt, at: datetime) -> Attempt:
    """Grades an attempt once; a second submission gives the same result. A pass completes the activity."""
    # Only the attempt is locked: the quiz is everybody's, and others start theirs meanwhile.
    alone = Attempt.objects.select_for_update(of=("self",))
    attempt = alone.select_related("quiz__activity", "enrolment").get(pk=attempt.pk)
    if attempt.state != AttemptState.IN_PROGRESS:
        return attempt
    items = list(attempt.items.select_related("version", "key_version"))
    for item in items:
        item.score = item.earned()
    Item.objects.bulk_update(items, ["score"])
    attempt.finished_at = at
    conclude(attempt, items, at)
    return attempt


def conclude(attempt: Attempt, items: Sequence[Item], at: datetime) -> None:
    """The outcome of a submitted attempt once every item has its score; until then it waits for marking."""
    scores = [item.score for item in items if item.score is not None]
    if len(scores) < len(items):
        attempt.state = AttemptState.MARKING
        attempt.save()
        return
    attempt.score = sum(scores, Decimal(0))
    attempt.passed = rules.has_passed(attempt.score, attempt.max_score, attempt.pass_percent)
    attempt.state = AttemptState.FINISHED
    attempt.save()
    if attempt.passed:
        complete_activity(enrolment=attempt.enrolment, activity=attempt.quiz.activity, at=at)


def annul_passes(enrolment_id: int, activity_id: int, *, by: User, reason: str, at: datetime) -> None:
    """Entry of the registry `taking_back`: passed attempts of a quiz that was taken back are kept and count no longer."""
    passed = Attempt.objects.filter(enrolment=enrolment_id, quiz__activity=activity_id, passed=True, annulled_at=None)
    passed.update(annulled_at=at, annulled_by=by, annulled_reason=reason)


@transaction.atomic
def allow_another_attempt(*, enrolment: Enrolment, quiz: Quiz, by: User, reason: str, at: datetime) -> Allowance:
    """One attempt more than the quiz allows, for one person who has used up all; audited.

    Raises Refusal without a reason, to oneself, and while it is not needed: passed, none used up, no limit, one still running.
    """
    if enrolment.person_id == by.person_id:
        raise Refusal(
            _(
                "Chưa cho thêm lượt, vì đây là bài của chính anh/chị. Kết quả các lượt trước vẫn còn; hãy nhờ một cán bộ khác cho thêm."
            )
        )
    reason = text.nfc(reason)[:200]
    if not reason:
        raise Refusal(
            _("Chưa cho thêm lượt, vì chưa có lý do. Hãy ghi lý do rồi bấm lại; lý do được giữ trong nhật ký.")
        )
    Enrolment.objects.select_for_update().get(pk=enrolment.pk)  # two presses: the second finds the first one's
    _refuse_if_not_needed(standing(enrolment, quiz))
    allowance = Allowance.objects.create(enrolment=enrolment, quiz=quiz, given_by=by, reason=reason, given_at=at)
    log(
        instance=allowance,
        title=f"{allowance._meta.verbose_name} {allowance.pk}",
        action="quizzes.attempt_allowed",
        user=by,
        data={"enrolment": enrolment.pk, "quiz": quiz.pk, "reason": reason},
    )
    return allowance


def _refuse_if_not_needed(stands: Standing) -> None:
    if stands.has_passed:
        raise Refusal(_("Học viên đã đạt bài này rồi, không cần thêm lượt."))
    if stands.left is None:
        raise Refusal(_("Bài kiểm tra này không giới hạn lượt làm; học viên vào làm lại được ngay."))
    if stands.running:
        raise Refusal(_("Học viên đang làm dở một lượt. Đợi nộp bài xong, nếu chưa đạt thì cho thêm."))
    if stands.left:
        said = ngettext("Học viên vẫn còn %(n)s lượt làm.", "Học viên vẫn còn %(n)s lượt làm.", stands.left)
        raise Refusal(said % {"n": stands.left})
