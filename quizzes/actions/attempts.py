"""Attempts: started, answered, submitted or overtaken by the clock; annulled when their pass is taken back."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import helping
from accounts.models import User
from courses import access as course_access
from courses import renewals
from courses.actions import complete_activity
from courses.models import Enrolment, Source
from lib import dates
from lib.refusals import Refusal
from quizzes import queries, rules
from quizzes.kinds import KINDS
from quizzes.models import Allowance, Attempt, AttemptState, Counted, Item, QuestionVersion, Quiz, ResultPart
from quizzes.queries import Standing, standing

_draw = random.SystemRandom()
MOST_SETTLED = 500  # in one round of the jobs
MOST_REVISIONS = 2**31 - 2  # what a made-up number is cut to: it fits the column, and is stale
TAKEN_DOWN = gettext_lazy(
    "Bài kiểm tra này đã được gỡ khỏi trang nên chưa bắt đầu được. Kết quả và câu trả lời đã có vẫn được giữ; anh/chị học tiếp các bài khác, rồi quay lại sau."
)


class StaleAnswer(Exception):  # noqa: N818 (a state, not a mistake)
    """The answer was saved elsewhere (another tab or phone) since this one was opened; `item` is how it stands."""

    def __init__(self, item: Item) -> None:
        super().__init__("stale")
        self.item = item


class NotNow(Refusal):
    """The attempt goes on, but takes no answer to this question at this moment: a phone keeps its copy."""


class KeyWasSeen(Refusal):
    """The attempt goes on, but takes no other answer to this question any more: a phone lets go of its copy."""


@transaction.atomic
def start_attempt(
    *, enrolment: Enrolment, quiz: Quiz, language: str, at: datetime, rng: random.Random = _draw
) -> Attempt:
    """A running attempt is resumed, else a new one is drawn under the rules of this moment.

    Raises Refusal with what to do when the quiz was taken off the site, lessons come first, attempts are used up, or it has
    no questions.
    """
    # An attempt is locked before its enrolment, here as where it is handed in: its end is settled first.
    running = Attempt.objects.filter(enrolment=enrolment, quiz=quiz, state__in=AttemptState.running()).first()
    if running and settle(attempt=running, at=at).is_running:
        return running
    held = Enrolment.objects.select_for_update().get(pk=enrolment.pk)  # two taps: the second waits and then resumes
    stands = standing(held, quiz)
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
    minutes = queries.minutes_given(held, quiz)
    _refuse_if_hindered(stands, quiz, at, minutes=minutes)
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
        due_at=rules.due_at(at, quiz.time_limit, quiz.closes_at, minutes),
        when_time_is_up=quiz.when_time_is_up,
        grace_minutes=quiz.grace_minutes,
        layout=quiz.layout,
        is_practice=quiz.is_practice,
        is_helped=helping.is_on(),
        is_fixed_order=quiz.is_fixed_order and not quiz.is_practice,
        max_score=sum((one.marks for one in drawn), Decimal(0)),
    )
    Item.objects.bulk_create(
        Item(
            attempt=attempt,
            position=position,
            version=one.version,
            marks=one.marks,
            section=one.section,
            order=KINDS[one.version.kind].order(one.version.data, rng),
        )
        for position, one in enumerate(drawn, start=1)
    )
    if held.cohort_id:
        unused = Allowance.objects.filter(cohort=held.cohort_id, quiz=quiz, used_at=None)
        unused.update(used_at=at)
    return attempt


def _refuse_if_hindered(stands: Standing, quiz: Quiz, at: datetime, *, minutes: int) -> None:
    """`minutes` were given to this person beyond the end of the quiz."""
    if stands.waiting:
        raise Refusal(
            _(
                "Chưa làm lượt mới được, vì bài anh/chị đã nộp đang chờ cán bộ chấm. Bài làm vẫn được giữ; có kết quả mà chưa đạt thì anh/chị làm lại được."
            )
        )
    earlier = [rules.Earlier(a.finished_at or at, bool(a.passed) and stands.has_passed) for a in stands.counting]
    opening = rules.Opening(quiz.opens_at, rules.due_at(at, None, quiz.closes_at, minutes))
    if quiz.is_practice:
        earlier = []
    why = rules.hindrance(
        earlier, allowed=stands.allowed, cooldown_minutes=quiz.cooldown_minutes, now=at, opening=opening
    )
    if why is rules.Hindrance.NOT_YET and quiz.opens_at:
        said = _("Bài kiểm tra này chưa mở. Từ %(at)s anh/chị vào làm được.")
        raise Refusal(said % {"at": dates.moment(quiz.opens_at)})
    if why is rules.Hindrance.CLOSED and quiz.closes_at:
        said = _(
            "Bài kiểm tra này đã đóng lúc %(at)s nên không bắt đầu lượt mới được. Kết quả đã có vẫn được giữ; cần làm bù thì anh/chị hỏi đơn vị tổ chức."
        )
        raise Refusal(said % {"at": dates.moment(quiz.closes_at)})
    if why is rules.Hindrance.PASSED and ResultPart.SCORE not in stands.shown:
        raise Refusal(
            _(
                "Bài này anh/chị đã nộp và không cần làm lại. Bài làm vẫn được giữ; còn bài nào trong khóa thì anh/chị học tiếp."
            )
        )
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


@dataclass(frozen=True)
class _Drawn:
    version: QuestionVersion
    marks: Decimal
    section: str


def _draw_questions(quiz: Quiz, rng: random.Random) -> list[_Drawn]:
    """Newest versions of what the slots ask for; no question twice in one attempt, and fixed ones are never drawn."""
    slots = list(quiz.slots.in_use())
    pools = queries.pools(slots)
    shares: dict[int, list[int]] = {}
    taken: set[int] = set()
    for index in rules.narrow_first(pools):
        pool = sorted(pools[index] - taken)
        shares[index] = rng.sample(pool, min(slots[index].draw, len(pool)))
        taken.update(shares[index])
    chosen = [(pk, slot) for index, slot in enumerate(slots) for pk in shares[index]]
    newest: dict[int, QuestionVersion] = {}
    for version in QuestionVersion.objects.filter(question__in=taken).order_by("number"):
        newest[version.question_id] = version
    drawn = [
        _Drawn(newest[pk], slot.marks if KINDS[newest[pk].kind].is_scored else Decimal(0), slot.section)
        for pk, slot in chosen
        if pk in newest
    ]
    return _shuffled(drawn, rng) if quiz.is_shuffled else drawn


def _shuffled(drawn: list[_Drawn], rng: random.Random) -> list[_Drawn]:
    """Each section by itself, and sections in their order."""
    sections: dict[str, list[_Drawn]] = {}
    for one in drawn:
        sections.setdefault(one.section, []).append(one)
    return [one for some in sections.values() for one in rng.sample(some, len(some))]


@transaction.atomic
def save_answer(*, item: Item, answer: Any, revision: int, at: datetime) -> Item:
    """Stores an answer that the kind has cleaned. `revision` is the one that the page was showing.

    A replay of the same answer is harmless. Raises StaleAnswer when another tab saved something else since, and Refusal
    when the attempt is over.
    """
    revision = min(revision, MOST_REVISIONS)
    # The lock keeps a submission out. The update names columns of the item alone: with a condition on the attempt it would
    # become a subquery, and PostgreSQL does not look at a subquery again after waiting for another tab's row lock.
    attempt = _held_still(item)
    takes_answers = attempt.state == AttemptState.IN_PROGRESS and attempt.clock.phase(at) is rules.Phase.RUNNING
    if takes_answers and attempt.is_at(item.position):
        unchanged = Item.objects.filter(pk=item.pk, revision=revision, revealed_at=None)
        if unchanged.update(answer=answer, revision=revision + 1, saved_at=at):
            item.answer, item.revision, item.saved_at = answer, revision + 1, at
            _note_help(attempt)
            return item
    item.refresh_from_db(fields=["answer", "revision", "saved_at", "revealed_at"])
    if item.answer == answer and item.revision == revision + 1:
        return item
    if not takes_answers:
        raise (NotNow if attempt.is_running else Refusal)(_why_over(attempt))
    if not attempt.is_at(item.position):
        raise NotNow(
            _(
                "Bài này làm theo thứ tự: câu đã qua không sửa được nữa, câu sau chưa mở. Câu trả lời đã lưu vẫn được giữ; anh/chị làm tiếp câu đang mở."
            )
        )
    if item.revealed_at:
        raise KeyWasSeen(
            _("Anh/Chị đã xem đáp án câu này nên không đổi câu trả lời được nữa. Câu trả lời trước đó vẫn được giữ.")
        )
    raise StaleAnswer(item)


# Put together once, as every save asks for it.
_CHANGING = Attempt.objects.values("state", "due_at", "at_position")


def _held_still(item: Item) -> Attempt:
    """The attempt of an item, locked, with what of it changes while it runs as it is now."""
    for name, value in _CHANGING.select_for_update().get(pk=item.attempt_id).items():
        setattr(item.attempt, name, value)
    return item.attempt


@transaction.atomic
def go_on(*, item: Item, at: datetime) -> None:
    """Where the order is fixed, leaving a question is for good. A second tap changes nothing."""
    here = Attempt.objects.filter(pk=item.attempt_id, is_fixed_order=True, at_position=item.position)
    here.filter(state=AttemptState.IN_PROGRESS).update(at_position=item.position + 1)


@transaction.atomic
def reveal_item(*, item: Item, at: datetime) -> None:
    """In practice the key of a question is shown once it was answered; then the answer stays. Raises Refusal before that, and in
    a test."""
    attempt = _held_still(item)
    if not (attempt.is_practice and attempt.is_running):
        raise Refusal(_("Chưa xem đáp án được: đáp án xem sau khi nộp bài. Câu trả lời của anh/chị vẫn được giữ."))
    if not Item.objects.filter(pk=item.pk, answer__isnull=False, revealed_at=None).update(revealed_at=at):
        item.refresh_from_db(fields=["revealed_at"])
        if item.revealed_at is None:
            raise Refusal(_("Hãy trả lời câu này trước rồi xem đáp án."))
    item.revealed_at = item.revealed_at or at


def _why_over(attempt: Attempt) -> str:
    if attempt.state == AttemptState.ABANDONED:
        return _(
            "Lượt này hết giờ mà chưa nộp nên không sửa được nữa và không được chấm. Câu trả lời đã lưu vẫn được giữ."
        )
    if attempt.is_running:
        return _(
            "Hết giờ làm bài nên câu này không lưu thêm được. Câu trả lời đã lưu trước đó vẫn được giữ; trang còn nút “Nộp bài” thì anh/chị bấm nộp ngay."
        )
    return _("Bài này đã nộp rồi nên không sửa được nữa. Câu trả lời đã lưu trước lúc nộp vẫn được giữ và được tính.")


@transaction.atomic
def submit_attempt(*, attempt: Attempt, at: datetime) -> Attempt:
    """Grades an attempt once; a second submission gives the same result. A pass completes the activity.

    One whose time was up before is what its clock made of it then: handed in at that moment, or given up.
    """
    attempt = _held(attempt)
    if not attempt.is_running:
        return attempt
    _note_help(attempt)
    phase = attempt.clock.phase(at)
    if phase is rules.Phase.ABANDONED:
        return _abandon(attempt)
    return _grade(attempt, attempt.clock.last_moment() if phase is rules.Phase.SUBMITTED else at)


def settle(*, attempt: Attempt, at: datetime) -> Attempt:
    """What the clock has made of an attempt since somebody last looked at it: whoever reads it next writes that down, so that no
    background job is needed for it to be true. Of people who took the agreement back nothing is written until they give it again.
    """
    if not attempt.is_running or attempt.clock.phase(at) is rules.Phase.RUNNING:
        return attempt
    with transaction.atomic():
        held = _held(attempt)
        if held.is_running and held.enrolment.person.has_consented:
            _settled(held, held.clock.phase(at))
    attempt.refresh_from_db(fields=["state", "finished_at", "score", "passed", "due_at"])
    return attempt


def settle_due(*, at: datetime) -> int:
    """Entry of the registry `jobs`: boards and lists tell of attempts whose people never came back."""
    late = Attempt.objects.filter(state__in=AttemptState.running(), due_at__lte=at - rules.UNDER_WAY)
    late = late.filter(enrolment__person__has_consented=True).order_by(
        "state", "due_at"
    )  # those in their grace come last
    states = [(attempt.state, settle(attempt=attempt, at=at).state) for attempt in late[:MOST_SETTLED]]
    return sum(before != after for before, after in states)


def _held(attempt: Attempt) -> Attempt:
    # Only the attempt is locked: the quiz is everybody's, and others start theirs meanwhile.
    alone = Attempt.objects.select_for_update(of=("self",))
    return alone.select_related("quiz__activity", "enrolment__person").get(pk=attempt.pk)


def _settled(attempt: Attempt, phase: rules.Phase) -> None:
    if phase is rules.Phase.OVERDUE:
        attempt.state = AttemptState.OVERDUE
        attempt.save(update_fields=["state"])
    elif phase is rules.Phase.SUBMITTED:
        _grade(attempt, attempt.clock.last_moment())
    elif phase is rules.Phase.ABANDONED:
        _abandon(attempt)


def _abandon(attempt: Attempt) -> Attempt:
    attempt.state, attempt.finished_at = AttemptState.ABANDONED, attempt.clock.last_moment()
    attempt.save(update_fields=["state", "finished_at"])
    return attempt


def _grade(attempt: Attempt, at: datetime) -> Attempt:
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
    attempt.passed = attempt.is_practice or rules.has_passed(attempt.score, attempt.max_score, attempt.pass_percent)
    attempt.state = AttemptState.FINISHED
    attempt.save()
    if attempt.passed and _counts(attempt):
        source = Source.HELPED if attempt.is_helped else Source.SELF
        complete_activity(enrolment=attempt.enrolment, activity=attempt.quiz.activity, at=at, source=source)


def _note_help(attempt: Attempt) -> None:
    """Behind the lock of the attempt. Once helped it stays so, whoever hands it in."""
    if helping.is_on() and not attempt.is_helped:
        attempt.is_helped = True
        Attempt.objects.filter(pk=attempt.pk).update(is_helped=True)


def _counts(attempt: Attempt) -> bool:
    """Where only the first attempt is a person's result, a later one shows what was learnt and completes nothing."""
    if attempt.quiz.counted != Counted.FIRST:
        return True
    earlier = Attempt.objects.filter(enrolment=attempt.enrolment_id, quiz=attempt.quiz_id, number__lt=attempt.number)
    if renewal := renewals.running(attempt.enrolment_id):
        earlier = earlier.filter(started_at__gte=renewal.begun_at)
    handed_in = (AttemptState.MARKING, AttemptState.FINISHED)
    return not earlier.filter(annulled_at=None, state__in=handed_in).exists()


def annul_passes(enrolment_id: int, activity_id: int, *, by: User, reason: str, at: datetime) -> None:
    """Entry of the registry `taking_back`: passed attempts of a quiz that was taken back are kept and count no longer."""
    passed = Attempt.objects.filter(enrolment=enrolment_id, quiz__activity=activity_id, passed=True, annulled_at=None)
    passed.update(annulled_at=at, annulled_by=by, annulled_reason=reason)
