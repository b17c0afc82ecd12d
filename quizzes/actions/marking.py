"""Marking by hand: what somebody wrote gets its points from a person."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.models import User
from lib.refusals import Refusal
from quizzes import rules
from quizzes.kinds import essay
from quizzes.models import Attempt, AttemptState, Item

from .attempts import conclude


class MarkedBefore(Refusal):
    """Somebody was quicker; it may have been the same person, who pressed twice."""

    def __init__(self, item: Item, by: User) -> None:
        super().__init__(_said_of_quicker(item, by))


@transaction.atomic
def mark_item(*, item: Item, points: Mapping[str, Any], comment: str, by: User, at: datetime) -> Item:
    """Gives the points of a rubric to one answer; the last one marked concludes the attempt. Audited.

    Raises MarkedBefore for an answer that somebody was quicker to mark; Refusal for points above a criterion's, for an answer
    that is one's own or whose author took the agreement back, and once the attempt is concluded: a result that somebody was told stays.
    """
    alone = Attempt.objects.select_for_update(of=("self",)).select_related("enrolment__person")
    attempt = alone.get(pk=item.attempt_id)
    item = Item.objects.select_related("version", "marked_by").get(
        pk=item.pk
    )  # after the lock: as the quicker one left it
    _refuse_unmarkable(attempt, item, by)
    try:
        share = essay.marked(item.version.data, dict(points))
    except ValueError as error:
        raise Refusal(
            _("Chưa ghi điểm: điểm của tiêu chí “%(name)s” phải từ 0 đến điểm tối đa. Hãy sửa rồi bấm lại.")
            % {"name": error}
        ) from error
    item.score, item.points, item.comment = rules.score(share, item.marks), dict(points), comment.strip()
    item.marked_by, item.marked_at = by, at
    item.save(update_fields=["score", "points", "comment", "marked_by", "marked_at"])
    title = f"{attempt._meta.verbose_name} {attempt.pk}"  # without the name: staff of all places read the log
    data = {"item": item.position, "score": str(item.score)}
    log(instance=attempt, title=title, action="quizzes.item_marked", user=by, data=data)
    conclude(attempt, list(attempt.items.all()), at)
    return item


def _said_of_quicker(item: Item, by: User) -> str:
    if item.marked_by_id == by.pk:
        return _("Anh/Chị đã chấm câu này rồi. Điểm ghi lần trước được giữ; lần gửi vừa rồi không đổi gì.")
    name = item.marked_by.get_full_name() if item.marked_by else _("một người khác")
    said = _(
        "Điểm anh/chị vừa nhập chưa được ghi, vì %(name)s vừa chấm câu này trước; điểm đã chấm trước được giữ. Anh/Chị chấm bài khác nhé."
    )
    return said % {"name": name}


def _refuse_unmarkable(attempt: Attempt, item: Item, by: User) -> None:
    if item.marked_at is not None:
        raise MarkedBefore(item, by)
    if attempt.state != AttemptState.MARKING or item.version.kind != essay.Essay.name:
        raise Refusal(
            _(
                "Chưa ghi điểm, vì bài này đã có kết quả hoặc học viên chưa nộp. Không có gì thay đổi; anh/chị chọn bài khác trong danh sách chờ chấm."
            )
        )
    if item.score is not None:  # a regrade gave it to everybody
        raise MarkedBefore(item, by)
    if attempt.enrolment.person_id == by.person_id:
        raise Refusal(
            _("Chưa ghi điểm, vì anh/chị không chấm được bài của chính mình. Bài vẫn chờ; hãy nhờ cán bộ khác chấm.")
        )
    if not attempt.enrolment.person.has_consented:
        raise Refusal(
            _(
                "Học viên đã rút lại sự đồng ý nên chưa ghi thêm kết quả nào. Bài làm vẫn được giữ; học viên đồng ý lại thì bài lại hiện ở mục Chờ chấm."
            )
        )
