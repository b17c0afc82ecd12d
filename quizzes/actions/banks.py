"""A bank's name and subject, whose it is, and which provinces it is shared with."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.models import User
from lib.refusals import Refusal
from provinces.models import Place
from quizzes.access import banks_of
from quizzes.models import QuestionBank


@transaction.atomic
def save_bank(
    *, bank: QuestionBank, readers: Collection[Place], writers: Collection[Place], by: User, at: datetime
) -> QuestionBank:
    """Writes a new or changed bank, and whom it is shared with; a change of that is in the log. Who may write reads anyway.

    Raises Refusal for a bank that is neither of an own province nor, for whoever works for the whole country, of any; so for one that
    is to become another's.
    """
    is_new = bank.pk is None
    before = {} if is_new else _sharing(_held(bank, by))
    bank.save()
    bank.writers.set(writers)
    bank.readers.set(set(readers) - set(writers))
    _held(bank, by)
    log(instance=bank, action="wagtail.create" if is_new else "wagtail.edit", user=by, timestamp=at)
    after = _sharing(bank)
    if after != (before or _NOBODY):
        log(instance=bank, action="quizzes.bank_shared", user=by, data=after, timestamp=at)
    return bank


def _held(bank: QuestionBank, by: User) -> QuestionBank:
    mine = QuestionBank.objects.select_for_update(no_key=True).filter(
        pk__in=banks_of(by).filter(pk=bank.pk).values("pk")
    )
    if (held := mine.first()) is None:
        raise Refusal(_("Chưa lưu gì: anh/chị chỉ lập và đổi được ngân hàng của tỉnh mình. Hãy chọn lại tỉnh."))
    return held


_NOBODY: dict[str, Any] = {"is_open": False, "readers": [], "writers": []}


def _sharing(bank: QuestionBank) -> dict[str, Any]:
    names = {who: [str(place) for place in getattr(bank, who).order_by("pk")] for who in ("readers", "writers")}
    return {"is_open": bank.is_open} | names
