"""The same change to many questions at once, one action each. What cannot be changed stays as it is, with the reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from lib import generation
from lib.refusals import Refusal
from quizzes import access, rules
from quizzes.models import ParallelForm, Question, QuestionBank, QuestionStatus
from quizzes.queries import newest_versions

from . import approval, versions

APPROVE, RETIRE, REOPEN, MOVE, COPY, DEAL = "approve", "retire", "reopen", "move", "copy", "deal"
INTO_A_BANK = (MOVE, COPY)
# The ids travel in one field of a form; an import, the largest heap to approve at once, brings no more.
MOST = 2000

_STANDS_ALREADY = {
    (APPROVE, QuestionStatus.REVIEWED): _("đã duyệt rồi"),
    (APPROVE, QuestionStatus.RETIRED): _("đã ngừng dùng: trước hết hãy dùng lại (về nháp)"),
    (RETIRE, QuestionStatus.RETIRED): _("đã ngừng dùng rồi"),
    (REOPEN, QuestionStatus.DRAFT): _("đang là nháp rồi"),
    (REOPEN, QuestionStatus.REVIEWED): _("đang được dùng, không phải đưa về nháp"),
}
_OTHER_WORDS = _("vừa có người sửa câu này: hãy đọc lại rồi chọn lần nữa")
_OWN_WORDS = _("phiên bản mới nhất do anh/chị viết: phải nhờ người khác duyệt")
_DEALT = _("đã ở %(form)s: đề đã chia thì giữ, để hai lần kiểm tra so được với nhau")
_SAME_BANK = _("đã ở ngân hàng này")
_TAKEN_AWAY = _("thuộc ngân hàng của tỉnh khác, không chuyển câu đi được; hãy chép câu về ngân hàng của mình")
_NOT_YOURS = _("thuộc ngân hàng mà anh/chị chỉ được xem và dùng; hãy chép câu về ngân hàng của mình")


@dataclass
class Sorted:
    """What a change comes to: `fit` are changed, the others stay, each with why."""

    fit: list[Question] = field(default_factory=list)
    left: list[tuple[Question, str]] = field(default_factory=list)


def sort_out(change: str, questions: Sequence[Question], by: User, *, bank: QuestionBank | None = None) -> Sorted:
    """What the action would do; nothing is written."""
    found = Sorted()
    may = access.banks_of(by) if change == MOVE else access.banks_to_write(by)
    mine = set(may.values_list("pk", flat=True))
    ids = [question.pk for question in questions]
    own = approval.own_words(newest_versions(ids).values(), by) if change == APPROVE else set()
    for question in questions:
        is_foreign = change != COPY and question.bank_id not in mine
        why_not = str(_TAKEN_AWAY if change == MOVE else _NOT_YOURS) if is_foreign else _why_not(change, question, bank)
        _put(found, question, why_not or (str(_OWN_WORDS) if question.pk in own else ""))
    return found


def _put(found: Sorted, question: Question, why_not: str) -> None:
    if why_not:
        found.left.append((question, why_not))
    else:
        found.fit.append(question)


def _why_not(change: str, question: Question, bank: QuestionBank | None) -> str:
    if bank and question.bank_id == bank.pk:
        return str(_SAME_BANK)
    if change == DEAL and question.form:
        return str(_DEALT) % {"form": question.get_form_display()}
    return str(_STANDS_ALREADY.get((change, QuestionStatus(question.status)), ""))


type Seen = Mapping[int, int]  # question → its newest version when somebody decided about it


def approve_questions(*, seen: Seen, by: User, at: datetime) -> Sorted:
    """Only the words that were read are approved: who writes others meanwhile keeps a question out."""
    return _change(APPROVE, seen, by, at, status=QuestionStatus.REVIEWED, reviewed_by=by, reviewed_at=at)


def retire_questions(*, seen: Seen, by: User, at: datetime) -> Sorted:
    return _change(RETIRE, seen, by, at, status=QuestionStatus.RETIRED)


def reopen_questions(*, seen: Seen, by: User, at: datetime) -> Sorted:
    """Back into use as drafts, so that somebody reads them before they are asked."""
    return _change(REOPEN, seen, by, at, status=QuestionStatus.DRAFT, reviewed_by=None, reviewed_at=None)


def move_questions(*, seen: Seen, bank: QuestionBank, by: User, at: datetime) -> Sorted:
    """A question keeps its key and versions wherever it is moved."""
    return _change(MOVE, seen, by, at, bank=bank)


@transaction.atomic
def deal_questions(*, seen: Seen, by: User, at: datetime) -> Sorted:
    """Two parallel forms, equally hard by bank and difficulty; what was dealt before stays where it is."""
    found = _change(DEAL, seen, by, at)
    groups: dict[tuple[int, int], list[int]] = {}
    for question in sorted(found.fit, key=lambda one: one.key):
        groups.setdefault((question.bank_id, question.difficulty), []).append(question.pk)
    for form in ParallelForm:
        dealt = [pk for pk, where in rules.deal(groups.values()).items() if where == form]
        Question.objects.filter(pk__in=dealt).update(form=form)
    return found


def pick(change: str, seen: Seen, by: User, *, bank: QuestionBank | None = None) -> Sorted:
    """Those of the questions that are changed, locked; one that somebody may not see is as if it were not there.
    Raises Refusal for a `bank` in which they may not write."""
    if bank and not access.banks_to_write(by).filter(pk=bank.pk).exists():
        raise Refusal(_("Chưa đổi câu nào: anh/chị không viết được vào ngân hàng này. Hãy chọn ngân hàng khác."))
    visible = access.questions_visible_to(by).filter(pk__in=seen)
    locked = list(Question.objects.select_for_update().filter(pk__in=visible.values("pk")).order_by("pk"))
    newest = newest_versions(seen)
    found = sort_out(change, [one for one in locked if newest.get(one.pk) == seen[one.pk]], by, bank=bank)
    found.left += [(one, str(_OTHER_WORDS)) for one in locked if newest.get(one.pk) != seen[one.pk]]
    return found


@transaction.atomic
def _change(change: str, seen: Seen, by: User, at: datetime, **fields: Any) -> Sorted:
    found = pick(change, seen, by, bank=fields.get("bank"))
    if fields:
        Question.objects.filter(pk__in=[question.pk for question in found.fit]).update(**fields)
    versions.note(found.fit, new=(), by=by, at=at)
    generation.bump()  # pages of quizzes say how many questions there are
    return found
