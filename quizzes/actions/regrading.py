"""Regrading: what was asked and answered stays, another key counts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby, islice
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.models import User
from lib import text
from lib.refusals import Refusal
from quizzes import regrading
from quizzes.models import Attempt, Counts, Item, QuestionVersion, Quiz
from quizzes.regrading import Decisions
from quizzes.regrading.decisions import SUBMITTED

from .attempts import conclude

MOST_REGRADED = 500  # attempts at once: on SQLite nobody else can write meanwhile


@dataclass(frozen=True)
class Regraded:
    attempts: int
    passing: int  # of them those that pass now
    has_more: bool  # doing the same again goes on


def regrade(*, quiz: Quiz, decisions: Decisions, reason: str, by: User | None, at: datetime) -> Regraded:
    """Lets other keys count in up to MOST_REGRADED attempts of a quiz, running ones too; audited, and told on the result page.

    Doing the same again changes nothing. A pass stays a pass, whatever the score becomes. Raises Refusal without a reason or
    a decision, when a key has been changed since it was looked at, and when an attempt would have no question left.
    """
    reason = text.nfc(reason)[:200]
    _refuse_unready(decisions, reason)
    without = by.person_id if by else None
    found = [
        change.attempt.pk for change in islice(regrading.changes(quiz, decisions, without=without), MOST_REGRADED + 1)
    ]
    with transaction.atomic():
        done = _regrade(found[:MOST_REGRADED], decisions, reason, by, at)
    return Regraded(len(done), sum(done), len(found) > MOST_REGRADED)


def _refuse_unready(decisions: Decisions, reason: str) -> None:
    if not decisions:
        raise Refusal(_("Chưa chấm lại bài nào, vì chưa chọn câu nào. Hãy chọn cách tính cho ít nhất một câu."))
    if not reason:
        raise Refusal(_("Chưa chấm lại bài nào, vì chưa có lý do. Hãy ghi lý do; học viên đọc được ở trang kết quả."))
    named = [decision.version for decision in decisions.values() if decision.version]
    later = QuestionVersion.objects.filter(question__in=[version.question_id for version in named])
    newest = dict(later.order_by("number").values_list("question", "pk"))
    if any(newest[version.question_id] != version.pk for version in named):
        raise Refusal(
            _(
                "Chưa chấm lại bài nào: có câu vừa được sửa sau lúc anh/chị xem. Hãy xem lại những bài thay đổi ở bên dưới rồi bấm lại."
            )
        )


def _regrade(pks: list[int], decisions: Decisions, reason: str, by: User | None, at: datetime) -> list[bool]:
    """One entry an attempt that was changed: whether it passes now. Who submits or marks meanwhile waits, or was waited for."""
    alone = Attempt.objects.select_for_update(of=("self",)).select_related("quiz__activity", "enrolment")
    attempts = list(alone.filter(pk__in=pks, annulled_at=None).order_by("pk"))
    rows = Item.objects.filter(attempt__in=attempts).select_related("version", "key_version")
    items = {pk: list(own) for pk, own in groupby(rows.order_by("attempt", "position"), lambda item: item.attempt_id)}
    changed = {attempt.pk: _changed(attempt, items[attempt.pk], decisions) for attempt in attempts}
    touched = [item for own in changed.values() for item, _before in own]
    Item.objects.bulk_update(touched, ["counts", "key_version", "score"], batch_size=100)
    return [
        _settle(attempt, items[attempt.pk], changed[attempt.pk], reason, by, at)
        for attempt in attempts
        if changed[attempt.pk]
    ]


type Changed = list[tuple[Item, dict[str, Any]]]  # with how it counted before


def _changed(attempt: Attempt, items: Iterable[Item], decisions: Decisions) -> Changed:
    found = []
    for item in items:
        before, decision = _said(item), decisions.get(item.version.question_id)
        if not decision or not item.marks:
            continue
        if regrading.apply(item, decision, attempt.state):
            found.append((item, before))
    return found


def _said(item: Item) -> dict[str, Any]:
    score = None if item.score is None else str(item.score)
    return {"version": item.key.number, "counts": item.counts, "score": score}


def _settle(attempt: Attempt, items: list[Item], changed: Changed, reason: str, by: User | None, at: datetime) -> bool:
    before, had_passed = _outcome(attempt), bool(attempt.passed)
    attempt.max_score = sum((item.marks for item in items if item.counts != Counts.NOTHING), Decimal(0))
    if not attempt.max_score:
        raise Refusal(
            _(
                "Chưa chấm lại bài nào: nếu không tính những câu đã chọn, có bài không còn câu nào được tính. Hãy chọn “ai cũng được trọn điểm” cho một câu."
            )
        )
    if attempt.state in SUBMITTED:
        attempt.regraded_at, attempt.regraded_reason = at, reason
        conclude(attempt, items, at)
    if had_passed:
        attempt.passed = True
    attempt.save()
    _log(attempt, before, changed, reason, by)
    return bool(attempt.passed) and not had_passed


def _outcome(attempt: Attempt) -> dict[str, Any]:
    score = None if attempt.score is None else str(attempt.score)
    return {"score": score, "max_score": str(attempt.max_score), "passed": attempt.passed}


def _log(attempt: Attempt, before: dict[str, Any], changed: Changed, reason: str, by: User | None) -> None:
    items = [{"position": item.position, "before": earlier, "after": _said(item)} for item, earlier in changed]
    data = {"reason": reason, "before": before, "after": _outcome(attempt), "items": items}
    title = f"{attempt._meta.verbose_name} {attempt.pk}"  # without the name: staff of all places read the log
    log(instance=attempt, title=title, action="quizzes.regraded", user=by, data=data)
